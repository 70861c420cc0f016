// SPDX-License-Identifier: Apache-2.0
// models/optics/laser.h
// A laser diode against temperature and age, the loop that holds its power, and its alarms.
//
// Optics equation 7: P = eta(T) (I - I_th(T, age)), I_th = I_th0 exp((T - T_ref) / T_th) grown by
// aging, linear in time and faster with temperature (Arrhenius); eta = eta0 exp(-(T - T_ref) /
// T_eta). The frequency moves with temperature from the grid, where it stands at the temperature
// that the cooler is designed for.
// Time:         hours of age are given, not simulated; the power loop moves a step a period.
// Not modelled: kinks, mode hops, thermal rollover, heat of the diode itself.
//   const laser_diode d{{}};  d.bias_ma(100.7, 45, 0) == 281.8;
#pragma once

#include <string>
#include <vector>

namespace lightrack::optics {

struct laser_params {
  double threshold_ma = 12;  ///< new, at t_ref
  double slope_w_per_a = 0.42;
  double t_ref_c = 25;
  double t_threshold_k = 60;
  double t_slope_k = 200;
  double turn_on_v = 1.0;
  double series_ohm = 1.8;
  double bias_max_ma = 500;
  double aging_percent_per_kh = 3;  ///< of the threshold, at t_ref
  double aging_ev = 0.4;
  double ghz_per_k = -12;
  double grid_temperature_c = 45;  ///< at which the lines stand on the grid
};

class laser_diode {
 public:
  explicit laser_diode(const laser_params& p) : p_{p} {}

  [[nodiscard]] double threshold_ma(double celsius, double hours) const;
  [[nodiscard]] double slope_w_per_a(double celsius) const;
  /// Output power; zero below threshold.
  [[nodiscard]] double power_mw(double bias, double celsius, double hours) const;
  /// The bias that gives a power, whether or not the driver can.
  [[nodiscard]] double bias_ma(double power, double celsius, double hours) const;
  [[nodiscard]] double electrical_mw(double bias) const;
  /// How far the line has moved off the grid.
  [[nodiscard]] double shift_ghz(double celsius) const {
    return p_.ghz_per_k * (celsius - p_.grid_temperature_c) + 0.0;  // no negative zero
  }
  /// Hours until a bias is needed to hold a power at this temperature; 0 if at once.
  [[nodiscard]] double hours_until(double bias, double power, double celsius) const;

  [[nodiscard]] const laser_params& params() const { return p_; }

 private:
  /// Growth of the threshold per hour.
  [[nodiscard]] double aging_per_hour(double celsius) const;
  laser_params p_;
};

enum class laser_control {
  power,    ///< APC: the bias follows, so that power stays
  current,  ///< ACC: the bias of a new diode stays, so that power falls
};

struct laser_limits {
  double power_low_alarm_db = -3;  ///< against the set power
  double power_low_warning_db = -1.5;
  double bias_high_warning_percent = 115;  ///< of the bias when new
  double bias_high_alarm_percent = 130;
};

enum class laser_alarm { power_low_warning, power_low_alarm, bias_high_warning, bias_high_alarm };
[[nodiscard]] std::string alarm_name(laser_alarm a);

struct laser_state {
  double bias_ma = 0;
  double power_mw = 0;
  double threshold_ma = 0;
  double bias_percent_of_new = 100;
  std::vector<laser_alarm> alarms{};
};

/// Where a lane settles. An alarm replaces its warning.
[[nodiscard]] laser_state settle(const laser_diode& d, laser_control control, double set_mw,
                                 double celsius, double hours, const laser_limits& limits = {});

/// One step of automatic power control: the next bias from the power that the monitor saw, within
/// 0 and the driver's limit. Stable while gain x slope stays below 2 (gain in mA/mW).
[[nodiscard]] double power_control_step(const laser_diode& d, double bias, double set_mw,
                                        double seen_mw, double gain_ma_per_mw);

/// A module of equal lanes, each split to as many ports.
struct laser_module_params {
  int lanes = 16;
  int ports_per_lane = 8;
  double power_dbm = 11;  ///< of one wavelength at one port
  double cooler_w = 3.5;  ///< fixed, not scaled with heat
  double control_w = 1.7;

  [[nodiscard]] double lane_mw() const;
};

struct laser_module_figures {
  double optical_w = 0;
  double diodes_w = 0;
  double module_w = 0;
  double wall_plug = 0;        ///< optical over module
  double wall_plug_diode = 0;  ///< optical over diodes alone
};
[[nodiscard]] laser_module_figures module_figures(const laser_module_params& m,
                                                  const laser_diode& d, const laser_state& lane);

/// Mean time to the first failure of `lasers` of `fit` failures in 1e9 hours each.
[[nodiscard]] double hours_between_failures(double fit, double lasers);

}  // namespace lightrack::optics
