// SPDX-License-Identifier: Apache-2.0
// models/optics/grid.h
// The wavelengths of one bus: evenly spaced lines around a center, and the free spectral range
// (FSR) after which a ring meets its next order.
//
// Frequencies are in GHz. A bus holds `lines` wavelengths for data and `spares` beside them; the
// FSR must be (lines + spares) x spacing within tolerance, so that a ring pushed past one end of
// the bus comes back at the other and a hop by one FSR is a hop by one bus.
//   const grid g = make_grid({.lines = 16});  g.line_ghz(0) == 229'100;  g.fold(3'000) == -200;
#pragma once

namespace lightrack::optics {

struct grid_params {
  int lines = 16;
  int spares = 0;
  double center_thz = 230.6;
  double spacing_ghz = 200;
  double fsr_thz = 0;  ///< of the rings; 0 = (lines + spares) x spacing
  double fsr_tolerance = 0.01;
};

struct grid {
  int lines = 0;  ///< spares included
  double center_ghz = 0;
  double spacing_ghz = 0;
  double fsr_ghz = 0;

  /// f_k = center + (k - (N-1)/2) spacing, k from 0 to N-1, optics equation 1.
  [[nodiscard]] double line_ghz(int k) const {
    return center_ghz + (k - 0.5 * (lines - 1)) * spacing_ghz;
  }
  /// The distance to the nearest order, in [-fsr/2, fsr/2).
  [[nodiscard]] double fold(double distance_ghz) const;
};

/// Throws base::config_error with the numbers if the lines do not fill the FSR.
[[nodiscard]] grid make_grid(const grid_params& p);

/// How many GHz are one nanometer around a frequency: f^2 / c; 177.4 at 230.6 THz.
[[nodiscard]] double ghz_per_nm(double frequency_ghz);

}  // namespace lightrack::optics
