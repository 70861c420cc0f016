// SPDX-License-Identifier: Apache-2.0
// tests/optics/assignment_test.cpp
// Arbitration of wavelengths: single buses by hand, brute force over all permutations, yields.
#include "models/optics/assignment.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>
#include <vector>

#include "models/base/random.h"
#include "models/optics/scatter.h"

namespace lightrack::optics {
namespace {

constexpr std::array schemes{arbitration::sequential, arbitration::nearest,
                             arbitration::barrel_shift, arbitration::optimum};

bus_problem bus_of(const std::vector<double>& shift) {
  bus_problem bus{.rings = static_cast<int>(shift.size()), .spacing_ghz = 200};
  std::ranges::copy(shift, bus.shift_ghz.begin());
  bus.high_ghz.fill(800);
  return bus;
}

/// A bus of 16 rings, 400 GHz above their lines but for a scatter of `sigma`.
bus_problem drawn_bus(std::uint64_t seed, std::uint64_t sample, double sigma, double offset = 400,
                      int rings = 16, double fsr_tolerance = 0) {
  bus_problem bus{.rings = rings, .spacing_ghz = 200};
  for (int i = 0; i < rings; ++i) {
    const auto at = static_cast<std::size_t>(i);
    const std::uint64_t key = base::stream_key(seed, "lab.ring" + std::to_string(i));
    const ring_scatter s =
        scatter_at(key, sample, {.sigma_ghz = sigma, .fsr_tolerance = fsr_tolerance});
    bus.shift_ghz[at] = offset + s.offset_ghz;
    bus.high_ghz[at] = 800;
    bus.fsr_excess_ghz[at] = (s.fsr_factor - 1) * rings * 200;
  }
  return bus;
}

TEST(assignment, rings_in_the_middle_of_their_range) {
  const bus_problem bus = bus_of({400, 410, 390, 400});
  const assignment own = assign(arbitration::sequential, bus);
  EXPECT_TRUE(own.complete());
  EXPECT_DOUBLE_EQ(own.total_ghz, 1600);
  const assignment shifted = assign(arbitration::barrel_shift, bus);
  EXPECT_TRUE(shifted.complete());
  EXPECT_EQ(shifted.hop[0], 1) << "hop 2 would need -10 GHz of ring 2";
  EXPECT_EQ(shifted.line(0), 1);
  EXPECT_EQ(shifted.line(3), 0) << "over one FSR";
  EXPECT_DOUBLE_EQ(shifted.total_ghz, 800);
}

TEST(assignment, a_ring_out_of_reach_costs_sequential_the_bus_and_barrel_shift_nothing) {
  const bus_problem bus = bus_of({400, 810, 390, 400});
  EXPECT_FALSE(assign(arbitration::sequential, bus).complete());
  EXPECT_EQ(assign(arbitration::sequential, bus).placed, 3);
  EXPECT_EQ(assign(arbitration::sequential, bus).line(1), -1);
  EXPECT_TRUE(assign(arbitration::barrel_shift, bus).complete());
}

TEST(assignment, two_rings_that_changed_places_need_a_permutation) {
  // Ring 1 stands 820 above its line, ring 2 150 below the middle of what hop 1 would need.
  const bus_problem bus = bus_of({400, 820, 150, 400});
  EXPECT_FALSE(assign(arbitration::barrel_shift, bus).complete());
  const assignment a = assign(arbitration::optimum, bus);
  EXPECT_TRUE(a.complete());
  EXPECT_GE(a.hop[1], 1);
}

TEST(assignment, a_broken_ring_takes_no_line_and_does_not_count) {
  bus_problem bus = bus_of({400, 400, 5000, 400});
  bus.broken[2] = true;
  for (const arbitration scheme : schemes) {
    const assignment a = assign(scheme, bus);
    EXPECT_TRUE(a.complete()) << name_of(scheme);
    EXPECT_EQ(a.line(2), -1) << name_of(scheme);
  }
}

TEST(assignment, passing_the_end_of_the_bus_counts_the_excess_of_the_fsr) {
  bus_problem bus = bus_of({400, 400, 400, 400});
  bus.fsr_excess_ghz[3] = 30;
  EXPECT_EQ(bus.orders(3, 1), 1);
  EXPECT_EQ(bus.orders(0, -1), -1);
  EXPECT_EQ(bus.orders(3, -3), 0);
  EXPECT_DOUBLE_EQ(bus.needed_ghz(3, 1), 170);
  EXPECT_DOUBLE_EQ(bus.needed_ghz(2, 1), 200);
}

TEST(assignment, names_are_those_of_the_key) {
  for (const arbitration scheme : schemes) EXPECT_EQ(arbitration_named(name_of(scheme)), scheme);
  EXPECT_EQ(name_of(arbitration::barrel_shift), "BARREL_SHIFT");
  EXPECT_FALSE(arbitration_named("LRU").has_value());
}

struct brute {
  int placed = 0;
  double total_ghz = 0;
};

/// All permutations, each ring with the cheapest order that reaches its line.
brute all_permutations(const bus_problem& bus) {
  std::vector<int> line(static_cast<std::size_t>(bus.rings));
  std::iota(line.begin(), line.end(), 0);
  brute best{-1, 0};
  do {
    brute one;
    for (int i = 0; i < bus.rings; ++i) {
      double least = INFINITY;
      for (int order = -3; order <= 3; ++order) {
        const int hop = line[static_cast<std::size_t>(i)] - i + order * bus.rings;
        if (bus.reaches(i, hop)) least = std::min(least, bus.needed_ghz(i, hop));
      }
      if (std::isinf(least)) continue;
      ++one.placed;
      one.total_ghz += least;
    }
    if (one.placed > best.placed || (one.placed == best.placed && one.total_ghz < best.total_ghz)) {
      best = one;
    }
  } while (std::ranges::next_permutation(line).found);
  return best;
}

TEST(assignment_property, optimum_is_the_best_of_all_permutations) {
  constexpr std::uint64_t seed = 20'261'125;
  RecordProperty("seed", std::to_string(seed));
  int incomplete = 0;
  for (const int rings : {4, 5, 6}) {
    for (std::uint64_t sample = 0; sample < 1500; ++sample) {
      const double sigma = 60 + 40.0 * static_cast<double>(sample % 8);
      const double offset = -200 + 37.0 * static_cast<double>(sample % 31);
      bus_problem bus = drawn_bus(seed, sample, sigma, offset, rings, 0.02);
      bus.high_ghz.fill(300);  // 800 would be a whole FSR of four rings, and all would be in reach
      const brute best = all_permutations(bus);
      const assignment a = assign(arbitration::optimum, bus);
      ASSERT_EQ(a.placed, best.placed) << rings << " rings, sample " << sample << ", seed " << seed;
      ASSERT_NEAR(a.total_ghz, best.total_ghz, 1e-6) << "sample " << sample << ", seed " << seed;
      incomplete += a.complete() ? 0 : 1;
    }
  }
  EXPECT_GT(incomplete, 100) << "the cases must not all be easy";
}

TEST(assignment_property, no_two_rings_share_a_wavelength_in_100000_fabrications) {
  constexpr std::uint64_t seed = 20'261'126;
  RecordProperty("seed", std::to_string(seed));
  int placed = 0;
  for (std::uint64_t sample = 0; sample < 100'000; ++sample) {
    const auto random = base::draw(base::stream_key(seed, "lab.case"), sample);
    const double sigma = 20 + 335 * base::unit(random[0], random[1]);
    const double warmer_k = -60 + 120 * base::unit(random[2], random[3]);
    bus_problem bus = drawn_bus(seed, sample, sigma, 400 - 10 * warmer_k, 16, 0.01);
    bus.broken[random[0] % 16] = random[1] % 4 == 0;
    for (const arbitration scheme : schemes) {
      const assignment a = assign(scheme, bus);
      std::uint32_t taken = 0;
      for (int i = 0; i < 16; ++i) {
        if (a.line(i) < 0) continue;
        const std::uint32_t bit = 1U << a.line(i);
        ASSERT_EQ(taken & bit, 0U) << name_of(scheme) << ", sample " << sample << ", seed " << seed;
        taken |= bit;
        ASSERT_TRUE(bus.reaches(i, a.hop[static_cast<std::size_t>(i)]));
        ++placed;
      }
      ASSERT_LE(a.placed, a.wanted);
    }
    ASSERT_GE(assign(arbitration::optimum, bus).placed,
              assign(arbitration::barrel_shift, bus).placed);
  }
  EXPECT_GT(placed, 1'000'000);
}

/// Chance that 16 Gaussians fall into a window, and from it that of barrel shift without
/// tolerances: windows of neighboring hops overlap in three quarters.
double barrel_yield_formula(double sigma) {
  const auto inside = [&](double low, double high) {
    if (high <= low) return 0.0;
    const double one =
        0.5 * (std::erf(high / sigma / std::sqrt(2.0)) - std::erf(low / sigma / std::sqrt(2.0)));
    return std::pow(one, 16);
  };
  double yield = 0;
  for (int h = -4; h <= 4; ++h) {
    yield += inside(-400 + 200 * h, 400 + 200 * h) - inside(-200 + 200 * h, 400 + 200 * h);
  }
  return yield;
}

double yield_of(arbitration scheme, double sigma, int samples) {
  int complete = 0;
  for (int s = 0; s < samples; ++s) {
    const bus_problem bus = drawn_bus(1, static_cast<std::uint64_t>(s), sigma);
    complete += assign(scheme, bus).complete() ? 1 : 0;
  }
  return static_cast<double>(complete) / samples;
}

TEST(assignment_yield, barrel_shift_fails_on_seven_of_a_thousand_buses_at_120_ghz) {
  EXPECT_NEAR(1 - barrel_yield_formula(120), 0.0071, 0.0001);
  EXPECT_NEAR(std::pow(barrel_yield_formula(120), 256), 1.0 / 6, 0.01)
      << "256 buses: one blade in six brings up every link";
  EXPECT_NEAR(1 - yield_of(arbitration::barrel_shift, 120, 40'000), 0.0071, 0.0015);
}

TEST(assignment_yield, at_80_ghz_barrel_shift_all_but_never_fails) {
  EXPECT_NEAR(1 - barrel_yield_formula(80), 8.2e-7, 0.1e-7) << "without tolerances";
  EXPECT_EQ(yield_of(arbitration::barrel_shift, 80, 20'000), 1);
  EXPECT_LT(yield_of(arbitration::sequential, 80, 400'000), 1) << "9e-6 of the buses";
}

TEST(assignment_yield, nearest_is_greedy_and_strands_the_last_rings) {
  EXPECT_NEAR(yield_of(arbitration::nearest, 120, 20'000), 0.355, 0.015);
}

TEST(assignment_yield, a_permutation_saves_nearly_all) {
  EXPECT_GT(yield_of(arbitration::optimum, 120, 20'000), 0.9995);
}

}  // namespace
}  // namespace lightrack::optics
