// SPDX-License-Identifier: Apache-2.0
// models/link/lane_map.h
// Which physical lanes of a direction carry logical ones, from the bitmap of those that are good.
//
// Source: docs/link-layer.md, 13.1. Both ends compute the same map of one direction.
//   map_lanes(0x1FB, 8) == {.lanes = 0x1FB, .width = 8, .shift = 0}   // a spare stands in for lane
//   2
#pragma once

#include <bit>

#include "models/link/marker.h"
#include "models/link/types.h"
#include "rtl/link_pkg.h"

namespace lightrack::link {

/// Logical lane i is the i-th one of `lanes`, lowest first. A width of 0 is no map.
struct lane_map {
  u32 lanes = 0;  ///< bit per physical lane that carries a logical one
  int width = 0;  ///< logical lanes: all, half or a quarter of the link's, never below 4
  int shift = 0;  ///< 0 full, 1 half, 2 quarter width
  friend bool operator==(const lane_map&, const lane_map&) = default;
};

/// Bits of all physical lanes.
[[nodiscard]] constexpr u32 lane_mask(int phys) { return (u32{1} << phys) - 1; }

/// f(b) of section 13.1: the widest of `lanes`, half and a quarter that the ones of `good` allow.
[[nodiscard]] constexpr lane_map map_lanes(u32 good, int lanes) {
  const int standing = std::popcount(good);
  for (int shift = 0; shift <= 2; ++shift) {
    const int width = lanes >> shift;
    if (width < static_cast<int>(pkg::least_lanes)) break;
    if (standing < width) continue;
    u32 used = good;
    for (int surplus = standing - width; surplus > 0; --surplus) used &= ~std::bit_floor(used);
    return {.lanes = used, .width = width, .shift = shift};
  }
  return {};
}

/// The map whose lanes are already chosen; a count of them that is no width is no map.
[[nodiscard]] constexpr lane_map map_of(u32 used, int lanes) {
  const lane_map map = map_lanes(used, lanes);
  return map.lanes == used ? map : lane_map{};
}

/// The logical lane on a physical one, as the marker shows it; no_logical_lane where there is none.
[[nodiscard]] constexpr u8 logical_lane(u32 used, int physical) {
  if ((used >> physical & 1) == 0) return no_logical_lane;
  return static_cast<u8>(std::popcount(used & lane_mask(physical)));
}

}  // namespace lightrack::link
