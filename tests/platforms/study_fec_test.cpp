// SPDX-License-Identifier: Apache-2.0
// tests/platforms/study_fec_test.cpp
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "models/link/link_formulas.h"
#include "platforms/link/link_platform.h"
#include "platforms/link/study_fec_page.h"
#include "platforms/link/study_fec_points.h"

namespace lightrack::platforms {
namespace {

using testing::HasSubstr;

TEST(fec_designs, take_24_and_150_nanoseconds_and_the_same_laser_energy) {
  const auto d = fec_designs(link_config());
  ASSERT_EQ(d.size(), 2U);
  EXPECT_EQ(d[0].hop_ns, 24);
  EXPECT_EQ(d[1].hop_ns, 150);
  EXPECT_NEAR(d[0].laser_pj, 1.87, 0.006);
  EXPECT_NEAR(d[1].laser_pj, 1.87, 0.006) << "16 sources of the same power for the same rate";
  EXPECT_NEAR(std::log10(d[0].design_ber), -15.3, 0.1);
  EXPECT_NEAR(std::log10(d[1].design_ber), -10.7, 0.1);
}

// RS(544,514) at 1e-3: a code word fails with 1.5e-4, and a flit lies in 1.2 of them.
TEST(fec_designs, lose_flits_as_their_code_says) {
  const auto d = fec_designs(link_config());
  EXPECT_NEAR(d[0].flit_failure(1e-12), 2.05e-9, 0.005e-9);
  EXPECT_NEAR(d[1].flit_failure(1e-3) / (1.2 * 1.5e-4), 1, 0.05);
  EXPECT_LT(d[1].flit_failure(1e-6), 1e-48);
}

TEST(fec_designs, simulate_the_rate_that_loses_as_many_flits) {
  const auto d = fec_designs(link_config());
  EXPECT_EQ(d[0].channel_ber(3e-7), 3e-7);
  for (const double ber : {3e-4, 1e-3, 1.6e-3, 2e-3})
    EXPECT_NEAR(link::flit_error_probability(d[1].channel_ber(ber)) / d[1].flit_failure(ber), 1,
                1e-5)
        << ber;
}

TEST(plan_fec_study, runs_both_designs_at_full_and_half_load) {
  const base::config base = link_config();
  const auto designs = fec_designs(base);
  const auto plan = plan_fec_study(base, designs, true);
  EXPECT_EQ(plan.size(), 2U * 4 * 2);
  base::config last = plan.back().config;
  EXPECT_EQ(make_link_setup(last).endpoint.lanes, 4);
}

TEST(plan_fec_study, refuses_a_key_that_it_sets) {
  base::config base = link_config();
  base.set("channel.ber=1e-5");
  const auto designs = fec_designs(base);
  std::string sentence;
  try {
    (void)plan_fec_study(base, designs, true);
  } catch (const base::config_error& e) {
    sentence = e.what();
  }
  EXPECT_THAT(sentence, HasSubstr("study fec: channel.ber"));
}

TEST(fec_formula_rows, bend_at_the_rate_that_each_design_bears) {
  const auto designs = fec_designs(link_config());
  const auto rows = fec_formula_rows(designs, {96, 44}, 97.9);
  // One flit in 9,700 lost costs a percent at a round trip of 96: 5e-8.
  EXPECT_NEAR(std::log10(last_ber_above(rows, designs[0], 0.99)), std::log10(5e-8), 0.2);
  EXPECT_NEAR(std::log10(last_ber_above(rows, designs[1], 0.99)), std::log10(1.05e-3), 0.2);
}

TEST(fec_launch_rows, need_less_power_with_fec_for_the_same_flits) {
  const base::config base = link_config();
  const auto designs = fec_designs(base);
  double plain_dbm = 0;
  double coded_dbm = 0;
  for (const document& row : fec_launch_rows(base, designs)) {
    double& first = text_of(row, "design") == designs[0].name ? plain_dbm : coded_dbm;
    if (first == 0 && number(row, "flit_failure") < 1e-9) first = number(row, "launch_dbm");
  }
  EXPECT_EQ(plain_dbm, 10.5);
  EXPECT_LT(coded_dbm, 8.5);
}

}  // namespace
}  // namespace lightrack::platforms
