// SPDX-License-Identifier: Apache-2.0
// tests/optics/tracking_test.cpp
// Thresholds from the responses, the loop under ramps, its limit of stability, steps of the DAC.
#include "models/optics/tracking.h"

#include <gtest/gtest.h>

#include <cmath>

namespace lightrack::optics {
namespace {

const ring standard_ring = make_ring({}, 230'600);

track_params ramp(double slew_k_per_s, double bandwidth_khz = 10, int dac_bits = 12) {
  return {.tx = {.response = standard_ring},
          .rx = standard_ring,
          .actuator = make_heater({.dac_bits = dac_bits}),
          .bandwidth_khz = bandwidth_khz,
          .slew_k_per_s = slew_k_per_s};
}

TEST(lock_thresholds, one_decibel_is_0_094_0_28_and_0_254_linewidths) {
  const modulator tx{.response = standard_ring};
  const lock_thresholds t = thresholds_of(tx, standard_ring, 1);
  const double linewidth = standard_ring.linewidth_ghz;
  EXPECT_NEAR(t.cooling_ghz / linewidth, 0.094, 0.001);
  EXPECT_NEAR(t.warming_ghz / linewidth, 0.28, 0.002);
  EXPECT_NEAR(t.receive_ghz / linewidth, 0.2544, 0.0001);
  EXPECT_NEAR(tx.oma_penalty_db(-t.cooling_ghz), 1, 1e-9);
  EXPECT_NEAR(tx.oma_penalty_db(t.warming_ghz), 1, 1e-9);
  EXPECT_NEAR(drop_penalty_db(standard_ring, t.receive_ghz), 1, 1e-9);
}

TEST(lock_thresholds, follow_the_responses) {
  const ring sharp = make_ring({.q = 6500}, 230'600);
  EXPECT_NEAR(thresholds_of({.response = sharp}, sharp, 1).receive_ghz,
              0.2544 * sharp.linewidth_ghz, 0.01);
  const modulator at_best{.response = standard_ring, .bias_ghz = 14.8};
  EXPECT_GT(thresholds_of(at_best, standard_ring, 1).cooling_ghz, 5.5) << "less steep up there";
}

TEST(ramp_error, of_800_kelvin_a_second) {
  EXPECT_NEAR(ramp_error_ghz(10, 800, 10), 0.127, 0.001);
  EXPECT_NEAR(ramp_error_ghz(10, 800, 1.27), 1.0, 0.003);
}

TEST(tracking, the_loop_settles_at_the_ramp_error) {
  EXPECT_NEAR(track_ramp(ramp(800)).error_ghz, 0.127, 0.002);
  EXPECT_NEAR(track_ramp(ramp(-800)).error_ghz, -0.127, 0.002);
  EXPECT_NEAR(track_ramp(ramp(800, 1.27)).error_ghz, 1.0, 0.01);
  EXPECT_NEAR(track_ramp(ramp(0)).error_ghz, 0, 0.002);
  EXPECT_TRUE(track_ramp(ramp(800)).locked());
}

TEST(tracking, cooling_loses_the_lock_at_0_29_kilohertz) {
  EXPECT_NEAR(track_ramp(ramp(-800, 0.30)).error_ghz, -4.24, 0.02);
  EXPECT_TRUE(track_ramp(ramp(-800, 0.31)).locked());
  EXPECT_FALSE(track_ramp(ramp(-800, 0.285)).locked());
  EXPECT_TRUE(track_ramp(ramp(-800, 0.285)).receive_locked)
      << "only the modulator has a steep side";
}

TEST(tracking, warming_loses_the_lock_at_0_1_kilohertz) {
  EXPECT_TRUE(track_ramp(ramp(800, 0.285)).locked()) << "slew has a sign";
  EXPECT_TRUE(track_ramp(ramp(800, 0.115)).locked());
  const track_result lost = track_ramp(ramp(800, 0.10));
  EXPECT_FALSE(lost.receive_locked) << "0.254 linewidths come before 0.28";
  EXPECT_FALSE(lost.locked());
  EXPECT_FALSE(track_ramp(ramp(800, 0.095)).modulator_locked);
}

TEST(tracking, a_pure_integrator_diverges_above_31_8_kilohertz) {
  EXPECT_NEAR(stability_limit_khz(10, 1), 31.83, 0.01);
  track_params p = ramp(1, 31);
  p.actuator.tau_us = 0;
  EXPECT_LT(track_ramp(p).ripple_ghz, 8);
  EXPECT_TRUE(track_ramp(p).locked());
  p.bandwidth_khz = 33;
  EXPECT_FALSE(track_ramp(p).locked());
  EXPECT_GT(track_ramp(p).ripple_ghz, 100) << "from rail to rail";
}

TEST(tracking, the_heater_s_time_constant_damps_the_loop_up_to_41_7_kilohertz) {
  const double settled = make_heater({.tau_us = 5}).settled(10);
  EXPECT_NEAR(stability_limit_khz(10, settled), 41.8, 0.1);
  EXPECT_TRUE(track_ramp(ramp(1, 40)).locked());
  EXPECT_FALSE(track_ramp(ramp(1, 44)).locked());
}

TEST(tracking, ten_bits_bury_the_ramp_error_in_a_limit_cycle) {
  track_params p = ramp(800, 10, 10);
  EXPECT_NEAR(track_ramp(p).peak_ghz, 0.74, 0.02) << "six times the ramp error";
  p.actuator.tau_us = 0;
  EXPECT_NEAR(track_ramp(p).peak_ghz, 0.84, 0.03) << "without the heater's inertia";
  EXPECT_NEAR(track_ramp(p).error_ghz, 0.127, 0.002);
  EXPECT_NEAR(track_ramp(ramp(800, 10, 12)).peak_ghz, 0.25, 0.02);
}

TEST(tracking, at_rest_the_cycle_is_one_code_of_the_converter) {
  track_params p = ramp(0, 10, 10);
  p.actuator.tau_us = 0;
  EXPECT_NEAR(track_ramp(p).ripple_ghz, 0.78, 0.01);
}

}  // namespace
}  // namespace lightrack::optics
