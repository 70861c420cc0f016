// SPDX-License-Identifier: Apache-2.0
// models/optics/tracking.h
// The loop that holds a ring on its line while the die warms or cools, and how far off it may be.
//
// An integrator of gain 2 pi f_bw T, once a control period T. Errors are detunings (laser minus
// ring) less the detuning wanted, in GHz: a die that warms makes them positive, one that cools
// negative. Under a ramp of s K/s the error settles at drift x s / (2 pi f_bw).
// The integrator alone diverges at a gain of 2, 31.8 kHz at 10 us. A heater that has not settled
// within the period takes part of each step into the next one; stability_limit_khz() has both.
// Not modelled: noise of the error signal, and dithering.
//   const lock_thresholds t = thresholds_of(modulator, ring, 1.0);  t.cooling_ghz == 4.3;
#pragma once

#include "models/optics/heater.h"
#include "models/optics/modulator.h"
#include "models/optics/thermal.h"

namespace lightrack::optics {

/// 2 pi f_bw T.
[[nodiscard]] double loop_gain(double bandwidth_khz, double period_us);
/// Above it the loop diverges: gain 2 (2 - a) / a with a the share settled in a period.
[[nodiscard]] double stability_limit_khz(double period_us, double settled);
/// The error that a ramp leaves: drift x slew / (2 pi f_bw).
[[nodiscard]] double ramp_error_ghz(double drift_ghz_per_k, double slew_k_per_s,
                                    double bandwidth_khz);

/// Errors that cost `penalty_db` of modulation amplitude, as magnitudes. Above them the lock is
/// lost.
struct lock_thresholds {
  double cooling_ghz = 0;  ///< modulator, steep side
  double warming_ghz = 0;  ///< modulator, flat side
  double receive_ghz = 0;  ///< receive ring, either way
};
/// From the responses: found on the modulator's OMA, in closed form for the drop port.
[[nodiscard]] lock_thresholds thresholds_of(const modulator& tx, const ring& rx, double penalty_db);
/// Power that a detuned receive ring does not drop, in dB.
[[nodiscard]] double drop_penalty_db(const ring& rx, double error_ghz);

/// Aim, code and heat of one ring; plain state.
struct heater_loop {
  double aim_ghz = 0;   ///< of the integrator, within the rails
  double heat_ghz = 0;  ///< where the heater stands

  /// One period after an error was measured: the integrator moves, the DAC rounds, the heater
  /// follows by the share that settles in a period.
  void step(double error_ghz, double gain, const heater& h, double settled) {
    aim_ghz -= gain * error_ghz;
    if (aim_ghz < 0) aim_ghz = 0;
    if (aim_ghz > h.range_ghz) aim_ghz = h.range_ghz;
    heat_ghz += settled * (h.shift_ghz(h.code(aim_ghz)) - heat_ghz);
  }
};

struct track_params {
  modulator tx{};
  ring rx{};
  heater actuator{};
  double drift_ghz_per_k = 10;
  double bandwidth_khz = 10;
  double period_us = 10;
  double slew_k_per_s = 0;  ///< signed
  double lol_penalty_db = 1;
  int lol_periods = 3;
};

struct track_result {
  double error_ghz = 0;             ///< mean of the settled half
  double ripple_ghz = 0;            ///< peak to peak of it: the limit cycle of the DAC
  double peak_ghz = 0;              ///< greatest magnitude in it
  double modulator_penalty_db = 0;  ///< of that mean; below zero on the way to the best OMA
  double receive_penalty_db = 0;
  bool modulator_locked = true;
  bool receive_locked = true;
  double lost_after_ms = 0;  ///< of the first that is lost

  [[nodiscard]] bool locked() const { return modulator_locked && receive_locked; }
  /// Of the worse of the two rings.
  [[nodiscard]] double penalty_db() const;
};

/// A ring of each kind on a die that ramps for 200 ms, or for 85 % of the heater's range if that
/// ends earlier. The loop goes on after a loss of lock, so that the error is that of the ramp.
[[nodiscard]] track_result track_ramp(const track_params& p);

}  // namespace lightrack::optics
