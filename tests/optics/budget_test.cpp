// SPDX-License-Identifier: Apache-2.0
// tests/optics/budget_test.cpp
// Where the default profiles stand, and what faults do to them.
#include "models/optics/budget.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "models/optics/crosstalk.h"
#include "models/optics/decibel.h"
#include "tests/optics/light_rig.h"

namespace lightrack::optics {
namespace {

// Each figure again with the C library and by another way: loss as a product of transmissions,
// noise in amperes, Q by Newton's method.
struct by_hand {
  double margin_db;
  double ber;
};
by_hand budget_by_hand(int lines, double launch_dbm, double sensitivity_dbm, double at_ber,
                       double gigabaud, bool pam4) {
  const double width = 230'600.0 / 5'000;
  const auto dip = [&](double d) { return 0.871 / (1 + 4 * d * d / width / width); };
  const double one = 1 - dip(19.9);
  const double zero = 1 - dip(4.3);
  double transmission = one - zero;
  for (int i = 0; i < 2; ++i) transmission *= std::pow(10, -0.05);
  for (int i = 0; i < 3; ++i) transmission *= std::pow(10, -0.175);
  for (int i = 0; i < 2 * (lines - 1); ++i) transmission *= std::pow(10, -0.005);
  for (int i = 0; i < 4; ++i) transmission *= std::pow(10, -0.025);
  for (int i = 0; i < 2; ++i) transmission *= std::pow(10, -0.075);
  transmission *= std::pow(10, -0.1 - 0.1 - 0.05 - 0.0007);  // guide, drop, polarization, fiber
  const double oma_mw = std::pow(10, launch_dbm / 10) * transmission * std::pow(10, -0.1);
  const double stated_mw = std::pow(10, sensitivity_dbm / 10);
  const double levels = pam4 ? 3 : 1;
  const double coefficient = pam4 ? 0.375 : 0.5;
  double q = 1;  // Newton on log BER
  for (int i = 0; i < 200; ++i) {
    const double b = coefficient * std::erfc(q / std::numbers::sqrt2);
    const double slope = -coefficient * std::sqrt(2 / std::numbers::pi) * std::exp(-q * q / 2) / b;
    q -= (std::log(b) - std::log(at_ber)) / slope;
  }
  const auto light_noise2 = [&](double mw) {
    const double amperes = 0.8e-3 * mw * 0.5 * (one + zero) / (one - zero);
    const double hertz = 0.7e9 * gigabaud;
    return 2 * 1.602176634e-19 * amperes * hertz + std::pow(10, -14.5) * hertz * amperes * amperes;
  };
  const double sigma2 = std::pow(0.8e-3 * stated_mw / levels / 2 / q, 2);
  const double now2 = sigma2 - light_noise2(stated_mw) + light_noise2(oma_mw);
  const double q_now = 0.8e-3 * oma_mw / levels / 2 / std::sqrt(now2);
  return {10 * std::log10(oma_mw / stated_mw),
          coefficient * std::erfc(q_now / std::numbers::sqrt2)};
}

struct profile_case {
  std::string name;
  double margin_db;        ///< docs/decisions/0007-optics.md
  double quiet_light_ber;  ///< likewise, thermal noise alone
  int lines;
  double launch;
  double sensitivity;
  double at_ber;
  double gigabaud;
  bool pam4;
};

class profiles : public testing::TestWithParam<profile_case> {};

TEST_P(profiles, stand_where_the_table_says) {
  const profile_case& c = GetParam();
  const bus_budget b = light_budget({"engine.profile=" + c.name});
  ASSERT_EQ(b.lanes.size(), static_cast<std::size_t>(c.lines));
  const by_hand hand =
      budget_by_hand(c.lines, c.launch, c.sensitivity, c.at_ber, c.gigabaud, c.pam4);
  for (const lane_budget& lane : b.lanes) {
    EXPECT_NEAR(lane.launch_dbm, c.launch, 1e-9);
    EXPECT_NEAR(lane.margin_db, c.margin_db, 0.05);
    EXPECT_NEAR(lane.margin_db, hand.margin_db, 1e-6);
    EXPECT_NEAR(std::log10(lane.ber), std::log10(hand.ber), 0.01);
    // The table has thermal noise alone; light noise makes it up to five times as much.
    EXPECT_GT(lane.ber, 0.9 * c.quiet_light_ber);
    EXPECT_LT(lane.ber, 5 * c.quiet_light_ber);
  }
}

INSTANTIATE_TEST_SUITE_P(
    defaults, profiles,
    testing::Values(profile_case{"SC25_DWDM", 0.6, 4e-16, 16, 11, -8, 1e-12, 50, false},
                    profile_case{"GUC_200T", 0.6, 4e-16, 16, 11, -8, 1e-12, 50, false},
                    profile_case{"SC25_DWDM_SPARE", 0.5, 1.7e-15, 17, 11, -8, 1e-12, 50, false},
                    profile_case{"GEN3_8T", 0.6, 4e-16, 16, 9, -10, 1e-12, 32, false},
                    profile_case{"GEN2_4T", 1.4, 2e-22, 8, 9, -10, 1e-12, 32, false},
                    profile_case{"OCI_GEN1", 1.2, 2e-10, 4, 9, -9.4, 1e-6, 53.125, false},
                    profile_case{"SC25_PAM4", 1.6, 4e-12, 4, 11, -7.8, 1e-6, 26.5625, true}),
    [](const auto& c) { return c.param.name; });

TEST(budget, arrives_with_minus_6_4_dbm_and_spends_17_4_decibels) {
  const bus_budget b = light_budget();
  EXPECT_NEAR(b.total_db, 17.4, 0.05);
  EXPECT_NEAR(b.lanes[0].received_oma_dbm, -6.41, 0.005);
  EXPECT_NEAR(b.lanes[0].average_dbm, -6.41 - 0.17, 0.01);
  EXPECT_NEAR(b.lanes[0].penalties_db, 1.0, 1e-6);
}

TEST(budget, of_the_default_keeps_2_1_decibels_without_joints_and_0_1_with_joints_of_1_decibel) {
  EXPECT_NEAR(light_budget({"path.detachable_joints=0"}).lanes[0].margin_db, 2.1, 0.05);
  EXPECT_NEAR(light_budget({"path.detachable_loss=1"}).lanes[0].margin_db, 0.1, 0.05);
}

TEST(budget, with_a_connector_that_costs_2_decibels_more_degrades_visibly) {
  const bus_budget b = light_budget({"light.extra_loss=[[\"connector_2\", 2]]"});
  EXPECT_NEAR(b.lanes[0].margin_db, 0.6 - 2, 0.05);
  EXPECT_GT(b.lanes[0].ber, 1.5e-7 * 0.8);
  EXPECT_LT(b.lanes[0].ber, 2.5e-7);
}

TEST(budget, of_the_four_color_pam4_does_not_close_at_9_dbm) {
  EXPECT_LT(
      light_budget({"engine.profile=SC25_PAM4", "laser.power_per_lambda=9"}).lanes[0].margin_db, 0);
}

TEST(budget, launch_less_elements_is_what_arrives_on_every_line_whatever_is_wrong) {
  const bus_budget b = light_budget({"light.extra_loss=[[\"joint_1\", 0.4], [\"fiber\", 0.1]]",
                                     "light.receive_detuning=3", "light.transmit_detuning=-2"});
  for (const lane_budget& lane : b.lanes) {
    double sum = 0;
    for (const double db : lane.element_db) sum += db;
    EXPECT_NEAR(lane.launch_dbm - sum, lane.received_oma_dbm, 1e-9);
  }
}

TEST(budget, of_a_dark_line_takes_its_crosstalk_from_its_neighbors) {
  const bus_budget whole = light_budget();
  const bus_budget b = light_budget({"light.dark_lines=8"});  // line 3
  EXPECT_FALSE(b.lanes[3].present);
  EXPECT_EQ(b.lanes[3].ber, 0.5);
  EXPECT_EQ(b.worst, 3U);
  EXPECT_GT(b.lanes[2].margin_db, whole.lanes[2].margin_db + 0.05);
  EXPECT_NEAR(b.lanes[2].crosstalk,
              whole.lanes[2].crosstalk - neighbor_suppression(make_ring({}, 230'600), 200), 1e-12);
  EXPECT_GT(b.lanes[11].margin_db, whole.lanes[11].margin_db) << "eight lines off, a little";
}

TEST(budget, of_a_modulator_that_cooled_loses_a_decibel_at_0_094_linewidths) {
  const bus_budget whole = light_budget();
  optics_setup s = light_setup();
  s.faults.transmit_detuning_ghz[5] = -0.094 * 46.12;
  const bus_budget b = evaluate(s.light, s.faults);
  EXPECT_NEAR(whole.lanes[5].received_oma_dbm - b.lanes[5].received_oma_dbm, 1.0, 0.02);
  EXPECT_NEAR(b.lanes[5].extinction_db, 4.93, 0.01) << "a zero stands on the resonance";
  EXPECT_NEAR(b.lanes[6].received_oma_dbm, whole.lanes[6].received_oma_dbm, 0.01);
}

TEST(budget, of_a_receiver_ring_astray_loses_drop_and_gains_crosstalk) {
  const bus_budget whole = light_budget();
  optics_setup s = light_setup();
  s.faults.receive_detuning_ghz[5] = 0.254 * 46.12;
  const bus_budget b = evaluate(s.light, s.faults);
  EXPECT_NEAR(whole.lanes[5].received_oma_dbm - b.lanes[5].received_oma_dbm, 1.0, 0.005);
  EXPECT_GT(b.lanes[5].crosstalk, whole.lanes[5].crosstalk * 1.25);
  EXPECT_LT(b.lanes[5].margin_db, whole.lanes[5].margin_db - 1.0);
}

TEST(budget, of_a_ring_that_strayed_onto_another_line_darkens_that_line) {
  const bus_budget whole = light_budget();
  optics_setup s = light_setup();
  s.faults.receive_detuning_ghz[5] = -200;  // ring 5 stands on line 6
  const bus_budget b = evaluate(s.light, s.faults);
  EXPECT_GT(whole.lanes[6].received_oma_dbm - b.lanes[6].received_oma_dbm, 8.5)
      << "the extinction of a ring, 8.9 dB";
  EXPECT_EQ(b.lanes[5].ber, 0.5) << "it hears its neighbor louder than its own line";
}

TEST(budget, counts_crosstalk_once) {
  // Sharper and wider rings: the total follows the computed penalty, the rest stays.
  for (const char* q : {"ring.q=3000", "ring.q=4000", "ring.q=6500"}) {
    const optics_setup s = light_setup({q});
    const bus_budget b = evaluate(s.light, s.faults);
    const double computed = crosstalk_penalty_db(crosstalk(s.light.lines, s.light.receive),
                                                 b.lanes[0].extinction_db, s.symbols);
    EXPECT_NEAR(b.lanes[0].penalties_db - computed, 1.0 - 0.348, 0.001) << q;
  }
  EXPECT_EQ(light_budget({"path.penalties=0"}).lanes[0].penalties_db, 0);
}

}  // namespace
}  // namespace lightrack::optics
