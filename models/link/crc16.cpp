// SPDX-License-Identifier: Apache-2.0
#include "models/link/crc16.h"

#include <array>
#include <bit>
#include <cstring>

namespace lightrack::link {
namespace {

static_assert(std::endian::native == std::endian::little, "eight bytes are taken as one word");

// Bits enter lowest first, so the register is kept mirrored: it shifts right, and a byte meets it
// without turning.
constexpr u16 mirrored_poly = 0xA001;

constexpr u16 mirror(u16 v) {
  v = static_cast<u16>((v & 0x5555) << 1 | (v >> 1 & 0x5555));
  v = static_cast<u16>((v & 0x3333) << 2 | (v >> 2 & 0x3333));
  v = static_cast<u16>((v & 0x0F0F) << 4 | (v >> 4 & 0x0F0F));
  return static_cast<u16>(v << 8 | v >> 8);
}

constexpr u16 step(u16 mirrored) {
  return static_cast<u16>((mirrored >> 1) ^ ((mirrored & 1) != 0 ? mirrored_poly : 0));
}

using byte_table = std::array<u16, 256>;

// tables[k][b]: what byte b adds when k more bytes follow it.
constexpr std::array<byte_table, 8> tables = [] {
  std::array<byte_table, 8> t{};
  for (std::size_t b = 0; b < 256; ++b) {
    u16 v = static_cast<u16>(b);
    for (int i = 0; i < 8; ++i) v = step(v);
    t[0][b] = v;
  }
  for (std::size_t k = 1; k < 8; ++k) {
    for (std::size_t b = 0; b < 256; ++b) {
      const u16 before = t[k - 1][b];
      t[k][b] = static_cast<u16>(before >> 8 ^ t[0][before & 0xFF]);
    }
  }
  return t;
}();

constexpr std::array<u16, half_bits> columns = [] {
  std::array<u16, half_bits> c{};
  for (int k = 0; k < 16; ++k)
    c[static_cast<std::size_t>(half_bits - 16 + k)] = static_cast<u16>(1 << k);
  // A wrong data bit, and the zeros after it; the last data bit has the 16 zeros of the stored CRC
  // behind it.
  u16 v = mirrored_poly;
  for (int i = 0; i < 16; ++i) v = step(v);
  for (int bit = half_bits - 17; bit >= 0; --bit) {
    c[static_cast<std::size_t>(bit)] = mirror(v);
    v = step(v);
  }
  return c;
}();

u16 eight_bytes(u16 mirrored, u64 word) {
  word ^= mirrored;
  return static_cast<u16>(tables[7][word & 0xFF] ^ tables[6][word >> 8 & 0xFF] ^
                          tables[5][word >> 16 & 0xFF] ^ tables[4][word >> 24 & 0xFF] ^
                          tables[3][word >> 32 & 0xFF] ^ tables[2][word >> 40 & 0xFF] ^
                          tables[1][word >> 48 & 0xFF] ^ tables[0][word >> 56]);
}

u64 load(const u8* bytes, std::size_t count) {
  u64 word = 0;
  std::memcpy(&word, bytes, count);
  return word;
}

}  // namespace

u16 crc16(std::span<const u8> bytes, u16 initial) {
  u16 crc = mirror(initial);
  std::size_t at = 0;
  for (; at + 8 <= bytes.size(); at += 8) crc = eight_bytes(crc, load(bytes.data() + at, 8));
  for (; at < bytes.size(); ++at)
    crc = static_cast<u16>(crc >> 8 ^ tables[0][(crc ^ bytes[at]) & 0xFF]);
  return mirror(crc);
}

u16 crc16_half(std::span<const u8, 126> bytes, u16 initial) {
  u16 crc = mirror(initial);
  for (std::size_t at = 0; at < 120; at += 8) crc = eight_bytes(crc, load(bytes.data() + at, 8));
  return mirror(eight_bytes(crc, load(bytes.data() + 120, 6)));
}

crc_pair crc16_flit(std::span<const u8, 256> flit) {
  const u8* first = flit.data();
  const u8* second = first + 128;
  u16 crc0 = mirror(crc0_initial);
  u16 crc1 = mirror(crc1_initial);
  for (std::size_t at = 0; at < 120; at += 8) {
    crc0 = eight_bytes(crc0, load(first + at, 8));
    crc1 = eight_bytes(crc1, load(second + at, 8));
  }
  return {.crc0 = mirror(eight_bytes(crc0, load(first + 120, 6))),
          .crc1 = mirror(eight_bytes(crc1, load(second + 120, 6)))};
}

u16 crc16_column(int bit) { return columns[static_cast<std::size_t>(bit)]; }

}  // namespace lightrack::link
