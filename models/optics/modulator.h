// SPDX-License-Identifier: Apache-2.0
// models/optics/modulator.h
// A ring modulator: a data bit shifts the resonance, and the power that passes it follows.
//
// The bias is the detuning (laser minus ring, GHz) midway between the two shifts: a one stands half
// a swing further from resonance than a zero. A ring that cools rises in frequency, so that the
// bias falls: the steep side. One that warms drifts to the flat side.
// Not modelled:  dynamics of the ring (photon lifetime, ringing); check_bandwidth of ring.h bounds
//                them, path.penalties holds what they cost.
//   const modulator m{.response = make_ring({}, 230'600)};  m.at(m.bias_ghz).er_db() == 5.0;
#pragma once

#include <array>

#include "models/optics/ring.h"

namespace lightrack::optics {

/// Powers over the input power of the two outer symbols.
struct modulator_levels {
  double one = 0;
  double zero = 0;

  [[nodiscard]] double oma() const { return one - zero; }
  [[nodiscard]] double average() const { return 0.5 * (one + zero); }
  [[nodiscard]] double er_db() const;              ///< one over zero
  [[nodiscard]] double insertion_loss_db() const;  ///< input power over a one
  [[nodiscard]] double oma_loss_db() const;  ///< input power over optical modulation amplitude
};

struct modulator {
  ring response{};
  double swing_ghz = 15.6;  ///< between the resonances of one and zero
  double bias_ghz = 12.1;   ///< where the fine lock settles

  /// Levels at a bias, optics equation 3.
  [[nodiscard]] modulator_levels at(double at_bias_ghz) const {
    return {.one = response.through(at_bias_ghz + 0.5 * swing_ghz),
            .zero = response.through(at_bias_ghz - 0.5 * swing_ghz)};
  }
  /// The bias of the greatest OMA on this side of the resonance, to 1e-7 of a linewidth.
  [[nodiscard]] double best_bias_ghz() const;
  /// OMA lost, in dB, when the detuning is off by `error_ghz` (negative: the ring has cooled).
  /// Infinite where one and zero have changed places.
  [[nodiscard]] double oma_penalty_db(double error_ghz) const;
  /// Detunings of the four symbols of PAM4 that give evenly spaced powers between zero and one,
  /// lowest power first, on this side of the resonance: a Lorentzian makes even powers of uneven
  /// shifts.
  [[nodiscard]] std::array<double, 4> pam4_detunings_ghz() const;
  /// Smallest of the three eyes over a third of the OMA if the four shifts were even.
  [[nodiscard]] double pam4_even_shift_linearity() const;
};

}  // namespace lightrack::optics
