// SPDX-License-Identifier: Apache-2.0
// tests/link/burst_ring_test.cpp
#include "models/link/burst_ring.h"

#include <gtest/gtest.h>

namespace lightrack::link {
namespace {

TEST(burst_ring, gives_back_in_order_what_it_was_given_while_it_grows) {
  burst_ring<int> ring;
  EXPECT_TRUE(ring.empty());
  int given = 0;
  int taken = 0;
  // Three in, one out: it grows past 8, 16, 32 and 64 with its front anywhere in the ring.
  for (int round = 0; round < 50; ++round) {
    for (int k = 0; k < 3; ++k) ring.push(given++);
    EXPECT_EQ(ring.front(), taken);
    EXPECT_EQ(ring.back(), given - 1);
    ring.pop();
    ++taken;
  }
  ASSERT_EQ(ring.size(), 100U);
  for (burst_ring<int>& same = ring; !same.empty(); same.pop()) EXPECT_EQ(same.front(), taken++);
  EXPECT_EQ(taken, 150);
}

TEST(burst_ring, is_read_by_place_and_changed_at_its_ends) {
  burst_ring<int> ring;
  for (int k = 0; k < 20; ++k) ring.push(k);
  for (int k = 0; k < 5; ++k) ring.pop();
  EXPECT_EQ(ring[0], 5);
  EXPECT_EQ(ring[14], 19);
  ring.front() = 50;
  ring.back() = 190;
  EXPECT_EQ(ring[0], 50);
  EXPECT_EQ(ring[14], 190);
  ring.clear();
  EXPECT_EQ(ring.size(), 0U);
}

}  // namespace
}  // namespace lightrack::link
