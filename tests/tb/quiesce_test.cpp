// SPDX-License-Identifier: Apache-2.0
// tests/tb/quiesce_test.cpp
// QUIESCE on the RTL: asked, answered, refused, lost, woken, retrained; then at random.
//
// LIGHTRACK_SEED=7 repeats one seed of the random part.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string>
#include <vector>

#include "tb/verify/dice.h"
#include "tb/verify/scoreboard.h"
#include "tests/tb/quiet_pair.h"

namespace lightrack::verify {
namespace {

constexpr u32 quiesce_after = link::csr::quiesce_after::info.offset;

/// Both ends go to QUIESCE after this time, from a clock on.
void sleepy(scenario& s, i64 flit_times, i64 from = 400) {
  for (const side who : {side::west, side::east})
    s.writes.push_back({.clock = from,
                        .where = who,
                        .offset = quiesce_after,
                        .value = static_cast<u32>(flit_times)});
}

void expect_states(quiet_pair& p, state_e west, state_e east) {
  EXPECT_EQ(p.west().status().state, static_cast<int>(west));
  EXPECT_EQ(p.east().status().state, static_cast<int>(east));
}

class quiesce : public testing::TestWithParam<int> {
 protected:
  [[nodiscard]] static int lanes() { return GetParam(); }
  /// ACTIVE, told all credits, no register but the usual ones written.
  static void bring_up(quiet_pair& p) {
    p.run_until_both(state_e::active, 20'000);
    p.run_to(p.now() + 400);
  }
  static void bring_to_sleep(quiet_pair& p) {
    bring_up(p);
    p.write(side::west, quiesce_after, 10);
    p.run_until_both(state_e::quiesce, p.now() + 500);
    p.run_to(p.now() + 100);
  }
};
INSTANTIATE_TEST_SUITE_P(tb, quiesce, testing::Values(16, 8, 4), testing::PrintToStringParamName());

TEST_P(quiesce, never_comes_where_it_is_not_asked_for) {
  quiet_pair p{quiet(lanes())};
  bring_up(p);
  p.run_to(p.now() + 3'000);
  expect_states(p, state_e::active, state_e::active);
  EXPECT_EQ(p.west().counters().quiesces, 0);
}

TEST_P(quiesce, one_side_asks_the_other_says_yes_both_stop) {
  quiet_pair p{quiet(lanes())};
  bring_up(p);
  const i64 from = p.now();
  const auto before = p.west().counters();
  p.write(side::west, quiesce_after, 10);
  p.run_until_both(state_e::quiesce, p.now() + 500);
  ASSERT_FALSE(p.markers(side::west, from).empty());
  EXPECT_EQ(p.markers(side::west, from).back(), 0x54) << "ACTIVE, quiesce";
  EXPECT_EQ(p.west().counters().sent_ctrl - before.sent_ctrl, 1) << "the request";
  EXPECT_EQ(p.west().counters().quiesces, 1);
  EXPECT_EQ(p.east().counters().quiesces, 1);
  const auto asleep = p.west().counters();
  p.run_to(p.now() + 20'000);
  expect_states(p, state_e::quiesce, state_e::quiesce);
  EXPECT_EQ(p.west().counters(), asleep) << "nothing is counted while nothing moves";
  EXPECT_EQ(asleep.wakes, 0);
}

TEST_P(quiesce, quiet_time_runs_from_the_last_that_was_not_quiet) {
  quiet_pair p{quiet(lanes())};
  bring_up(p);
  const i64 at = p.now();
  p.write(side::west, quiesce_after, 10);  // in the core from at + 2 on
  p.run_until_both(state_e::quiesce, at + 500);
  const auto flits = p.records(side::west, trace_event::flit_tx, at);
  const auto ctrl =
      std::find_if(flits.begin(), flits.end(), [](const auto& r) { return (r.arg64 & 7) == 2; });
  ASSERT_NE(ctrl, flits.end());
  const i64 first_nop = at + 2 + (flits.front().clock - at + 2) % 4;
  EXPECT_GE(ctrl->clock, first_nop + 40) << "ten quiet NOPs, then the request in the next slot";
  EXPECT_LE(ctrl->clock, first_nop + 44 + 4) << "a marker may lie between";
}

TEST_P(quiesce, both_ask_both_answer_both_stop) {
  scenario s = quiet(lanes());
  sleepy(s, 20);
  quiet_pair p{s};
  p.run_until_both(state_e::quiesce, 20'000);
  EXPECT_EQ(p.west().counters().quiesces, 1);
  EXPECT_EQ(p.east().counters().quiesces, 1);
  p.run_to(p.now() + 5'000);
  expect_states(p, state_e::quiesce, state_e::quiesce);
}

TEST_P(quiesce, a_side_with_data_says_no) {
  scenario s = quiet(lanes());
  s.east = {.load = 0.9};
  quiet_pair p{s};
  bring_up(p);
  const auto before = p.west().counters();
  p.write(side::west, quiesce_after, 1);
  p.run_to(p.now() + 4'000);
  expect_states(p, state_e::active, state_e::active);
  EXPECT_EQ(p.west().counters().quiesces, 0);
  EXPECT_EQ(p.west().counters().retrains, 0);
  EXPECT_GT(p.west().counters().accepted - before.accepted, 300) << "its data goes on";
}

TEST_P(quiesce, a_lost_answer_is_asked_for_again) {
  quiet_pair p{quiet(lanes())};
  bring_up(p);
  p.spoil_next_ctrl(side::east);
  const auto before = p.west().counters();
  p.write(side::west, quiesce_after, 10);
  p.run_until_both(state_e::quiesce, p.now() + 800);
  EXPECT_EQ(p.west().counters().sent_ctrl - before.sent_ctrl, 2);
  EXPECT_EQ(p.west().counters().received_protocol - before.received_protocol, 1);
}

TEST_P(quiesce, four_lost_answers_end_the_request) {
  quiet_pair p{quiet(lanes())};
  bring_up(p);
  p.spoil_next_ctrl(side::east, 4);
  const auto before = p.west().counters();
  p.write(side::west, quiesce_after, 100);
  const i64 t1 = 4 * p.west().status().round_trip + 16;
  p.run_to(p.now() + 440 + 4 * (t1 + 8));
  EXPECT_EQ(p.west().counters().sent_ctrl - before.sent_ctrl, 4);
  expect_states(p, state_e::active, state_e::active);
  p.run_until_both(state_e::quiesce, p.now() + 1'000);
}

TEST_P(quiesce, a_lost_stop_leaves_one_asleep_until_silence_wakes_it) {
  quiet_pair p{quiet(lanes())};
  bring_up(p);
  p.write(side::west, quiesce_after, 10);
  const i64 limit = p.now() + 500;
  // The request must get through: nothing is hit before the answer is on its way.
  const auto yes_before = p.east().counters().sent_ctrl;
  while (p.east().counters().sent_ctrl == yes_before && p.now() < limit) p.run_to(p.now() + 1);
  p.to_east = {{p.now(), p.now() + 500}};
  while (p.west().status().state != static_cast<int>(state_e::quiesce) && p.now() < limit)
    p.run_to(p.now() + 1);
  p.to_east = {{p.now() - 100, p.now() + 10}};
  ASSERT_EQ(p.west().status().state, static_cast<int>(state_e::quiesce));
  p.run_to(p.now() + 60);
  expect_states(p, state_e::quiesce, state_e::active);
  p.write(side::west, quiesce_after, 0);
  p.run_until_both(state_e::active, p.now() + 2'000);
  p.run_to(p.now() + 100);
  EXPECT_EQ(p.east().counters().wakes, 1) << "nothing good was heard for T2";
  EXPECT_EQ(p.west().counters().wakes, 1) << "the answer";
  EXPECT_EQ(p.east().counters().retrains, 0);
}

TEST_P(quiesce, wakes_for_data_with_four_markers_each_way) {
  scenario s = quiet(lanes());
  s.west = {.load = 1, .requests = 5, .start_clock = 25'000};
  quiet_pair p{s};
  bring_to_sleep(p);
  p.write(side::west, quiesce_after, 0);
  p.run_to(26'000);
  expect_states(p, state_e::active, state_e::active);
  EXPECT_EQ(p.markers(side::west, 24'000), (std::vector<int>{0x38, 0x28, 0x18, 0x08}));
  EXPECT_EQ(p.markers(side::east, 24'000), (std::vector<int>{0x78, 0x68, 0x58, 0x48}));
  EXPECT_EQ(p.result(side::east).sink[0].requests, 5);
  const i64 state = p.records(side::west, trace_event::state, 24'000).front().clock;
  EXPECT_EQ(p.records(side::west, trace_event::marker_tx, 24'000).front().clock, state)
      << "D in the first clock of ACTIVE";
  const auto accepted = p.records(side::west, trace_event::accept, 24'000);
  EXPECT_EQ(accepted.front().clock, state + lanes()) << "after four markers of lanes / 4 clocks";
}

TEST_P(quiesce, both_wake_at_one_clock) {
  scenario s = quiet(lanes());
  s.west = s.east = {.load = 1, .requests = 5, .start_clock = 25'000};
  quiet_pair p{s};
  bring_to_sleep(p);
  p.write(side::west, quiesce_after, 0);
  p.run_to(27'000);
  expect_states(p, state_e::active, state_e::active);
  EXPECT_EQ(p.result(side::west).sink[0].requests, 5);
  EXPECT_EQ(p.result(side::east).sink[0].requests, 5);
  EXPECT_EQ(p.west().counters().retrains, 0);
  EXPECT_EQ(p.west().counters().received_bad, 0);
}

TEST_P(quiesce, a_lost_wake_is_repeated_after_silence) {
  scenario s = quiet(lanes());
  s.west = {.load = 1, .requests = 5, .start_clock = 25'000};
  quiet_pair p{s};
  bring_to_sleep(p);
  p.write(side::west, quiesce_after, 0);
  p.to_east = {{24'990, 25'060}};
  p.run_to(28'000);
  expect_states(p, state_e::active, state_e::active);
  EXPECT_EQ(p.west().counters().wakes, 2);
  EXPECT_EQ(p.west().counters().retrains, 0);
  EXPECT_EQ(p.result(side::east).sink[0].requests, 5);
}

TEST_P(quiesce, wakes_that_nobody_hears_end_in_a_retrain) {
  scenario s = quiet(lanes());
  s.west = {.load = 1, .requests = 5, .start_clock = 25'000};
  quiet_pair p{s};
  bring_to_sleep(p);
  p.write(side::west, quiesce_after, 0);
  const i64 t2 = 8 * p.west().status().round_trip + 16;
  p.to_east = {{24'990, 25'040 + 2 * t2}};
  p.run_to(25'100 + 2 * t2);
  const auto states = p.records(side::west, trace_event::state, 24'000);
  ASSERT_GE(states.size(), 2U);
  EXPECT_EQ(states[0].arg8, static_cast<int>(state_e::active));
  EXPECT_EQ(states[1].arg8, static_cast<int>(state_e::lock));
  EXPECT_EQ(states[1].arg16, static_cast<int>(cause_e::silent));
  EXPECT_EQ(states[1].clock, states[0].clock + 2 * t2 + 1);
  p.run_until_both(state_e::active, p.now() + 20'000);
  p.run_to(p.now() + 1'000);
  EXPECT_EQ(p.result(side::east).sink[0].requests, 5);
  EXPECT_EQ(p.east().counters().retrains, 1) << "out of QUIESCE, by the far training markers";
}

TEST_P(quiesce, retrains_by_command_while_asleep) {
  quiet_pair p{quiet(lanes())};
  bring_to_sleep(p);
  p.write(side::west, quiesce_after, 0);
  const i64 from = p.now();
  p.retrain(side::east);
  p.run_to(p.now() + 100);
  const auto east = p.records(side::east, trace_event::state, from);
  const auto west = p.records(side::west, trace_event::state, from);
  ASSERT_FALSE(east.empty());
  ASSERT_FALSE(west.empty());
  EXPECT_EQ(east.front().arg16, static_cast<int>(cause_e::command));
  EXPECT_EQ(west.front().arg16, static_cast<int>(cause_e::far_training));
  p.run_until_both(state_e::active, p.now() + 20'000);
  EXPECT_EQ(p.west().counters().retrains, 1);
  EXPECT_EQ(p.east().counters().retrains, 1);
}

TEST_P(quiesce, loses_a_lane_while_asleep) {
  scenario s = quiet(lanes());
  s.to_east.events = {{.clock = 24'000, .lane = 1},
                      {.clock = 24'200, .lane = 1, .what = link::lane_change::restore}};
  quiet_pair p{s};
  bring_to_sleep(p);
  p.write(side::west, quiesce_after, 0);
  p.run_to(24'100);
  const auto east = p.records(side::east, trace_event::state, 23'000);
  ASSERT_FALSE(east.empty());
  EXPECT_EQ(east.front().arg16, static_cast<int>(cause_e::signal_lost));
  p.run_until_both(state_e::active, p.now() + 20'000);
}

/// After a stop no flit is judged before a marker was hunted, however short the sleep.
void expect_no_stale_verdict(const end_result& end) {
  bool deaf = false;
  for (const base::trace_record& r : end.records) {
    if (r.event == static_cast<u8>(trace_event::state) &&
        r.arg8 == static_cast<int>(state_e::quiesce))
      deaf = true;
    if (r.event == static_cast<u8>(trace_event::marker_rx)) deaf = false;
    EXPECT_FALSE(deaf && r.event == static_cast<u8>(trace_event::verdict))
        << end.instance << " clock " << r.clock;
  }
}

TEST_P(quiesce, the_clock_after_the_own_stop_may_already_wake) {
  // Work comes at each clock from before the request to well after both sleep.
  for (i64 start = 30; start < 130; ++start) {
    SCOPED_TRACE(start);
    scenario s = quiet(lanes());
    sleepy(s, 10, 12'000);
    s.west = {.load = 1, .requests = 3, .start_clock = 12'000 + start};
    s.east = {.load = 1, .requests = 3, .start_clock = 12'000 + start + start % 7};
    s.clocks = 12'800;
    const run_result run =
        run_pair(s, {.west = bridge::rtl_factory(), .east = bridge::rtl_factory()});
    for (const std::string& sentence : judge(s, run)) ADD_FAILURE() << sentence;
    EXPECT_EQ(run.west.sink[0].requests, 3);
    EXPECT_EQ(run.east.sink[0].requests, 3);
    EXPECT_EQ(run.west.counters.retrains, 0);
    EXPECT_EQ(run.west.counters.received_bad, 0);
    expect_no_stale_verdict(run.west);
    expect_no_stale_verdict(run.east);
  }
}

/// Idle and busy at random, with bit errors: everything comes home, and always in time.
struct random_case {
  int lanes;
  u64 seed;
  friend void PrintTo(const random_case& c, std::ostream* out) {
    *out << c.lanes << " lanes, seed " << c.seed;
  }
};

std::vector<random_case> cases() {
  std::vector<random_case> all;
  const char* one = std::getenv("LIGHTRACK_SEED");
  for (const int lanes : {16, 8, 4})
    for (u64 seed = 1; seed <= 12; ++seed)
      all.push_back({lanes, one != nullptr ? std::strtoull(one, nullptr, 10) + seed - 1 : seed});
  return all;
}

scenario idle_and_busy(int lanes, u64 seed) {
  dice d{seed, "quiesce"};
  scenario s;
  s.name = "quiesce_seed" + std::to_string(seed);
  s.lanes = lanes;
  s.length_m = d.coin() ? 1 : 20;
  s.seed = seed;
  sleepy(s, d.number(1, 60));
  s.params.marker_interval = static_cast<int>(d.number(64, 600));
  s.params.rx_depth = static_cast<int>(d.number(4, 64));
  for (direction* light : {&s.to_east, &s.to_west}) {
    if (d.coin()) light->ber = d.power(-6, -3.5);
    for (int lane = 0; lane < lanes; ++lane)
      light->skew_words.push_back(static_cast<int>(d.number(0, 15)));
  }
  const i64 start = 10'000;
  s.clocks = 60'000;
  for (side_traffic* t : {&s.west, &s.east}) {
    *t = {.load = d.power(-3.5, -1.5),
          .bytes = static_cast<u32>(d.number(1, 600)),
          .read_fraction = static_cast<double>(d.number(0, 60)) / 100,
          .start_clock = start};
    const double slots = 1 + static_cast<double>((t->bytes + 15) / 16);
    t->requests = 1 + static_cast<u64>(40'000 * t->load * 60 / 16 / slots);
    if (d.coin()) {
      t->stall_every = static_cast<u64>(d.number(1, 10));
      t->stall_clocks = d.number(1, 900);
    }
  }
  return s;
}

class idle_and_busy_pair : public testing::TestWithParam<random_case> {};
INSTANTIATE_TEST_SUITE_P(tb, idle_and_busy_pair, testing::ValuesIn(cases()), [](const auto& test) {
  return std::to_string(test.param.lanes) + "_seed" + std::to_string(test.param.seed);
});

TEST_P(idle_and_busy_pair, keeps_every_promise) {
  const scenario s = idle_and_busy(GetParam().lanes, GetParam().seed);
  SCOPED_TRACE("LIGHTRACK_SEED=" + std::to_string(s.seed));
  const run_result run =
      run_pair(s, {.west = bridge::rtl_factory(), .east = bridge::rtl_factory()}, {.drain = true});
  for (const std::string& sentence : judge(s, run)) ADD_FAILURE() << sentence;
  EXPECT_FALSE(run.west.work_waits);
  EXPECT_FALSE(run.east.work_waits);
  for (std::size_t vc = 0; vc < link::vc_count; ++vc) {
    EXPECT_EQ(run.west.accepted[vc], run.east.sink[vc].flits);
    EXPECT_EQ(run.east.accepted[vc], run.west.sink[vc].flits);
  }
  EXPECT_GT(run.west.counters.quiesces + run.east.counters.quiesces, 0U);
}

}  // namespace
}  // namespace lightrack::verify
