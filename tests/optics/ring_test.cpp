// SPDX-License-Identifier: Apache-2.0
// tests/optics/ring_test.cpp
#include "models/optics/ring.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "models/optics/decibel.h"
#include "tests/optics/refusal.h"

namespace lightrack::optics {
namespace {

using testing::AllOf;
using testing::HasSubstr;

constexpr double center_ghz = 230'600;

TEST(ring, of_q_5000_is_46_gigahertz_wide) {
  EXPECT_DOUBLE_EQ(make_ring({.q = 5000}, center_ghz).linewidth_ghz, 46.12);
}

TEST(ring, suppresses_a_neighbor_by_18_8_and_24_8_decibels) {
  const ring r = make_ring({}, center_ghz);
  EXPECT_NEAR(db(r.drop(200) / r.drop(0)), -18.8, 0.05);
  EXPECT_NEAR(db(r.drop(400) / r.drop(0)), -24.8, 0.05);
}

TEST(ring, on_resonance_leaves_its_extinction_and_drops_what_the_drop_loss_says) {
  const ring r = make_ring({.t_min = 0.129, .drop_loss_db = 1}, center_ghz);
  EXPECT_NEAR(r.through(0), 0.129, 1e-15);
  EXPECT_NEAR(db(r.drop(0)), -1, 1e-12);
  EXPECT_NEAR(db(r.through(0)), -8.9, 0.01);
}

// The width of the sampled response where it has fallen to a half, read as from a spectrum.
TEST(ring, sampled_response_has_the_linewidth_and_the_area_of_a_lorentzian) {
  const ring r = make_ring({.q = 4321}, center_ghz);
  constexpr double step = 0.001;
  double first = 0;
  double last = 0;
  double area = 0;
  for (long i = -5'000'000; i <= 5'000'000; ++i) {
    const double d = static_cast<double>(i) * step;
    const double share = r.drop(d) / r.drop(0);
    area += share * step;
    if (share < 0.5) continue;
    if (first == 0) first = d;
    last = d;
  }
  EXPECT_NEAR(last - first, center_ghz / 4321, 2 * step);
  // pi/2 linewidth in all, less the two tails past 5 THz: linewidth^2 / (2 x 5000).
  const double g = r.linewidth_ghz;
  EXPECT_NEAR(area, std::numbers::pi / 2 * g - g * g / 1e4, 1e-3);
}

// A ring as a resonator: the field decays at half a linewidth of angular frequency, and what it
// does to light of one frequency is the response of that decay. Complex numbers, no Lorentzian.
TEST(ring, response_is_that_of_a_decaying_field) {
  const ring r = make_ring({}, center_ghz);
  for (const double d : {0.0, 3.0, -12.1, 19.9, 46.12, -200.0}) {
    // integral over t of exp(-pi G t) exp(-2 pi i d t) = 1 / (pi G + 2 pi i d)
    const double real = std::numbers::pi * r.linewidth_ghz;
    const double imaginary = 2 * std::numbers::pi * d;
    const double share = real * real / (real * real + imaginary * imaginary);
    EXPECT_NEAR(r.drop(d), r.drop(0) * share, 1e-14);
    EXPECT_NEAR(1 - r.through(d), (1 - r.through(0)) * share, 1e-14);
  }
}

TEST(ring, loses_a_decibel_of_drop_at_a_quarter_of_its_linewidth) {
  const ring r = make_ring({}, center_ghz);
  EXPECT_NEAR(db(r.drop(0) / r.drop(0.254 * r.linewidth_ghz)), 1.0, 0.005);
}

TEST(q_max, is_6589_at_50_gigabaud_and_10295_at_32) {
  EXPECT_NEAR(q_max(center_ghz, 50, 0.7), 6589, 0.5);
  EXPECT_NEAR(q_max(center_ghz, 32, 0.7), 10295, 0.5);
  EXPECT_NEAR(q_max(center_ghz, 106.25, 0.7), 3100, 1) << "200 Gb/s on one wavelength, PAM4";
}

TEST(check_bandwidth, refuses_a_ring_too_sharp_for_its_symbols_with_the_numbers) {
  EXPECT_EQ(refusal([] { check_bandwidth(6588, center_ghz, 50, 0.7); }), "");
  EXPECT_THAT(refusal([] { check_bandwidth(6600, center_ghz, 50, 0.7); }),
              AllOf(HasSubstr("ring.q = 6600"), HasSubstr("34.9 GHz wide"),
                    HasSubstr("50 GBd need 35.0 GHz"), HasSubstr("6588 or less")));
  EXPECT_THAT(refusal([] { check_bandwidth(5000, center_ghz, 106.25, 0.7); }),
              HasSubstr("allowed at this symbol rate is 3100 or less"));
}

}  // namespace
}  // namespace lightrack::optics
