// SPDX-License-Identifier: Apache-2.0
// tests/optics/crosstalk_test.cpp
#include "models/optics/crosstalk.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "models/optics/decibel.h"

namespace lightrack::optics {
namespace {

using base::modulation;

TEST(neighbor_suppression, is_18_8_decibels_at_200_gigahertz_and_24_8_at_400) {
  const ring r = make_ring({.q = 5000}, 230'600);
  EXPECT_NEAR(db(neighbor_suppression(r, 200)), -18.8, 0.05);
  EXPECT_NEAR(db(neighbor_suppression(r, 400)), -24.8, 0.05);
}

TEST(crosstalk, of_the_whole_bus_is_14_0_decibels_and_costs_0_35) {
  const double x = crosstalk(make_grid({}), make_ring({}, 230'600));
  EXPECT_NEAR(db(x), -14.0, 0.05);
  EXPECT_NEAR(crosstalk_penalty_db(x, 5.0, modulation::nrz), 0.35, 0.005);
}

TEST(crosstalk, of_two_neighbors_alone_costs_0_23) {
  const double x = 2 * neighbor_suppression(make_ring({}, 230'600), 200);
  EXPECT_NEAR(crosstalk_penalty_db(x, 5.0, modulation::nrz), 0.23, 0.005);
}

// An even bus looks the same from every line, for the FSR closes it to a circle.
TEST(crosstalk, is_the_same_for_every_line_of_an_even_bus) {
  const grid g = make_grid({});
  const ring r = make_ring({}, 230'600);
  const std::vector<double> power(16, 0.3);
  for (int k = 0; k < 16; ++k)
    EXPECT_NEAR(crosstalk(g, r, power, k, g.line_ghz(k)), crosstalk(g, r), 1e-15) << k;
}

// The drop port as a spectrum analyzer would show it: all orders of the ring between -40 and +40
// FSR, the light of each line through the nearest of them, powers added up.
TEST(crosstalk, is_the_share_of_foreign_light_in_a_sampled_drop_port) {
  const grid g = make_grid({.lines = 8, .spacing_ghz = 100});
  const ring r = make_ring({.q = 4000}, 230'600);
  const std::vector<double> power{1, 0.5, 2, 0, 1, 1, 0.25, 1};
  constexpr int victim = 2;
  constexpr double astray_ghz = 7.0;
  const double ring_ghz = g.line_ghz(victim) + astray_ghz;
  double own = 0;
  double foreign = 0;
  for (int k = 0; k < 8; ++k) {
    double nearest = std::numeric_limits<double>::infinity();
    for (int order = -40; order <= 40; ++order)
      nearest = std::min(nearest, std::abs(g.line_ghz(k) - ring_ghz - order * g.fsr_ghz));
    const double light = power[static_cast<std::size_t>(k)] * r.drop(nearest);
    (k == victim ? own : foreign) += light;
  }
  EXPECT_NEAR(crosstalk(g, r, power, victim, ring_ghz), foreign / own, 1e-12);
}

TEST(crosstalk, of_a_dark_line_is_infinite_and_of_dark_neighbors_is_none) {
  const grid g = make_grid({.lines = 2});
  const ring r = make_ring({}, 230'600);
  EXPECT_EQ(crosstalk(g, r, std::vector<double>{0, 1}, 0, g.line_ghz(0)),
            std::numeric_limits<double>::infinity());
  EXPECT_EQ(crosstalk(g, r, std::vector<double>{1, 0}, 0, g.line_ghz(0)), 0);
}

// The eye in numbers: foreign light of mean x times the own mean swings between nothing and twice
// its mean. A zero that meets all of it and a one that meets none are what is left of the eye.
TEST(crosstalk_penalty, is_the_eye_that_foreign_light_closes) {
  constexpr double x = 0.04;
  const double er = std::pow(10, 0.5);
  const double one = er / (er - 1);  // in units of the OMA
  const double zero = 1 / (er - 1);
  const double foreign_most = 2 * x * 0.5 * (one + zero);
  const double eye = one - (zero + foreign_most);
  EXPECT_NEAR(crosstalk_penalty_db(x, 5.0, modulation::nrz), -10 * std::log10(eye), 1e-9);
  EXPECT_EQ(crosstalk_penalty_db(0, 5.0, modulation::nrz), 0);
  EXPECT_EQ(crosstalk_penalty_db(0.6, 5.0, modulation::nrz),
            std::numeric_limits<double>::infinity());
}

TEST(crosstalk_penalty, weighs_three_times_on_an_eye_of_pam4) {
  EXPECT_NEAR(crosstalk_penalty_db(0.01, 5.0, modulation::pam4),
              crosstalk_penalty_db(0.03, 5.0, modulation::nrz), 1e-12);
}

}  // namespace
}  // namespace lightrack::optics
