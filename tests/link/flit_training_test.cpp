// SPDX-License-Identifier: Apache-2.0
// tests/link/flit_training_test.cpp
// Training of two flit endpoints, with clocks worked out by hand from docs/link-layer.md,
// section 12.
#include <gmock/gmock.h>

#include "flit_pair.h"

namespace lightrack::link {
namespace {

using pkg::cause_e;
using pkg::state_e;
using ::testing::ElementsAre;

// Flight 153 clocks (20 m), no skew, offsets 0, lock_min 1000, both ends enabled at setup clock
// 256:
//   enable in the core at 258        -> DETECT 259, D = 259 + 4 k, first word 262
//   light at 262 + 153 = 415         -> LOCK 416, the search begins anew
//   marker ends at 422 + 4 k, fourth hit 434 -> locked 435
//   lock_min over at 1416, hit 1418  -> other_state 1420, MAP 1421, its marker at D 1423, word 1426
//   that marker ends at 1582, sixth 1602 -> far_good 1604, DESKEW 1605, its marker at D 1607
//   that one ends at 1766 and shows the logical lanes: target 5 on, at 1786 -> aligned 1788
//   shown by the marker of D 1791, word 1794: ends at 1950, u 1951, flags 1953 -> INIT 1954
//   INIT marker D 1955, flit D 1959, verdict D + 163 = 2122: the far session is known
//   INIT with its echo, D 2123, verdict 2286: seen; round trip 2286 - 1959 - 1 = 326 clocks, 82
//   flit times
//   INIT with seen, D 2287           -> verdict 2450, ACTIVE 2451
TEST(flit_training, reaches_active_at_the_clocks_of_the_specification) {
  flit_pair pair{{.keep_trace = true}};
  pair.run_until(2500);
  for (const endpoint* e : {pair.west.get(), pair.east.get()}) {
    EXPECT_THAT(states_of(*e), ElementsAre(state_at{259, state_e::detect, cause_e::normal},
                                           state_at{416, state_e::lock, cause_e::normal},
                                           state_at{1421, state_e::map, cause_e::normal},
                                           state_at{1605, state_e::deskew, cause_e::normal},
                                           state_at{1954, state_e::init, cause_e::normal},
                                           state_at{2451, state_e::active, cause_e::normal}));
    const auto locks = records_of(*e, trace_event::lock);
    ASSERT_EQ(locks.size(), 1U);
    EXPECT_EQ(locks[0].clock, 435);
    EXPECT_EQ(locks[0].arg32, 0xFFFFU);
    EXPECT_EQ(e->status().round_trip, 82);
    EXPECT_EQ(e->status().active_since, 2451);
    EXPECT_EQ(e->status().session, 1U);
    EXPECT_EQ(e->status().peer, 1U);
  }
}

// Lane 2 one bit off: search from 416, slip at 416 + 12 = 428, search from 429 + 32 = 461. The
// first marker with all words from 461 on ends at 466; its fourth successor at 478 locks, seen at
// 479.
TEST(flit_training, a_lane_one_bit_off_locks_after_one_slip) {
  pair_options o{.keep_trace = true};
  o.to_west.offset_bits.assign(16, 0);
  o.to_west.offset_bits[2] = 1;
  flit_pair pair{o};
  pair.run_until(600);
  const auto locks = records_of(*pair.west, trace_event::lock);
  ASSERT_EQ(locks.size(), 2U);
  EXPECT_EQ(locks[0].clock, 435);
  EXPECT_EQ(locks[0].arg32, 0xFFFBU);
  EXPECT_EQ(locks[1].clock, 479);
  EXPECT_EQ(locks[1].arg32, 0xFFFFU);
}

// Skew moves the slowest lane's words: every verdict comes 15 clocks later, each way: 2 x 15 clocks
// are 7.5 flit times more than 81.5 before rounding.
TEST(flit_training, skew_adds_to_the_round_trip) {
  pair_options o;
  o.to_west.skew_words = {0, 3, 6, 9, 12, 15, 1, 4, 7, 10, 13, 2, 5, 8, 11, 14};
  o.to_east.skew_words = o.to_west.skew_words;
  flit_pair pair{o};
  pair.run_to_active();
  EXPECT_EQ(pair.west->status().round_trip, 89);
  EXPECT_EQ(pair.east->status().round_trip, 89);
}

TEST(flit_training, every_width_skew_and_offset_comes_to_active) {
  for (const int lanes : {4, 8, 16})
    for (const double length_m : {0.1, 1.0, 20.0, 300.0})
      for (const u64 seed : {1U, 2U, 3U}) {
        SCOPED_TRACE(::testing::Message()
                     << lanes << " lanes, " << length_m << " m, seed " << seed);
        pair_options o;
        o.params.lanes = lanes;
        o.params.lock_min_clocks = 8000;
        for (channel_params* c : {&o.to_west, &o.to_east}) {
          c->lanes = lanes;
          c->length_m = length_m;
          c->seed = seed;
          c->offset_bits.clear();
          for (int l = 0; l < lanes; ++l)
            c->skew_words.push_back((l * 7 + static_cast<int>(seed)) % 16);
        }
        o.from_west = {.load = 0.5, .seed = seed, .requests = 100};
        flit_pair pair{o};
        pair.run_to_active();
        pair.run_until_drained();
        pair.expect_nothing_lost();
        EXPECT_EQ(pair.at_east.counters(0).requests, 100U);
      }
}

TEST(flit_training, a_retrain_by_command_keeps_every_flit) {
  pair_options o{.keep_trace = true};
  o.from_west = {.load = 0.9, .requests = 4000};
  o.from_east = {.load = 0.9, .seed = 2, .path = "east", .requests = 4000};
  flit_pair pair{o};
  pair.west->access_csr({.clock = 5000,
                         .offset = csr::control::info.offset,
                         .value = csr::control{.enable = true, .retrain = true}.to_word()});
  pair.run_until(5200);
  EXPECT_EQ(states_of(*pair.west).back(), (state_at{5003, state_e::lock, cause_e::command}));
  EXPECT_EQ(states_of(*pair.east).back().state, state_e::lock);
  EXPECT_EQ(states_of(*pair.east).back().cause, cause_e::far_training);
  pair.run_until_drained();
  pair.expect_nothing_lost();
  EXPECT_EQ(pair.west->counters().retrains, 1U);
  EXPECT_EQ(pair.east->counters().retrains, 1U);
  // East took all that came before west's first marker; west no longer read what east still had on
  // the fiber.
  EXPECT_EQ(pair.west->counters().sent_replay, 0U);
  EXPECT_GT(pair.east->counters().sent_replay, 0U);
  EXPECT_EQ(pair.east->counters().replays, 0U) << "the replay on entering ACTIVE is not counted";
  EXPECT_EQ(pair.at_east.counters(0).requests, 4000U);
  EXPECT_EQ(pair.at_west.counters(0).requests, 4000U);
}

// Lane 5 of the light to west is lost at transmit clock 6000, so dark at 6153: LOCK at 6154. It
// returns with another bit offset and is searched again.
TEST(flit_training, a_lost_lane_that_returns_costs_a_retrain_and_no_flit) {
  pair_options o{.keep_trace = true};
  o.from_west = {.load = 0.9, .requests = 4000};
  o.from_east = {.load = 0.9, .seed = 2, .path = "east", .requests = 4000};
  o.to_west.offset_bits.clear();
  o.to_west.events = {{.clock = 6000, .lane = 5, .what = lane_change::lose},
                      {.clock = 6500, .lane = 5, .what = lane_change::restore}};
  flit_pair pair{o};
  pair.run_until(6200);
  EXPECT_EQ(states_of(*pair.west).back(), (state_at{6154, state_e::lock, cause_e::signal_lost}));
  EXPECT_EQ(pair.west->status().locked, 0xFFDFU);
  pair.run_until_drained();
  pair.expect_nothing_lost();
  EXPECT_EQ(pair.west->counters().retrains, 1U);
  EXPECT_EQ(pair.west->status().state, static_cast<int>(state_e::active));
}

// All light to west is lost for good at 6000: LOCK at 6154, DETECT at 6155, no_light detect_timeout
// later.
TEST(flit_training, dead_light_leads_to_detect_and_an_interrupt) {
  pair_options o{.keep_trace = true};
  o.params.detect_timeout_clocks = 10'000;
  o.to_west.events = {{.clock = 6000, .lane = -1, .what = lane_change::lose}};
  flit_pair pair{o};
  pair.west->access_csr({.clock = 400,
                         .offset = csr::irq_enable::info.offset,
                         .value = csr::irq_enable{.no_light = true}.to_word()});
  pair.run_until(16'155);
  const auto states = states_of(*pair.west);
  EXPECT_EQ(states[states.size() - 2], (state_at{6154, state_e::lock, cause_e::signal_lost}));
  EXPECT_EQ(states.back(), (state_at{6155, state_e::detect, cause_e::signal_lost}));
  EXPECT_EQ(pair.west->status().locked, 0U);
  EXPECT_FALSE(pair.west->interrupt());
  pair.run_until(16'157);
  EXPECT_TRUE(pair.west->interrupt());
}

TEST(flit_training, hopeless_light_ends_in_link_down_with_its_cause) {
  for (const u64 seed : {1U, 2U, 3U}) {
    SCOPED_TRACE(seed);
    pair_options o;
    o.params.lock_timeout_clocks = 20'000;
    o.params.map_timeout_clocks = 5000;
    o.params.deskew_timeout_clocks = 2000;
    o.params.init_timeout_clocks = 5000;
    o.from_west = {.load = 1.0};
    o.from_east = {.load = 1.0, .path = "east"};
    for (channel_params* c : {&o.to_west, &o.to_east}) {
      c->ber = {1e-3};
      c->seed = seed;
    }
    flit_pair pair{o};
    const auto down = [](const endpoint& e) {
      return e.status().state == static_cast<int>(state_e::link_down);
    };
    while (!down(*pair.west) && !down(*pair.east)) {
      ASSERT_LT(pair.runner->now(), 10'000'000);
      pair.runner->step(never);
    }
    const endpoint& e = down(*pair.west) ? *pair.west : *pair.east;
    const auto cause = static_cast<cause_e>(e.status().cause);
    EXPECT_TRUE(cause == cause_e::retrain_limit || cause == cause_e::train_limit) << name_of(cause);
  }
}

// Off at the core at 5002: RESET 5003, and the far end loses light. On again at 6002: DETECT 6003,
// whatever the far end's light. The link comes back in a new session; what was under way is counted
// by both ends, never silent.
TEST(flit_training, a_reset_starts_a_new_session_and_counts_the_loss) {
  pair_options o{.keep_trace = true};
  o.from_west = {.load = 0.9, .requests = 4000};
  o.from_east = {.load = 0.9, .seed = 2, .path = "east", .requests = 4000};
  flit_pair pair{o};
  const auto control = [](i64 clock, bool enable) {
    return csr_access{.clock = clock,
                      .offset = csr::control::info.offset,
                      .value = csr::control{.enable = enable}.to_word()};
  };
  pair.west->access_csr(control(5000, false));
  pair.west->access_csr(control(6000, true));
  pair.run_until(5100);
  EXPECT_EQ(states_of(*pair.west).back(), (state_at{5003, state_e::reset, cause_e::disabled}));
  // East is dark from 5003 + 3 + 153 on.
  pair.run_until(5200);
  EXPECT_EQ(states_of(*pair.east).back(), (state_at{5161, state_e::detect, cause_e::signal_lost}));
  pair.run_until(60'000);
  EXPECT_EQ(states_of(*pair.west)[7], (state_at{6003, state_e::detect, cause_e::normal}));
  EXPECT_EQ(pair.west->status().state, static_cast<int>(state_e::active));
  EXPECT_EQ(pair.west->status().session, 2U);
  EXPECT_EQ(pair.east->status().peer, 2U);
  EXPECT_EQ(pair.west->status().peer, 1U);
  const u64 lost_to_east = pair.at_east.counters(0).lost;
  EXPECT_GT(lost_to_east, 0U);
  EXPECT_LE(lost_to_east, pair.west->counters().lost_tx) << "an upper bound";
  EXPECT_LE(pair.at_west.counters(0).lost,
            pair.east->counters().lost_tx + pair.west->counters().lost_rx);
  EXPECT_EQ(pair.at_east.counters(0).repeated, 0U);
}

}  // namespace
}  // namespace lightrack::link
