// SPDX-License-Identifier: Apache-2.0
// tests/platforms/study_answers_test.cpp: what the study says of rows that are written here by
// hand.
#include "platforms/link/study_answers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "platforms/link/study_points.h"

namespace lightrack::platforms {
namespace {

document window_row(double length, double window, double efficiency) {
  return {{"series", "window"},
          {"status", "done"},
          {"length_m", length},
          {"window", window},
          {"flit_efficiency", efficiency},
          {"goodput_gbps", 700 * efficiency},
          {"flit_ns", 2.5},
          {"round_trip_flits", 4 * length}};
}

document error_row(const std::string& series, double ber, double p, double efficiency,
                   double p999) {
  return {{"series", series},
          {"status", "done"},
          {"length_m", 20},
          {"window", 511},
          {"round_trip_flits", 96},
          {"flit_ns", 2.56},
          {"ber", ber},
          {"flit_error_probability", p},
          {"flit_efficiency", efficiency},
          {"flit_efficiency_formula", efficiency},
          {"goodput_gbps", series == "error" ? 700 * efficiency : 400.0},
          {"offered_gbps", series == "error" ? 800.0 : 400.0},
          {"request_latency_p999_ns", p999}};
}

TEST(study_answers, a_fiber_needs_window_over_efficiency_where_the_window_limits) {
  const study_answers a = answer_link_study(
      {window_row(100, 256, 0.64), window_row(100, 511, 1.0), window_row(100, 128, 0.32)});
  ASSERT_EQ(a.windows.size(), 1U);
  EXPECT_DOUBLE_EQ(a.windows[0].needed, 400);
  EXPECT_EQ(a.windows[0].smallest_full, 511);
  EXPECT_EQ(a.windows[0].goodput_default, 448);
  EXPECT_EQ(a.windows[0].goodput_deepest, 700);
}

TEST(study_answers, the_sentence_names_the_fiber_that_the_deepest_buffer_covers) {
  const study_answers a =
      answer_link_study({window_row(20, 511, 1.0), window_row(2000, 511, 0.0639)});
  ASSERT_EQ(a.sentences.size(), 1U);
  EXPECT_EQ(
      a.sentences[0],
      "A fiber needs a replay depth of one round trip: 80 flits at 20 m, 8000 flits at 2 km. "
      "The deepest, 511, covers fibers up to 127 m; 2 km with it keeps 6.4 % of the bandwidth.");
}

TEST(study_answers, an_error_costs_a_round_trip_of_bandwidth_and_what_is_measured_in_latency) {
  const study_answers a = answer_link_study(
      {error_row("error", 0, 0, 1.0, 0), error_row("error", 1e-7, 2e-4, 0.98, 0),
       error_row("latency", 0, 0, 1.0, 130), error_row("latency", 1e-7, 2e-4, 0.98, 380)});
  ASSERT_EQ(a.sentences.size(), 1U);
  EXPECT_EQ(
      a.sentences[0],
      "At 20 m, one flit error costs 97 flit times (248 ns) of the wire; at a bit error rate "
      "of 1e-07 that is 2.0 % of the bandwidth, and at half load p99.9 of a request goes from "
      "130 to 380 ns.");
}

TEST(study_answers, a_link_that_cannot_carry_its_load_has_no_latency) {
  document row = error_row("latency", 1e-5, 0.02, 0.3, 90'000);
  row["goodput_gbps"] = 240;
  EXPECT_TRUE(overloaded(row));
  const study_answers a = answer_link_study({error_row("error", 1e-5, 0.02, 0.3, 0), row});
  EXPECT_TRUE(std::isnan(a.errors.at(0).p999_ns));
}

TEST(study_answers, rows_that_ended_early_count_for_nothing) {
  document row = window_row(100, 256, 0.64);
  row["status"] = "link0.west: LINK_DOWN";
  EXPECT_TRUE(answer_link_study({row}).windows.empty());
  EXPECT_TRUE(answer_link_study({row}).sentences.empty());
}

TEST(study_points, a_point_that_two_series_share_is_planned_once) {
  base::config c = link_config();
  const std::vector<study_point> plan = plan_link_study(c, true);
  std::set<std::string> keys;
  bool shared = false;
  for (const study_point& p : plan) {
    EXPECT_TRUE(keys.insert(p.key).second) << p.key;
    shared = shared || p.series.size() > 1;
  }
  EXPECT_TRUE(shared);
}

TEST(study_points, a_verified_point_runs_at_both_fidelities_for_the_same_time) {
  const std::vector<study_point> plan = plan_link_study(link_config(), true);
  const std::vector<study_point> pairs = plan_verification(plan, 3);
  ASSERT_EQ(pairs.size(), 6U);
  for (std::size_t i = 0; i < pairs.size(); i += 2) {
    EXPECT_EQ(pairs[i].pair, pairs[i + 1].pair);
    EXPECT_EQ(pairs[i].config.number("sim.time"), pairs[i + 1].config.number("sim.time"));
    EXPECT_EQ(pairs[i].config.text("link.fidelity.default"), "flit");
    EXPECT_EQ(pairs[i + 1].config.text("link.fidelity.default"), "rtl");
  }
}

TEST(page, a_text_that_ends_the_script_cannot_leave_the_data) {
  page p{"a </script><script>alert(1)</script> <!-- title", "lightrack"};
  const std::string html = page_html(p.json());
  EXPECT_EQ(html.find("a </script>"), std::string::npos);
  EXPECT_NE(html.find("a <\\/script>"), std::string::npos);
  EXPECT_EQ(html.find("@DATA@"), std::string::npos);
}

}  // namespace
}  // namespace lightrack::platforms
