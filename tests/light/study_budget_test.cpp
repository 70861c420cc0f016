// SPDX-License-Identifier: Apache-2.0
// tests/light/study_budget_test.cpp
#include "platforms/light/study_budget.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "platforms/light/light_config.h"
#include "platforms/light/study_budget_page.h"
#include "platforms/light/study_budget_points.h"

namespace lightrack::platforms {
namespace {

using testing::HasSubstr;

std::vector<document> rows_of(std::initializer_list<std::string> assignments = {}) {
  base::config c = light_config();
  for (const std::string& a : assignments) c.set(a);
  return budget_rows(c, true);
}

double margin_where(const std::vector<document>& rows, const std::string& by, double value) {
  for (const document& row : rows)
    if (number(row, by) == value) return number(row, "margin_db");
  return std::nan("");
}

TEST(study_budget, has_a_row_for_every_profile_with_light) {
  const auto rows = rows_in(rows_of(), "profile");
  EXPECT_EQ(rows.size(), 7U);
  for (const document& row : rows) EXPECT_EQ(row["status"], "done") << row.dump();
}

TEST(study_budget, sweeps_length_joints_and_a_fault) {
  const auto rows = rows_of();
  const auto length = rows_in(rows, "length", "SC25_DWDM");
  EXPECT_NEAR(margin_where(length, "length_m", 20), 0.589, 0.001);
  EXPECT_NEAR(margin_where(length, "length_m", 20) - margin_where(length, "length_m", 2000),
              0.35 * 1.98, 1e-9);
  const auto faults = rows_in(rows, "fault", "SC25_DWDM");
  EXPECT_NEAR(margin_where(faults, "value", 2), 0.589 - 2, 0.001);
  EXPECT_EQ(rows_in(rows, "joint", "SC25_DWDM").size(), 10U);
}

TEST(study_budget, does_not_sweep_what_is_given) {
  const auto rows = rows_of({"engine.profile=GEN2_4T", "fiber.length=100"});
  EXPECT_EQ(rows_in(rows, "profile").size(), 1U);
  EXPECT_TRUE(rows_in(rows, "length").empty());
  for (const document& row : rows) {
    if (row["status"] != "done") continue;
    EXPECT_EQ(number(row, "length_m"), 100) << row.dump();
  }
}

TEST(tornado, has_the_widest_first_and_says_what_each_end_does) {
  const std::vector<tornado_bar> bars = tornado(rows_of(), "SC25_DWDM");
  ASSERT_GE(bars.size(), 15U);
  for (std::size_t i = 1; i < bars.size(); ++i) EXPECT_GE(bars[i - 1].span(), bars[i].span());
  EXPECT_EQ(bars[0].key, "path.coupler_loss") << "three times 0.7 to 4.8 dB";
  EXPECT_NEAR(bars[0].low_margin_db, 3 * (1.75 - 0.7), 1e-9);
  EXPECT_NEAR(bars[0].high_margin_db, 3 * (1.75 - 4.8), 1e-9);
  EXPECT_LT(bars[0].low_decades, -20) << "less loss, fewer errors";
  EXPECT_GT(bars[0].high_decades, 10);
  const auto rin = std::ranges::find(bars, "laser.rin", &tornado_bar::key);
  ASSERT_NE(rin, bars.end());
  EXPECT_EQ(rin->span(), 0) << "the sensitivity is calibrated with it";
  EXPECT_GT(rin->high_decades, 0.5) << "but noise grows above it";
}

TEST(tornado, leaves_out_the_end_that_is_refused) {
  const std::vector<tornado_bar> bars = tornado(rows_of(), "OCI_GEN1");
  const auto q = std::ranges::find(bars, "ring.q", &tornado_bar::key);
  ASSERT_NE(q, bars.end());
  EXPECT_TRUE(std::isnan(q->high_margin_db)) << "Q 6500 is too sharp for 53.125 GBd";
  EXPECT_FALSE(std::isnan(q->low_margin_db));
}

TEST(budget_answers, tell_margin_target_and_what_spends_it) {
  base::config c = light_config();
  const auto said = budget_answers(c, rows_of());
  ASSERT_EQ(said.size(), 3U);
  EXPECT_THAT(said[0], HasSubstr("SC25_DWDM launches 11 dBm a wavelength and loses 17.41 dB"));
  EXPECT_THAT(said[0], HasSubstr("1.41 dB short of the target of 2 dB"));
  EXPECT_THAT(said[1], HasSubstr("one fault of 0.59 dB"));
  EXPECT_THAT(said[2], HasSubstr("hangs most on path.coupler_loss"));
}

TEST(budget_answers, say_when_a_run_would_be_refused) {
  base::config c = light_config();
  c.set("laser.power_per_lambda=9");
  EXPECT_THAT(budget_answers(c, budget_rows(c, true))[1], HasSubstr("is refused"));
}

TEST(budget_figures, are_six_and_show_the_configured_profile_first) {
  base::config c = light_config();
  c.set("engine.profile=GEN3_8T");
  page p{"t", "lightrack study budget"};
  base::config effective = c;
  add_budget_figures(p, effective, budget_rows(light_config(), true), "lightrack study budget");
  ASSERT_EQ(p.json()["figures"].size(), 6U);
  EXPECT_EQ(p.json()["figures"][0]["views"][0]["label"], "GEN3_8T");
  EXPECT_EQ(p.json()["figures"][5]["views"][0]["panels"][0]["horizontal"], true);
}

}  // namespace
}  // namespace lightrack::platforms
