// SPDX-License-Identifier: Apache-2.0
// tests/platforms/study_features_test.cpp: what the study says of lane repair, QUIESCE and FEC, of
// rows that are written here by hand; and what it sees in a trace.
#include "platforms/link/study_features.h"

#include <gtest/gtest.h>

#include <cmath>

#include "models/link/trace_events.h"
#include "platforms/link/study_points.h"
#include "platforms/link/study_watch.h"
#include "rtl/link_pkg.h"

namespace lightrack::platforms {
namespace {

document repair_row(double spares, double load, double after) {
  return {{"series", "repair"},
          {"status", "done"},
          {"lanes", 16},
          {"spares", spares},
          {"load", load},
          {"outage_us", 1.04},
          {"flits_delayed", 96},
          {"flits_lost", 0},
          {"repair_flit_max_ns", 1155},
          {"goodput_before_gbps", 700},
          {"goodput_after_gbps", after},
          {"repair_request_p99_ns", 793},
          {"repair_request_max_ns", 1162}};
}

document sleep_row(double after, double load, double share, double sleeps, double mean) {
  return {{"series", "sleep"},
          {"status", "done"},
          {"quiesce_after", after},
          {"load", load},
          {"sleep_share", share},
          {"idle_share", 0.98},
          {"sleeps", sleeps},
          {"sleep_requests", 20},
          {"sleep_request_mean_ns", mean},
          {"sleep_request_max_ns", mean + 1}};
}

document fec_row(const char* fec, double ber, double load, double efficiency, double mean) {
  return {{"series", "fec"},
          {"status", "done"},
          {"fec", fec},
          {"ber", ber},
          {"load", load},
          {"flit_ns", 2.56},
          {"round_trip_flits", fec == std::string{"light"} ? 99 : 96},
          {"flit_error_probability", 1e-3},
          {"flit_efficiency", efficiency},
          {"goodput_gbps", 400},
          {"offered_gbps", load < 1 ? 400 : 800},
          {"request_latency_mean_ns", mean},
          {"request_latency_p99_ns", 2 * mean}};
}

TEST(study_features, a_spare_keeps_the_goodput_that_half_the_lanes_would_halve) {
  const feature_answers a = answer_features({repair_row(1, 1, 700), repair_row(0, 1, 350),
                                             repair_row(0, 0.4, 320), repair_row(1, 0.4, 320)});
  ASSERT_EQ(a.repairs.size(), 2U);
  EXPECT_EQ(a.repairs[0].spares, 0);
  EXPECT_EQ(a.repairs[0].after_gbps, 350);
  EXPECT_EQ(a.repairs[0].load, 0.4);
  EXPECT_EQ(a.repairs[1].request_p99_ns, 793);
  ASSERT_EQ(a.sentences.size(), 1U);
  EXPECT_EQ(a.sentences[0],
            "A wavelength that dies under load stops a link of 16 lanes for 1.04 us; 96 flits wait "
            "for it and 0 are lost; without a spare 50.0 % of the goodput are left, with one spare "
            "100.0 % of the goodput are left.");
}

TEST(study_features, a_wake_costs_what_all_requests_waited_longer_over_the_sleeps) {
  // 20 requests waited 5 ns longer on average, and 10 of them ended a sleep.
  const feature_answers a =
      answer_features({sleep_row(0, 0.02, 0, 0, 173), sleep_row(64, 0.02, 0.66, 10, 178)});
  ASSERT_EQ(a.sleeps.size(), 1U);
  EXPECT_DOUBLE_EQ(a.sleeps[0].added_ns, 10);
  EXPECT_EQ(a.sleeps[0].longest_ns, 179);
  EXPECT_EQ(a.sleeps[0].longest_off_ns, 174);
  ASSERT_EQ(a.sentences.size(), 1U);
  EXPECT_EQ(
      a.sentences[0],
      "With QUIESCE after 64 quiet flit times and bursts at 2 % load, lanes sleep 66 % of the "
      "time (98 % of it carries no data), and each wake makes the first request 10.0 ns "
      "later; what that saves in energy is for the optics to say.");
}

TEST(study_features, the_sentence_names_what_a_request_waits_that_meets_the_question) {
  document met = sleep_row(64, 0.06, 0.0003, 10, 300);
  met["sleep_request_max_ns"] = 417;
  const feature_answers a =
      answer_features({sleep_row(0, 0.02, 0, 0, 173), sleep_row(64, 0.02, 0.66, 10, 178),
                       sleep_row(0, 0.06, 0, 0, 173), met});
  ASSERT_EQ(a.sentences.size(), 1U);
  EXPECT_NE(a.sentences[0].find("10.0 ns later (a request that comes while its end asks for sleep "
                                "waits up to 243 ns)"),
            std::string::npos)
      << a.sentences[0];
}

TEST(study_features, a_load_without_a_sleep_has_no_cost_of_waking) {
  const feature_answers a =
      answer_features({sleep_row(0, 0.3, 0, 0, 173), sleep_row(64, 0.3, 0, 0, 173)});
  EXPECT_TRUE(std::isnan(a.sleeps.at(0).added_ns));
  EXPECT_TRUE(a.sentences.empty());
}

TEST(study_features, fec_pays_from_the_rate_at_which_the_mean_latencies_cross) {
  // Mean latency: retry alone is 4 ns better at 1e-7 and 8 ns worse at 1e-5: they cross after
  // a third of the way. So does the efficiency of retry alone with 90 %, and that of light FEC
  // between 1e-5 and 1e-3.
  const feature_answers a =
      answer_features({fec_row("none", 1e-7, 1, 1.0, 0), fec_row("light", 1e-7, 1, 1.0, 0),
                       fec_row("none", 1e-5, 1, 0.7, 0), fec_row("light", 1e-5, 1, 1.0, 0),
                       fec_row("none", 1e-3, 1, 0.1, 0), fec_row("light", 1e-3, 1, 0.7, 0),
                       fec_row("none", 1e-7, 0.5, 1, 130), fec_row("light", 1e-7, 0.5, 1, 134),
                       fec_row("none", 1e-5, 0.5, 1, 140), fec_row("light", 1e-5, 0.5, 1, 132)});
  ASSERT_EQ(a.fec.size(), 3U);
  EXPECT_NEAR(a.crossover_ber, 3.4e-6, 1e-12);
  EXPECT_NEAR(a.plain_90_ber, 3.4e-6, 1e-12);
  EXPECT_NEAR(a.light_90_ber, 3.4e-4, 1e-12);
  EXPECT_DOUBLE_EQ(a.fec_added_ns, 3.84);
  EXPECT_TRUE(std::isnan(a.fec[2].plain.mean_ns));
  ASSERT_EQ(a.sentences.size(), 1U);
  EXPECT_EQ(a.sentences[0],
            "Light FEC makes each flit 3.84 ns later; above a bit error rate of 3.4e-06 its mean "
            "latency is the lower one; 90 % of the flit slots stay useful up to 3.4e-04 with it "
            "and up to 3.4e-06 with retry alone; RS(544,514) would cost 70.6 ns and 5.5 % of the "
            "rate.");
}

TEST(study_features, a_link_that_does_not_train_is_down_and_keeps_its_share_of_bad_flits) {
  document row = fec_row("none", 1e-3, 1, 0.1, 0);
  row["status"] = "link0.west went to LINK_DOWN";
  row["flit_efficiency"] = nullptr;
  const feature_answers a = answer_features({row});
  EXPECT_FALSE(a.fec.at(0).plain.up);
  EXPECT_EQ(a.fec.at(0).plain.efficiency, 0);
  EXPECT_EQ(a.fec.at(0).plain.p, 1e-3);
}

TEST(study_features, heavy_fec_keeps_its_rate_until_code_words_fail) {
  EXPECT_NEAR(heavy_efficiency(1e-7, 96, 2.56), 514.0 / 544, 1e-9);
  EXPECT_LT(heavy_efficiency(3e-3, 96, 2.56), 0.5);
}

TEST(study_features, lost_repetitions_cost_more_than_go_back_n_says) {
  // m = 97, nak_timeout 120, P = Q = 0.02: 1/(1 + 1.94 + 0.0004 (120/0.98 + 120/0.98^2)).
  EXPECT_NEAR(retry_formula(0.02, 96), 1 / (1 + 1.94 + 0.0004 * (122.449 + 124.948)), 1e-6);
}

TEST(study_plan, the_lane_dies_within_the_run_whatever_time_is_given) {
  base::config c = link_config();
  c.set("sim.time=20us");
  int seen = 0;
  for (const study_point& p : plan_link_study(c, true)) {
    if (p.series.front() != "repair") continue;
    ++seen;
    base::config own = p.config;
    const link_setup s = make_link_setup(own);
    ASSERT_EQ(s.to_east.channel.events.size(), 1U);
    EXPECT_TRUE(s.to_west.channel.events.empty());
    EXPECT_GT(s.time, s.to_east.channel.events[0].clock);
  }
  EXPECT_EQ(seen, 8) << "2 widths, with and without a spare, 2 loads";
}

// A trace by hand: 640 ps a clock, a lane lost at 51.2 us = clock 80,000.
struct watched_run {
  base::config config = link_config();
  link_setup setup;
  link_result result;
  watched_run() {
    config.set(
        R"(channel.events=[{time = 51.2, lane = 2, direction = "west_to_east", what = "lose"}])");
    setup = make_link_setup(config);
    result.setup = setup;
    result.complete = true;
    result.window_begin = 70'000;
    result.window_end = 160'000;
  }
};

base::trace_record record(link::trace_event e, link::i64 clock, link::u8 arg8 = 0) {
  return {.clock = clock, .arg8 = arg8, .event = static_cast<link::u8>(e)};
}

TEST(link_watch, the_outage_is_the_longest_gap_after_the_loss_and_delays_what_was_under_way) {
  watched_run run;
  link_watch watch{run.setup};
  // A flit each 100 clocks, 200 clocks on its way; none accepted from 80,200 to 82,000.
  std::vector<base::trace_record> west;
  std::vector<base::trace_record> east;
  for (link::i64 c = 70'000; c < 160'000; c += 100) {
    if (c > 80'200 && c < 82'000) continue;
    west.push_back(record(link::trace_event::accept, c));
    // Those of 80,000 to 80,200 never came, and are repeated after training.
    const bool late = c >= 80'000 && c <= 80'200;
    east.push_back(record(link::trace_event::deliver, late ? 81'990 + (c - 80'000) / 50 : c + 200));
  }
  watch.read("link0.west", west);
  watch.read("link0.east", east);
  watch.delivered_bytes(70'000, 0);
  watch.delivered_bytes(80'000, 640'000);
  watch.delivered_bytes(82'000, 640'000);
  watch.delivered_bytes(160'000, 640'000 + 2'496'000);
  document row;
  watch.add_columns(row, run.result);
  EXPECT_DOUBLE_EQ(number(row, "outage_us"), (81'990 - 80'100) * 0.64e-3);
  EXPECT_EQ(number(row, "flits_delayed"), 3);
  EXPECT_DOUBLE_EQ(number(row, "goodput_before_gbps"), 640'000 * 8 / 6400.0);
  EXPECT_DOUBLE_EQ(number(row, "goodput_after_gbps"), 2'496'000 * 8 / (78'000 * 0.64));
}

TEST(link_watch, sleep_is_the_time_in_quiesce_within_the_window) {
  watched_run run;
  run.setup.to_east.channel.events.clear();
  link_watch watch{run.setup};
  const auto state = [](link::i64 clock, link::pkg::state_e s) {
    return record(link::trace_event::state, clock, static_cast<link::u8>(s));
  };
  using enum link::pkg::state_e;
  // Of 90,000 clocks: west sleeps 10,000 of its 20,000 within the window and 8,000 more; east from
  // 151,000 on.
  const std::vector<base::trace_record> west = {state(60'000, quiesce), state(80'000, active),
                                                state(90'000, quiesce), state(98'000, active)};
  const std::vector<base::trace_record> east = {state(1000, active), state(151'000, quiesce)};
  watch.read("link0.west", west);
  watch.read("link0.east", east);
  document row;
  watch.add_columns(row, run.result);
  EXPECT_DOUBLE_EQ(number(row, "sleep_share"), (18'000 + 9000) / 180'000.0);
  EXPECT_DOUBLE_EQ(number(row, "idle_share"), 1);
}

}  // namespace
}  // namespace lightrack::platforms
