// SPDX-License-Identifier: Apache-2.0
// tests/tb/coding_repair_test.cpp: lr_coding_top with spares, every lane map and width, and light
// FEC, against the bits of the flit model.
#include <Vcoding_16_2_fec.h>
#include <gtest/gtest.h>

#include <bit>
#include <vector>

#include "models/base/random.h"
#include "models/link/stream_codec.h"
#include "tb/bridge/coding_path.h"

namespace lightrack::bridge {
namespace {

using namespace link;

constexpr std::size_t lanes = 16;
constexpr std::size_t wavelengths = 18;
using path = coding_path<Vcoding_16_2_fec, 16, 2, true>;

/// Words of all lanes from the bytes of each, and back.
std::vector<lane_word> words_of_lanes(const lane_streams& streams) {
  std::vector<lane_word> words(streams[0].size() / 4);
  for (std::size_t lane = 0; lane < wavelengths; ++lane)
    for (std::size_t i = 0; i < streams[lane].size(); ++i)
      words[i / 4][lane] |= u32{streams[lane][i]} << 8 * (i % 4);
  return words;
}

/// A bitmap of 18 lanes of which at least 4 are good, and the map that follows from it.
u32 random_bitmap(u64 seed) {
  const u32 some = base::draw(seed, 1)[0] & 0x3FFFF;
  const u32 more = base::draw(seed, 1)[1] & 0x3FFFF;
  const u32 bitmap = seed % 3 == 0   ? some
                     : seed % 3 == 1 ? some | more
                                     : 0x3FFFF & ~(1U << seed % 18);
  return std::popcount(bitmap) >= 4 ? bitmap : 0x0F0F0;
}
std::vector<int> map_of(u32 bitmap) {
  const int good = std::popcount(bitmap);
  const std::size_t width = good >= 16 ? 16 : good >= 8 ? 8 : 4;
  std::vector<int> map;
  for (int lane = 0; map.size() < width; ++lane)
    if ((bitmap >> lane & 1) != 0) map.push_back(lane);
  return map;
}

stream_shape shape_of(u64 seed, u32 bitmap) {
  const auto r = base::draw(seed, 2);
  return {.lanes = 16,
          .spares = 2,
          .lane_map = map_of(bitmap),
          .marker_interval = static_cast<int>(1 + r[1] % 6),
          .first_count = static_cast<u16>(0xFFF8 + r[2] % 16),
          .flags = 0x50,
          .good_bitmap = r[3] & 0xFFFFFF,
          .fec = true};
}

std::vector<flit_content> random_contents(u64 seed, std::size_t count) {
  std::vector<flit_content> contents(count);
  for (u64 f = 0; f < count; ++f) {
    contents[f].header = base::mix64(seed + f) >> 16;
    for (std::size_t i = 0; i < contents[f].payload.size(); ++i)
      contents[f].payload[i] = static_cast<u8>(base::draw(seed, f + 3, i)[0]);
  }
  return contents;
}

std::vector<flit_bytes> coded(const std::vector<flit_content>& contents) {
  std::vector<flit_bytes> flits;
  for (const flit_content& c : contents)
    flits.push_back(flit_backend().encode(c.header, c.payload, true));
  return flits;
}

TEST(coding_repair, sends_the_bits_of_the_flit_model_on_any_good_lanes) {
  for (u64 seed = 1; seed <= 40; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    const u32 bitmap = random_bitmap(seed);
    const stream_shape shape = shape_of(seed, bitmap);
    const auto contents = random_contents(seed, 1 + seed % 14);
    const auto expected = words_of_lanes(flit_backend().spread(shape, coded(contents)));
    const auto sent = path{}.send(shape, contents, expected.size(), bitmap);
    ASSERT_EQ(sent.size(), expected.size());
    for (std::size_t w = 0; w < sent.size(); ++w)
      for (std::size_t lane = 0; lane < wavelengths; ++lane)
        ASSERT_EQ(sent[w][lane], expected[w][lane]) << "word " << w << " lane " << lane;
  }
}

TEST(coding_repair, corrects_one_byte_a_group_at_any_width) {
  u64 narrow = 0;
  for (u64 seed = 1; seed <= 40; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    const u32 bitmap = random_bitmap(seed);
    const stream_shape shape = shape_of(seed, bitmap);
    narrow += shape.lane_map.size() < lanes ? 1 : 0;
    const auto contents = random_contents(seed, 10);
    auto flits = coded(contents);
    std::vector<unsigned> groups(flits.size());
    for (u64 f = 0; f < flits.size(); ++f) {
      for (std::size_t g = 0; g < 3; ++g) {
        const auto r = base::draw(seed, 100 + f, g);
        if (r[0] % 2 == 0) continue;
        u8& byte = flits[f][3 * (r[1] % 85) + g];
        byte = static_cast<u8>(byte ^ (1 + r[2] % 255));
        groups[f] |= 1U << g;
      }
    }
    const auto words = words_of_lanes(flit_backend().spread(shape, flits));
    const rtl_reading reading = path{}.receive(shape.marker_interval, words, bitmap);
    ASSERT_EQ(reading.flits.size(), contents.size());
    for (std::size_t f = 0; f < contents.size(); ++f) {
      EXPECT_TRUE(reading.flits[f].good) << "flit " << f;
      EXPECT_EQ(reading.flits[f].corrected, groups[f]) << "flit " << f;
      EXPECT_EQ(reading.flits[f].header, contents[f].header) << "flit " << f;
      EXPECT_EQ(reading.flits[f].payload, contents[f].payload) << "flit " << f;
    }
    for (std::size_t lane = 0; lane < wavelengths; ++lane) EXPECT_EQ(reading.missed[lane], 0U);
  }
  EXPECT_GT(narrow, 10U);
}

TEST(coding_repair, says_bad_where_two_bytes_of_a_group_are_wrong) {
  const stream_shape shape = shape_of(1, 0x3FFFF);
  const auto contents = random_contents(1, 1);
  auto flits = coded(contents);
  flits[0][3] ^= 0x21;
  flits[0][30] ^= 0x21;
  const auto words = words_of_lanes(flit_backend().spread(shape, flits));
  const rtl_reading reading = path{}.receive(shape.marker_interval, words, 0x3FFFF);
  ASSERT_EQ(reading.flits.size(), 1U);
  EXPECT_FALSE(reading.flits[0].good);
  EXPECT_EQ(reading.flits[0].corrected, 0U);
}

}  // namespace
}  // namespace lightrack::bridge
