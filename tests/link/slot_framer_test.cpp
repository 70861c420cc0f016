// SPDX-License-Identifier: Apache-2.0
// tests/link/slot_framer_test.cpp
// Verdicts by linearity against the same flits in bytes: encoded, hit by the same wrong bits,
// decoded.
#include "models/link/slot_framer.h"

#include <gtest/gtest.h>

#include <bit>

#include "models/base/random.h"
#include "models/link/flit_codec.h"
#include "models/link/packer.h"
#include "models/link/payload_digest.h"
#include "models/link/stream_codec.h"

namespace lightrack::link {
namespace {

constexpr u8 active_flags = 5 << 4;
constexpr int interval = 4096;

/// A link of one direction, already aligned, whose slots the test makes.
struct framer_bench {
  explicit framer_bench(const channel_params& params, bool fec = false, u32 good = ~u32{0})
      : channel{params},
        queue{params.lanes},
        errors{channel, params.lanes},
        bank{channel, queue, errors, registers, config},
        framer{channel, queue, errors, bank, registers, &source, fec} {
    registers.rx = map_lanes(good & bank.all(), params.lanes);
    push({.kind = slot_kind::marker, .flags = active_flags});
    bank.received(0);
    bank.set_lit(true, 0);
    while (bank.signal() != bank.all()) bank.step(bank.next());
    framer.start({.first_word = 0, .latency = channel.flight() + 1, .measured = bank.all()});
  }
  void push(wire_slot s) {
    if (s.kind == slot_kind::marker) {
      s.count = count++;
      s.lanes = registers.rx.lanes;
    }
    s.shift = static_cast<u8>(registers.rx.shift);
    s.clock = clock;
    clock += queue.length(s);
    queue.push(s);
    framer.received();
  }

  receive_channel channel;
  slot_queue queue;
  slot_errors errors;
  link_registers registers{.state = pkg::state_e::active};
  link_config config{};
  flit_source source{{.path = "west"}, traffic_generator{traffic_params{.load = 1.0}}};
  lane_bank bank;
  slot_framer framer;
  endpoint_counters counters;
  u16 count = 0;
  i64 clock = 0;
};

channel_params burst_channel(int lanes) {
  return {.lanes = lanes,
          .seed = 7,
          .length_m = 0,
          .ber = {5e-5},
          .burst_rate = 4e-4,
          .burst_bits = 12,
          .offset_bits = {0}};
}

/// Runs one width (by the good lanes) and adds how many wrong flits passed as good.
void judge_all(int lanes, bool fec, const channel_params& params, int& escaped,
               u32 good_lanes = ~u32{0}) {
  framer_bench bench{params, fec, good_lanes};
  const lane_map map = bench.registers.rx;
  const int phys = params.lanes + params.spares;
  receive_channel same_errors{params};
  ASSERT_TRUE(bench.framer.marker_is_next());
  ASSERT_TRUE(bench.framer.take_marker(bench.counters).believed);

  int good = 0;
  int bad = 0;
  std::array<u64, max_lanes> bip_errors{};
  std::array<u8, max_lanes> bip{};
  for (int k = 0; k < 200'000; ++k) {
    if (k > 0 && k % interval == 0) {
      bench.push({.kind = slot_kind::marker, .flags = active_flags});
      bench.queue.drop_before(bench.clock - 100);
      const i64 sent = bench.clock - marker_clocks(lanes);
      u32 fallen = 0;
      std::array<u8, max_lanes> field{};
      same_errors.errors_in(sent, marker_clocks(lanes), [&](int lane, int bit) {
        if (bit < 48 || bit >= 96) fallen |= u32{1} << lane;
        if (bit >= 80 && bit < 88)
          field[static_cast<std::size_t>(lane)] ^= static_cast<u8>(1U << (bit % 8));
      });
      ASSERT_TRUE(bench.framer.marker_is_next());
      ASSERT_TRUE(bench.framer.take_marker(bench.counters).believed);
      // A lane counts only where its marker stands.
      for (std::size_t l = 0; l < static_cast<std::size_t>(phys); ++l)
        if ((fallen >> l & 1) == 0)
          bip_errors[l] += static_cast<u64>(std::popcount(static_cast<u8>(bip[l] ^ field[l])));
      bip = {};
    }
    const u64 random = base::mix64(static_cast<u64>(k));
    wire_slot slot;
    switch (random % 3) {
      case 0:
        slot.header = kind_nop | (random >> 8 & 0x3FFULL) << 4;
        break;
      case 1: {
        const i64 ready = bench.source.next_ready(0);
        slot.payload = bench.source.front(0).payload;
        slot.header = pack_header({.kind = kind_data, .slots = bench.source.front(0).slots});
        bench.source.pop(0, ready);
        break;
      }
      default:
        slot.header = kind_ctrl;
        slot.init = {.session = static_cast<u32>(random), .stamp = random};
        break;
    }
    flit_bytes bytes = slot_bytes(slot, &bench.source, fec);
    const payload_bytes clean_payload = payload_of(bytes);
    same_errors.errors_in(bench.clock, i64{4} << map.shift, [&](int lane, int bit) {
      bip[static_cast<std::size_t>(lane)] ^= static_cast<u8>(1U << (bit % 8));
      const int logical = logical_lane(map.lanes, lane);
      if (logical == no_logical_lane) return;
      const int place = flit_bit(map.width, logical, bit);
      bytes[static_cast<std::size_t>(place / 8)] ^= static_cast<u8>(1U << (place % 8));
    });
    bench.push(slot);
    ASSERT_FALSE(bench.framer.marker_is_next());
    if (fec) bench.framer.take_in();
    const framed_flit flit = bench.framer.take_flit();
    u8 corrected = 0;
    if (fec) {
      const fec_result seen = fec_correct(bytes);
      for (std::size_t g = 0; g < fec_group_count; ++g)
        if (seen.groups[g] == fec_outcome::corrected) corrected |= static_cast<u8>(1U << g);
    }
    ASSERT_EQ(flit.good, decode_flit(bytes, fec).good) << "flit " << k;
    ASSERT_EQ(flit.corrected, corrected) << "flit " << k;
    ++(flit.good ? good : bad);
    if (!flit.good) continue;
    ASSERT_EQ(flit.header, header_of(bytes)) << "flit " << k;
    ASSERT_EQ(flit.damaged && fec,
              fec && (flit.header != slot.header || payload_of(bytes) != clean_payload));
    if (!flit.damaged) continue;
    ++escaped;
    const payload_bytes payload = payload_of(bytes);
    EXPECT_EQ(bench.framer.damage().payload_differs, payload != clean_payload);
    EXPECT_EQ(bench.framer.damage().ctrl_byte0, payload[0]);
    EXPECT_EQ(bench.framer.damage().init, unpack_init(payload));
    EXPECT_EQ(bench.framer.damage().digest, payload_digest(payload));
  }
  EXPECT_GT(good, 50'000);
  EXPECT_GT(bad, fec ? 20'000 : 50'000);
  for (std::size_t l = 0; l < static_cast<std::size_t>(phys); ++l)
    EXPECT_EQ(bench.counters.bip_errors[l], bip_errors[l]) << "lane " << l;
}

TEST(slot_framer, judges_every_flit_as_the_codec_judges_its_bytes) {
  int escaped = 0;
  for (const int lanes : {4, 8, 16}) {
    SCOPED_TRACE(lanes);
    // Bursts of even weight inside one half escape its CRC once in 2^15.
    judge_all(lanes, false, burst_channel(lanes), escaped);
  }
  EXPECT_GT(escaped, 2);
}

TEST(slot_framer, judges_every_flit_at_reduced_width_and_on_spares) {
  int escaped = 0;
  for (const auto& [lanes, spares, good] : {std::tuple{8, 1, 0x1F7U},
                                            {8, 2, 0x0B6U},
                                            {16, 1, 0x0FFFFU},
                                            {16, 2, 0x3A5C3U},
                                            {16, 0, 0x9021U}}) {
    SCOPED_TRACE(::testing::Message() << lanes << '+' << spares << " lanes, good " << good);
    channel_params params = burst_channel(lanes);
    params.spares = spares;
    judge_all(lanes, lanes == 8, params, escaped, good);
  }
  EXPECT_GT(escaped, 2);
}

TEST(slot_framer, judges_every_flit_with_light_fec_as_the_codec_corrects_its_bytes) {
  int escaped = 0;
  for (const int lanes : {4, 8, 16}) {
    SCOPED_TRACE(lanes);
    judge_all(lanes, true, burst_channel(lanes), escaped);
  }
  EXPECT_GT(escaped, 2);
}

// Markers are due where the interval says; a training marker is believed in a flit's place, one
// that shows no training is a flit there.
TEST(slot_framer, a_training_marker_is_seen_where_a_flit_was_due) {
  framer_bench bench{{.length_m = 0, .offset_bits = {0}}};
  EXPECT_FALSE((bench.framer.take_marker(bench.counters).flags & flag_training) != 0);
  bench.push({.kind = slot_kind::flit});
  EXPECT_TRUE(bench.framer.take_flit().good);
  bench.push({.kind = slot_kind::marker, .flags = active_flags});
  EXPECT_FALSE(bench.framer.marker_is_next());
  EXPECT_FALSE(bench.framer.take_flit().good);
  bench.push({.kind = slot_kind::flit});
  EXPECT_FALSE(bench.framer.take_flit().good)
      << "the sender's scrambler has restarted, the receiver's has not";
  bench.push({.kind = slot_kind::marker, .flags = 0x11});
  ASSERT_TRUE(bench.framer.marker_is_next());
  const framed_marker marker = bench.framer.take_marker(bench.counters);
  EXPECT_TRUE(marker.believed);
  EXPECT_EQ(marker.flags, 0x11);
}

// Deskewed words of clock c stand at u = c + flight + 1; flags come 2 after the last of 4, verdicts
// 3 after.
TEST(slot_framer, results_come_at_the_clocks_of_the_specification) {
  framer_bench bench{{.length_m = 20, .offset_bits = {0}}};
  EXPECT_EQ(bench.framer.next(), 0 + 3 + 153 + 1 + 2);
  static_cast<void>(bench.framer.take_marker(bench.counters));
  EXPECT_EQ(bench.framer.next(), never) << "the flit has not been sent";
  bench.push({.kind = slot_kind::flit});
  EXPECT_EQ(bench.framer.next(), 4 + 3 + 153 + 1 + 3);
}

}  // namespace
}  // namespace lightrack::link
