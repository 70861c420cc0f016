// SPDX-License-Identifier: Apache-2.0
#include "models/link/lane_spread.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace lightrack::link {
namespace {

using bytes16 = u8 __attribute__((vector_size(16)));
struct beat_block {
  bytes16 v[4];
};

// Byte j of a beat is byte j / lanes of lane j % lanes: the six bits of j turn left by 6 -
// log2(lanes), and turn back by log2(lanes) more. One turn is a perfect shuffle, byte i of the
// first half before byte i of the second: four instructions for 64 bytes, for any lane count.
beat_block shuffle(const beat_block& b) {
  const auto low = [](bytes16 x, bytes16 y) {
    return __builtin_shufflevector(x, y, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
  };
  const auto high = [](bytes16 x, bytes16 y) {
    return __builtin_shufflevector(x, y, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15,
                                   31);
  };
  return {{low(b.v[0], b.v[2]), high(b.v[0], b.v[2]), low(b.v[1], b.v[3]), high(b.v[1], b.v[3])}};
}

template <class Result, class Bytes>
Result shuffled(const Bytes& bytes, int times) {
  beat_block block;
  std::memcpy(&block, bytes.data(), sizeof block);
  for (int i = 0; i < times; ++i) block = shuffle(block);
  Result result{};
  std::memcpy(result.data(), &block, sizeof block);
  return result;
}

int log2_of(int lanes) { return std::countr_zero(static_cast<unsigned>(lanes)); }

// Where byte n of a lane of the flit lies: its word, element and shift.
struct byte_place {
  std::size_t word;
  std::size_t element;
  unsigned shift;
};
byte_place place_of(int lane, std::size_t n, int lanes) {
  const auto elements = static_cast<std::size_t>(lane_elements(lanes));
  const std::size_t element = n / 4;
  return {.word = element / elements,
          .element = static_cast<std::size_t>(lane) * elements + element % elements,
          .shift = static_cast<unsigned>(n % 4 * 8)};
}

bool in_order(const lane_map& map, int lanes) { return map.lanes == lane_mask(lanes); }

}  // namespace

std::array<lane_word, 4> stripe(std::span<const u8, flit_size> flit, int lanes) {
  using beat = std::array<u8, 64>;
  std::array<beat, 4> beats;
  std::copy_n(flit.data(), flit_size, beats[0].data());
  std::array<lane_word, 4> words;
  for (std::size_t i = 0; i < 4; ++i) words[i] = shuffled<lane_word>(beats[i], 6 - log2_of(lanes));
  return words;
}

std::array<u8, 64> destripe(const lane_word& word, int lanes) {
  return shuffled<std::array<u8, 64>>(word, log2_of(lanes));
}

void spread_flit(std::span<const u8, flit_size> flit, const lane_map& map, int lanes,
                 std::span<lane_word> words) {
  if (in_order(map, lanes)) {
    std::ranges::copy(stripe(flit, lanes), words.begin());
    return;
  }
  for (lane_word& word : words.first(std::size_t{4} << map.shift)) word = {};
  std::size_t logical = 0;
  for (u32 left = map.lanes; left != 0; left &= left - 1, ++logical) {
    const int lane = std::countr_zero(left);
    const auto width = static_cast<std::size_t>(map.width);
    for (std::size_t n = 0; n < flit_size / width; ++n) {
      const byte_place at = place_of(lane, n, lanes);
      words[at.word][at.element] |= u32{flit[n * width + logical]} << at.shift;
    }
  }
}

std::array<u8, 64> gather_beat(std::span<const lane_word> words, const lane_map& map, int lanes) {
  if (in_order(map, lanes)) return destripe(words[0], lanes);
  std::array<u8, 64> bytes{};
  std::size_t logical = 0;
  for (u32 left = map.lanes; left != 0; left &= left - 1, ++logical) {
    const int lane = std::countr_zero(left);
    const auto width = static_cast<std::size_t>(map.width);
    for (std::size_t n = 0; n < bytes.size() / width; ++n) {
      const byte_place at = place_of(lane, n, lanes);
      bytes[n * width + logical] = static_cast<u8>(words[at.word][at.element] >> at.shift);
    }
  }
  return bytes;
}

}  // namespace lightrack::link
