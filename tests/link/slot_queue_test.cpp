// SPDX-License-Identifier: Apache-2.0
// tests/link/slot_queue_test.cpp
#include "models/link/slot_queue.h"

#include <gtest/gtest.h>

namespace lightrack::link {
namespace {

TEST(slot_queue, finds_slots_by_clock_and_keeps_their_places_when_old_ones_go) {
  slot_queue queue{16};
  for (u64 k = 0; k < 1000; ++k) queue.push({.clock = static_cast<i64>(100 + 4 * k)});
  EXPECT_EQ(queue.find(0), 0U);
  EXPECT_EQ(queue.find(100), 0U);
  EXPECT_EQ(queue.find(101), 1U);
  EXPECT_EQ(queue.find(4096), 999U);
  EXPECT_EQ(queue.find(4097), queue.tail());
  queue.drop_before(2100);
  EXPECT_EQ(queue.head(), 500U);
  EXPECT_EQ(queue.find(0), 500U);
  EXPECT_EQ(queue.find(2104), 501U);
  EXPECT_EQ(queue[501].clock, 2104);
}

TEST(slot_queue, a_slot_lasts_as_its_kind_and_width_say) {
  const slot_queue wide{16};
  EXPECT_EQ(wide.length({.kind = slot_kind::marker}), 4);
  EXPECT_EQ(slot_queue{4}.length({.kind = slot_kind::marker}), 1);
  EXPECT_EQ(wide.length({.kind = slot_kind::flit}), 4);
  EXPECT_EQ(wide.length({.kind = slot_kind::altered, .shift = 2}), 16);
  EXPECT_EQ(wide.length({.kind = slot_kind::quiet}), never);
}

TEST(slot_queue, silence_cuts_the_slot_under_way) {
  slot_queue queue{16};
  queue.push({.clock = 100});
  queue.push({.clock = 104});
  queue.cut(108);
  EXPECT_EQ(queue[1].kind, slot_kind::flit) << "it was over";
  queue.cut(107);
  EXPECT_EQ(queue[1].kind, slot_kind::quiet);
  EXPECT_EQ(queue[0].kind, slot_kind::flit);
  queue.clear();
  queue.cut(200);  // nothing to cut
  EXPECT_EQ(queue.head(), queue.tail());
}

}  // namespace
}  // namespace lightrack::link
