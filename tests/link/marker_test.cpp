// SPDX-License-Identifier: Apache-2.0
#include "models/link/marker.h"

#include <gtest/gtest.h>

#include "tests/link/golden.h"

namespace lightrack::link {
namespace {

marker_fields golden_fields() {
  const auto& m = golden::vectors()["marker"];
  return {.physical = m["physical"],
          .logical = m["logical"],
          .flags = m["flags"],
          .count = m["count"],
          .bip = m["bip"],
          .good_byte = static_cast<u8>(golden::number(m["good_byte"]))};
}

TEST(marker, matches_the_golden_vector) {
  const auto& m = golden::vectors()["marker"];
  const marker_words words = build_marker(golden_fields());
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(words[i], golden::number(m["words32"][i])) << "word " << i;
    for (std::size_t k = 0; k < 4; ++k) {
      EXPECT_EQ(static_cast<u8>(words[i] >> 8 * k), golden::bytes(m["hex"])[4 * i + k]);
    }
  }
  EXPECT_EQ(m["good_byte_index"], m["count"].get<int>() % 3);
}

TEST(marker, parse_gives_back_what_was_built) {
  EXPECT_EQ(parse_marker(build_marker(golden_fields())), golden_fields());
  const marker_fields full = {.physical = 17,
                              .logical = 255,
                              .flags = 0xA5,
                              .count = 0xBEEF,
                              .bip = 0x81,
                              .good_byte = 0x7E};
  EXPECT_EQ(parse_marker(build_marker(full)), full);
}

TEST(marker, stands_only_with_sync_complement_and_both_lane_numbers) {
  for (int bit = 0; bit < 128; ++bit) {
    marker_words words = build_marker({.physical = 5, .logical = 4, .count = 6});
    ASSERT_TRUE(marker_stands(words, 5));
    words[static_cast<std::size_t>(bit / 32)] ^= 1U << bit % 32;
    const bool field = bit >= 48 && bit < 96;  // logical lane to bitmap byte
    EXPECT_EQ(marker_stands(words, 5), field) << "wrong bit " << bit;
  }
}

TEST(marker, of_another_lane_does_not_stand) {
  EXPECT_FALSE(marker_stands(build_marker({.physical = 5}), 4));
  EXPECT_FALSE(marker_stands(build_marker({.physical = 5}), 13)) << "same seed, other lane";
}

TEST(marker, takes_128_bits_of_each_lane) {
  for (const int lanes : {4, 8, 16}) {
    EXPECT_EQ(marker_clocks(lanes) * lane_bits(lanes), 128);
    EXPECT_EQ(lane_elements(lanes) * 32, lane_bits(lanes));
  }
}

}  // namespace
}  // namespace lightrack::link
