// SPDX-License-Identifier: Apache-2.0
// tests/optics/laser_test.cpp
#include "models/optics/laser.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "models/optics/decibel.h"

namespace lightrack::optics {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr double lane_mw = 100.71;  // 12.59 mW x 8

TEST(laser, needs_281_8_milliamperes_for_100_7_milliwatts_at_45_degrees) {
  const laser_diode d{{}};
  EXPECT_NEAR(d.threshold_ma(45, 0), 16.75, 0.01) << "12 mA x e^(20/60)";
  EXPECT_NEAR(d.slope_w_per_a(45), 0.3800, 0.0001) << "0.42 x e^(-20/200)";
  EXPECT_NEAR(d.bias_ma(100.7, 45, 0), 281.8, 0.1);
  EXPECT_NEAR(d.electrical_mw(281.8), 424.7, 0.5) << "1.507 V";
}

TEST(laser, gives_no_light_below_threshold_and_a_straight_line_above) {
  const laser_diode d{{}};
  EXPECT_EQ(d.power_mw(16, 45, 0), 0);
  const double slope = (d.power_mw(200, 45, 0) - d.power_mw(100, 45, 0)) / 100;
  EXPECT_NEAR(slope, d.slope_w_per_a(45), 1e-12);
}

// The bias by feeling one's way up in microamperes until the power meter shows it.
TEST(laser, bias_is_the_one_that_a_sweep_of_the_current_finds) {
  const laser_diode d{{}};
  for (const double hours : {0.0, 20'000.0}) {
    double bias = 0;
    while (d.power_mw(bias, 60, hours) < 80) bias += 0.001;
    EXPECT_NEAR(d.bias_ma(80, 60, hours), bias, 0.0011) << hours;
  }
}

TEST(laser, moves_12_gigahertz_down_a_kelvin) {
  const laser_diode d{{}};
  EXPECT_EQ(d.shift_ghz(45), 0);
  EXPECT_EQ(d.shift_ghz(55), -120);
}

TEST(laser, aged_warns_by_its_bias_at_constant_power_after_about_32000_hours) {
  const laser_diode d{{}};
  const double fresh = d.bias_ma(lane_mw, 45, 0);
  const double warned = d.hours_until(1.15 * fresh, lane_mw, 45);
  EXPECT_NEAR(warned, 32'000, 500);
  const laser_state before = settle(d, laser_control::power, lane_mw, 45, warned - 1);
  const laser_state after = settle(d, laser_control::power, lane_mw, 45, warned + 1);
  EXPECT_THAT(before.alarms, IsEmpty());
  EXPECT_THAT(after.alarms, ElementsAre(laser_alarm::bias_high_warning));
  EXPECT_NEAR(after.power_mw, lane_mw, 1e-9) << "the loop holds it";
  EXPECT_NEAR(after.bias_ma, 324, 0.5);
}

// Aging as a year-by-year sum instead of a formula: Arrhenius by hand, e^(0.4 eV / k (1/298 -
// 1/318)) = 2.66.
TEST(laser, ages_2_66_times_faster_at_45_degrees_than_at_25) {
  const laser_diode d{{}};
  double threshold_25 = d.threshold_ma(25, 0);
  double threshold_45 = d.threshold_ma(45, 0);
  for (int khours = 0; khours < 10; ++khours) {
    threshold_25 += 0.03 * 12;
    threshold_45 += 0.03 * 2.661 * 12 * std::exp(20.0 / 60);
  }
  EXPECT_NEAR(d.threshold_ma(25, 10'000), threshold_25, 1e-9);
  EXPECT_NEAR(d.threshold_ma(45, 10'000), threshold_45, 0.01);
}

TEST(laser, loses_power_only_when_its_driver_is_at_the_end_long_after_the_alarms) {
  const laser_diode d{{}};
  const double fresh = d.bias_ma(lane_mw, 45, 0);
  const double alarmed = d.hours_until(1.30 * fresh, lane_mw, 45);
  const double at_limit = d.hours_until(500, lane_mw, 45);
  EXPECT_NEAR(alarmed, 63'200, 1'000);
  EXPECT_NEAR(at_limit, 163'000, 2'000);
  EXPECT_NEAR(settle(d, laser_control::power, lane_mw, 45, at_limit).power_mw, lane_mw, 1e-9);
  const laser_state late = settle(d, laser_control::power, lane_mw, 45, at_limit + 30'000);
  EXPECT_EQ(late.bias_ma, 500);
  EXPECT_LT(late.power_mw, lane_mw);
}

TEST(laser, with_constant_current_loses_power_instead_and_says_so) {
  const laser_diode d{{}};
  const laser_state s = settle(d, laser_control::current, lane_mw, 45, 60'000);
  EXPECT_NEAR(s.bias_ma, 281.8, 0.1);
  EXPECT_THAT(s.alarms, ElementsAre(laser_alarm::power_low_warning));
  const laser_state later = settle(d, laser_control::current, lane_mw, 45, 100'000);
  EXPECT_THAT(later.alarms, ElementsAre(laser_alarm::power_low_alarm));
}

TEST(laser, power_loop_finds_its_bias_in_twenty_steps_and_stays) {
  const laser_diode d{{}};
  double bias = 0;
  for (int step = 0; step < 20; ++step)
    bias = power_control_step(d, bias, lane_mw, d.power_mw(bias, 45, 5'000), 1.3);
  EXPECT_NEAR(bias, d.bias_ma(lane_mw, 45, 5'000), 0.01);
}

TEST(laser, power_loop_that_is_too_eager_does_not_settle) {
  const laser_diode d{{}};
  double bias = 280;
  for (int step = 0; step < 200; ++step)
    bias = power_control_step(d, bias, lane_mw, d.power_mw(bias, 45, 0), 5.6);
  EXPECT_GT(std::abs(bias - d.bias_ma(lane_mw, 45, 0)), 20) << "5.6 x 0.38 is above 2";
}

struct module_case {
  double dbm;
  double optical_w;
  double module_w;
  double wall_plug;
  double diode;
  double gbps;
  double pj_per_bit;
};

TEST(laser_module, takes_9_1_watts_at_9_dbm_and_12_0_at_11) {
  const laser_diode d{{}};
  for (const module_case& c : {module_case{9, 1.017, 9.12, 0.11, 0.26, 4096, 2.23},
                               module_case{11, 1.611, 12.0, 0.13, 0.24, 6400, 1.87}}) {
    const laser_module_params m{.power_dbm = c.dbm};
    const auto f = module_figures(m, d, settle(d, laser_control::power, m.lane_mw(), 45, 0));
    EXPECT_NEAR(f.optical_w, c.optical_w, 0.001) << c.dbm;
    EXPECT_NEAR(f.module_w, c.module_w, 0.05) << c.dbm;
    EXPECT_NEAR(f.wall_plug, c.wall_plug, 0.005) << c.dbm;
    EXPECT_NEAR(f.wall_plug_diode, c.diode, 0.005) << c.dbm;
    EXPECT_NEAR(f.module_w * 1e3 / c.gbps, c.pj_per_bit, 0.006) << c.dbm;
  }
}

TEST(laser_module, lane_of_11_dbm_at_eight_ports_gives_100_7_milliwatts) {
  EXPECT_NEAR(laser_module_params{}.lane_mw(), 100.7, 0.05);
}

TEST(hours_between_failures, of_131072_lasers_at_50_fit_are_153_and_76_with_the_switch_side) {
  EXPECT_NEAR(hours_between_failures(50, 131'072), 153, 0.5);
  EXPECT_NEAR(hours_between_failures(50, 2 * 131'072), 76, 0.5);
}

TEST(laser_alarm, has_names) {
  EXPECT_EQ(alarm_name(laser_alarm::power_low_warning), "power_low_warning");
  EXPECT_EQ(alarm_name(laser_alarm::power_low_alarm), "power_low_alarm");
  EXPECT_EQ(alarm_name(laser_alarm::bias_high_warning), "bias_high_warning");
  EXPECT_EQ(alarm_name(laser_alarm::bias_high_alarm), "bias_high_alarm");
}

}  // namespace
}  // namespace lightrack::optics
