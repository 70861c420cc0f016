// SPDX-License-Identifier: Apache-2.0
// tests/optics/scatter_test.cpp
// Scatter of fabrication: keyed by role, of the stated width, independent of order.
#include "models/optics/scatter.h"

#include <gtest/gtest.h>

#include <cmath>

#include "models/base/random.h"

namespace lightrack::optics {
namespace {

TEST(scatter, a_ring_is_the_same_whatever_was_asked_before) {
  const ring_scatter first = scatter_of(1, "engine0.port3.rx.ring5", {});
  (void)scatter_of(1, "engine0.port3.rx.ring4", {});
  const ring_scatter again = scatter_of(1, "engine0.port3.rx.ring5", {});
  EXPECT_EQ(first.offset_ghz, again.offset_ghz);
  EXPECT_EQ(first.fsr_factor, again.fsr_factor);
  EXPECT_NE(first.offset_ghz, scatter_of(1, "engine0.port3.tx.ring5", {}).offset_ghz);
  EXPECT_NE(first.offset_ghz, scatter_of(2, "engine0.port3.rx.ring5", {}).offset_ghz);
}

TEST(scatter, two_hundred_thousand_rings_are_gaussian) {
  const std::uint64_t key = base::stream_key(1, "lab.ring0");
  constexpr int n = 200'000;
  double sum = 0;
  double squares = 0;
  int beyond_two = 0;
  for (int i = 0; i < n; ++i) {
    const double x = gaussian(key, static_cast<std::uint64_t>(i));
    sum += x;
    squares += x * x;
    beyond_two += std::abs(x) > 2 ? 1 : 0;
  }
  EXPECT_NEAR(sum / n, 0, 0.01);
  EXPECT_NEAR(squares / n, 1, 0.015);
  EXPECT_NEAR(beyond_two / static_cast<double>(n), 0.0455, 0.002);
}

TEST(scatter, tolerances_stay_in_their_half_range) {
  const std::uint64_t key = base::stream_key(1, "lab.ring0");
  double least = 2;
  double most = 0;
  for (std::uint64_t i = 0; i < 10'000; ++i) {
    const ring_scatter s = scatter_at(key, i, {.fsr_tolerance = 0.01, .range_tolerance = 0.1});
    EXPECT_LE(std::abs(s.fsr_factor - 1), 0.01);
    least = std::min(least, s.range_factor);
    most = std::max(most, s.range_factor);
  }
  EXPECT_NEAR(least, 0.9, 0.001);
  EXPECT_NEAR(most, 1.1, 0.001);
}

}  // namespace
}  // namespace lightrack::optics
