// SPDX-License-Identifier: Apache-2.0
// models/optics/scatter.h
// What fabrication makes of each ring: where it stands cold, and its own free spectral range.
//
// Keyed by (seed, role path) such as "engine0.port3.rx.ring5": a ring is the same in every
// platform, whatever is built beside it and in whatever order.
//   const ring_scatter s = scatter_of(seed, "engine0.port3.rx.ring5", {.sigma_ghz = 80});
#pragma once

#include <cstdint>
#include <string_view>

namespace lightrack::optics {

struct scatter_params {
  double sigma_ghz = 80;        ///< of the cold resonance, Gaussian
  double fsr_tolerance = 0.01;  ///< half-range, uniform
  double range_tolerance = 0;   ///< of the heater's range, half-range, uniform
};

struct ring_scatter {
  double offset_ghz = 0;  ///< above where it was drawn
  double fsr_factor = 1;
  double range_factor = 1;
};

/// One standard normal value at a place of a stream: the polar method of Marsaglia, with the
/// project's own logarithm, so that every host has the same rings.
[[nodiscard]] double gaussian(std::uint64_t key, std::uint64_t index);

/// `index` counts samples of the same role.
[[nodiscard]] ring_scatter scatter_at(std::uint64_t key, std::uint64_t index,
                                      const scatter_params& p);
[[nodiscard]] ring_scatter scatter_of(std::uint64_t seed, std::string_view role,
                                      const scatter_params& p);

}  // namespace lightrack::optics
