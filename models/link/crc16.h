// SPDX-License-Identifier: Apache-2.0
// models/link/crc16.h
// The flit's CRC-16 (0x8005, no inversion) and what an error pattern does to it.
//
// Cost:   slicing by eight: a half flit is 16 table rounds. A wrong bit is one XOR, no byte is
// touched.
//   const auto [crc0, crc1] = crc16_flit(flit);
#pragma once

#include <span>

#include "models/link/types.h"

namespace lightrack::link {

inline constexpr u16 crc0_initial = 0x0000;
inline constexpr u16 crc1_initial = 0xFFFF;
inline constexpr int half_bits = 1024;  ///< 126 bytes and their CRC, as stored

/// CRC register after `bytes`, bits of each byte lowest first; no zero bytes are added.
[[nodiscard]] u16 crc16(std::span<const u8> bytes, u16 initial);

/// CRC of half a flit: its 126 bytes and the two zero bytes that stand for the CRC.
[[nodiscard]] u16 crc16_half(std::span<const u8, 126> bytes, u16 initial);

/// CRC0 and CRC1 of a flit as they belong there. Two registers at once: each waits for its table,
/// not for the other.
struct crc_pair {
  u16 crc0 = 0;
  u16 crc1 = 0;
};
[[nodiscard]] crc_pair crc16_flit(std::span<const u8, 256> flit);

/// What a wrong bit of a stored half (0 .. half_bits - 1, wire order) adds to computed XOR stored
/// CRC.
[[nodiscard]] u16 crc16_column(int bit);

/// Judges the wrong bits of one flit (2,048 bits, wire order) without its bytes; exact, as the CRC
/// is linear.
class error_syndrome {
 public:
  void flip(int flit_bit) {
    half_[flit_bit / half_bits] =
        static_cast<u16>(half_[flit_bit / half_bits] ^ crc16_column(flit_bit % half_bits));
  }
  [[nodiscard]] bool crc0_ok() const { return half_[0] == 0; }
  [[nodiscard]] bool crc1_ok() const { return half_[1] == 0; }
  [[nodiscard]] bool good() const { return crc0_ok() && crc1_ok(); }

 private:
  u16 half_[2] = {0, 0};
};

}  // namespace lightrack::link
