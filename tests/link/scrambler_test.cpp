// SPDX-License-Identifier: Apache-2.0
#include "models/link/scrambler.h"

#include <gtest/gtest.h>

#include "models/link/marker.h"
#include "tests/link/golden.h"

namespace lightrack::link {
namespace {

constexpr u64 period = (1 << 23) - 1;  // 47 x 178481

TEST(scrambler, first_64_bits_match_the_golden_vectors) {
  for (const auto& entry : golden::vectors()["scrambler_first_64_of_zeros"]) {
    const int lane = entry["physical_lane_mod_8"];
    SCOPED_TRACE(lane);
    EXPECT_EQ(scrambler_seed(lane), golden::number(entry["seed"]));
    EXPECT_EQ(scrambler_seed(lane + 8), golden::number(entry["seed"]));
    lane_scrambler key{lane};
    const std::string bits = entry["bits"];
    const auto bytes = golden::bytes(entry["bytes"]);
    for (std::size_t i = 0; i < 8; ++i) {
      const u8 byte = key.next_byte();
      EXPECT_EQ(byte, bytes[i]);
      for (std::size_t bit = 0; bit < 8; ++bit) EXPECT_EQ(byte >> bit & 1, bits[8 * i + bit] - '0');
    }
    EXPECT_EQ(key.state(), golden::number(entry["state_after"]));
  }
}

TEST(scrambler, leap_equals_so_many_steps) {
  for (const int lane : {0, 3, 7}) {
    u32 state = scrambler_seed(lane);
    for (u64 steps = 0; steps < 3000; ++steps) {
      ASSERT_EQ(scrambler_leap(scrambler_seed(lane), steps), state)
          << "lane " << lane << " steps " << steps;
      state = scrambler_step(state);
    }
  }
}

TEST(scrambler, runs_through_every_state_but_zero_before_it_comes_back) {
  const u32 start = scrambler_seed(0);
  u32 state = start;
  u64 steps = 0;
  do {
    state = scrambler_step(state);
    ++steps;
  } while (state != start);
  EXPECT_EQ(steps, period);
}

TEST(scrambler, every_lane_has_the_full_period) {
  for (int lane = 0; lane < 8; ++lane) {
    const u32 seed = scrambler_seed(lane);
    EXPECT_EQ(scrambler_leap(seed, period), seed);
    EXPECT_NE(scrambler_leap(seed, period / 47), seed);
    EXPECT_NE(scrambler_leap(seed, period / 178481), seed);
  }
}

TEST(lane_keystream, words_by_recurrence_equal_the_bit_serial_register) {
  for (const int shape : {40, 80, 160, 41, 81, 161, 42, 82, 162}) {
    SCOPED_TRACE(shape);
    const int lanes = shape / 10;
    const int spares = shape % 10;
    lane_keystream keys{lanes, spares};
    std::vector<lane_scrambler> serial;
    for (int lane = 0; lane < lanes + spares; ++lane) serial.emplace_back(lane);
    const auto elements = static_cast<std::size_t>(lane_elements(lanes));
    for (int clock = 0; clock < 10'007; ++clock) {
      lane_word expected{};
      for (std::size_t k = 0; k < serial.size() * elements; ++k) {
        for (int shift = 0; shift < 32; shift += 8)
          expected[k] |= u32{serial[k / elements].next_byte()} << shift;
      }
      ASSERT_EQ(keys.next(), expected) << "clock " << clock;
    }
  }
}

TEST(lane_keystream, restarts_from_the_seeds) {
  lane_keystream keys{16};
  const lane_word first = keys.next();
  for (int clock = 0; clock < 50; ++clock) (void)keys.next();
  keys.restart();
  EXPECT_EQ(keys.next(), first);
  EXPECT_EQ(first[0], 0x9894BD6CU) << "lane 0: 6c bd 94 98 of the golden vectors";
}

}  // namespace
}  // namespace lightrack::link
