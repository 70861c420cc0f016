// SPDX-License-Identifier: Apache-2.0
// tests/link/slot_grid_test.cpp: slots and markers in closed form against counting.
#include "models/link/slot_grid.h"

#include <gtest/gtest.h>

namespace lightrack::link {
namespace {

TEST(slot_grid, markers_lie_after_the_lead_and_after_each_interval) {
  const slot_grid grid{.first = 1000, .lead = 64, .interval = 100, .marker = 2};
  EXPECT_EQ(grid.clock(0), 1000);
  EXPECT_EQ(grid.clock(63), 1252);
  EXPECT_EQ(grid.clock(64), 1258);  // 4 of the flit, 2 of the marker
  EXPECT_EQ(grid.clock(163), 1654);
  EXPECT_EQ(grid.clock(164), 1660);
  EXPECT_EQ(grid.before_marker(0), 64U);
  EXPECT_EQ(grid.before_marker(63), 1U);
  EXPECT_EQ(grid.before_marker(64), 100U);
}

TEST(slot_grid, the_slot_of_a_clock_is_the_one_that_counting_finds) {
  for (const i64 marker : {1, 2, 4}) {
    const slot_grid grid{.first = 37, .lead = 64, .interval = 70, .marker = marker};
    u64 slot = 0;
    for (i64 n = 0; n < 3000; ++n) {
      while (grid.clock(slot) < n) ++slot;
      ASSERT_EQ(grid.at_or_after(n), slot) << "clock " << n << ", marker " << marker;
    }
  }
}

}  // namespace
}  // namespace lightrack::link
