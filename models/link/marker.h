// SPDX-License-Identifier: Apache-2.0
// models/link/marker.h
// One lane's marker: 128 unscrambled bits (docs/link-layer.md, section 5).
#pragma once

#include <array>

#include "models/link/types.h"

namespace lightrack::link {

inline constexpr u32 marker_sync = 0x3A5C96E1;
inline constexpr u8 no_logical_lane = 0xFF;
inline constexpr u8 flag_training = 1;
inline constexpr u8 flag_aligned = 2;
inline constexpr u8 flag_quiesce = 4;
inline constexpr u8 flag_wake = 8;
inline constexpr u8 flag_wake_answer = 0x40;  ///< with flag_wake
/// Wake markers that follow one with these flags.
[[nodiscard]] constexpr int wake_markers_left(u8 flags) { return flags >> 4 & 3; }

/// Marker length in clocks: 16 lanes 4, 8 lanes 2, 4 lanes 1.
[[nodiscard]] constexpr int marker_clocks(int lanes) { return lanes / 4; }
[[nodiscard]] constexpr int lane_bits(int lanes) { return 512 / lanes; }
/// Elements of a lane_word that one lane has.
[[nodiscard]] constexpr int lane_elements(int lanes) { return 16 / lanes; }

/// 32 bits an element, element 0 first on the wire, bit 0 first.
using marker_words = std::array<u32, 4>;

struct marker_fields {
  u8 physical = 0;
  u8 logical = no_logical_lane;
  u8 flags = 0;
  u16 count = 0;
  u8 bip = 0;
  u8 good_byte = 0;
  friend bool operator==(const marker_fields&, const marker_fields&) = default;
};

[[nodiscard]] constexpr marker_words build_marker(const marker_fields& m) {
  return {marker_sync,
          u32{m.physical} | u32{static_cast<u8>(~m.physical)} << 8 | u32{m.logical} << 16 | u32{m.flags} << 24,
          u32{m.count} | u32{m.bip} << 16 | u32{m.good_byte} << 24, ~marker_sync};
}

/// Sync word, its complement, the lane's own number and its complement all stand.
[[nodiscard]] constexpr bool marker_stands(const marker_words& w, int physical) {
  const u32 lane = static_cast<u32>(physical);
  return w[0] == marker_sync && w[3] == ~marker_sync && (w[1] & 0xFFFF) == (lane | (lane ^ 0xFF) << 8);
}

[[nodiscard]] constexpr marker_fields parse_marker(const marker_words& w) {
  return {.physical = static_cast<u8>(w[1]), .logical = static_cast<u8>(w[1] >> 16), .flags = static_cast<u8>(w[1] >> 24),
          .count = static_cast<u16>(w[2]), .bip = static_cast<u8>(w[2] >> 16), .good_byte = static_cast<u8>(w[2] >> 24)};
}

}  // namespace lightrack::link
