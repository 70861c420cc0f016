// SPDX-License-Identifier: Apache-2.0
// tests/package/die_to_die_test.cpp
// Rate, load and raw errors of an engine's electrical side.
#include "models/package/die_to_die.h"

#include <gtest/gtest.h>

#include <cmath>

#include "models/base/error.h"

namespace lightrack::package {
namespace {

TEST(die_to_die, sixteen_modules_carry_an_engine_at_78_percent) {
  const die_to_die host{{}, 6400};
  EXPECT_EQ(host.params().gbps(), 8192);
  EXPECT_NEAR(host.load(), 0.78125, 1e-12);
}

TEST(die_to_die, too_few_modules_are_refused_with_the_numbers) {
  try {
    const die_to_die host{{.modules = 12}, 6400};
    FAIL();
  } catch (const base::config_error& e) {
    EXPECT_NE(std::string{e.what()}.find("12 modules x 16 lanes x 32 GT/s = 6144 Gb/s, and the "
                                         "engine's light carries 6400 Gb/s"),
              std::string::npos)
        << e.what();
  }
}

TEST(die_to_die, at_its_raw_rate_a_run_sees_no_error) {
  die_to_die host{{.raw_ber = 1e-15}, 6400};
  host.carry(host_way::to_light, 100'000);
  EXPECT_EQ(host.counters(host_way::to_light).flits, 100'000U);
  EXPECT_EQ(host.counters(host_way::to_light).retries, 0U) << "2e-7 expected";
}

TEST(die_to_die, errors_follow_the_raw_rate_and_not_the_way_they_are_counted) {
  const die_to_die_params p{.raw_ber = 1e-6};
  die_to_die once{p, 6400};
  once.carry(host_way::to_light, 500'000);
  const host_counters all = once.counters(host_way::to_light);
  const double expected = 500'000 * 2048 * 1e-6;
  EXPECT_NEAR(static_cast<double>(all.bit_errors), expected, 3 * std::sqrt(expected));
  EXPECT_LE(all.retries, all.bit_errors);
  EXPECT_GT(all.retries, all.bit_errors * 99 / 100);

  die_to_die often{p, 6400};
  for (int i = 0; i < 500; ++i) often.carry(host_way::to_light, 1000);
  EXPECT_EQ(often.counters(host_way::to_light).bit_errors, all.bit_errors);
  EXPECT_EQ(often.counters(host_way::to_light).retries, all.retries);
  EXPECT_EQ(often.counters(host_way::from_light).flits, 0U);
  often.clear();
  EXPECT_EQ(often.counters(host_way::to_light).flits, 0U);
}

}  // namespace
}  // namespace lightrack::package
