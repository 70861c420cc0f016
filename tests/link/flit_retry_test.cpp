// SPDX-License-Identifier: Apache-2.0
// tests/link/flit_retry_test.cpp
// Errors, replays, windows and credits of two flit endpoints in ACTIVE.
//
// A wrong bit where a test wants it: one lane has errors in one block of 2^16 bits only (clocks
// 8192 to 10239 of 16 lanes), and a seed is searched whose errors lie as wanted; the search asks
// the same error process as the channel.
#include <cmath>
#include <functional>

#include "flit_pair.h"
#include "models/link/flit_codec.h"

namespace lightrack::link {
namespace {

constexpr i64 block_first = 8192;
constexpr i64 block_end = 10240;
constexpr int noisy_lane = 3;
// D of a flit to its verdict at the far end: TxLat 3, last word 3, flight 153, deskew 1, RxLat 3.
constexpr i64 decision_to_verdict = 163;

channel_params noisy(const std::string& path) {
  channel_params c{.path = path, .offset_bits = {0}};
  c.ber.assign(16, 0.0);
  c.ber[noisy_lane] = 1.5e-5;  // one error in the block on average
  // The factor at a block's first bit holds for the block: 1 at block 4, 0 at blocks 3 and 5.
  const double ns = 0.64;
  c.ber_drift = {{block_first * ns - 1, 0.0}, {block_first * ns, 1.0}, {block_end * ns - 1, 0.0}};
  return c;
}

std::vector<i64> error_clocks(channel_params c, u64 seed) {
  c.seed = seed;
  receive_channel channel{c};
  std::vector<i64> clocks;
  for (i64 n = channel.next_error_clock(0, 12'000); n < 12'000;
       n = channel.next_error_clock(n + 1, 12'000))
    clocks.push_back(n);
  return clocks;
}

/// The first seed whose wrong bits `fit`.
u64 find_seed(const channel_params& c, const std::function<bool(const std::vector<i64>&)>& fit) {
  for (u64 seed = 1; seed < 200'000; ++seed)
    if (fit(error_clocks(c, seed))) return seed;
  ADD_FAILURE() << "no seed fits";
  return 0;
}

struct sent_flit {
  i64 clock = 0;
  flit_header header{};
};
std::vector<sent_flit> flits_of(const endpoint& e) {
  std::vector<sent_flit> flits;
  for (const auto& r : records_of(e, trace_event::flit_tx))
    flits.push_back({r.clock, unpack_header(r.arg64)});
  return flits;
}
/// The flit whose words are on the fiber at `clock`.
sent_flit flit_at(const endpoint& e, i64 clock) {
  for (const sent_flit& f : flits_of(e))
    if (f.clock + pkg::tx_lat <= clock && clock < f.clock + pkg::tx_lat + 4) return f;
  ADD_FAILURE() << "no flit at " << clock;
  return {};
}
sent_flit first_flit(const endpoint& e, i64 from,
                     const std::function<bool(const flit_header&)>& is) {
  for (const sent_flit& f : flits_of(e))
    if (f.clock >= from && is(f.header)) return f;
  ADD_FAILURE() << "no such flit from " << from << " on";
  return {};
}
base::trace_record record_at(const endpoint& e, trace_event kind, i64 clock) {
  for (const auto& r : records_of(e, kind))
    if (r.clock == clock) return r;
  ADD_FAILURE() << "no record at " << clock;
  return {};
}
const auto asks = [](const flit_header& h) { return h.nak != 0; };
const auto repeats = [](const flit_header& h) { return h.replay != 0; };

pair_options one_way_at_full_load() {
  pair_options o{.keep_trace = true};
  o.to_east = noisy("west.tx");
  o.from_west = {.load = 1.0, .requests = 3000};
  o.params.marker_interval = 256;
  return o;
}

TEST(flit_retry, one_wrong_bit_costs_one_replay_at_the_clocks_of_the_specification) {
  pair_options o = one_way_at_full_load();
  o.to_east.seed = find_seed(o.to_east, [](const auto& clocks) { return clocks.size() == 1; });
  flit_pair pair{o};
  pair.run_until_drained();
  pair.expect_nothing_lost();

  const sent_flit hit = flit_at(*pair.west, error_clocks(o.to_east, o.to_east.seed)[0]);
  ASSERT_EQ(hit.header.kind, kind_data);
  const i64 bad = hit.clock + decision_to_verdict;
  EXPECT_EQ(record_at(*pair.east, trace_event::verdict, bad).arg8,
            static_cast<u8>(pkg::verdict_e::bad));
  EXPECT_EQ(record_at(*pair.east, trace_event::verdict, bad).arg64, 0U);
  // The next flit is ahead and asks; the request leaves with the first header from bad + 5 on.
  EXPECT_EQ(record_at(*pair.east, trace_event::verdict, bad + 4).arg8,
            static_cast<u8>(pkg::verdict_e::ahead));
  const sent_flit nak = first_flit(*pair.east, 0, asks);
  EXPECT_GE(nak.clock, bad + 5);
  EXPECT_LT(nak.clock, bad + 9);
  EXPECT_EQ(nak.header.ack, (hit.header.seq + 1023) % 1024);
  // It starts the replay at its verdict; the first repeated flit goes at the next D.
  const i64 start = nak.clock + decision_to_verdict;
  static_cast<void>(record_at(*pair.west, trace_event::replay, start));
  const sent_flit again = first_flit(*pair.west, 0, repeats);
  EXPECT_GT(again.clock, start);
  EXPECT_LE(again.clock, start + 4);
  EXPECT_EQ(again.header.seq, hit.header.seq);
  EXPECT_EQ(record_at(*pair.east, trace_event::verdict, again.clock + decision_to_verdict).arg8,
            static_cast<u8>(pkg::verdict_e::accepted));

  EXPECT_EQ(pair.west->counters().replays, 1U);
  EXPECT_EQ(pair.west->counters().replay_timeouts, 0U);
  EXPECT_EQ(pair.east->counters().naks, 1U);
  EXPECT_EQ(pair.east->counters().received_bad, 1U);
  EXPECT_EQ(pair.east->counters().duplicates, 0U);
  EXPECT_EQ(pair.east->counters().bip_errors[noisy_lane], 1U);
}

// Timeouts by formula: 82 + ceil(82 / 4) = 103 flit times = 412 clocks.
TEST(flit_retry, a_lost_request_is_repeated_after_its_timeout) {
  pair_options o = one_way_at_full_load();
  o.to_east.seed = find_seed(o.to_east, [](const auto& c) { return c.size() == 1 && c[0] < 9500; });
  i64 nak_clock = 0;
  {
    flit_pair rehearsal{o};
    rehearsal.run_until(block_end);
    nak_clock = first_flit(*rehearsal.east, 0, asks).clock;
  }
  o.to_west = noisy("east.tx");
  o.to_west.seed = find_seed(o.to_west, [nak_clock](const auto& clocks) {
    return clocks.size() == 1 && clocks[0] >= nak_clock + pkg::tx_lat &&
           clocks[0] < nak_clock + pkg::tx_lat + 4;
  });
  flit_pair pair{o};
  pair.run_until_drained();
  pair.expect_nothing_lost();
  EXPECT_EQ(first_flit(*pair.east, 0, asks).clock, nak_clock);
  const sent_flit second = first_flit(*pair.east, nak_clock + 1, asks);
  EXPECT_GT(second.clock, nak_clock + 412);
  EXPECT_LE(second.clock, nak_clock + 416);
  EXPECT_EQ(pair.west->counters().received_bad, 1U);
  EXPECT_EQ(pair.east->counters().nak_timeouts, 1U);
  EXPECT_GE(pair.west->counters().replays, 1U);
}

TEST(flit_retry, an_error_in_the_first_repeated_flit_is_asked_for_again) {
  pair_options o = one_way_at_full_load();
  // An error at clock c leads to the repetition 2 x 163 clocks and up to three D later.
  i64 again_clock = 0;
  o.to_east.seed = find_seed(o.to_east, [&](const auto& clocks) {
    if (clocks.size() != 2 || clocks[1] - clocks[0] < 320 || clocks[1] - clocks[0] > 350)
      return false;
    pair_options trial = o;
    trial.to_east.seed = 0;
    trial.to_east.seed = [&] {
      for (u64 seed = 1;; ++seed)
        if (error_clocks(trial.to_east, seed) == clocks) return seed;
    }();
    flit_pair rehearsal{trial};
    rehearsal.run_until(clocks[1] + 200);
    again_clock = first_flit(*rehearsal.west, 0, repeats).clock;
    return clocks[1] >= again_clock + pkg::tx_lat && clocks[1] < again_clock + pkg::tx_lat + 4;
  });
  flit_pair pair{o};
  pair.run_until_drained();
  pair.expect_nothing_lost();
  EXPECT_EQ(pair.east->counters().received_bad, 2U);
  EXPECT_EQ(pair.west->counters().replays, 2U);
  // The second replay begins a timeout after the first request or after the first repeated flit,
  // whichever is sooner.
  const auto starts = records_of(*pair.west, trace_event::replay);
  ASSERT_EQ(starts.size(), 2U);
  EXPECT_GT(starts[1].clock, again_clock + 400);
  EXPECT_LE(starts[1].clock, again_clock + 412);
}

TEST(flit_retry, an_undisturbed_link_at_full_load_never_repeats) {
  pair_options o;
  o.from_west = {.load = 1.0, .read_fraction = 0.3, .requests = 5000};
  o.from_east = {.load = 1.0, .read_fraction = 0.3, .seed = 2, .path = "east", .requests = 5000};
  flit_pair pair{o};
  pair.run_until_drained();
  pair.expect_nothing_lost();
  EXPECT_GT(pair.at_east.counters(0).flits, 1000U);
  EXPECT_GT(pair.at_east.counters(1).flits, 1000U);
  EXPECT_GT(pair.at_west.counters(1).flits, 1000U);
  for (const endpoint* e : {pair.west.get(), pair.east.get()}) {
    EXPECT_EQ(e->counters().sent_replay, 0U);
    EXPECT_EQ(e->counters().received_bad, 0U);
    EXPECT_EQ(e->counters().naks, 0U);
    EXPECT_EQ(e->counters().replay_timeouts, 0U);
    EXPECT_EQ(e->counters().retrains, 0U);
  }
}

TEST(flit_retry, errors_in_both_directions_lose_and_repeat_nothing) {
  for (const int lanes : {4, 8, 16})
    for (const u64 seed : {1U, 2U}) {
      SCOPED_TRACE(::testing::Message() << lanes << " lanes, seed " << seed);
      pair_options o;
      o.params.lanes = lanes;
      o.params.marker_interval = 256;
      for (channel_params* c : {&o.to_west, &o.to_east}) {
        c->lanes = lanes;
        c->ber = {1e-5};
        c->seed = seed;
      }
      o.from_west = {.load = 0.8, .read_fraction = 0.3, .requests = 4000};
      o.from_east = {
          .load = 0.8, .read_fraction = 0.3, .seed = 2, .path = "east", .requests = 4000};
      flit_pair pair{o};
      pair.run_until_drained();
      pair.expect_nothing_lost();
      EXPECT_GT(pair.east->counters().received_bad, 100U);
      EXPECT_GT(pair.west->counters().sent_replay, 100U);
      u64 bip_errors = 0;
      for (const u64 lane : pair.east->counters().bip_errors) bip_errors += lane;
      EXPECT_GT(bip_errors, 100U);
    }
}

// A round trip of 82 flit times and 20 flits of window: 20 of 82 slots carry new flits
// (acknowledged on arrival, so the true loop is the round trip rounded up to a slot).
TEST(flit_retry, a_window_below_the_round_trip_gives_its_share) {
  pair_options o;
  o.params.window = 20;
  o.from_west = {.load = 1.0};
  flit_pair pair{o};
  pair.run_until(10'000);
  const u64 before = pair.west->counters().sent_data;
  pair.run_until(10'000 + 82 * 4 * 100);
  const u64 sent = pair.west->counters().sent_data - before;
  EXPECT_NEAR(static_cast<double>(sent), 2000.0, 30.0);
  EXPECT_GT(pair.west->counters().window_stalls, 5000U);
  EXPECT_EQ(pair.west->counters().credit_stalls, 0U);
}

TEST(flit_retry, a_stalled_sink_holds_the_sender_by_credits_and_overflows_nothing) {
  pair_options o;
  o.params.rx_depth = 64;
  o.sink = {.stall_every = 500, .stall_clocks = 5000};
  o.from_west = {.load = 1.0, .requests = 5000};
  flit_pair pair{o};
  pair.run_until_drained();
  pair.expect_nothing_lost();
  EXPECT_GT(pair.west->counters().credit_stalls, 1000U);
  EXPECT_EQ(pair.east->counters().rx_overflow, 0U);
  EXPECT_EQ(pair.west->counters().crd_invalid, 0U);
  EXPECT_EQ(pair.west->counters().sent_replay, 0U) << "no credit is no reason to repeat";
}

// Section 6: eta = (1 - P) / ((1 - P) + m P), P = chance of a bad flit, m = round trip + 1.
TEST(flit_retry, go_back_n_costs_what_the_formula_says) {
  for (const double ber : {2e-7, 1e-6, 3e-6}) {
    SCOPED_TRACE(ber);
    pair_options o;
    o.params.marker_interval = 4096;
    o.to_east.ber = {ber};
    o.from_west = {.load = 1.0};
    flit_pair pair{o};
    pair.run_until(10'000);
    const u64 before = pair.east->counters().accepted;
    constexpr i64 flit_times = 400'000;
    pair.run_until(10'000 + 4 * flit_times);
    const auto accepted = static_cast<double>(pair.east->counters().accepted - before);
    const double p = 1 - std::pow(1 - ber, 2048);
    const double m = 82 + 1;
    const double expected = (1 - p) / ((1 - p) + m * p);
    EXPECT_NEAR(accepted / flit_times, expected, 0.015);
  }
}

}  // namespace
}  // namespace lightrack::link
