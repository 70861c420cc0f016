// SPDX-License-Identifier: Apache-2.0
// models/link/heavy_fec.h
// What RS(544,514) costs and gives in the engine profiles that have it: rate, latency, failures.
//
// Time:   the latencies are parts of the profile's hop (engine_profile::hop_ns), not to be added.
// Not modelled: bursts within a code word and interleaving; bit errors are independent.
//   heavy_fec fec = *heavy_fec::of("SC25_PAM4");  fec.flit_failure(1e-6);
#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "models/base/engine_profile.h"
#include "models/link/rs544.h"
#include "models/link/types.h"

namespace lightrack::link {

/// Code words by what the decoder did.
struct heavy_fec_histogram {
  std::array<u64, rs544::correctable + 1> corrected{};  ///< [symbols], right ones; 0 = clean
  u64 uncorrectable = 0;
  u64 miscorrected = 0;  ///< taken for another code word
  friend bool operator==(const heavy_fec_histogram&, const heavy_fec_histogram&) = default;
};

struct heavy_fec {
  double encode_ns = 0;  ///< systematic: data pass, parity follows in its own time
  double fill_ns = 0;    ///< until a whole code word stands in the decoder
  double decode_ns = 0;
  std::string_view evidence;

  /// None for a profile without RS(544,514), or unknown.
  [[nodiscard]] static std::optional<heavy_fec> of(std::string_view profile);

  [[nodiscard]] double latency_ns() const { return encode_ns + fill_ns + decode_ns; }
  /// Line bits over payload bits of the code alone, and with the 257/256 transcoding before it:
  /// 17/16, so that 53.125 Gb/s carry 50.
  static constexpr double code_rate = double{rs544::symbols} / rs544::data_symbols;
  static constexpr double line_rate = base::rs544_line_rate;
  static constexpr int payload_bits = rs544::data_symbols * rs544::symbol_bits * 256 / 257;

  /// Probability that a 2,048-bit flit lies, with a part at least, in a code word that failed. A
  /// code word holds 5,120 payload bits, so of five flits in two words one lies in both.
  [[nodiscard]] static double flit_failure(double pre_fec_ber);
  /// Code words `first` .. `first + words` - 1 of stream `key` through the real codec. Words do not
  /// depend on each other: batches add up to the whole.
  [[nodiscard]] static heavy_fec_histogram draw(double pre_fec_ber, u64 key, u64 first, u64 words);
};
static_assert(heavy_fec::payload_bits == 5120);
static_assert(heavy_fec::line_rate == heavy_fec::code_rate * 257 / 256);

}  // namespace lightrack::link
