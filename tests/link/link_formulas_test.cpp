// SPDX-License-Identifier: Apache-2.0
// tests/link/link_formulas_test.cpp
// The formulas against the numbers that docs/link-layer.md gives and against limits known by hand.
#include "models/link/link_formulas.h"

#include <gtest/gtest.h>

namespace lightrack::link {
namespace {

TEST(link_formulas, one_flit_error_in_a_hundred_at_forty_flits_costs_29_percent) {
  EXPECT_NEAR(go_back_n_efficiency(1e-2, 40), 0.707, 5e-4);
}

TEST(link_formulas, flit_error_probability_counts_2048_bits) {
  EXPECT_EQ(flit_error_probability(0), 0);
  EXPECT_NEAR(flit_error_probability(1e-12), 2.048e-9, 1e-17);  // no cancellation
  EXPECT_NEAR(flit_error_probability(1e-6), 2.0459e-3, 1e-7);
  EXPECT_NEAR(flit_error_probability(0.5), 1.0, 1e-12);
}

TEST(link_formulas, an_error_free_link_loses_nothing_if_the_window_covers_the_round_trip) {
  EXPECT_EQ(retry_efficiency(0, 96, 96), 1);
  EXPECT_EQ(retry_efficiency(0, 96, 511), 1);
  EXPECT_EQ(window_efficiency(256, 0), 1);
}

TEST(link_formulas, a_short_window_gives_window_over_round_trip) {
  EXPECT_EQ(window_efficiency(511, 1022), 0.5);
  EXPECT_EQ(retry_efficiency(0, 1022, 511), 0.5);
}

TEST(link_formulas, with_a_long_window_both_forms_of_go_back_n_agree) {
  EXPECT_NEAR(retry_efficiency(5e-3, 96, 511), go_back_n_efficiency(5e-3, 96), 1e-12);
}

TEST(link_formulas, a_burst_of_two_each_round_trip_of_ten_with_half_of_the_flits_bad) {
  // Accepted: 1/2 + 1/4; time: 10 + 1 x 1/2 + 2 x 1/4.
  EXPECT_NEAR(retry_efficiency(0.5, 10, 2), 0.75 / 11, 1e-12);
}

TEST(link_formulas, short_and_long_windows_meet_where_the_window_is_the_round_trip) {
  EXPECT_NEAR(retry_efficiency(1e-5, 400, 399.999), retry_efficiency(1e-5, 400, 400), 2e-5);
}

TEST(link_formulas, lost_repetitions_cost_more_and_nothing_where_there_are_none) {
  // P 0.04, both ways, round trip 40, timeout 50: 1 / (1 + 1.64 + 0.08333 + 0.08681)
  EXPECT_NEAR(go_back_n_efficiency_lossy(0.04, 0.04, 40, 50), 0.355854, 1e-6);
  EXPECT_EQ(go_back_n_efficiency_lossy(0, 0, 40, 50), 1);
}

}  // namespace
}  // namespace lightrack::link
