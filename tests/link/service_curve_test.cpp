// SPDX-License-Identifier: Apache-2.0
// tests/link/service_curve_test.cpp
#include "models/link/service_curve.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>

#include "models/base/error.h"

namespace lightrack::link {
namespace {

TEST(service_curve, comes_back_from_its_file) {
  const std::string file = testing::TempDir() + "curve.toml";
  service_curve c{.lanes = 8, .gbps_per_lambda = 32, .fec = "none", .marker_clocks = 2};
  c.git = "abc";
  c.config_hash = "def";
  c.flits = 12345;
  c.errors = {{.scenario = "full",
               .length_m = 20,
               .flits = 100,
               .throughput_percent = -0.5,
               .latency_mean_percent = 0.25,
               .latency_p99_percent = -2,
               .latency_ns = 1.5}};
  write_service_curve(c, file);
  const service_curve back = read_service_curve(file);
  EXPECT_EQ(back.lanes, 8);
  EXPECT_EQ(back.gbps_per_lambda, 32);
  EXPECT_EQ(back.marker_clocks, 2);
  EXPECT_EQ(back.flits, 12345U);
  ASSERT_EQ(back.errors.size(), 1U);
  EXPECT_EQ(back.errors[0].scenario, "full");
  EXPECT_EQ(back.worst().throughput_percent, 0.5);
  EXPECT_EQ(back.worst().latency_p99_percent, 2);
  std::remove(file.c_str());
}

TEST(service_curve, another_link_is_refused_in_one_sentence) {
  const service_curve c{.lanes = 16, .gbps_per_lambda = 50, .fec = "none"};
  EXPECT_EQ(curve_mismatch(c, 16, 50, "none"), "");
  EXPECT_EQ(
      curve_mismatch(c, 8, 32, "rs544"),
      "its service curve was fitted to 16 lanes of 50 Gb/s with FEC none, the link has 8 of 32 "
      "Gb/s with FEC rs544; 'lightrack fit link' fits one, allowed besides are flit and rtl");
  EXPECT_EQ(service_curve_name(16, 50, "none"), "lanes16_50g_none.toml");
}

TEST(service_curve, the_specification_gives_the_times_that_a_fit_finds) {
  const service_curve plain = specified_curve(16, false);
  EXPECT_EQ(plain.verdict_clocks, 10)
      << "3 to the lanes, 3 to the last word, 1 deskew, 3 to the verdict";
  EXPECT_EQ(plain.deliver_clocks, 2);
  EXPECT_EQ(plain.marker_clocks, 4);
  const service_curve fec = specified_curve(8, true);
  EXPECT_EQ(fec.verdict_clocks, 16) << "1 to encode, 5 to decode";
  EXPECT_EQ(fec.marker_clocks, 2);
  EXPECT_EQ(fec.fec, "light");
}

TEST(service_curve, is_read_from_text_that_has_a_name) {
  try {
    static_cast<void>(parse_service_curve("lanes = ", "lanes16_50g_none.toml"));
    FAIL() << "read";
  } catch (const base::config_error& e) {
    EXPECT_EQ(std::string{e.what()}.find("lanes16_50g_none.toml: "), 0U) << e.what();
  }
}

TEST(service_curve, a_file_that_lacks_a_key_is_named) {
  const std::string file = testing::TempDir() + "broken.toml";
  std::ofstream{file} << "lanes = 16\n";
  try {
    static_cast<void>(read_service_curve(file));
    FAIL() << "read";
  } catch (const base::config_error& e) {
    EXPECT_EQ(std::string{e.what()}.find(file), 0U) << e.what();
  }
  std::remove(file.c_str());
}

}  // namespace
}  // namespace lightrack::link
