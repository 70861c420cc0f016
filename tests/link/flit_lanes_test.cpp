// SPDX-License-Identifier: Apache-2.0
// tests/link/flit_lanes_test.cpp
// Lanes that die, return or are switched off: spares, reduced width, and no flit lost by it
// (docs/link-layer.md, 13.1 and 13.2).
#include <gmock/gmock.h>

#include "flit_pair.h"
#include "models/base/random.h"
#include "models/link/link_formulas.h"
#include "models/link/stream_codec.h"
#include "tests/link/slot_stream.h"

namespace lightrack::link {
namespace {

using pkg::cause_e;
using pkg::state_e;
using ::testing::Contains;

constexpr int all_lanes = -1;

lane_event lost(i64 clock, int lane) {
  return {.clock = clock, .lane = lane, .what = lane_change::lose};
}
lane_event back(i64 clock, int lane) {
  return {.clock = clock, .lane = lane, .what = lane_change::restore};
}

/// 16 lanes and spares, light to west with these events, no waiting that a test has to sit out.
pair_options with_lanes(int spares, std::vector<lane_event> to_west) {
  pair_options o{.keep_trace = true};
  o.params.spares = spares;
  o.params.lane_wait_clocks = 3000;
  o.to_west.spares = o.to_east.spares = spares;
  o.to_west.events = std::move(to_west);
  return o;
}
void offer(pair_options& o, i64 requests, double load = 0.9) {
  o.from_west = {.load = load, .requests = static_cast<u64>(requests)};
  o.from_east = {.load = load, .seed = 2, .path = "east", .requests = static_cast<u64>(requests)};
}
csr_access retrain_at(i64 clock) {
  return {.clock = clock,
          .offset = csr::control::info.offset,
          .value = csr::control{.enable = true, .retrain = true}.to_word()};
}
struct use {
  u32 lanes = 0;
  int shift = 0;
  friend bool operator==(const use&, const use&) = default;
  friend std::ostream& operator<<(std::ostream& out, const use& u) {
    return out << std::hex << u.lanes << std::dec << " shift " << u.shift;
  }
};
use received_by(const endpoint& e) { return {e.status().rx_lanes, e.status().rx_shift}; }
use sent_by(const endpoint& e) { return {e.status().tx_lanes, e.status().tx_shift}; }
int state_of(const endpoint& e) { return e.status().state; }

TEST(flit_lanes, a_lane_dead_from_the_start_halves_its_direction_alone) {
  pair_options o = with_lanes(0, {lost(0, 5)});
  offer(o, 2000);
  flit_pair pair{o};
  pair.run_to_active();
  EXPECT_EQ(received_by(*pair.west), (use{0x01DF, 1})) << "8 lowest of the 15 that are good";
  EXPECT_EQ(sent_by(*pair.east), (use{0x01DF, 1}));
  EXPECT_EQ(received_by(*pair.east), (use{0xFFFF, 0}));
  EXPECT_EQ(sent_by(*pair.west), (use{0xFFFF, 0}));
  EXPECT_EQ(pair.west->status().good, 0xFFDFU);
  EXPECT_EQ(pair.west->status().locked, 0xFFDFU);
  pair.run_until_drained();
  pair.expect_nothing_lost();
  EXPECT_EQ(pair.at_west.counters(0).requests, 2000U);
  EXPECT_EQ(pair.west->counters().received_bad, 0U);
}

// DETECT from 259; west has 15 lanes lit at 415 and waits until 259 + 3000 for the last one.
TEST(flit_lanes, detect_waits_lane_wait_for_a_dark_lane) {
  flit_pair pair{with_lanes(0, {lost(0, 5)})};
  pair.run_until(4000);
  EXPECT_THAT(states_of(*pair.west), Contains(state_at{3260, state_e::lock, cause_e::normal}));
  EXPECT_THAT(states_of(*pair.east), Contains(state_at{416, state_e::lock, cause_e::normal}));
}

TEST(flit_lanes, a_spare_stands_in_for_a_lane_dead_from_the_start) {
  pair_options o = with_lanes(1, {lost(0, 5)});
  offer(o, 2000);
  flit_pair pair{o};
  pair.run_to_active();
  EXPECT_EQ(received_by(*pair.west), (use{0x1FFDF, 0}));
  EXPECT_EQ(sent_by(*pair.east), (use{0x1FFDF, 0}));
  EXPECT_EQ(received_by(*pair.east), (use{0x0FFFF, 0})) << "the spare lane carries nothing";
  EXPECT_EQ(pair.east->status().good, 0x1FFFFU);
  pair.run_until_drained();
  pair.expect_nothing_lost();
  EXPECT_EQ(pair.west->counters().received_bad, 0U);
}

TEST(flit_lanes, a_lane_lost_in_active_costs_one_retrain_and_no_flit) {
  pair_options o = with_lanes(1, {lost(8000, 5)});
  offer(o, 4000);
  flit_pair pair{o};
  pair.run_until(8160);
  EXPECT_EQ(states_of(*pair.west).back(), (state_at{8154, state_e::lock, cause_e::signal_lost}));
  EXPECT_EQ(received_by(*pair.west), use{})
      << "no lane carries anything outside of DESKEW to QUIESCE";
  // lock_min 1000 and three steps of a flight each: a dead lane is not waited for.
  pair.run_until(10'500);
  EXPECT_EQ(state_of(*pair.west), static_cast<int>(state_e::active));
  EXPECT_EQ(received_by(*pair.west), (use{0x1FFDF, 0}));
  pair.run_until_drained();
  pair.expect_nothing_lost();
  EXPECT_EQ(pair.west->counters().retrains, 1U);
  EXPECT_EQ(pair.east->counters().retrains, 1U);
  EXPECT_EQ(pair.at_west.counters(0).requests, 4000U);
  EXPECT_EQ(pair.at_east.counters(0).requests, 4000U);
}

TEST(flit_lanes, a_spare_that_dies_unused_is_not_noticed) {
  pair_options o = with_lanes(1, {lost(8000, 16), back(12'000, 16)});
  o.params.marker_interval = 64;
  offer(o, 4000);
  flit_pair pair{o};
  pair.run_until_drained();
  pair.expect_nothing_lost();
  EXPECT_EQ(pair.west->counters().retrains, 0U);
  EXPECT_EQ(pair.west->counters().markers_missed[16], 0U);
  EXPECT_EQ(pair.west->counters().bip_errors[16], 0U);
  EXPECT_EQ(pair.west->status().locked, 0x0FFFFU) << "it waits for the next training";
}

// A good lane that carries nothing sends scrambled zeros, and its BIP is judged: 64 flits of 4 x 32
// bits with a BER of 1e-5 are 0.08 wrong bits an interval, some 20 in 250 intervals.
TEST(flit_lanes, a_spare_that_carries_nothing_is_measured) {
  pair_options o = with_lanes(1, {});
  o.params.marker_interval = 64;
  o.to_west.ber.assign(17, 0);
  o.to_west.ber[16] = 1e-5;
  o.from_east = {.load = 10, .path = "east"};
  flit_pair pair{o};
  pair.run_until(70'000);
  pair.expect_nothing_lost();
  const endpoint_counters west = pair.west->counters();
  EXPECT_EQ(west.received_bad, 0U);
  EXPECT_GT(west.bip_errors[16], 8U);
  EXPECT_LT(west.bip_errors[16], 40U);
  EXPECT_EQ(west.bip_errors[15], 0U);
}

TEST(flit_lanes, two_lost_halve_the_width_and_a_retrain_after_their_return_restores_it) {
  pair_options o = with_lanes(1, {lost(8000, 0), lost(8000, 9), back(20'000, 0), back(20'000, 9)});
  offer(o, 6000);
  flit_pair pair{o};
  pair.run_until(11'000);
  EXPECT_EQ(received_by(*pair.west), (use{0x01FE, 1}));
  EXPECT_EQ(sent_by(*pair.east), (use{0x01FE, 1}));
  pair.west->access_csr(retrain_at(30'000));
  pair.run_until(29'990);
  EXPECT_EQ(received_by(*pair.west), (use{0x01FE, 1})) << "light alone changes nothing";
  EXPECT_EQ(pair.west->counters().retrains, 1U);
  pair.run_until(35'000);
  EXPECT_EQ(received_by(*pair.west), (use{0x0FFFF, 0}));
  EXPECT_EQ(sent_by(*pair.east), (use{0x0FFFF, 0}));
  pair.run_until_drained();
  pair.expect_nothing_lost();
  EXPECT_EQ(pair.west->counters().retrains, 2U);
}

TEST(flit_lanes, four_lanes_make_a_quarter_and_three_end_in_link_down) {
  std::vector<lane_event> events;
  for (const int lane : {0, 1, 3, 4, 5, 6, 8, 9, 10, 11, 12, 14})
    events.push_back(lost(8000, lane));
  pair_options o = with_lanes(0, events);
  offer(o, 4000);
  {
    flit_pair pair{o};
    pair.run_until(11'000);
    EXPECT_EQ(received_by(*pair.west), (use{0xA084, 2}));
    EXPECT_EQ(sent_by(*pair.east), (use{0xA084, 2}));
    EXPECT_EQ(received_by(*pair.east), (use{0xFFFF, 0}));
    pair.run_until_drained();
    pair.expect_nothing_lost();
  }
  o.to_west.events.push_back(lost(8000, 2));
  o.params.lock_timeout_clocks = 5000;
  flit_pair pair{o};
  // LOCK 8154, four timeouts of 5000 clocks, each seen one clock later: 8154 + 4 x 5001.
  pair.run_until(28'200);
  EXPECT_EQ(states_of(*pair.west).back(),
            (state_at{28'158, state_e::link_down, cause_e::train_limit}));
}

TEST(flit_lanes, fewer_than_four_lit_lanes_stay_in_detect) {
  pair_options o = with_lanes(0, {lost(0, all_lanes), back(1, 3), back(1, 4), back(1, 9)});
  o.params.detect_timeout_clocks = 10'000;
  flit_pair pair{o};
  pair.run_until(40'000);
  EXPECT_EQ(state_of(*pair.west), static_cast<int>(state_e::detect));
}

TEST(flit_lanes, each_direction_has_its_own_width) {
  std::vector<lane_event> to_west;
  for (int lane = 4; lane < 16; ++lane) to_west.push_back(lost(0, lane));
  pair_options o = with_lanes(0, to_west);
  o.to_east.events = {lost(0, 0)};
  offer(o, 2000);
  flit_pair pair{o};
  pair.run_to_active();
  EXPECT_EQ(received_by(*pair.west), (use{0x000F, 2}));
  EXPECT_EQ(received_by(*pair.east), (use{0x01FE, 1}));
  EXPECT_EQ(sent_by(*pair.west), received_by(*pair.east));
  EXPECT_EQ(sent_by(*pair.east), received_by(*pair.west));
  pair.run_until_drained();
  pair.expect_nothing_lost();
  EXPECT_EQ(pair.west->counters().replay_timeouts + pair.east->counters().replay_timeouts, 0U);
}

TEST(flit_lanes, a_lane_switched_off_is_locked_and_not_used) {
  pair_options o = with_lanes(1, {});
  o.params.lanes_off = 0x0104;
  flit_pair pair{o};
  pair.run_to_active();
  EXPECT_EQ(pair.west->status().locked, 0x1FFFFU);
  EXPECT_EQ(pair.west->status().good, 0x1FEFBU);
  EXPECT_EQ(received_by(*pair.west), (use{0x02FB, 1}));
  // Nobody waited for it: ACTIVE before lane_wait is over.
  EXPECT_EQ(pair.west->status().active_since, 2463);
}

// A lane with light that does not lock (half of its bits are wrong) is given lane_wait clocks of
// LOCK.
TEST(flit_lanes, a_lane_that_does_not_lock_is_given_up) {
  pair_options o = with_lanes(1, {});
  o.to_west.ber.assign(17, 0);
  o.to_west.ber[7] = 0.5;
  offer(o, 2000);
  flit_pair pair{o};
  pair.run_to_active();
  EXPECT_THAT(states_of(*pair.west), Contains(state_at{416 + 3001, state_e::map, cause_e::normal}));
  EXPECT_EQ(received_by(*pair.west), (use{0x1FF7F, 0}));
  pair.run_until_drained();
  pair.expect_nothing_lost();
  EXPECT_EQ(pair.west->counters().received_bad, 0U) << "nobody reads the bad lane";
}

/// Flits sent by east in 100,000 clocks with `dead` lanes of its light gone from the start.
double flits_per_clock_measured(int lanes, int dead, int interval) {
  pair_options o;
  o.params = {.lanes = lanes,
              .marker_interval_bad = interval,
              .lane_wait_clocks = 1000,
              .lock_min_clocks = 1000};
  o.to_west.lanes = o.to_east.lanes = lanes;
  for (int lane = 0; lane < dead; ++lane) o.to_west.events.push_back(lost(0, lane));
  o.from_east = {.load = 10, .path = "east"};
  flit_pair pair{o};
  pair.run_to_active();
  constexpr i64 clocks = 100'000;
  pair.run_until(pair.runner->now() + 2000);
  const i64 from = pair.runner->now();
  const u64 sent = pair.east->counters().sent_data;
  const u64 taken = pair.west->counters().accepted;
  pair.run_until(from + clocks);
  pair.expect_nothing_lost();
  const double at_west = static_cast<double>(pair.west->counters().accepted - taken) / clocks;
  EXPECT_NEAR(at_west, static_cast<double>(pair.east->counters().sent_data - sent) / clocks, 1e-4);
  return at_west;
}

TEST(flit_lanes, throughput_at_half_and_quarter_width_is_the_formula) {
  EXPECT_DOUBLE_EQ(flits_per_clock(16, 0, 4096), 4096.0 / (4096 * 4 + 4));
  EXPECT_DOUBLE_EQ(flits_per_clock(16, 1, 256), 256.0 / (256 * 8 + 4));
  EXPECT_DOUBLE_EQ(flits_per_clock(16, 2, 64), 64.0 / (64 * 16 + 4));
  EXPECT_DOUBLE_EQ(flits_per_clock(8, 1, 256), 256.0 / (256 * 8 + 2));
  for (const auto [lanes, dead, shift, interval] :
       {std::array{16, 1, 1, 256}, {16, 9, 2, 256}, {16, 12, 2, 64}, {8, 3, 1, 256}}) {
    SCOPED_TRACE(::testing::Message() << lanes << " lanes, " << dead << " dead");
    const double expected = flits_per_clock(lanes, shift, interval);
    EXPECT_NEAR(flits_per_clock_measured(lanes, dead, interval), expected, 0.005 * expected);
  }
}

TEST(flit_lanes, the_interval_is_short_where_a_lane_is_bad) {
  pair_options o = with_lanes(1, {lost(0, 5)});
  o.params.marker_interval_bad = 128;
  flit_pair pair{o};
  pair.run_to_active();
  pair.run_until(20'000);
  // East sends to the bad lane; after the marker that shows INIT and its 64 flits, each 128.
  std::vector<i64> markers;
  for (const auto& r : records_of(*pair.east, trace_event::marker_tx))
    if (r.arg8 >> 4 == static_cast<int>(state_e::active)) markers.push_back(r.clock);
  ASSERT_GT(markers.size(), 10U);
  EXPECT_EQ(markers[3] - markers[2], 128 * 4 + 4);
  markers.clear();
  for (const auto& r : records_of(*pair.west, trace_event::marker_tx))
    if (r.arg8 >> 4 == static_cast<int>(state_e::active)) markers.push_back(r.clock);
  EXPECT_LE(markers.size(), 2U) << "4096 flits are 16388 clocks";
}

// Any lanes at any time, wrong bits, skew: as long as four stand in the end, everything arrives
// once.
TEST(flit_lanes, random_losses_lose_no_flit) {
  for (u64 seed = 1; seed <= 24; ++seed) {
    const u64 key = base::stream_key(seed, "lanes");
    u64 draws = 0;
    const auto pick = [&](u32 choices) {
      return static_cast<int>(base::draw(key, draws++)[0] % choices);
    };
    const int lanes = 4 << pick(3);
    const int spares = pick(3);
    SCOPED_TRACE(::testing::Message() << lanes << '+' << spares << " lanes, seed " << seed);
    pair_options o;
    o.params = {.lanes = lanes,
                .spares = spares,
                .light_fec = pick(2) == 0,
                .lane_wait_clocks = 3000,
                .retrain_limit = 200,
                .train_limit = 200,
                .lock_min_clocks = 1000};
    for (channel_params* c : {&o.to_west, &o.to_east}) {
      c->lanes = lanes;
      c->spares = spares;
      c->seed = seed;
      c->offset_bits.clear();
      c->ber = {pick(2) == 0 ? 0.0 : 1e-6};
      for (int l = 0; l < lanes + spares; ++l) c->skew_words.push_back(pick(16));
      // All but four of the lanes come and go; all are back after the last event of a lane or not.
      for (int l = 4; l < lanes + spares; ++l)
        for (i64 clock = pick(40'000); clock < 60'000; clock += 1 + pick(20'000)) {
          c->events.push_back(lost(clock, l));
          if (pick(4) == 0) break;
          clock += 1 + pick(8000);
          c->events.push_back(back(clock, l));
        }
    }
    offer(o, 3000);
    flit_pair pair{o};
    for (i64 clock : {15'000, 40'000, 70'000}) pair.east->access_csr(retrain_at(clock));
    pair.run_until_drained(1'000'000);
    pair.expect_nothing_lost();
    EXPECT_EQ(pair.at_east.counters(0).requests, 3000U);
    EXPECT_EQ(pair.at_west.counters(0).requests, 3000U);
    EXPECT_EQ(pair.west->counters().lost_tx + pair.east->counters().lost_tx, 0U);
  }
}

// What a flit end sends is what an end in RTL would read of its words: at each width, through each
// retrain.
TEST(flit_lanes, slots_of_any_width_pass_through_words_and_back) {
  pair_options o = with_lanes(2, {lost(6000, 1), lost(12'000, 2), lost(18'000, 3)});
  for (int lane = 6; lane < 15; ++lane) o.to_west.events.push_back(lost(24'000, lane));
  offer(o, 100'000, 10);
  flit_pair pair{o};
  slots_to_words writer{16, &pair.east_source, false, 2};
  words_to_slots reader{16, 2};
  std::array<int, 3> flits{};
  std::size_t compared = 0;
  std::vector<wire_slot> sent;
  while (pair.runner->now() < 30'000) {
    pair.runner->step(30'000);
    sent.insert(sent.end(), pair.east->sent().begin(), pair.east->sent().end());
    writer.push(pair.east->sent());
    // One slot may still be cut by the next.
    lane_word word{};
    while (writer.clock() < std::min(writer.covered_until(), pair.runner->now())) {
      const bool light = writer.next(word);
      reader.push(word, light);
    }
    for (const wire_slot& slot : reader.slots()) {
      ASSERT_LT(compared, sent.size());
      const wire_slot& original = sent[compared];
      ASSERT_NO_FATAL_FAILURE(expect_same_slot(slot, original, compared));
      if (slot.kind == slot_kind::flit) ++flits[slot.shift];
      ++compared;
    }
    reader.clear();
  }
  for (const int count : flits) EXPECT_GT(count, 200);
}

}  // namespace
}  // namespace lightrack::link
