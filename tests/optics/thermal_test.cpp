// SPDX-License-Identifier: Apache-2.0
// tests/optics/thermal_test.cpp
// The three shapes of a die's temperature, and what neighbors leak.
#include "models/optics/thermal.h"

#include <gtest/gtest.h>

#include <array>

#include "models/base/error.h"

namespace lightrack::optics {
namespace {

TEST(die_temperature, a_constant_never_moves) {
  const auto t = die_temperature::constant(62.5);
  EXPECT_EQ(t.at(0), 62.5);
  EXPECT_EQ(t.at(1000 * ms), 62.5);
  EXPECT_FALSE(t.moves(0, 1000 * ms));
}

TEST(die_temperature, forty_kelvin_at_800_kelvin_a_second_take_50_ms) {
  const auto t = die_temperature::ramp(62.5, 102.5, 800, 10 * ms);
  EXPECT_EQ(t.at(10 * ms), 62.5);
  EXPECT_NEAR(t.at(35 * ms), 82.5, 1e-9);
  EXPECT_EQ(t.at(60 * ms), 102.5);
  EXPECT_FALSE(t.moves(0, 10 * ms));
  EXPECT_TRUE(t.moves(0, 11 * ms));
  EXPECT_TRUE(t.moves(59 * ms, 61 * ms));
  EXPECT_FALSE(t.moves(60 * ms, 61 * ms));
}

TEST(die_temperature, cooling_has_a_negative_slew) {
  const auto t = die_temperature::ramp(100, 60, 800, 0);
  EXPECT_EQ(t.slew_k_per_s, -800);
  EXPECT_NEAR(t.at(25 * ms), 80, 1e-9);
}

TEST(die_temperature, a_step_comes_at_its_time) {
  const auto t = die_temperature::step(60, 68, 5 * ms);
  EXPECT_EQ(t.at(5 * ms - 1), 60);
  EXPECT_EQ(t.at(5 * ms), 68);
  EXPECT_TRUE(t.moves(5 * ms - 10 * us, 5 * ms));
  EXPECT_FALSE(t.moves(5 * ms, 6 * ms));
}

TEST(die_temperature, refuses_a_ramp_that_never_arrives) {
  EXPECT_THROW((void)die_temperature::ramp(60, 70, 0, 0), base::config_error);
}

TEST(neighbor_heat, two_percent_of_both_neighbors_and_one_at_the_ends) {
  const std::array<double, 4> shift{100, 200, 300, 400};
  std::array<double, 4> leak{};
  neighbor_heat(shift, 0.02, leak);
  EXPECT_NEAR(leak[0], 4, 1e-12);
  EXPECT_NEAR(leak[1], 8, 1e-12);
  EXPECT_NEAR(leak[2], 12, 1e-12);
  EXPECT_NEAR(leak[3], 6, 1e-12);
}

}  // namespace
}  // namespace lightrack::optics
