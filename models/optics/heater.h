// SPDX-License-Identifier: Apache-2.0
// models/optics/heater.h
// The heater of a micro-ring: it only shifts the resonance down, between two rails, in steps of a
// DAC, and settles with one time constant.
//
// Shifts are in GHz downward, so zero is a cold ring and `range_ghz` is full power.
// Not modelled: nonlinearity of resistance and of tuning; the cost in uW/GHz is one number.
//   const heater h = make_heater({});  h.range_ghz == 800;  h.step_ghz() == 0.195;  h.power_mw(400)
//   == 4;
#pragma once

#include <cstdint>

namespace lightrack::optics {

struct heater_params {
  double max_mw = 8;
  double cost_uw_per_ghz = 10;
  int dac_bits = 12;
  double tau_us = 5;
};

struct heater {
  double range_ghz = 0;  ///< shift at full power, optics equation 2: P_max / kappa
  double cost_uw_per_ghz = 0;
  int codes = 0;  ///< of the DAC, 0 .. codes - 1
  double tau_us = 0;

  /// Shift between two codes. The last code is full power.
  [[nodiscard]] constexpr double step_ghz() const { return range_ghz / (codes - 1); }
  /// The nearest code, within the rails.
  [[nodiscard]] constexpr int code(double shift_ghz) const {
    const double c = shift_ghz / step_ghz();
    if (!(c > 0)) return 0;
    return c >= codes - 1 ? codes - 1 : static_cast<int>(c + 0.5);
  }
  [[nodiscard]] constexpr double shift_ghz(int at_code) const { return at_code * step_ghz(); }
  [[nodiscard]] constexpr double power_mw(double shift_ghz) const {
    return shift_ghz * cost_uw_per_ghz * 1e-3;
  }
  /// Share of a change that has arrived after a time; 1 for a heater without inertia.
  [[nodiscard]] double settled(double time_us) const;
};

/// Throws base::config_error for a heater without range or codes.
[[nodiscard]] heater make_heater(const heater_params& p);

}  // namespace lightrack::optics
