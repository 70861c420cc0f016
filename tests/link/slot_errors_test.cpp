// SPDX-License-Identifier: Apache-2.0
// tests/link/slot_errors_test.cpp
#include "models/link/slot_errors.h"

#include <gtest/gtest.h>

namespace lightrack::link {
namespace {

wire_slot injected(i64 clock, u8 lane, u8 bit, u16 words) {
  return {.clock = clock,
          .kind = slot_kind::injection,
          .flags = lane,
          .good_byte = bit,
          .count = words};
}

TEST(slot_errors, tells_of_each_lane_what_its_marker_lost) {
  receive_channel channel{{}};
  channel.light(0, true);
  slot_errors errors{channel, 16};
  EXPECT_EQ(errors.of(0, 100), nullptr) << "a clean marker";
  channel.inject(
      injected(204, 3, 24, 1));  // second word of the marker at 203: bit 24 is in `flags`
  EXPECT_EQ(errors.of(1, 195), nullptr);
  const marker_damage* damage = errors.of(2, 203);
  ASSERT_NE(damage, nullptr);
  EXPECT_TRUE(damage->stands(3)) << "flags are no part of what makes a marker stand";
  EXPECT_TRUE(damage->stands(4));
  const wire_slot sent{.kind = slot_kind::marker, .flags = 0x50, .count = 9, .lanes = 0xFFFF};
  EXPECT_EQ(damage->fields(3, sent).flags, 0x51);
  EXPECT_EQ(damage->fields(4, sent).flags, 0x50);
  EXPECT_EQ(damage->fields(3, sent).count, 9);
  EXPECT_EQ(damage->fields(3, sent).logical, 3);
}

TEST(slot_errors, a_marker_with_a_wrong_sync_word_does_not_stand) {
  receive_channel channel{{}};
  channel.light(0, true);
  channel.inject(injected(300, 7, 0, 1));
  slot_errors errors{channel, 16};
  const marker_damage* damage = errors.of(5, 300);
  ASSERT_NE(damage, nullptr);
  EXPECT_FALSE(damage->stands(7));
  EXPECT_TRUE(damage->stands(6));
}

TEST(slot_errors, judges_anew_when_it_is_told_to_forget) {
  receive_channel channel{{}};
  channel.light(0, true);
  slot_errors errors{channel, 16};
  EXPECT_EQ(errors.of(8, 400), nullptr);
  channel.inject(injected(400, 1, 0, 4));
  EXPECT_EQ(errors.of(8, 400), nullptr) << "remembered";
  errors.forget();
  EXPECT_NE(errors.of(8, 400), nullptr);
}

}  // namespace
}  // namespace lightrack::link
