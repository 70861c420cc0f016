// SPDX-License-Identifier: Apache-2.0
// tests/link/lane_map_test.cpp
// f(b) of docs/link-layer.md, 13.1, against its words: for every bitmap of 8 lanes and a spare.
#include "models/link/lane_map.h"

#include <gtest/gtest.h>

#include <vector>

namespace lightrack::link {
namespace {

TEST(lane_map, every_bitmap_of_8_lanes_and_a_spare) {
  int full = 0;
  int half = 0;
  int none = 0;
  for (u32 good = 0; good < 512; ++good) {
    std::vector<int> ones;
    for (int lane = 0; lane < 9; ++lane)
      if ((good >> lane & 1) != 0) ones.push_back(lane);
    const std::size_t width = ones.size() >= 8 ? 8 : ones.size() >= 4 ? 4 : 0;
    const lane_map map = map_lanes(good, 8);
    ASSERT_EQ(map.width, static_cast<int>(width)) << "bitmap " << good;
    ++(width == 8 ? full : width == 4 ? half : none);
    for (int lane = 0; lane < 9; ++lane) {
      u8 logical = no_logical_lane;
      for (std::size_t i = 0; i < width; ++i)
        if (ones[i] == lane) logical = static_cast<u8>(i);
      ASSERT_EQ(logical_lane(map.lanes, lane), logical) << "bitmap " << good << " lane " << lane;
      ASSERT_EQ(map.lanes >> lane & 1, logical != no_logical_lane ? 1U : 0U);
    }
    ASSERT_EQ(map.shift, width == 4 ? 1 : 0);
  }
  EXPECT_EQ(full, 1 + 9);
  EXPECT_EQ(half, 36 + 84 + 126 + 126);
  EXPECT_EQ(none, 84 + 36 + 9 + 1);
}

TEST(lane_map, widths_by_the_number_of_good_lanes) {
  EXPECT_EQ(map_lanes(0xFFFF, 16), (lane_map{0xFFFF, 16, 0}));
  EXPECT_EQ(map_lanes(0x1FFFF, 16), (lane_map{0xFFFF, 16, 0})) << "the spare is not needed";
  EXPECT_EQ(map_lanes(0x1FFFE, 16), (lane_map{0x1FFFE, 16, 0}));
  EXPECT_EQ(map_lanes(0xFFFE, 16), (lane_map{0x01FE, 8, 1}));
  EXPECT_EQ(map_lanes(0x10FE, 16), (lane_map{0x10FE, 8, 1}));
  EXPECT_EQ(map_lanes(0x00FE, 16), (lane_map{0x001E, 4, 2}));
  EXPECT_EQ(map_lanes(0xF000, 16), (lane_map{0xF000, 4, 2}));
  EXPECT_EQ(map_lanes(0x7000, 16), lane_map{});
  EXPECT_EQ(map_lanes(0x3F, 4), (lane_map{0x0F, 4, 0}));
  EXPECT_EQ(map_lanes(0x2E, 4), (lane_map{0x2E, 4, 0}));
  EXPECT_EQ(map_lanes(0x07, 4), lane_map{}) << "4 lanes know no half width";
}

}  // namespace
}  // namespace lightrack::link
