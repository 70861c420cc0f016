// SPDX-License-Identifier: Apache-2.0
// models/link/rs544.h
// RS(544,514) over GF(2^10), the KP4 code of IEEE 802.3: 514 data symbols, 30 parity symbols, 15
// corrected.
//
// Field: x^10 + x^3 + 1, a = 2. Generator: the product of (x - a^i), i = 0 .. 29. Symbol 0 is sent
// first and has the highest power, x^543; parity stands last.
// Cost:   no allocation. Encoder: 30 multiplications a symbol. Decoder: an error-free word costs 30
//         Horner sums; a wrong one Berlekamp-Massey, a Chien search over 544 places, Forney.
// Not modelled: the 257/256 transcoding, symbol distribution and alignment markers of a PCS.
//   rs544::word w{...};  rs544::encode(w);  const rs544::report seen = rs544::decode(w);
#pragma once

#include <array>

#include "models/link/types.h"

namespace lightrack::link::rs544 {

inline constexpr int symbols = 544;
inline constexpr int data_symbols = 514;
inline constexpr int parity_symbols = symbols - data_symbols;
inline constexpr int correctable = parity_symbols / 2;
inline constexpr int symbol_bits = 10;

using word = std::array<u16, symbols>;  ///< values 0 .. 1023

enum class outcome : u8 {
  clean,          ///< all syndromes zero
  corrected,      ///< a code word within 15 symbols was found: the one sent, or rarely another
  uncorrectable,  ///< none is within 15 symbols for certain: nothing was changed
};
struct report {
  outcome result = outcome::clean;
  int changed = 0;  ///< symbols, at most 15
};

/// Sets the 30 parity symbols from the 514 before them.
void encode(word& w);
/// Decodes in place.
report decode(word& w);

/// Probability that more than 15 of 544 symbols are wrong, each with probability
/// `symbol_error_rate` (0 .. 1), independently. Binomial tail, summed in logarithms from its
/// largest term: good to 1e-9 relative down to the smallest normal number.
[[nodiscard]] double frame_failure(double symbol_error_rate);
/// Probability that at least one of the 10 bits of a symbol is wrong.
[[nodiscard]] double symbol_error_rate(double bit_error_rate);

}  // namespace lightrack::link::rs544
