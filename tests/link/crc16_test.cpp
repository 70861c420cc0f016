// SPDX-License-Identifier: Apache-2.0
#include "models/link/crc16.h"

#include <gtest/gtest.h>

#include <bit>
#include <set>
#include <vector>

#include "models/base/random.h"
#include "tests/link/golden.h"

namespace lightrack::link {
namespace {

// The register form of the specification, bit by bit.
u16 serial_crc(std::span<const u8> bytes, u16 crc) {
  for (const u8 byte : bytes) {
    for (int bit = 0; bit < 8; ++bit) {
      const bool fb = ((crc >> 15) ^ (byte >> bit & 1)) != 0;
      crc = static_cast<u16>((crc << 1) ^ (fb ? 0x8005 : 0));
    }
  }
  return crc;
}

TEST(crc16, of_123456789_is_bcdd) {
  const std::vector<u8> digits = {'1', '2', '3', '4', '5', '6', '7', '8', '9'};
  EXPECT_EQ(crc16(digits, crc0_initial), 0xBCDD);
}

TEST(crc16, matches_the_golden_vectors) {
  for (const auto& entry : golden::vectors()["crc"]) {
    SCOPED_TRACE(entry["name"]);
    EXPECT_EQ(crc16(golden::bytes(entry["input"]), crc0_initial), golden::number(entry["crc"]));
  }
}

TEST(crc16, by_eight_bytes_equals_bit_by_bit_at_any_length_and_start) {
  constexpr u64 seed = 11;
  for (u64 round = 0; round < 300; ++round) {
    SCOPED_TRACE(testing::Message() << "seed " << seed << " round " << round);
    const auto shape = base::draw(seed, round);
    std::vector<u8> bytes(shape[0] % 200);
    for (std::size_t i = 0; i < bytes.size(); ++i)
      bytes[i] = static_cast<u8>(base::draw(seed, round, i + 1)[0]);
    const auto initial = static_cast<u16>(shape[1]);
    EXPECT_EQ(crc16(bytes, initial), serial_crc(bytes, initial));
  }
}

TEST(crc16, half_counts_two_zero_bytes_where_the_crc_will_stand) {
  std::array<u8, 128> half{};
  for (std::size_t i = 0; i < 126; ++i) half[i] = static_cast<u8>(base::draw(12, i)[0]);
  const std::span<const u8, 126> data = std::span{half}.first<126>();
  EXPECT_EQ(crc16_half(data, crc0_initial), serial_crc(half, 0x0000));
  EXPECT_EQ(crc16_half(data, crc1_initial), serial_crc(half, 0xFFFF));
}

TEST(crc16, of_a_flit_is_that_of_its_halves) {
  for (u64 flit = 0; flit < 100; ++flit) {
    std::array<u8, 256> raw;
    for (std::size_t i = 0; i < raw.size(); ++i)
      raw[i] = static_cast<u8>(base::draw(14, flit, i)[0]);
    const std::span<const u8, 256> all{raw};
    const auto [crc0, crc1] = crc16_flit(all);
    EXPECT_EQ(crc0, crc16_half(all.subspan<0, 126>(), crc0_initial));
    EXPECT_EQ(crc1, crc16_half(all.subspan<128, 126>(), crc1_initial));
  }
}

TEST(crc16, column_is_what_a_wrong_bit_of_a_stored_half_does) {
  std::array<u8, 128> half{};
  for (std::size_t i = 0; i < 128; ++i) half[i] = static_cast<u8>(base::draw(13, i)[0]);
  const auto mismatch = [&half] {
    const std::span<const u8, 126> data = std::span{half}.first<126>();
    return crc16_half(data, crc1_initial) ^ (half[126] | half[127] << 8);
  };
  const int clean = mismatch();
  for (int bit = 0; bit < half_bits; ++bit) {
    u8& byte = half[static_cast<std::size_t>(bit / 8)];
    const u8 kept = byte;
    byte = static_cast<u8>(byte ^ 1 << bit % 8);
    EXPECT_EQ(mismatch() ^ clean, crc16_column(bit)) << "bit " << bit;
    byte = kept;
  }
}

// The proof that any 1, 2 or 3 wrong bits of a half are caught. What they add is the XOR of their
// columns: one or three of odd parity have odd parity, so not zero; two are zero only if they are
// equal.
TEST(crc16, all_1024_columns_are_distinct_and_of_odd_parity) {
  std::set<u16> seen;
  for (int bit = 0; bit < half_bits; ++bit) {
    EXPECT_EQ(std::popcount(crc16_column(bit)) % 2, 1) << "bit " << bit;
    seen.insert(crc16_column(bit));
  }
  EXPECT_EQ(seen.size(), 1024U);
}

TEST(error_syndrome, four_bits_of_the_golden_vector_pass_unseen) {
  const auto& entry = golden::vectors()["must_pass_unseen"][0];
  error_syndrome errors;
  int flipped = 0;
  for (const int bit : entry["bits"]) {
    errors.flip(bit);
    ++flipped;
    EXPECT_EQ(errors.good(), flipped == 4) << "after bit " << bit;
  }
}

TEST(error_syndrome, tells_the_half_that_is_wrong) {
  error_syndrome first;
  first.flip(1023);
  EXPECT_FALSE(first.crc0_ok());
  EXPECT_TRUE(first.crc1_ok());
  error_syndrome second;
  second.flip(1024);
  EXPECT_TRUE(second.crc0_ok());
  EXPECT_FALSE(second.crc1_ok());
  EXPECT_FALSE(second.good());
}

}  // namespace
}  // namespace lightrack::link
