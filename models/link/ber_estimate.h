// SPDX-License-Identifier: Apache-2.0
// models/link/ber_estimate.h
// The bit error rate of a receive lane from its BIP comparisons, as register `ber_estimate` shows
// it (docs/link-layer.md, section 13.1).
//
// Each comparison covers 8 parity bits. Over 64 of them (512 parity bits) E errors are counted; a
// parity bit over which bits are wrong at a mean of lambda is itself wrong with probability
// (1 - exp(-2 lambda)) / 2, so lambda = -ln(1 - 2 E/512) / 2. Cost: two additions a comparison.
#pragma once

#include "models/link/types.h"
#include "rtl/link_pkg.h"

namespace lightrack::link {

/// round(lambda x 2^16) for E = 0 ... 255; above that as for 255.
[[nodiscard]] u32 parity_lambda(u32 errors);
/// The register: bit 31 valid, bit 30 saturated, bits 17:0 lambda x 2^16.
[[nodiscard]] u32 ber_register(u32 errors, bool valid);
/// Bit error rate that a register value stands for; `interval` flits between markers, `width` lanes
/// that carry a logical one.
[[nodiscard]] double ber_of(u32 register_value, int interval, int width);

/// One lane's counts.
class ber_counter {
 public:
  /// One comparison with `errors` of 8 parity bits wrong.
  void compare(int errors) {
    sum_ += static_cast<u32>(errors);
    if (++count_ < pkg::ber_intervals) return;
    latched_ = sum_;
    valid_ = true;
    begin_anew();
  }
  /// ACTIVE and QUIESCE are left: what is latched stays.
  void begin_anew() {
    sum_ = 0;
    count_ = 0;
  }
  void reset() { *this = {}; }
  [[nodiscard]] u32 value() const { return ber_register(latched_, valid_); }

 private:
  u32 sum_ = 0;
  u32 count_ = 0;
  u32 latched_ = 0;
  bool valid_ = false;
};

}  // namespace lightrack::link
