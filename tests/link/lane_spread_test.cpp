// SPDX-License-Identifier: Apache-2.0
// tests/link/lane_spread_test.cpp: bytes of a flit on the lanes, section 13.2.
#include "models/link/lane_spread.h"

#include <gtest/gtest.h>

#include "models/link/marker.h"

namespace lightrack::link {
namespace {

flit_bytes counting() {
  flit_bytes flit{};
  for (std::size_t k = 0; k < flit.size(); ++k) flit[k] = static_cast<u8>(k);
  return flit;
}
/// Byte `at` of a lane's word.
u8 lane_byte(const lane_word& word, int lanes, int lane, int at) {
  const int element = lane * lane_elements(lanes) + at / 4;
  return static_cast<u8>(word[static_cast<std::size_t>(element)] >> (8 * (at % 4)));
}

TEST(lane_spread, byte_j_of_a_beat_goes_to_lane_j_mod_width) {
  const flit_bytes flit = counting();
  for (const int lanes : {4, 8, 16}) {
    const auto words = stripe(flit, lanes);
    for (int beat = 0; beat < 4; ++beat)
      for (int j = 0; j < 64; ++j)
        EXPECT_EQ(lane_byte(words[static_cast<std::size_t>(beat)], lanes, j % lanes, j / lanes),
                  flit[static_cast<std::size_t>(64 * beat + j)])
            << lanes << " lanes, beat " << beat << ", byte " << j;
    EXPECT_EQ(destripe(words[2], lanes)[5], 2 * 64 + 5);
  }
}

TEST(lane_spread, half_a_width_takes_two_words_a_beat_on_the_lanes_of_the_map) {
  const flit_bytes flit = counting();
  const lane_map map = map_lanes(0xFF0F, 16);  // twelve lanes stand: the lowest eight are used
  ASSERT_EQ(map.lanes, 0x0F0FU);
  std::array<lane_word, 8> words{};
  spread_flit(flit, map, 16, words);
  // Word 3 holds the second chunk of beat 1: bytes 96 to 127; logical lane 5 is lane 9.
  for (int at = 0; at < 4; ++at) {
    EXPECT_EQ(lane_byte(words[3], 16, 9, at), 96 + 8 * at + 5);
    EXPECT_EQ(lane_byte(words[3], 16, 4, at), 0) << "a lane without a logical one";
  }
}

TEST(lane_spread, a_beat_comes_back_at_each_width) {
  const flit_bytes flit = counting();
  for (const u32 good : {0xFFFFU, 0x3FFF7U, 0x00FFU, 0x0F00U}) {
    const lane_map map = map_lanes(good, 16);
    std::array<lane_word, 16> words{};
    spread_flit(flit, map, 16, std::span{words}.first(std::size_t{4} << map.shift));
    const auto beat = gather_beat(std::span{words}.first(std::size_t{1} << map.shift), map, 16);
    for (std::size_t j = 0; j < beat.size(); ++j) EXPECT_EQ(beat[j], flit[j]) << good;
  }
}

}  // namespace
}  // namespace lightrack::link
