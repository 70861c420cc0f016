// SPDX-License-Identifier: Apache-2.0
// models/link/flit_codec.h
// 256 bytes from a header and a payload, and back: docs/link-layer.md, sections 2 and 3.
//
// Cost:   no allocation. Models judge errors by `error_syndrome` (with light FEC by `fec_judge`);
// bytes are made only at an RTL boundary or in tools.
#pragma once

#include <array>
#include <span>

#include "models/link/light_fec.h"
#include "models/link/types.h"

namespace lightrack::link {

inline constexpr int flit_size = 256;
inline constexpr int payload_size = 240;
inline constexpr int slot_size = 16;
inline constexpr int slots_per_flit = 15;

inline constexpr u8 kind_nop = 0;
inline constexpr u8 kind_data = 1;
inline constexpr u8 kind_ctrl = 2;
inline constexpr u8 ctrl_init = 1;

using flit_bytes = std::array<u8, flit_size>;
using payload_bytes = std::array<u8, payload_size>;

/// The header's fields, apart; `wire_slot::header` holds them packed.
struct flit_header {
  u8 kind = 0;
  u8 vc = 0;
  u16 seq = 0;
  u16 ack = 0;
  u8 nak = 0;
  u8 replay = 0;
  u8 slots = 0;
  u8 poison = 0;
  u8 crd_vc = 0;
  u16 crd = 0;
  u8 reserved = 0;
  friend bool operator==(const flit_header&, const flit_header&) = default;
};

/// The 48 bits of a header; fields wider than theirs are cut.
[[nodiscard]] constexpr u64 pack_header(const flit_header& h) {
  return (u64{h.kind} & 7) | (u64{h.vc} & 1) << 3 | (u64{h.seq} & 1023) << 4 |
         (u64{h.ack} & 1023) << 14 | (u64{h.nak} & 1) << 24 | (u64{h.replay} & 1) << 25 |
         (u64{h.slots} & 15) << 26 | (u64{h.poison} & 1) << 30 | (u64{h.crd_vc} & 1) << 31 |
         (u64{h.crd} & 1023) << 32 | (u64{h.reserved} & 63) << 42;
}
[[nodiscard]] constexpr flit_header unpack_header(u64 bits) {
  const auto field = [bits](int low, unsigned mask) {
    return static_cast<u16>((bits >> low) & mask);
  };
  const auto small = [bits](int low, unsigned mask) {
    return static_cast<u8>((bits >> low) & mask);
  };
  return {.kind = small(0, 7),
          .vc = small(3, 1),
          .seq = field(4, 1023),
          .ack = field(14, 1023),
          .nak = small(24, 1),
          .replay = small(25, 1),
          .slots = small(26, 15),
          .poison = small(30, 1),
          .crd_vc = small(31, 1),
          .crd = field(32, 1023),
          .reserved = small(42, 63)};
}

/// True for a good flit whose fields must not be used: reserved kind or bits, DATA without slots,
/// unknown CTRL.
[[nodiscard]] constexpr bool protocol_error(u64 header, u8 ctrl_byte0) {
  const u64 kind = header & 7;
  return kind > kind_ctrl || (header >> 42) != 0 ||
         (kind == kind_data && ((header >> 26) & 15) == 0) ||
         (kind == kind_ctrl && (ctrl_byte0 == 0 || ctrl_byte0 > 4));
}

[[nodiscard]] payload_bytes pack_init(const init_fields& init);
/// Reads the fields whatever byte 0 says; `payload` needs at least the 44 bytes that carry fields.
[[nodiscard]] init_fields unpack_init(std::span<const u8> payload);

/// With `fec` the six check bytes of section 4 are set; they are zero otherwise.
[[nodiscard]] flit_bytes encode_flit(u64 header, std::span<const u8, payload_size> payload,
                                     bool fec = false);

struct flit_verdict {
  bool good = false;
  bool crc0_ok = false;
  bool crc1_ok = false;
};
/// The CRCs of a flit as it stands; with `fec` CRC1 sees its check bytes as zero.
[[nodiscard]] flit_verdict decode_flit(std::span<const u8, flit_size> raw, bool fec = false);

/// A receiver with light FEC: corrects `raw` in place, then asks the CRCs.
struct fec_verdict {
  flit_verdict verdict{};
  fec_result fec{};
};
[[nodiscard]] fec_verdict correct_flit(std::span<u8, flit_size> raw);

/// Header and payload as they stand in the bytes, good or not.
[[nodiscard]] u64 header_of(std::span<const u8> raw);
[[nodiscard]] payload_bytes payload_of(std::span<const u8, flit_size> raw);
[[nodiscard]] u16 stored_crc0(std::span<const u8, flit_size> raw);
[[nodiscard]] u16 stored_crc1(std::span<const u8, flit_size> raw);

}  // namespace lightrack::link
