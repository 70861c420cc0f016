// SPDX-License-Identifier: Apache-2.0
// tests/optics/assignment_yield_test.cpp
// Yields, heater power and hops over many buses.
#include "models/optics/assignment_yield.h"

#include <gtest/gtest.h>

namespace lightrack::optics {
namespace {

yield_params buses(double sigma, arbitration scheme = arbitration::barrel_shift,
                   std::uint64_t samples = 20'000) {
  return {.scheme = scheme,
          .samples = samples,
          .scatter = {.sigma_ghz = sigma},
          .actuator = make_heater({})};
}

TEST(assignment_yield, at_120_ghz_seven_of_a_thousand_fail_and_nearest_brings_up_a_third) {
  const yield_result barrel = assignment_yield(buses(120, arbitration::barrel_shift, 40'000));
  EXPECT_NEAR(1 - barrel.yield(), 0.0071, 0.0012);
  EXPECT_NEAR(barrel.yield_ci95(), 0.0008, 0.0001);
  EXPECT_NEAR(assignment_yield(buses(120, arbitration::nearest)).yield(), 0.355, 0.015);
}

TEST(assignment_yield, the_tolerance_of_the_heaters_range_costs_more_than_that_of_the_fsr) {
  yield_params p = buses(120, arbitration::barrel_shift, 40'000);
  p.scatter.range_tolerance = 0.1;
  EXPECT_NEAR(1 - assignment_yield(p).yield(), 0.0112, 0.0016);
  p.scatter.range_tolerance = 0;
  p.scatter.fsr_tolerance = 0;
  EXPECT_NEAR(1 - assignment_yield(p).yield(), 0.0071, 0.0012);
}

TEST(assignment_yield, without_scatter_all_heaters_are_alike) {
  yield_params p = buses(0);
  p.samples = 10;
  p.scatter.fsr_tolerance = 0;
  EXPECT_EQ(assignment_yield(p).yield(), 1);
  EXPECT_NEAR(assignment_yield(p).mean_heater_mw(), 0, 1e-12) << "two hops up, no heat needed";
  p.scheme = arbitration::sequential;
  EXPECT_NEAR(assignment_yield(p).mean_heater_mw(), 4, 1e-12) << "mid range";
  p.warmer_k = -39;
  EXPECT_NEAR(assignment_yield(p).mean_heater_mw(), 7.9, 1e-9);
}

TEST(assignment_yield, one_line_without_scatter_holds_80_kelvin) {
  yield_params p = buses(0, arbitration::sequential, 1);
  p.scatter.fsr_tolerance = 0;
  for (const double kelvin : {-40.0, 40.0}) {
    p.warmer_k = kelvin * 0.999;
    EXPECT_EQ(assignment_yield(p).yield(), 1) << kelvin;
    p.warmer_k = kelvin * 1.001;
    EXPECT_EQ(assignment_yield(p).yield(), 0) << kelvin;
  }
}

TEST(assignment_yield, hops_on_the_way) {
  yield_params p = buses(0);
  p.scatter.fsr_tolerance = 0;
  p.cold_offset_ghz = 410;  // two hops up leave 10 GHz: 1 K
  const bus_problem bus = sampled_bus(p, 0, 0);
  for (const auto& [kelvin, hops] :
       {std::pair{0.9, 0}, {1.1, 1}, {20.9, 1}, {21.1, 2}, {41.1, 3}, {-78.9, 0}, {-79.1, 1}}) {
    p.warmer_k = kelvin;
    EXPECT_EQ(hops_on_the_way(p, bus), hops) << kelvin << " K";
  }
}

TEST(assignment_yield, forty_kelvin_take_two_hops_of_nearly_every_bus) {
  yield_params p = buses(80, arbitration::barrel_shift, 2'000);
  EXPECT_EQ(assignment_yield(p).mean_hops(), 0);
  p.warmer_k = 40;
  const yield_result warm = assignment_yield(p);
  EXPECT_NEAR(warm.mean_hops(), 2, 0.1);
  EXPECT_EQ(warm.yield(), 1);
  EXPECT_EQ(warm.started, 2'000U);
}

TEST(assignment_yield, more_samples_keep_the_first) {
  yield_params p = buses(120, arbitration::nearest, 1'000);
  const yield_result all = assignment_yield(p);
  p.samples = 400;
  const yield_result head = assignment_yield(p);
  p.first = 400;
  p.samples = 600;
  EXPECT_EQ(head.complete + assignment_yield(p).complete, all.complete);
}

}  // namespace
}  // namespace lightrack::optics
