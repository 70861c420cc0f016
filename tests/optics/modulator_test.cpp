// SPDX-License-Identifier: Apache-2.0
// tests/optics/modulator_test.cpp
#include "models/optics/modulator.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace lightrack::optics {
namespace {

constexpr double center_ghz = 230'600;

modulator standard() {
  return {.response = make_ring({}, center_ghz), .swing_ghz = 15.6, .bias_ghz = 12.1};
}

TEST(modulator, gives_5_decibels_of_extinction_and_loses_3_at_the_bias_of_the_fine_lock) {
  const modulator m = standard();
  EXPECT_NEAR(m.at(12.1).er_db(), 5.0, 0.05);
  EXPECT_NEAR(m.at(12.1).insertion_loss_db(), 3.0, 0.05);
  EXPECT_NEAR(m.at(12.1).oma_loss_db(), 4.65, 0.005);
}

TEST(modulator, has_its_best_oma_at_14_8_gigahertz_with_0_13_decibels_more) {
  const modulator m = standard();
  EXPECT_NEAR(m.best_bias_ghz(), 14.8, 0.05);
  EXPECT_NEAR(m.at(12.1).oma_loss_db() - m.at(m.best_bias_ghz()).oma_loss_db(), 0.13, 0.005);
  EXPECT_NEAR(m.at(m.best_bias_ghz()).er_db(), 4.4, 0.05);
}

// The best bias by trying all of them, for rings and swings of every kind.
TEST(modulator, best_bias_is_the_one_that_brute_force_finds) {
  for (const double q : {2'500.0, 5'000.0, 6'500.0}) {
    for (const double swing : {4.0, 15.6, 40.0, 90.0}) {
      const modulator m{.response = make_ring({.q = q}, center_ghz), .swing_ghz = swing};
      double best = 0;
      double best_oma = 0;
      for (double bias = 0; bias < 200; bias += 0.001) {
        const double x = 2 * (bias + swing / 2) / m.response.linewidth_ghz;
        const double y = 2 * (bias - swing / 2) / m.response.linewidth_ghz;
        const double oma = (1 - 0.129) * (1 / (1 + y * y) - 1 / (1 + x * x));
        if (oma > best_oma) {
          best_oma = oma;
          best = bias;
        }
      }
      EXPECT_NEAR(m.best_bias_ghz(), best, 0.001) << "q " << q << " swing " << swing;
      EXPECT_NEAR(m.at(m.best_bias_ghz()).oma(), best_oma, 1e-9);
    }
  }
}

// Powers of a long row of random-like bits, sampled: mean, top and bottom give the same figures.
TEST(modulator, sampled_bits_show_the_same_levels) {
  const modulator m = standard();
  double sum = 0;
  double top = 0;
  double bottom = 1;
  constexpr int bits = 1'000;
  for (int i = 0; i < bits; ++i) {
    const bool bit = (i * 37 % 101) % 2 == 0 ? i % 2 == 0 : i % 2 != 0;
    const double resonance = center_ghz - 12.1 + (bit ? -7.8 : 7.8);
    const double power = m.response.through(center_ghz - resonance);
    top = std::max(top, power);
    bottom = std::min(bottom, power);
    sum += power;
  }
  EXPECT_NEAR(m.at(12.1).one, top, 1e-12);
  EXPECT_NEAR(m.at(12.1).zero, bottom, 1e-12);
  EXPECT_NEAR(m.at(12.1).average(), sum / bits, 0.01);
}

TEST(modulator, loses_a_decibel_of_oma_at_0_094_linewidths_cooling_and_0_28_warming) {
  const modulator m = standard();
  const double g = m.response.linewidth_ghz;
  EXPECT_NEAR(m.oma_penalty_db(-0.094 * g), 1.0, 0.02);
  EXPECT_NEAR(m.oma_penalty_db(0.28 * g), 1.0, 0.02);
  EXPECT_DOUBLE_EQ(m.oma_penalty_db(0), 0);
  EXPECT_LT(m.oma_penalty_db(2.7), 0) << "toward the best bias it gains";
  EXPECT_EQ(m.oma_penalty_db(-30), std::numeric_limits<double>::infinity())
      << "past the resonance a one is darker than a zero";
}

TEST(modulator, pam4_shifts_that_are_uneven_make_three_equal_eyes) {
  const modulator m = standard();
  const auto d = m.pam4_detunings_ghz();
  EXPECT_NEAR(d[0], 12.1 - 7.8, 1e-9);
  EXPECT_NEAR(d[3], 12.1 + 7.8, 1e-9);
  const double eye = m.at(12.1).oma() / 3;
  for (std::size_t i = 0; i < 3; ++i)
    EXPECT_NEAR(m.response.through(d[i + 1]) - m.response.through(d[i]), eye, 1e-12);
  EXPECT_GT(std::abs((d[1] - d[0]) - (d[3] - d[2])), 0.5);
}

TEST(modulator, pam4_with_even_shifts_would_lose_part_of_its_smallest_eye) {
  const modulator m = standard();
  // Powers at 4.3, 9.5, 14.7, 19.9 GHz by hand.
  std::vector<double> power;
  for (const double d : {4.3, 9.5, 14.7, 19.9})
    power.push_back(1 - 0.871 / (1 + std::pow(2 * d / 46.12, 2)));
  const double smallest = std::min({power[1] - power[0], power[2] - power[1], power[3] - power[2]});
  EXPECT_NEAR(m.pam4_even_shift_linearity(), smallest / ((power[3] - power[0]) / 3), 1e-12);
  EXPECT_LT(m.pam4_even_shift_linearity(), 0.9);
}

}  // namespace
}  // namespace lightrack::optics
