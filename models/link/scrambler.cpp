// SPDX-License-Identifier: Apache-2.0
#include "models/link/scrambler.h"

#include <algorithm>

#include "models/link/marker.h"

namespace lightrack::link {
namespace {

constexpr std::array<u32, 8> seeds = {0x1DBFBC, 0x0607BB, 0x1EC760, 0x18C0DB,
                                      0x010F12, 0x19CFC9, 0x0277CE, 0x1BB807};

// Product of two states as polynomials modulo the scrambler's own: one step is the product with x.
constexpr u32 product(u32 a, u32 b) {
  u32 sum = 0;
  for (int bit = 22; bit >= 0; --bit) {
    sum = scrambler_step(sum);
    if ((b >> bit & 1) != 0) sum ^= a;
  }
  return sum;
}

}  // namespace

u32 scrambler_seed(int physical_lane) { return seeds[static_cast<std::size_t>(physical_lane) % 8]; }

u32 scrambler_leap(u32 state, u64 steps) {
  u32 power = 2;  // x, x^2, x^4, ...
  for (; steps != 0; steps >>= 1) {
    if ((steps & 1) != 0) state = product(state, power);
    power = product(power, power);
  }
  return state;
}

u8 lane_scrambler::next_byte() {
  u32 byte = 0;
  for (int bit = 0; bit < 8; ++bit) {
    byte |= (state_ >> 22) << bit;
    state_ = scrambler_step(state_);
  }
  return static_cast<u8>(byte);
}

lane_keystream::lane_keystream(int lanes, int spares) : has_spares_{spares > 0} {
  const auto elements = static_cast<std::size_t>(lane_elements(lanes));
  for (int lane = 0; lane < lanes + spares; ++lane) {
    lane_scrambler bits{lane};
    for (lane_word& word : first_) {
      for (std::size_t e = 0; e < elements; ++e) {
        u32 value = 0;
        for (int shift = 0; shift < 32; shift += 8) value |= u32{bits.next_byte()} << shift;
        word[static_cast<std::size_t>(lane) * elements + e] = value;
      }
    }
  }
}

const lane_word& lane_keystream::next() {
  const u64 i = next_++;
  lane_word& word = ring_[i % depth];
  if (i < first_.size()) [[unlikely]] {
    word = first_[i];
    return word;
  }
  const lane_word& a = ring_[(i - 2) % depth];
  const lane_word& b = ring_[(i - 7) % depth];
  const lane_word& c = ring_[(i - 15) % depth];
  const lane_word& d = ring_[(i - 18) % depth];
  const lane_word& e = ring_[(i - 21) % depth];
  const lane_word& f = ring_[(i - 23) % depth];
  // By value, so that the loops are free of aliases.
  const auto sum = [&]<std::size_t from, std::size_t count>() {
    std::array<u32, count> part;
    for (std::size_t k = 0, at = from; k < count; ++k, ++at)
      part[k] = a[at] ^ b[at] ^ c[at] ^ d[at] ^ e[at] ^ f[at];
    std::ranges::copy(part, word.begin() + from);
  };
  sum.operator()<0, 16>();
  if (has_spares_) sum.operator()<16, 8>();
  return word;
}

}  // namespace lightrack::link
