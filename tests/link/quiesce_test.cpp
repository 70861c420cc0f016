// SPDX-License-Identifier: Apache-2.0
// tests/link/quiesce_test.cpp
// Asking, answering, stopping and waking as rules alone, with clocks put in by hand.
#include "models/link/quiesce.h"

#include <gtest/gtest.h>

namespace lightrack::link {
namespace {

using slot = quiesce::slot;
constexpr i64 t1 = 344;  // round trip 82: 4 x 82 + 16

/// A side that asks since the NOP at `n`.
quiesce asking_since(i64 n) {
  quiesce side;
  side.idle_slot(n, true, 1, 1);
  return side;
}

TEST(quiesce, asks_at_the_slot_that_makes_the_quiet_long_enough) {
  quiesce side;
  side.idle_slot(100, true, 1, 3);
  side.idle_slot(104, true, 1, 3);
  EXPECT_EQ(side.next(), slot::none);
  EXPECT_FALSE(side.holds_data());
  side.idle_slot(108, true, 1, 3);
  EXPECT_EQ(side.next(), slot::request);
  EXPECT_TRUE(side.holds_data());
  EXPECT_EQ(side.quiet(), 0);
}

TEST(quiesce, half_width_slots_count_twice) {
  quiesce side;
  side.idle_slot(100, true, 2, 4);
  EXPECT_EQ(side.quiet(), 2);
  side.idle_slot(108, true, 2, 4);
  EXPECT_TRUE(side.asking());
}

TEST(quiesce, anything_to_do_begins_the_quiet_anew) {
  quiesce side;
  side.idle_slot(100, true, 1, 3);
  side.idle_slot(104, true, 1, 3);
  side.idle_slot(108, false, 1, 3);
  EXPECT_EQ(side.quiet(), 0);
  side.idle_slot(112, true, 1, 3);
  side.busy_slot();
  EXPECT_EQ(side.quiet(), 0);
}

TEST(quiesce, never_asks_with_quiesce_after_zero) {
  quiesce side;
  for (i64 n = 0; n < 4000; n += 4) side.idle_slot(n, true, 1, 0);
  EXPECT_EQ(side.standing(), 0);
}

TEST(quiesce, asks_four_times_and_no_more) {
  quiesce side = asking_since(96);
  i64 n = 100;
  for (int request = 0; request < 4; ++request, n += t1 + 4) {
    SCOPED_TRACE(request);
    ASSERT_EQ(side.next(), slot::request);
    side.request_sent(n);
    EXPECT_EQ(side.next(), slot::none);
    side.idle_slot(n + 4, true, 1, 1);  // the quiet does not count while asking
    EXPECT_EQ(side.next_expiry(t1), n + t1);
    side.expire(n + t1, t1);
  }
  EXPECT_FALSE(side.asking());
  EXPECT_EQ(side.standing(), 0);
}

TEST(quiesce, yes_stops_only_a_side_that_asks) {
  quiesce idle;
  idle.said_yes(100);
  EXPECT_EQ(idle.next(), slot::none);
  quiesce side = asking_since(96);
  side.request_sent(100);
  side.said_yes(400);
  EXPECT_EQ(side.next(), slot::stop);
  EXPECT_FALSE(side.asking());
}

TEST(quiesce, no_and_data_end_the_asking_with_a_request_still_pending) {
  quiesce side = asking_since(96);
  side.said_no(98);
  EXPECT_EQ(side.standing(), 0);
  side = asking_since(96);
  side.data_received(98);
  EXPECT_EQ(side.standing(), 0);
}

TEST(quiesce, a_decision_of_the_same_clock_comes_after_the_verdict) {
  quiesce side = asking_since(100);
  side.said_no(100);  // answers nothing: the side began to ask in this very clock
  EXPECT_TRUE(side.asking());
  side.said_yes(100);
  EXPECT_EQ(side.next(), slot::request);

  quiesce other;
  other.requested(200);
  EXPECT_TRUE(other.answer_sent(201, true));
  other.data_received(201);
  EXPECT_TRUE(other.holds_data());
  EXPECT_FALSE(other.yes_stands(201)) << "registered at 202";
  EXPECT_TRUE(other.yes_stands(202));
}

TEST(quiesce, answers_no_with_something_to_do_or_a_wake_of_its_own) {
  quiesce side;
  side.requested(100);
  EXPECT_EQ(side.next(), slot::answer);
  EXPECT_FALSE(side.answer_sent(103, false));
  EXPECT_EQ(side.standing(), 0);
  side.start_wake(false);
  side.requested(200);
  EXPECT_EQ(side.next(), slot::wake);
  EXPECT_FALSE(side.answer_sent(203, true));
}

TEST(quiesce, a_yes_lapses_after_t1_and_a_repeated_one_lasts_longer) {
  quiesce side;
  side.requested(100);
  EXPECT_TRUE(side.answer_sent(103, true));
  side.requested(300);
  EXPECT_TRUE(side.answer_sent(303, true));
  side.expire(103 + t1, t1);
  EXPECT_TRUE(side.holds_data());
  EXPECT_EQ(side.next_expiry(t1), 303 + t1);
  side.expire(303 + t1, t1);
  EXPECT_FALSE(side.holds_data());
}

TEST(quiesce, a_side_that_said_yes_does_not_ask_until_it_lapses) {
  quiesce side;
  side.requested(100);
  EXPECT_TRUE(side.answer_sent(103, true));
  for (i64 n = 107; n < 103 + t1; n += 4) side.idle_slot(n, true, 1, 2);
  EXPECT_FALSE(side.asking());
  side.expire(103 + t1, t1);
  side.idle_slot(451, true, 1, 2);
  EXPECT_TRUE(side.asking());
}

TEST(quiesce, both_ask_and_both_stop) {
  quiesce west = asking_since(96);
  quiesce east = asking_since(96);
  for (quiesce* side : {&west, &east}) {
    side->request_sent(100);
    side->requested(263);
    EXPECT_EQ(side->next(), slot::answer);
    EXPECT_TRUE(side->answer_sent(264, true));
    side->said_yes(427);
    EXPECT_EQ(side->next(), slot::stop);
    EXPECT_TRUE(side->yes_stands(428));
  }
}

TEST(quiesce, wakes_with_four_markers_that_count_down) {
  quiesce side = asking_since(96);
  side.start_wake(false);
  EXPECT_FALSE(side.asking());
  const std::array<u8, 4> flags{0x38, 0x28, 0x18, 0x08};
  for (std::size_t k = 0; k < flags.size(); ++k) {
    EXPECT_EQ(side.next(), slot::wake);
    EXPECT_TRUE(side.waking());
    const quiesce::wake_marker wake = side.wake_sent(100 + 4 * static_cast<i64>(k));
    EXPECT_EQ(wake.flags, flags[k]);
    EXPECT_EQ(wake.first, k == 0);
  }
  EXPECT_EQ(side.standing(), 0);
}

TEST(quiesce, answers_a_wake_once_and_never_an_answer) {
  quiesce side;
  side.wake_seen(100, true);
  EXPECT_EQ(side.standing(), 0);
  side.wake_seen(200, false);
  EXPECT_EQ(side.wake_sent(203).flags, 0x78);
  side.wake_seen(204, false);  // the second of the four that came
  EXPECT_EQ(side.wake_sent(207).flags, 0x68);
  side.wake_seen(208, false);
  EXPECT_EQ(side.wake_sent(211).flags, 0x58);
  EXPECT_EQ(side.wake_sent(215).flags, 0x48);
  side.wake_seen(215, false);  // its own last marker is decided in this clock: still under way
  EXPECT_EQ(side.standing(), 0);
}

TEST(quiesce, a_wake_seen_ends_asking_yes_and_stop) {
  quiesce side = asking_since(96);
  side.request_sent(100);
  side.requested(200);
  EXPECT_TRUE(side.answer_sent(203, true));
  side.said_yes(300);
  side.wake_seen(301, true);
  EXPECT_EQ(side.standing(), 0);
}

}  // namespace
}  // namespace lightrack::link
