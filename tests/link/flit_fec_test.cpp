// SPDX-License-Identifier: Apache-2.0
// tests/link/flit_fec_test.cpp
// Light FEC between two flit endpoints: its clocks, and what it spares the link
// (docs/link-layer.md, 13.2).
#include "flit_pair.h"

namespace lightrack::link {
namespace {

// Light FEC: one clock more before the lanes, five more before the verdict; markers pay the first
// one only (13.2).
TEST(flit_fec, adds_one_clock_to_the_transmitter_and_five_to_the_verdict) {
  const auto run = [](bool fec) {
    pair_options o{.keep_trace = true};
    o.params.light_fec = fec;
    o.from_west = {.load = 0.5, .requests = 10};
    auto pair = std::make_unique<flit_pair>(o);
    pair->run_until_drained();
    return pair;
  };
  const auto without = run(false);
  const auto with = run(true);
  const auto delay = [](const flit_pair& p, trace_event at_west, trace_event at_east) {
    const auto from = records_of(*p.west, at_west);
    const auto to = records_of(*p.east, at_east);
    return to.front().clock - from.front().clock;
  };
  // First accepted to first delivered: TxLat 3, four words, 153 of flight, u, RxLat 3,
  // DeliverLat 2.
  EXPECT_EQ(delay(*without, trace_event::accept, trace_event::deliver), 3 + 3 + 153 + 1 + 3 + 2);
  EXPECT_EQ(delay(*with, trace_event::accept, trace_event::deliver), 4 + 3 + 153 + 1 + 8 + 2);
  // The marker of a count that both saw: MarkerRx 2.
  const auto marker = [](const flit_pair& p) {
    const auto heard = records_of(*p.east, trace_event::marker_rx);
    for (const auto& r : records_of(*p.west, trace_event::marker_tx))
      if (r.arg16 == heard[0].arg16) return heard[0].clock - r.clock;
    return i64{-1};
  };
  EXPECT_EQ(marker(*without), 3 + 3 + 153 + 1 + 2);
  EXPECT_EQ(marker(*with), 4 + 3 + 153 + 1 + 2);
  // Six clocks more each way.
  EXPECT_EQ(without->west->status().round_trip, 82) << "326 clocks";
  EXPECT_EQ(with->west->status().round_trip, 85) << "338 clocks";
}

// 51 million bits each way with a BER of 1e-6: two wrong bytes in one group of a flit come once in
// 10,000 of these runs.
TEST(flit_fec, corrects_one_wrong_byte_a_group) {
  pair_options o{.keep_trace = true};
  o.params.light_fec = true;
  o.to_west.ber = {1e-6};
  o.to_west.seed = 4;
  o.from_east = {.load = 10, .path = "east"};
  flit_pair pair{o};
  pair.run_until(100'000);
  pair.expect_nothing_lost();
  const endpoint_counters west = pair.west->counters();
  EXPECT_EQ(west.received_bad, 0U);
  EXPECT_EQ(pair.east->counters().replays, 0U);
  // The records name the groups that the counters count.
  std::array<u64, 3> corrected{};
  for (const auto& r : records_of(*pair.west, trace_event::verdict))
    for (std::size_t g = 0; g < 3; ++g) corrected[g] += r.arg16 >> g & 1;
  EXPECT_EQ(west.fec_corrected, corrected);
  for (std::size_t g = 0; g < 3; ++g) EXPECT_GT(corrected[g], 5U) << "about 17 a group";
  o.params.light_fec = false;
  flit_pair without{o};
  without.run_until(100'000);
  EXPECT_GT(without.west->counters().received_bad, 20U) << "about 50";
}

}  // namespace
}  // namespace lightrack::link
