// SPDX-License-Identifier: Apache-2.0
// tests/optics/heater_test.cpp
// Range, rails, steps and settling of a ring's heater.
#include "models/optics/heater.h"

#include <gtest/gtest.h>

#include "models/base/error.h"

namespace lightrack::optics {
namespace {

TEST(heater, eight_milliwatts_at_ten_microwatts_a_gigahertz_are_800_ghz_and_80_kelvin) {
  const heater h = make_heater({.max_mw = 8, .cost_uw_per_ghz = 10});
  EXPECT_DOUBLE_EQ(h.range_ghz, 800);
  EXPECT_DOUBLE_EQ(h.range_ghz / 10, 80) << "at 10 GHz/K";
  EXPECT_DOUBLE_EQ(h.power_mw(400), 4);
}

TEST(heater, twelve_bits_are_a_fifth_of_a_gigahertz_and_ten_bits_four_fifths) {
  EXPECT_NEAR(make_heater({.dac_bits = 12}).step_ghz(), 0.195, 0.001);
  EXPECT_NEAR(make_heater({.dac_bits = 10}).step_ghz(), 0.782, 0.001);
}

TEST(heater, stays_within_its_rails) {
  const heater h = make_heater({});
  EXPECT_EQ(h.code(-50), 0) << "a heater cannot cool";
  EXPECT_EQ(h.code(0.09), 0);
  EXPECT_EQ(h.code(0.11), 1) << "the nearest code";
  EXPECT_EQ(h.code(800), 4095);
  EXPECT_EQ(h.code(1e9), 4095);
  EXPECT_DOUBLE_EQ(h.shift_ghz(4095), 800);
}

TEST(heater, settles_with_its_time_constant) {
  const heater h = make_heater({.tau_us = 5});
  EXPECT_NEAR(h.settled(5), 0.6321, 1e-4);
  EXPECT_NEAR(h.settled(10), 0.8647, 1e-4) << "one control period";
  EXPECT_EQ(make_heater({.tau_us = 0}).settled(10), 1);
}

TEST(heater, refuses_one_without_range) {
  EXPECT_THROW((void)make_heater({.max_mw = 0}), base::config_error);
  EXPECT_THROW((void)make_heater({.dac_bits = 0}), base::config_error);
}

}  // namespace
}  // namespace lightrack::optics
