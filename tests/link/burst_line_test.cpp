// SPDX-License-Identifier: Apache-2.0
// tests/link/burst_line_test.cpp: slots, markers and headers of one direction.
#include "models/link/burst_line.h"

#include <gtest/gtest.h>

namespace lightrack::link {
namespace {

// Slots at 100, 104, 108, a marker at 112, slots from 116 on, a marker after each 5.
burst_line line_of(double ber = 0) {
  channel_params p;
  p.ber = {ber};
  burst_line line{p, false};
  line.grid = {.first = 100, .lead = 3, .interval = 5, .marker = 4, .flit = 4};
  line.next_d = 100;
  line.left = 3;
  line.forget_errors();
  return line;
}

TEST(burst_line, passes_a_marker_after_each_interval) {
  burst_line line = line_of();
  EXPECT_FALSE(line.skip(2));
  EXPECT_EQ(line.next_d, 108);
  EXPECT_FALSE(line.behind_marker());
  EXPECT_TRUE(line.skip(1));
  EXPECT_EQ(line.next_d, 116) << "the marker takes 4 clocks";
  EXPECT_EQ(line.left, 5U);
  EXPECT_TRUE(line.behind_marker());
  EXPECT_EQ(line.marker_count, 1);
  EXPECT_TRUE(line.skip(5));
  EXPECT_EQ(line.next_d, 140);
  EXPECT_EQ(line.slot, 8U);
  EXPECT_EQ(line.next_d, line.grid.clock(line.slot));
}

TEST(burst_line, counts_the_slots_up_to_a_clock) {
  const burst_line line = line_of();
  EXPECT_EQ(line.slots_until(101), 1U);
  EXPECT_EQ(line.slots_until(104), 1U);
  EXPECT_EQ(line.slots_until(105), 2U);
}

TEST(burst_line, headers_speak_of_the_channels_by_turns) {
  burst_line line = line_of();
  line.parity = 1;  // slot 0 speaks of VC1, slot 1 of VC0
  EXPECT_EQ(line.headers(99), 0U);
  EXPECT_EQ(line.headers(100), 1U);
  EXPECT_EQ(line.headers(107), 2U);
  EXPECT_EQ(line.headers(107, 1), 1U) << "slot 0";
  EXPECT_EQ(line.headers(108, 1), 3U) << "slot 2";
  EXPECT_EQ(line.first_header(101, 0), 1U);
  EXPECT_EQ(line.first_header(105, 0), 3U) << "behind the marker";
}

TEST(burst_line, a_bad_slot_tells_nothing) {
  burst_line line = line_of(1e-6);
  line.note_bad_slot(2);
  EXPECT_EQ(line.headers(108), 2U) << "slot 2 is lost, slot 1 was heard";
  EXPECT_EQ(line.first_header(105), 3U);
  EXPECT_EQ(line.bad_from(2), 1U);
  EXPECT_EQ(line.bad_from(3), 0U);
}

TEST(burst_line, finds_the_wrong_bits_that_the_channel_has) {
  burst_line line = line_of(1e-6);
  channel_params p;
  p.ber = {1e-6};
  receive_channel channel{p};
  i64 from = 0;
  for (int hit = 0; hit < 20; ++hit) {
    i64 expected = channel.next_error_clock(from, 1'000'000'000);
    EXPECT_EQ(line.first_error(from, 1'000'000'000), expected);
    EXPECT_EQ(line.first_error(from, expected), expected) << "asked again, and less far";
    from = expected + 1;
  }
}

TEST(add_events, joins_those_that_go_on_at_the_same_pitch) {
  burst_ring<burst_events> list;
  add_events(list, {.first = 7, .count = 2, .clock = 100}, 4);
  add_events(list, {.first = 9, .count = 3, .clock = 108}, 4);
  ASSERT_EQ(list.size(), 1U);
  EXPECT_EQ(list.front().count, 5U);
  add_events(list, {.first = 12, .count = 1, .clock = 121}, 4);
  EXPECT_EQ(list.size(), 2U) << "a clock late";
}

}  // namespace
}  // namespace lightrack::link
