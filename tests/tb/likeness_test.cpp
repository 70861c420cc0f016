// SPDX-License-Identifier: Apache-2.0
// tests/tb/likeness_test.cpp: what passes for the same link, and what does not.
#include "tb/verify/likeness.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "models/link/flit_endpoint.h"
#include "tb/verify/scoreboard.h"
#include "tb/verify/shaped.h"

namespace lightrack::verify {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

run_result of_flits(const scenario& s) {
  return run_pair(s,
                  {.west = link::make_flit_endpoint, .east = link::make_flit_endpoint, .pair = {}});
}

TEST(likeness, bursts_of_a_link_with_faults_pass) {
  scenario s = shaped("likeness", 16, 20, "a lost lane, a retrain, wrong bits", 80'000);
  both_ways(s, {.ber = 1e-6});
  const i64 up = active_clock(s);
  s.to_east.events = {{.clock = up + 5'000, .lane = 2}};
  s.commands = {{.clock = up + 40'000, .where = side::west}};
  s.params.lane_wait_clocks = 3'000;
  const run_result burst = run_pair(s, burst_factories());
  EXPECT_THAT(judge(s, burst), IsEmpty());
  EXPECT_THAT(judge_likeness(of_flits(s), burst), IsEmpty());
  EXPECT_EQ(burst.east.counters.retrains, 2U);
}

TEST(likeness, names_what_is_too_far_off) {
  const scenario s = shaped("likeness", 16, 1, "clean");
  const run_result flit = of_flits(s);
  run_result other = flit;
  other.east.sink[0].flits -= 700;
  other.west.counters.retrains += 3;
  EXPECT_THAT(judge_likeness(flit, other),
              ElementsAre(testing::HasSubstr("link0.west: retrains is 0 with flits and 3"),
                          testing::HasSubstr("link0.east: flits delivered")));
  other = flit;
  other.east.status.state = static_cast<int>(link::pkg::state_e::link_down);
  EXPECT_THAT(judge_likeness(flit, other), ElementsAre(testing::HasSubstr("the state is 5")));
}

TEST(likeness, a_flit_that_comes_twice_breaks_a_rule_of_bursts_too) {
  const scenario s = shaped("likeness", 16, 1, "clean");
  run_result burst = run_pair(s, burst_factories());
  EXPECT_THAT(judge(s, burst), IsEmpty());
  burst.west.sink[0].repeated = 1;
  EXPECT_THAT(judge(s, burst), ElementsAre(testing::HasSubstr("1 flits came again")));
}

}  // namespace
}  // namespace lightrack::verify
