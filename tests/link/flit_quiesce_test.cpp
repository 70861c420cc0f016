// SPDX-License-Identifier: Apache-2.0
// tests/link/flit_quiesce_test.cpp
// QUIESCE and waking of two flit endpoints, with clocks worked out by hand from
// docs/link-layer.md, section 13.3.
//
// Both ends are in ACTIVE at 2267 (flit_training_test.cpp) and decide at 2295 + 4 k; the round
// trip is 82 flit times: T1 = 344, T2 = 672 clocks. A flit decided at D has its verdict at
// D + 163; a marker decided at D is believed at D + 162.
#include <gmock/gmock.h>

#include "rest_pair.h"

namespace lightrack::link {
namespace {

using pkg::cause_e;
using pkg::ctrl_e;
using pkg::state_e;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// quiesce_after 16 written at setup 3000, in the core at 3002: NOPs at 3003 + 4 k count, the 16th
// at 3063; request D 3067, verdict 3230; yes D 3231, verdict 3394; quiesce marker D 3395.
TEST(flit_quiesce, a_side_asks_hears_yes_and_both_stop) {
  rest_pair pair;
  pair.rest_after(*pair.west, 3000, 16);
  pair.run_until(5000);
  EXPECT_THAT(sent_ctrl(*pair.west, ctrl_e::quiesce_request), ElementsAre(3067));
  EXPECT_THAT(sent_ctrl(*pair.east, ctrl_e::quiesce_yes), ElementsAre(3231));
  EXPECT_THAT(markers(*pair.west, trace_event::marker_tx, 3000),
              ElementsAre(marker_at{3395, 0x54}));
  EXPECT_THAT(markers(*pair.east, trace_event::marker_rx, 3000),
              ElementsAre(marker_at{3557, 0x54}));
  EXPECT_THAT(states_from(*pair.west, 3000),
              ElementsAre(state_at{3396, state_e::quiesce, cause_e::normal}));
  EXPECT_THAT(states_from(*pair.east, 3000),
              ElementsAre(state_at{3558, state_e::quiesce, cause_e::normal}));
  // Nothing is decided any more: the last slots are west's marker and what east decided at b.
  EXPECT_EQ(records_of(*pair.west, trace_event::flit_tx).back().clock, 3391);
  EXPECT_EQ(records_of(*pair.east, trace_event::flit_tx).back().clock, 3555);
  for (const endpoint* e : {pair.west.get(), pair.east.get()}) {
    EXPECT_EQ(e->counters().quiesces, 1U);
    EXPECT_EQ(e->counters().wakes, 0U);
    EXPECT_EQ(e->counters().received_bad, 0U);
    EXPECT_EQ(e->counters().retrains, 0U);
  }
}

// Valid at 5000: ACTIVE at 5001, wakes D 5001 ... 5013, DATA D 5017. The first is believed at
// 5001 + 162 = 5163: east in ACTIVE at 5164, answers D 5164 ... 5176, NOP D 5180; west believes
// the first answer at 5326.
TEST(flit_quiesce, wakes_for_data_and_the_far_end_answers) {
  rest_pair pair;
  pair.rest_after(*pair.west, 3000, 16);
  rest_pair::offer(pair.west_source, 5000);
  pair.run_until(5400);
  EXPECT_THAT(states_from(*pair.west, 4000),
              ElementsAre(state_at{5001, state_e::active, cause_e::normal}));
  EXPECT_THAT(states_from(*pair.east, 4000),
              ElementsAre(state_at{5164, state_e::active, cause_e::normal}));
  EXPECT_THAT(markers(*pair.west, trace_event::marker_tx, 4000),
              ElementsAre(marker_at{5001, 0x38}, marker_at{5005, 0x28}, marker_at{5009, 0x18},
                          marker_at{5013, 0x08}));
  EXPECT_THAT(markers(*pair.east, trace_event::marker_rx, 4000),
              ElementsAre(marker_at{5163, 0x38}, marker_at{5167, 0x28}, marker_at{5171, 0x18},
                          marker_at{5175, 0x08}));
  EXPECT_THAT(markers(*pair.east, trace_event::marker_tx, 4000),
              ElementsAre(marker_at{5164, 0x78}, marker_at{5168, 0x68}, marker_at{5172, 0x58},
                          marker_at{5176, 0x48}));
  EXPECT_THAT(markers(*pair.west, trace_event::marker_rx, 4000),
              ElementsAre(marker_at{5326, 0x78}, marker_at{5330, 0x68}, marker_at{5334, 0x58},
                          marker_at{5338, 0x48}));
  EXPECT_EQ(records_of(*pair.west, trace_event::accept).back().clock, 5017);
  EXPECT_EQ(records_of(*pair.east, trace_event::deliver).back().clock, 5017 + 163 + 2);
  EXPECT_EQ(pair.west->counters().wakes, 1U);
  EXPECT_EQ(pair.east->counters().wakes, 1U);
  EXPECT_EQ(pair.west->counters().received_bad + pair.east->counters().received_bad, 0U);
  pair.expect_nothing_lost();
}

// The credit that delivery gave back is owed until a header has shown it: the next rest comes only
// then.
TEST(flit_quiesce, rests_again_when_credits_are_home) {
  rest_pair pair;
  pair.rest_after(*pair.west, 3000, 16);
  rest_pair::offer(pair.west_source, 5000);
  pair.run_until(8000);
  EXPECT_EQ(pair.west->counters().quiesces, 2U);
  EXPECT_EQ(pair.east->counters().quiesces, 2U);
  rest_pair::offer(pair.west_source, 9000);
  pair.run_until(9500);
  EXPECT_EQ(pair.at_east.counters(0).flits, 2U);
  pair.expect_nothing_lost();
}

// Both NOP since 3003: both ask at 3067, both answer yes at 3231, both stop at 3395, and each
// meets the other's marker in QUIESCE.
TEST(flit_quiesce, both_ask_at_once_and_both_stop) {
  rest_pair pair;
  for (endpoint* e : {pair.west.get(), pair.east.get()}) pair.rest_after(*e, 3000, 16);
  pair.run_until(5000);
  for (const endpoint* e : {pair.west.get(), pair.east.get()}) {
    EXPECT_THAT(sent_ctrl(*e, ctrl_e::quiesce_request), ElementsAre(3067));
    EXPECT_THAT(sent_ctrl(*e, ctrl_e::quiesce_yes), ElementsAre(3231));
    EXPECT_THAT(states_from(*e, 3000),
                ElementsAre(state_at{3396, state_e::quiesce, cause_e::normal}));
    EXPECT_THAT(markers(*e, trace_event::marker_rx, 3000), IsEmpty());
  }
}

// Both valid at 5000: each wakes on its own, meets the other's wake in ACTIVE when its own is long
// over, and answers it once.
TEST(flit_quiesce, both_wake_at_once) {
  rest_pair pair;
  for (endpoint* e : {pair.west.get(), pair.east.get()}) pair.rest_after(*e, 3000, 64);
  rest_pair::offer(pair.west_source, 5000);
  rest_pair::offer(pair.east_source, 5000);
  pair.run_until(5400);
  for (const endpoint* e : {pair.west.get(), pair.east.get()}) {
    // The answer waits for the slot grid 5001 + 4 k: believed 5163, D 5165.
    EXPECT_THAT(markers(*e, trace_event::marker_tx, 5000),
                ElementsAre(marker_at{5001, 0x38}, marker_at{5005, 0x28}, marker_at{5009, 0x18},
                            marker_at{5013, 0x08}, marker_at{5165, 0x78}, marker_at{5169, 0x68},
                            marker_at{5173, 0x58}, marker_at{5177, 0x48}));
    EXPECT_EQ(e->counters().wakes, 2U);
    EXPECT_EQ(e->counters().received_bad, 0U);
  }
  EXPECT_EQ(pair.at_east.counters(0).flits, 1U);
  EXPECT_EQ(pair.at_west.counters(0).flits, 1U);
  pair.expect_nothing_lost();
}

// East has DATA valid at 3229, D 3231 is its answer: no. West has its own offer at 3300, while it
// asks: accepted only once the no is there, D 3395.
TEST(flit_quiesce, a_side_with_data_says_no_and_data_waits_while_asking) {
  rest_pair pair;
  pair.rest_after(*pair.west, 3000, 16);
  rest_pair::offer(pair.east_source, 3229);
  rest_pair::offer(pair.west_source, 3300);
  pair.run_until(3600);
  EXPECT_THAT(sent_ctrl(*pair.east, ctrl_e::quiesce_no), ElementsAre(3231));
  EXPECT_EQ(records_of(*pair.east, trace_event::accept).back().clock, 3235);
  EXPECT_EQ(records_of(*pair.west, trace_event::accept).back().clock, 3395);
  EXPECT_EQ(pair.west->counters().credit_stalls + pair.west->counters().window_stalls, 0U);
  EXPECT_THAT(states_from(*pair.west, 3000), IsEmpty());
  pair.run_until_drained();
  pair.expect_nothing_lost();
}

// The need comes in the clock after the quiesce marker's D 3395: the wake waits for that marker's
// end, D 3399, and east sees both.
TEST(flit_quiesce, a_wake_does_not_cut_the_own_quiesce_marker) {
  rest_pair pair;
  pair.rest_after(*pair.west, 3000, 16);
  rest_pair::offer(pair.west_source, 3396);
  pair.run_until(3800);
  EXPECT_THAT(states_from(*pair.west, 3000),
              ElementsAre(state_at{3396, state_e::quiesce, cause_e::normal},
                          state_at{3397, state_e::active, cause_e::normal}));
  EXPECT_THAT(markers(*pair.west, trace_event::marker_tx, 3000),
              ElementsAre(marker_at{3395, 0x54}, marker_at{3399, 0x38}, marker_at{3403, 0x28},
                          marker_at{3407, 0x18}, marker_at{3411, 0x08}));
  // Believed 3557, QUIESCE 3558; the wake is hunted down at u 3559, believed 3561.
  EXPECT_THAT(states_from(*pair.east, 3000),
              ElementsAre(state_at{3558, state_e::quiesce, cause_e::normal},
                          state_at{3562, state_e::active, cause_e::normal}));
  EXPECT_EQ(pair.at_east.counters(0).flits, 1U);
  pair.expect_nothing_lost();
}

// One wrong bit in each of 8 words from 3233 on: the yes of D 3231 is lost. The timer expires at
// 3067 + 344 = 3411, the request is pending at 3412, D 3415; yes D 3579, verdict 3742.
TEST(flit_quiesce, a_lost_answer_is_asked_for_again) {
  rest_pair pair;
  pair.rest_after(*pair.west, 3000, 16);
  pair.write(*pair.east, 3230, csr::inject_lane{.lane = 2, .position = 5, .words = 8});
  pair.run_until(5000);
  EXPECT_THAT(sent_ctrl(*pair.west, ctrl_e::quiesce_request), ElementsAre(3067, 3415));
  EXPECT_THAT(sent_ctrl(*pair.east, ctrl_e::quiesce_yes), ElementsAre(3231, 3579));
  EXPECT_THAT(states_from(*pair.west, 3000),
              ElementsAre(state_at{3744, state_e::quiesce, cause_e::normal}));
  EXPECT_GT(pair.west->counters().received_bad, 0U);
}

// East's four answers are lost, its NOPs are not: the last request's timer ends the asking at
// 4111 + 344 = 4455, and the offer of 3300 goes at D 4459.
TEST(flit_quiesce, four_requests_without_an_answer_end_the_asking) {
  rest_pair pair;
  pair.rest_after(*pair.west, 3000, 16);
  rest_pair::offer(pair.west_source, 3300);
  for (const i64 clock : {3230, 3578, 3926, 4274})
    pair.write(*pair.east, clock, csr::inject_lane{.lane = 2, .position = 5, .words = 8});
  pair.run_until(4600);
  EXPECT_THAT(sent_ctrl(*pair.west, ctrl_e::quiesce_request), ElementsAre(3067, 3415, 3763, 4111));
  EXPECT_THAT(sent_ctrl(*pair.east, ctrl_e::quiesce_yes), ElementsAre(3231, 3579, 3927, 4275));
  EXPECT_EQ(records_of(*pair.west, trace_event::accept).back().clock, 4459);
  EXPECT_THAT(states_from(*pair.west, 3000), IsEmpty());
  EXPECT_EQ(pair.west->counters().wakes, 0U);
  pair.run_until_drained();
  pair.expect_nothing_lost();
}

// All flits that east sends from D 3199 on are bad. West's last good verdict is that of D 3195, at
// 3358: a wake waits at 3358 + 672 = 4030, D 4031. East believes it at 4193 and answers, D 4195 to
// 4207: words 4198 to 4213, which are left alone. But no flit is, and at 3358 + 1344 = 4702 west
// retrains.
TEST(flit_quiesce, silence_asks_for_a_wake_and_then_for_training) {
  rest_pair pair;
  pair.write(*pair.east, 3199, csr::inject_lane{.lane = 2, .position = 5, .words = 996});
  pair.write(*pair.east, 4211, csr::inject_lane{.lane = 2, .position = 5, .words = 600});
  pair.run_until(4710);
  EXPECT_THAT(markers(*pair.west, trace_event::marker_tx, 3000),
              ElementsAre(marker_at{4031, 0x38}, marker_at{4035, 0x28}, marker_at{4039, 0x18},
                          marker_at{4043, 0x08}, marker_at{4703, 0x11}, marker_at{4707, 0x11}));
  EXPECT_THAT(states_from(*pair.west, 3000),
              ElementsAre(state_at{4703, state_e::lock, cause_e::silent}));
  EXPECT_THAT(markers(*pair.west, trace_event::marker_rx, 3000),
              ElementsAre(marker_at{4357, 0x78}, marker_at{4361, 0x68}, marker_at{4365, 0x58},
                          marker_at{4369, 0x48}));
}

// A lane that is bad for the length of a wake misses three of its markers in a row: the first was
// hunted and does not count, the fourth is believed at 4369.
TEST(flit_quiesce, a_lane_that_misses_a_whole_wake_is_retrained) {
  rest_pair pair;
  pair.write(*pair.east, 3199, csr::inject_lane{.lane = 2, .position = 5, .words = 1600});
  pair.run_until(4380);
  EXPECT_THAT(states_from(*pair.west, 3000),
              ElementsAre(state_at{4370, state_e::lock, cause_e::markers_missed}));
  EXPECT_EQ(pair.west->counters().markers_missed[2], 3U);
}

TEST(flit_quiesce, retrain_by_command_leaves_quiesce_on_both_sides) {
  rest_pair pair;
  pair.rest_after(*pair.west, 3000, 16);
  pair.write(*pair.west, 5000, csr::control{.enable = true, .retrain = true});
  rest_pair::offer(pair.west_source, 9000);
  pair.run_until(5200);
  EXPECT_THAT(states_from(*pair.west, 4000),
              ElementsAre(state_at{5003, state_e::lock, cause_e::command}));
  // Training marker D 5003, believed 5165.
  EXPECT_THAT(states_from(*pair.east, 4000),
              ElementsAre(state_at{5166, state_e::lock, cause_e::far_training}));
  EXPECT_EQ(pair.west->counters().retrains, 1U);
  EXPECT_EQ(pair.east->counters().retrains, 1U);
  pair.run_until(12'000);
  pair.run_until_drained();
  EXPECT_EQ(pair.at_east.counters(0).flits, 1U);
  pair.expect_nothing_lost();
}

TEST(flit_quiesce, lost_light_leaves_quiesce) {
  pair_options o;
  o.to_east.events = {{.clock = 5000, .lane = 3, .what = lane_change::lose},
                      {.clock = 5400, .lane = 3, .what = lane_change::restore}};
  rest_pair pair{o};
  pair.rest_after(*pair.west, 3000, 16);
  pair.run_until(5500);
  // 5000 + 153: LOCK at 5154, its training marker believed at 5154 + 162.
  EXPECT_THAT(states_from(*pair.east, 4000).front(),
              (state_at{5154, state_e::lock, cause_e::signal_lost}));
  EXPECT_THAT(states_from(*pair.west, 4000).front(),
              (state_at{5317, state_e::lock, cause_e::far_training}));
}

TEST(flit_quiesce, disable_in_quiesce_goes_dark) {
  rest_pair pair;
  pair.rest_after(*pair.west, 3000, 16);
  pair.write(*pair.west, 5000, csr::control{.enable = false});
  pair.run_until(5400);
  EXPECT_THAT(states_from(*pair.west, 4000).front(),
              (state_at{5003, state_e::reset, cause_e::disabled}));
  // Dark from 5006 on.
  EXPECT_THAT(states_from(*pair.east, 4000).front(),
              (state_at{5006 + 153 + 1, state_e::lock, cause_e::signal_lost}));
}

TEST(flit_quiesce, rests_and_wakes_at_any_length_and_width_and_nothing_is_lost) {
  for (const int lanes : {4, 8, 16})
    for (const double length_m : {1.0, 20.0, 500.0}) {
      SCOPED_TRACE(::testing::Message() << lanes << " lanes, " << length_m << " m");
      pair_options o;
      o.params.lanes = lanes;
      o.params.lock_min_clocks = 10'000;
      o.params.quiesce_after = 8;
      for (channel_params* c : {&o.to_west, &o.to_east}) {
        c->lanes = lanes;
        c->length_m = length_m;
      }
      rest_pair pair{o};
      pair.run_to_active();
      const i64 start = pair.runner->now() + 100'000;
      for (i64 k = 0; k < 20; ++k)
        rest_pair::offer(k % 3 == 0 ? pair.east_source : pair.west_source, start + k * 10'007,
                         2000);
      pair.run_until(start + 20 * 10'007);
      pair.run_until_drained();
      pair.expect_nothing_lost();
      EXPECT_EQ(pair.at_east.counters(0).requests + pair.at_west.counters(0).requests, 20U);
      EXPECT_GE(pair.west->counters().quiesces, 10U);
      EXPECT_EQ(pair.west->counters().retrains, 0U);
      EXPECT_EQ(pair.west->counters().received_bad + pair.east->counters().received_bad, 0U);
    }
}

TEST(flit_quiesce, batches_of_any_size_give_the_same_trace) {
  const auto hashes = [](i64 max_batch) {
    pair_options o{.max_batch = max_batch};
    o.params.quiesce_after = 4;
    o.from_west = {.load = 0.002, .requests = 60};
    o.from_east = {.load = 0.001, .seed = 5, .path = "east", .requests = 30};
    rest_pair pair{o};
    pair.write(*pair.east, 6001, csr::inject_lane{.lane = 7, .position = 31, .words = 777});
    pair.run_until(60'000);
    return std::array{pair.west->trace().hash(), pair.east->trace().hash()};
  };
  const auto whole = hashes(0);
  EXPECT_EQ(hashes(1), whole);
  EXPECT_EQ(hashes(7), whole);
  EXPECT_EQ(hashes(64), whole);
}

}  // namespace
}  // namespace lightrack::link
