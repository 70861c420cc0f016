// SPDX-License-Identifier: Apache-2.0
// tests/platforms/service_curve_store_test.cpp
#include "platforms/link/service_curve_store.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

namespace lightrack::platforms {
namespace {

TEST(service_curve_store, has_the_curves_of_all_profiles_built_in) {
  for (const auto& [lanes, gbps, fec] : {std::tuple{16, 50.0, "none"},
                                         {16, 50.0, "light"},
                                         {16, 32.0, "none"},
                                         {8, 32.0, "none"},
                                         {8, 50.0, "light"},
                                         {4, 50.0, "rs544"}}) {
    const auto curve = find_service_curve(lanes, gbps, fec);
    ASSERT_TRUE(curve) << lanes << " " << gbps << " " << fec;
    EXPECT_EQ(link::curve_mismatch(*curve, lanes, gbps, fec), "");
    EXPECT_GE(curve->errors.size(), 17U);
    EXPECT_LE(curve->worst().throughput_percent, 2);
    EXPECT_LE(curve->worst().latency_mean_percent, 5);
    EXPECT_LE(curve->worst().latency_p99_percent, 10);
  }
  EXPECT_FALSE(find_service_curve(16, 25, "none"));
}

TEST(service_curve_store, each_says_what_the_specification_says) {
  for (const built_in_curve& known : built_in_curves()) {
    SCOPED_TRACE(known.name);
    const auto fitted = link::parse_service_curve(known.content, std::string{known.name});
    const auto specified = link::specified_curve(fitted.lanes, fitted.fec == "light");
    EXPECT_EQ(fitted.verdict_clocks, specified.verdict_clocks);
    EXPECT_EQ(fitted.deliver_clocks, specified.deliver_clocks);
    EXPECT_EQ(fitted.turn_clocks, specified.turn_clocks);
    EXPECT_EQ(fitted.marker_clocks, specified.marker_clocks);
    EXPECT_EQ(link::service_curve_name(fitted.lanes, fitted.gbps_per_lambda, fitted.fec),
              known.name);
  }
}

TEST(service_curve_store, a_folder_of_the_environment_goes_first) {
  const auto folder = std::filesystem::path{testing::TempDir()} / "curves";
  std::filesystem::create_directories(folder);
  link::service_curve curve = link::specified_curve(16, false);
  curve.git = "mine";
  link::write_service_curve(curve, (folder / "lanes16_50g_none.toml").string());
  ::setenv("LIGHTRACK_SERVICE_CURVES", folder.c_str(), 1);
  EXPECT_EQ(find_service_curve(16, 50, "none")->git, "mine");
  EXPECT_NE(find_service_curve(16, 32, "none")->git, "mine") << "built in, for the folder has none";
  EXPECT_EQ(service_curve_folder(), folder.string());
  ::unsetenv("LIGHTRACK_SERVICE_CURVES");
  EXPECT_NE(find_service_curve(16, 50, "none")->git, "mine");
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace lightrack::platforms
