// SPDX-License-Identifier: Apache-2.0
// models/optics/decibel.h
// Ratios and powers in decibels, the same bits on every host: logarithm and exponential are the
// project's own, so that what they feed (bit error rates) may enter a simulated result.
#pragma once

#include "models/base/random.h"

namespace lightrack::optics {

inline constexpr double ln_10 = 2.30258509299404568402;

/// 10 log10 of a power ratio above zero.
[[nodiscard]] inline double db(double ratio) { return 10 * (base::exact_log(ratio) / ln_10); }
/// The power ratio of so many decibels.
[[nodiscard]] inline double ratio(double decibels) {
  return base::exact_exp(decibels * (ln_10 / 10));
}
[[nodiscard]] inline double mw_of_dbm(double dbm) { return ratio(dbm); }
[[nodiscard]] inline double dbm_of_mw(double mw) { return db(mw); }

}  // namespace lightrack::optics
