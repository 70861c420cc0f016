// SPDX-License-Identifier: Apache-2.0
// tests/tb/small_link/small_rtl_test.cpp
// A pair of ends of foreign RTL in the bench that was made for ours: scenarios of the gate, judged
// by the same scoreboard, and faults planted in the RTL that it must find.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "models/base/error.h"
#include "models/link/flit_endpoint.h"
#include "models/link/trace_events.h"
#include "rtl/link_pkg.h"
#include "tb/verify/catalog.h"
#include "tb/verify/pair_run.h"
#include "tb/verify/scoreboard.h"
#include "tb/verify/shaped.h"
#include "tests/tb/small_link/small_factory.h"

namespace lightrack::verify {
namespace {

using bridge::small_factory;
using bridge::small_fault;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

/// What small_link needs: aligned lanes, and VC0 alone.
scenario fitted(scenario s) {
  for (direction* d : {&s.to_east, &s.to_west}) {
    d->offset_bits = {0};
    d->skew_words = {};
  }
  s.west.read_fraction = s.east.read_fraction = 0;
  return s;
}

scenario of_gate(const std::string& name) {
  for (const scenario& s : gate_catalog(1))
    if (s.name == name) return fitted(s);
  ADD_FAILURE() << "no scenario " << name;
  return {};
}

scenario errors(double ber) {
  scenario s = shaped("errors", 4, 20, "independent wrong bits");
  both_ways(s, {.ber = ber});
  return fitted(s);
}

/// All lanes, or one of them, dark for 500 clocks on the way to the east.
scenario loss(int lane) {
  scenario s = shaped("loss", 4, 20, "dark for 500 clocks");
  s.to_east.events = {{.clock = 9'000, .lane = lane},
                      {.clock = 9'500, .lane = lane, .what = link::lane_change::restore}};
  return fitted(s);
}

run_result run(const scenario& s, run_options options = {}, small_fault east = small_fault::none) {
  return run_pair(s, {.west = small_factory(), .east = small_factory(east)}, options);
}

/// All that was taken is delivered, each flit once, in order, unchanged; requests come to an end.
run_result drained(scenario s) {
  s.west.requests = s.east.requests = 1'500;
  const run_result r = run(s, {.drain = true});
  EXPECT_THAT(judge(s, r), IsEmpty());
  for (const auto& [from, to] : {std::pair{&r.west, &r.east}, std::pair{&r.east, &r.west}}) {
    EXPECT_FALSE(from->work_waits) << from->instance;
    EXPECT_EQ(from->accepted[0], to->sink[0].flits) << from->instance;
    EXPECT_GT(from->accepted[0], 1'000U) << from->instance;
    EXPECT_EQ(to->sink[0].corrupt, 0U) << to->instance;
  }
  return r;
}

int changes_to(const end_result& end, link::pkg::state_e state) {
  return static_cast<int>(std::ranges::count_if(end.records, [&](const base::trace_record& r) {
    return r.event == static_cast<u8>(link::trace_event::state) && r.arg8 == static_cast<u8>(state);
  }));
}

TEST(pair, carries_a_flit_in_11_clocks_each_way_without_errors) {
  const scenario s = of_gate("clean_4lanes_20m");
  const run_result r = run(s);
  EXPECT_THAT(judge(s, r), IsEmpty());
  // HELLO there and back: a flight of 153 clocks, each time with some flits of 4.
  EXPECT_LT(r.west.status.active_since, s.params.enable_clock + 2 * 153 + 40);
  const i64 active = s.clocks - r.west.status.active_since - 200;
  // 8 beats, and the source shows the next flit 4 clocks after the last of them; 64 credits are
  // twice what a round trip of some 320 clocks needs.
  EXPECT_GT(static_cast<i64>(r.east.sink[0].flits) * 11, active * 98 / 100);
  EXPECT_LT(static_cast<i64>(r.east.sink[0].flits) * 11, active * 102 / 100);
  EXPECT_EQ(r.east.counters.received_bad + r.west.counters.received_bad, 0U);
  EXPECT_EQ(r.east.counters.replays + r.west.counters.replays, 0U);
}

TEST(pair, delivers_all_on_a_clean_fiber_of_any_length) {
  for (const char* name : {"clean_4lanes_1m", "clean_4lanes_20m", "clean_4lanes_500m"}) {
    SCOPED_TRACE(name);
    drained(of_gate(name));
  }
}

TEST(pair, repeats_what_wrong_bits_have_taken) {
  struct point {
    double ber;
    u64 replays;  // fewer than bad flits: some are NOPs, and one replay mends several
  };
  for (const point& p : {point{1e-6, 5}, {1e-5, 40}, {1e-4, 300}}) {
    SCOPED_TRACE(p.ber);
    const run_result r = drained(errors(p.ber));
    // 2,048 bits a flit, one flit in 4 clocks.
    const double bad = static_cast<double>(r.clocks) / 4 * 2048 * p.ber;
    EXPECT_GT(static_cast<double>(r.east.counters.received_bad), 0.5 * bad);
    EXPECT_LT(static_cast<double>(r.east.counters.received_bad), 1.5 * bad);
    EXPECT_GT(r.west.counters.replays, p.replays);
    EXPECT_LT(r.west.counters.replays, r.east.counters.received_bad);
  }
}

TEST(pair, stalls_and_goes_on) {
  scenario s = of_gate("backpressure_4lanes_1m");
  drained(s);
  both_ways(s, {.ber = 1e-5, .offset_bits = {0}});
  drained(s);
}

TEST(pair, starts_again_after_lost_light_and_loses_nothing) {
  for (const int lane : {-1, 0, 3}) {
    SCOPED_TRACE(lane);
    const run_result r = drained(loss(lane));
    EXPECT_EQ(changes_to(r.east, link::pkg::state_e::lock), 2) << "power-on and the loss";
    EXPECT_EQ(changes_to(r.west, link::pkg::state_e::lock), 1) << "it heard the other's HELLO";
    EXPECT_EQ(changes_to(r.west, link::pkg::state_e::active), 2);
  }
  drained(of_gate("fiber_cut_4lanes_20m"));
}

TEST(pair, obeys_control_without_registers) {
  const run_result r = drained(of_gate("retrain_errors_4lanes_20m"));
  EXPECT_GE(changes_to(r.west, link::pkg::state_e::lock), 3) << "power-on and two commands";

  scenario s = errors(0);
  s.commands = {{.clock = 8'000, .where = side::west, .what = action::disable},
                {.clock = 8'600, .where = side::west, .what = action::enable}};
  EXPECT_EQ(changes_to(drained(s).west, link::pkg::state_e::reset), 1);
}

TEST(pair, answers_what_it_has_not) {
  const scenario s = errors(0);
  link_pair pair{s, {.west = small_factory(), .east = small_factory()}};
  link::batch_runner runner{{pair.link()}, 1};
  runner.step(s.clocks);
  const auto replies = pair.west().csr_replies();
  ASSERT_FALSE(replies.empty());
  EXPECT_TRUE(replies.front().error) << "the window is no register of this RTL";
}

TEST(pair, trace_is_the_same_for_any_batch_and_number_of_threads) {
  scenario s = errors(1e-5);
  s.to_east.events = loss(1).to_east.events;
  s.clocks = 14'000;
  const run_result one = run(s);
  EXPECT_GT(one.delivered(), 1'000U);
  EXPECT_EQ(run(s, {.max_batch = 1}).trace_hash(), one.trace_hash());
  EXPECT_EQ(run(s, {.threads = 2, .max_batch = 7}).trace_hash(), one.trace_hash());
  EXPECT_EQ(run(s, {.threads = 2}).trace_hash(), one.trace_hash());
  s.seed = 2;
  EXPECT_NE(run(s).trace_hash(), one.trace_hash());
}

TEST(pair, planted_faults_are_found) {
  struct planted {
    small_fault fault;
    scenario s;
    const char* sentence;
  };
  scenario full = loss(-1);
  full.east.stall_every = 5;
  full.east.stall_clocks = 400;
  for (const planted& p :
       {planted{small_fault::any_number, errors(1e-5), "is not the flit that was accepted"},
        planted{small_fault::any_crc, errors(1e-5), "flits are corrupt"},
        planted{small_fault::forgets_at_restart, full, "without a change of session"},
        planted{small_fault::keeps_credit, errors(0), "nothing of west moved"}}) {
    SCOPED_TRACE(p.sentence);
    scenario s = p.s;
    s.progress_clocks = 10'000;
    EXPECT_THAT(judge(s, run(s)), IsEmpty()) << "sound RTL";
    EXPECT_THAT(judge(s, run(s, {}, p.fault)), Contains(HasSubstr(p.sentence)));
  }
}

std::string refusal(const scenario& s, const factories& make) {
  try {
    (void)run_pair(s, make);
  } catch (const base::config_error& e) {
    return e.what();
  }
  return "taken";
}

TEST(pair, refuses_what_it_cannot_do_in_a_sentence) {
  const factories small{.west = small_factory(), .east = small_factory()};
  const std::string shape =
      "link0.west: small_link has 4 lanes without spares or FEC, on a channel with offset_bits and "
      "skew_words 0";
  scenario s = errors(0);
  s.to_west.offset_bits = {};  // random ones
  EXPECT_EQ(refusal(s, small), shape);
  s = errors(0);
  s.to_west.skew_words = {0, 1, 0, 0};
  EXPECT_EQ(refusal(s, small), shape);
  s = errors(0);
  s.lanes = 8;
  EXPECT_EQ(refusal(s, small), shape);
  EXPECT_EQ(refusal(errors(0), {.west = small_factory(), .east = link::make_flit_endpoint}),
            "link0.west: small_link speaks lane words: its far end must be RTL too");
  s = errors(0);
  s.west.read_fraction = 0.5;
  EXPECT_EQ(run(s).broken, "link0.east: a flit waits for VC1, which small_link has not");
}

}  // namespace
}  // namespace lightrack::verify
