// SPDX-License-Identifier: Apache-2.0
// models/link/light_fec.h
// The optional FEC of a flit: three groups of bytes, in each of which one wrong byte is corrected
// (docs/link-layer.md, section 4).
//
// Technique: syndromes are linear, so what the decoder does to a received flit is what it does to
//         its wrong bits alone. `fec_judge` takes those and makes no byte.
// Cost:   whole flits: one table read and two XORs a byte (Horner, eight bytes of a group a step).
//         Errors: two XORs a wrong bit, then one table read a damaged group.
//   fec_protect(raw);                       // sender: the six check bytes
//   const fec_result seen = fec_correct(raw);  // receiver: then the CRCs decide
#pragma once

#include <array>
#include <span>

#include "models/link/crc16.h"
#include "models/link/types.h"

namespace lightrack::link {

inline constexpr int fec_group_count = 3;
inline constexpr int fec_check_begin = 248;  ///< check bytes are 248 .. 253; CRC1 sees zeros there
inline constexpr int fec_check_end = 254;

enum class fec_outcome : u8 {
  clean,      ///< both syndromes zero
  corrected,  ///< one byte changed; the right one, if no other in the group was wrong
  failed,     ///< more wrong bytes than one for certain; left as it is
};

/// What the decoder did, group by group.
struct fec_result {
  std::array<fec_outcome, fec_group_count> groups{};
  std::array<u8, fec_group_count> at{};    ///< byte of the flit that was changed, if corrected
  std::array<u8, fec_group_count> mask{};  ///< what was XORed to it; 0 unless corrected
};

/// Both syndromes of a group: sum c_i in bits 7:0, sum c_i a^(i div 3) in bits 15:8.
using fec_syndromes = std::array<u16, fec_group_count>;

[[nodiscard]] fec_syndromes fec_syndromes_of(std::span<const u8, 256> flit);
/// What the decoder makes of these syndromes.
[[nodiscard]] fec_result fec_decide(const fec_syndromes& syndromes);

/// Sets bytes 248 .. 253; all others must stand.
void fec_protect(std::span<u8, 256> flit);
/// Decodes in place.
fec_result fec_correct(std::span<u8, 256> flit);

/// What a wrong bit of the flit (0 .. 2047, wire order) adds to the syndromes of its group.
[[nodiscard]] u16 fec_column(int flit_bit);

/// Judges the wrong bits of one flit without its bytes: decoder, then CRCs. Exact, as both are
/// linear.
class fec_judge {
 public:
  void flip(int flit_bit) {
    u16& group = syndromes_[static_cast<std::size_t>(flit_bit / 8 % fec_group_count)];
    group = static_cast<u16>(group ^ fec_column(flit_bit));
    flip_crc(flit_bit);
  }
  /// Lets the decoder act; call once, after all flips.
  const fec_result& decide();
  [[nodiscard]] bool crc0_ok() const { return crc_.crc0_ok(); }
  [[nodiscard]] bool crc1_ok() const { return crc_.crc1_ok(); }
  [[nodiscard]] bool good() const { return crc_.good(); }

 private:
  void flip_crc(int flit_bit) {
    if (flit_bit < 8 * fec_check_begin || flit_bit >= 8 * fec_check_end) crc_.flip(flit_bit);
  }
  fec_syndromes syndromes_{};
  error_syndrome crc_{};
  fec_result result_{};
};

}  // namespace lightrack::link
