// SPDX-License-Identifier: Apache-2.0
// models/optics/ring.h
// The response of a micro-ring: what passes it and what it drops, against the distance of the light
// from its resonance.
//
// Detuning is laser minus ring, in GHz: positive when the ring sits below its line. It is the
// distance to the nearest order; fold a longer one by the FSR first (grid::fold).
// Cost:          a few multiplications and one division, no table; fit for loops over all rings.
// Not modelled:  self-heating by the light in the ring, and splitting of the resonance.
//   const ring r = make_ring({.q = 5000}, 230'600);  r.linewidth_ghz == 46.12;  r.drop(200);
#pragma once

namespace lightrack::optics {

struct ring_params {
  double q = 5000;            ///< loaded
  double t_min = 0.129;       ///< through power on resonance
  double drop_loss_db = 1.0;  ///< from bus to drop port on resonance
};

/// 1 / (1 + (2 d / linewidth)^2), optics equation 2: one on resonance, a half at half a linewidth.
[[nodiscard]] constexpr double lorentzian(double detuning_ghz, double linewidth_ghz) {
  const double x = 2 * detuning_ghz / linewidth_ghz;
  return 1 / (1 + x * x);
}

struct ring {
  double linewidth_ghz = 0;  ///< full width at half maximum
  double t_min = 0;
  double drop_max = 0;

  /// Share of the power that stays on the bus.
  [[nodiscard]] constexpr double through(double detuning_ghz) const {
    return 1 - (1 - t_min) * lorentzian(detuning_ghz, linewidth_ghz);
  }
  /// Share of the power that reaches the drop port.
  [[nodiscard]] constexpr double drop(double detuning_ghz) const {
    return drop_max * lorentzian(detuning_ghz, linewidth_ghz);
  }
};

[[nodiscard]] ring make_ring(const ring_params& p, double frequency_ghz);

/// The sharpest ring that still passes the symbols: its linewidth is `bandwidth_per_baud` of the
/// symbol rate. 6589 at 50 GBd, 10295 at 32 GBd with 0.7.
[[nodiscard]] double q_max(double frequency_ghz, double symbol_rate_gbd, double bandwidth_per_baud);

/// Throws base::config_error with the numbers if the ring is too sharp for its symbol rate.
void check_bandwidth(double q, double frequency_ghz, double symbol_rate_gbd,
                     double bandwidth_per_baud);

}  // namespace lightrack::optics
