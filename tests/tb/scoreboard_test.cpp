// SPDX-License-Identifier: Apache-2.0
// tests/tb/scoreboard_test.cpp: each rule is tripped by the run that breaks it, and by nothing
// else.
#include "tb/verify/scoreboard.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "models/link/flit_codec.h"
#include "models/link/trace_events.h"

namespace lightrack::verify {
namespace {

using link::trace_event;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr int active = 5;
constexpr int link_down = 8;

base::trace_record moved(i64 clock, trace_event event, u64 digest) {
  return {.clock = clock, .arg64 = digest, .event = static_cast<u8>(event)};
}
base::trace_record grants(i64 clock, u8 vc, link::u16 credits) {
  return {.clock = clock,
          .arg64 = link::pack_header({.crd_vc = vc, .crd = credits}),
          .event = static_cast<u8>(trace_event::flit_tx)};
}

/// West has sent three flits, 11, 22 and 33; east has taken them and says so.
struct good_run {
  scenario s;
  run_result run;
  good_run() {
    s.params.rx_depth = 100;
    run.west.instance = "link0.west";
    run.east.instance = "link0.east";
    run.west.status.state = run.east.status.state = active;
    run.west.accepted = {3, 0};
    run.east.sink[0].flits = 3;
    run.west.records = {moved(10, trace_event::accept, 11), moved(14, trace_event::accept, 22),
                        moved(18, trace_event::accept, 33)};
    run.east.records = {moved(30, trace_event::deliver, 11), moved(34, trace_event::deliver, 22),
                        moved(38, trace_event::deliver, 33), grants(42, 0, 103),
                        grants(46, 1, 100)};
  }
  [[nodiscard]] std::vector<std::string> judged() const { return judge(s, run); }
};

TEST(scoreboard, has_nothing_to_say_of_a_good_run) { EXPECT_THAT(good_run{}.judged(), IsEmpty()); }

TEST(scoreboard, sees_two_flits_change_places) {
  good_run g;
  std::swap(g.run.east.records[0].arg64, g.run.east.records[1].arg64);
  EXPECT_THAT(g.judged(), ElementsAre(HasSubstr("delivery 0 is not the flit that was accepted")));
}

TEST(scoreboard, sees_a_flit_that_comes_twice) {
  good_run g;
  g.run.east.sink[0].repeated = 1;
  EXPECT_THAT(g.judged(), ElementsAre(HasSubstr("1 flits came again")));
}

TEST(scoreboard, sees_a_corrupt_flit) {
  good_run g;
  g.run.east.sink[0].corrupt = 2;
  EXPECT_THAT(g.judged(), ElementsAre(HasSubstr("2 flits are corrupt")));
}

TEST(scoreboard, sees_more_delivered_than_accepted) {
  good_run g;
  g.run.west.accepted = {2, 0};
  EXPECT_THAT(g.judged(), ElementsAre(HasSubstr("leave no possible number in flight")));
}

TEST(scoreboard, allows_a_counted_loss_after_a_session_change_only) {
  good_run g;
  g.run.east.records.erase(g.run.east.records.begin() + 1);
  g.run.east.sink[0] = {.flits = 2, .lost = 1};
  g.run.west.counters.lost_tx = 1;
  g.s.expected = ending::resumed;
  EXPECT_THAT(g.judged(), IsEmpty());
  g.run.west.counters.lost_tx = 0;
  EXPECT_THAT(g.judged(), ElementsAre(HasSubstr("1 flits lost, only 0 counted")));
  g.run.west.counters.lost_tx = 1;
  g.s.expected = ending::up;
  EXPECT_THAT(g.judged(), testing::Contains(HasSubstr("without a change of session")));
}

TEST(scoreboard, sees_a_credit_that_is_missing_or_invented) {
  for (const link::u16 credits : {link::u16{102}, link::u16{104}}) {
    good_run g;
    g.run.east.records[3] = grants(42, 0, credits);
    EXPECT_THAT(g.judged(), ElementsAre(HasSubstr("buffer and deliveries make 103")));
  }
}

TEST(scoreboard, a_header_does_not_see_the_delivery_of_its_own_clock) {
  good_run g;
  g.run.east.records = {moved(30, trace_event::deliver, 11), moved(34, trace_event::deliver, 22),
                        grants(38, 0, 102), moved(38, trace_event::deliver, 33)};
  EXPECT_THAT(g.judged(), IsEmpty());
}

TEST(scoreboard, sees_records_out_of_order) {
  good_run g;
  g.run.west.records[2].clock = 13;
  EXPECT_THAT(g.judged(), ElementsAre(HasSubstr("link0.west: record 2 is out of order")));
}

TEST(scoreboard, sees_another_ending_than_the_scenario_names) {
  good_run g;
  g.run.east.status.state = link_down;
  EXPECT_THAT(g.judged(), ElementsAre("the link ends in ACTIVE and LINK_DOWN"));
  g.s.expected = ending::down;
  EXPECT_THAT(g.judged(), IsEmpty());
}

TEST(scoreboard, sees_too_little_traffic_and_a_run_that_stopped) {
  good_run g;
  g.s.flits_at_least = 4;
  g.run.stuck = "nothing moved";
  g.run.broken = "an assertion failed";
  EXPECT_THAT(g.judged(),
              ElementsAre("an assertion failed", "nothing moved", "3 flits delivered, 4 wanted"));
}

}  // namespace
}  // namespace lightrack::verify
