// SPDX-License-Identifier: Apache-2.0
// models/link/scrambler.h
// The additive scrambler: one LFSR per physical lane, restarted from the lane's seed after every
// marker.
//
// Cost:   the polynomial p obeys p(x)^32 = p(x^32), so whole words follow the bit recurrence:
//         word[i] = word[i-2] ^ word[i-7] ^ word[i-15] ^ word[i-18] ^ word[i-21] ^ word[i-23],
//         for all lanes of a clock at once; no LFSR is stepped after the first 23 words.
#pragma once

#include <array>

#include "models/base/checkpoint.h"
#include "models/link/types.h"

namespace lightrack::link {

[[nodiscard]] u32 scrambler_seed(int physical_lane);
/// The state after one step; the bit that the step puts out is bit 22 of `state`.
[[nodiscard]] constexpr u32 scrambler_step(u32 state) {
  return ((state << 1) & 0x7FFFFFU) ^ ((state >> 22) != 0 ? 0x210125U : 0U);
}
/// The state after `steps` steps, in log time.
[[nodiscard]] u32 scrambler_leap(u32 state, u64 steps);

/// The key stream of one lane, byte by byte: for tools; the stream codec uses `lane_keystream`.
class lane_scrambler {
 public:
  explicit lane_scrambler(int physical_lane)
      : seed_{scrambler_seed(physical_lane)}, state_{seed_} {}
  void restart() { state_ = seed_; }
  [[nodiscard]] u8 next_byte();
  [[nodiscard]] u32 state() const { return state_; }

 private:
  u32 seed_;
  u32 state_;
};

/// The key stream of all physical lanes of a link (4, 8 or 16 and spares), one clock at a time.
/// Elements behind lane_word_size() are zero.
class lane_keystream {
 public:
  explicit lane_keystream(int lanes, int spares = 0);
  void restart() { next_ = 0; }
  [[nodiscard]] const lane_word& next();
  void transfer(base::checkpoint& c) {
    auto& [has_spares, first, ring, clock] = *this;
    c.values(ring, clock);
  }

 private:
  static constexpr unsigned depth = 32;  // power of two above 23
  bool has_spares_;
  std::array<lane_word, 23> first_{};
  std::array<lane_word, depth> ring_{};
  u64 next_ = 0;
};

}  // namespace lightrack::link
