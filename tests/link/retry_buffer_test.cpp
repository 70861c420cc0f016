// SPDX-License-Identifier: Apache-2.0
// tests/link/retry_buffer_test.cpp
#include "models/link/retry_buffer.h"

#include <gtest/gtest.h>

namespace lightrack::link {
namespace {

void store(retry_buffer& buffer, int flits) {
  for (int k = 0; k < flits; ++k)
    buffer.store({.payload = {.index = static_cast<u64>(buffer.next())}});
}

TEST(signed_difference, is_right_up_to_511_apart_and_across_the_wrap) {
  EXPECT_EQ(signed_difference(5, 3), 2);
  EXPECT_EQ(signed_difference(3, 5), -2);
  EXPECT_EQ(signed_difference(1, 1023), 2);
  EXPECT_EQ(signed_difference(1023, 1), -2);
  EXPECT_EQ(signed_difference(511, 0), 511);
  EXPECT_EQ(signed_difference(0, 511), -511);
}

TEST(retry_buffer, an_acknowledgement_outside_the_window_frees_nothing) {
  retry_buffer buffer;
  store(buffer, 3);
  EXPECT_EQ(buffer.freed_by(1023, 3), 0) << "nothing new";
  EXPECT_EQ(buffer.freed_by(2, 3), 3);
  EXPECT_EQ(buffer.freed_by(3, 3), -1) << "never sent";
  EXPECT_EQ(buffer.freed_by(1022, 3), -1) << "behind";
}

TEST(retry_buffer, a_replay_repeats_from_the_oldest_to_the_newest) {
  retry_buffer buffer;
  store(buffer, 5);
  buffer.free(2);
  buffer.start_replay();
  EXPECT_EQ(buffer.number_to_come(), 2);
  for (u64 number = 2; number < 5; ++number) {
    ASSERT_TRUE(buffer.replaying());
    EXPECT_EQ(buffer.repeat(100).payload.index, number);
  }
  EXPECT_FALSE(buffer.replaying());
  EXPECT_EQ(buffer.number_to_come(), 5);
}

TEST(retry_buffer, flits_freed_during_a_replay_are_skipped) {
  retry_buffer buffer;
  store(buffer, 5);
  buffer.start_replay();
  EXPECT_EQ(buffer.repeat(100).payload.index, 0U);
  buffer.free(3);
  EXPECT_EQ(buffer.repeat(104).payload.index, 3U);
  buffer.free(2);
  EXPECT_FALSE(buffer.replaying()) << "nothing left";
}

TEST(retry_buffer, a_request_for_the_number_just_replayed_is_served_for_a_round_trip) {
  retry_buffer buffer;
  store(buffer, 5);
  EXPECT_FALSE(buffer.just_replayed(100, 40)) << "no replay yet";
  buffer.start_replay();
  EXPECT_TRUE(buffer.just_replayed(500, 40)) << "its first flit is unsent";
  static_cast<void>(buffer.repeat(500));
  EXPECT_TRUE(buffer.just_replayed(539, 40));
  EXPECT_FALSE(buffer.just_replayed(540, 40));
  buffer.free(1);
  EXPECT_FALSE(buffer.just_replayed(501, 40)) << "another number";
}

TEST(retry_buffer, the_replay_on_entering_active_counts_from_its_first_flit) {
  retry_buffer buffer;
  store(buffer, 5);
  buffer.start_entry_replay();
  EXPECT_FALSE(buffer.just_replayed(500, 40));
  static_cast<void>(buffer.repeat(500));
  EXPECT_TRUE(buffer.just_replayed(501, 40));
}

}  // namespace
}  // namespace lightrack::link
