// SPDX-License-Identifier: Apache-2.0
// models/optics/receiver.h
// From optical modulation amplitude (OMA) to bit error rate, and the alarm for lost light.
//
// Q = R OMA / (2 sigma) with sigma^2 = thermal + shot + RIN over the noise bandwidth, optics
// equation 6. Shot noise and RIN follow the average power. The thermal part is what remains when
// the stated sensitivity gives exactly the stated error rate. PAM4 takes the outer OMA; an eye is a
// third of it.
// Not modelled: noise that differs from level to level (docs/models/receiver.md has what that
//               changes), clock recovery, equalizer; what those cost stands in path.penalties.
//   const receiver r{{.sensitivity_dbm = -8, .sensitivity_ber = 1e-12, .symbol_rate_gbd = 50}};
//   r.ber(-8, 5.0) == 1e-12;
#pragma once

#include "models/base/engine_profile.h"

namespace lightrack::optics {

struct receiver_params {
  base::modulation symbols = base::modulation::nrz;
  double symbol_rate_gbd = 50;
  double sensitivity_dbm = -8;  ///< outer OMA
  double sensitivity_ber = 1e-12;
  double extinction_db = 5.0;  ///< of the light at which it was stated
  double responsivity = 0.8;   ///< A/W
  double bandwidth_per_baud = 0.7;
  double rin_db_per_hz = -145;
};

/// Standard deviations at the input of the receiver, uA.
struct receiver_noise {
  double thermal_ua = 0;
  double shot_ua = 0;
  double rin_ua = 0;

  [[nodiscard]] double total_ua() const;
};

class receiver {
 public:
  /// Throws base::config_error if shot noise and RIN alone exceed what the sensitivity allows.
  explicit receiver(const receiver_params& p);

  /// Noise at an OMA with this extinction ratio.
  [[nodiscard]] receiver_noise noise(double oma_dbm, double extinction_db) const;
  /// Of an eye.
  [[nodiscard]] double q(double oma_dbm, double extinction_db) const;
  [[nodiscard]] double ber(double oma_dbm, double extinction_db) const;
  [[nodiscard]] double ber_of_q(double q_eye) const;
  /// The OMA that gives an error rate at this extinction ratio, dBm, to 1e-9 dB; infinite where
  /// RIN forbids it.
  [[nodiscard]] double sensitivity_dbm(double ber, double extinction_db) const;

  [[nodiscard]] const receiver_params& params() const { return p_; }

 private:
  receiver_params p_;
  double thermal_ua2_ = 0;
  double rin_share_ = 0;  ///< variance over the square of the mean current
};

/// Average over OMA, a power ratio: (ER + 1) / (2 (ER - 1)); 0.17 dB below one at ER 5 dB.
[[nodiscard]] double average_over_oma(double extinction_db);

/// Loss of signal by average power: rises below `assert_dbm`, falls above `deassert_dbm`.
class loss_of_signal {
 public:
  struct params {
    double assert_dbm = -15;
    double deassert_dbm = -12;
    double hysteresis_db = 0.5;  ///< the least distance of the two
  };
  /// Throws base::config_error if the thresholds are nearer than the hysteresis. Starts lost.
  explicit loss_of_signal(const params& p);

  /// True while light is lost. Between the thresholds what was said before holds.
  bool update(double average_dbm);
  [[nodiscard]] bool lost() const { return lost_; }
  void reset() { lost_ = true; }

 private:
  params p_;
  bool lost_ = true;
};

}  // namespace lightrack::optics
