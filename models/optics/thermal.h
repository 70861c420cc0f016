// SPDX-License-Identifier: Apache-2.0
// models/optics/thermal.h
// The temperature of a die as a function of time, and the heat that neighboring heaters leak.
//
// A profile is one segment: constant, a ramp from a value to another with a slew, or a step. What
// comes next replaces it, from the value that it has reached.
// Not modelled: gradients across a die; the thermal network of a blade gives the profiles.
//   const auto t = die_temperature::ramp(62.5, 102.5, 800, now);  t.at(now + 50 * ms) == 102.5;
#pragma once

#include <cstdint>
#include <span>

namespace lightrack::optics {

/// Simulated time in femtoseconds, as everywhere.
using time_fs = std::int64_t;
inline constexpr time_fs us = 1'000'000'000;
inline constexpr time_fs ms = 1000 * us;
inline constexpr time_fs never = INT64_MAX;
[[nodiscard]] constexpr double seconds(time_fs t) { return static_cast<double>(t) * 1e-15; }

struct die_temperature {
  time_fs start = 0;
  time_fs end = 0;  ///< from here on `to_c`
  double from_c = 0;
  double to_c = 0;
  double slew_k_per_s = 0;  ///< signed: warming is positive

  [[nodiscard]] static die_temperature constant(double celsius);
  /// `slew_k_per_s` > 0 is the magnitude; the direction follows from the two ends.
  [[nodiscard]] static die_temperature ramp(double from_c, double to_c, double slew_k_per_s,
                                            time_fs start);
  /// From `at` on it is `to_c`.
  [[nodiscard]] static die_temperature step(double from_c, double to_c, time_fs at);

  [[nodiscard]] double at(time_fs t) const {
    if (t >= end) return to_c;
    return t <= start ? from_c : from_c + slew_k_per_s * seconds(t - start);
  }
  /// False if it has the same value at both times and all times between them.
  [[nodiscard]] bool moves(time_fs from, time_fs to) const { return to > start && from < end; }
};

/// Shift that the two neighbors of each ring in a row leak into it: `share` (1 to 3 %) of theirs.
/// Both spans have one value a ring, in GHz.
void neighbor_heat(std::span<const double> shift_ghz, double share, std::span<double> leak_ghz);

}  // namespace lightrack::optics
