// SPDX-License-Identifier: Apache-2.0
#include "models/link/heavy_fec.h"

#include <cmath>

#include "models/base/random.h"

namespace lightrack::link {
namespace {

constexpr int word_bits = rs544::symbols * rs544::symbol_bits;
// A code word of 5,440 bits at 4 wavelengths of 53.125 Gb/s; a decoder's typical 30 to 60 ns.
constexpr double word_fill_ns = word_bits / (4 * 53.125);
constexpr double typical_decode_ns = 45;

}  // namespace

std::optional<heavy_fec> heavy_fec::of(std::string_view profile) {
  if (profile == "SC25_PAM4")
    return heavy_fec{.fill_ns = word_fill_ns,
                     .decode_ns = typical_decode_ns,
                     .evidence =
                         "assumed: 25.6 ns fill and 45 ns decode (typical 30 to 60), within "
                         "the 150 ns of a hop (press: 100 to 200, FEC included)"};
  if (profile == "OCI_GEN1")
    return heavy_fec{.fill_ns = word_fill_ns,
                     .decode_ns = typical_decode_ns,
                     .evidence =
                         "assumed: 25.6 ns fill and 45 ns decode (typical 30 to 60), added "
                         "to 30 ns of engines (press); the hop of 100.6 ns holds both"};
  return std::nullopt;
}

double heavy_fec::flit_failure(double pre_fec_ber) {
  const double word = rs544::frame_failure(rs544::symbol_error_rate(pre_fec_ber));
  return 0.8 * word + 0.2 * word * (2 - word);
}

heavy_fec_histogram heavy_fec::draw(double pre_fec_ber, u64 key, u64 first, u64 words) {
  heavy_fec_histogram result;
  if (pre_fec_ber <= 0) {
    result.corrected[0] = words;
    return result;
  }
  // The code is linear: the zero word stands for all. Gaps between wrong bits are geometric; a
  // logarithm that is the same on every host keeps the counts so.
  const double log_right = base::exact_log(1 - pre_fec_ber);
  for (u64 n = first; n < first + words; ++n) {
    rs544::word w{};
    double bit = -1;
    for (u64 k = 0;; ++k) {
      const auto r = base::draw(key, n, k);
      bit += 1 + std::floor(base::exact_log(base::unit(r[0], r[1])) / log_right);
      if (bit >= word_bits) break;
      const auto at = static_cast<unsigned>(bit);
      w[at / rs544::symbol_bits] ^= static_cast<u16>(1U << at % rs544::symbol_bits);
    }
    const rs544::report seen = rs544::decode(w);
    if (seen.result == rs544::outcome::uncorrectable) {
      ++result.uncorrectable;
    } else if (w != rs544::word{}) {
      ++result.miscorrected;
    } else {
      ++result.corrected[static_cast<std::size_t>(seen.changed)];
    }
  }
  return result;
}

}  // namespace lightrack::link
