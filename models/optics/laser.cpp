// SPDX-License-Identifier: Apache-2.0
#include "models/optics/laser.h"

#include <algorithm>

#include "models/base/random.h"
#include "models/optics/decibel.h"

namespace lightrack::optics {
namespace {

constexpr double boltzmann_ev = 8.617333262e-5;
constexpr double kelvin_0_c = 273.15;

}  // namespace

double laser_diode::aging_per_hour(double celsius) const {
  const double reference = 1 / (p_.t_ref_c + kelvin_0_c);
  const double here = 1 / (celsius + kelvin_0_c);
  const double speed = base::exact_exp(p_.aging_ev / boltzmann_ev * (reference - here));
  return p_.aging_percent_per_kh / 100 / 1000 * speed;
}

double laser_diode::threshold_ma(double celsius, double hours) const {
  const double fresh = p_.threshold_ma * base::exact_exp((celsius - p_.t_ref_c) / p_.t_threshold_k);
  return fresh * (1 + aging_per_hour(celsius) * hours);
}

double laser_diode::slope_w_per_a(double celsius) const {
  return p_.slope_w_per_a * base::exact_exp(-(celsius - p_.t_ref_c) / p_.t_slope_k);
}

double laser_diode::power_mw(double bias, double celsius, double hours) const {
  return std::max(0.0, slope_w_per_a(celsius) * (bias - threshold_ma(celsius, hours)));
}

double laser_diode::bias_ma(double power, double celsius, double hours) const {
  return threshold_ma(celsius, hours) + power / slope_w_per_a(celsius);
}

double laser_diode::electrical_mw(double bias) const {
  return bias * (p_.turn_on_v + p_.series_ohm * bias * 1e-3);
}

double laser_diode::hours_until(double bias, double power, double celsius) const {
  const double missing = bias - bias_ma(power, celsius, 0);
  return std::max(0.0, missing / (threshold_ma(celsius, 0) * aging_per_hour(celsius)));
}

std::string alarm_name(laser_alarm a) {
  switch (a) {
    case laser_alarm::power_low_warning:
      return "power_low_warning";
    case laser_alarm::power_low_alarm:
      return "power_low_alarm";
    case laser_alarm::bias_high_warning:
      return "bias_high_warning";
    case laser_alarm::bias_high_alarm:
      return "bias_high_alarm";
  }
  return "";
}

laser_state settle(const laser_diode& d, laser_control control, double set_mw, double celsius,
                   double hours, const laser_limits& limits) {
  const double limit = d.params().bias_max_ma;
  const double fresh = std::min(limit, d.bias_ma(set_mw, celsius, 0));
  laser_state s{.bias_ma = fresh, .threshold_ma = d.threshold_ma(celsius, hours)};
  if (control == laser_control::power)
    s.bias_ma = std::min(limit, d.bias_ma(set_mw, celsius, hours));
  s.power_mw = d.power_mw(s.bias_ma, celsius, hours);
  s.bias_percent_of_new = 100 * s.bias_ma / fresh;
  if (s.power_mw <= set_mw * ratio(limits.power_low_alarm_db))
    s.alarms.push_back(laser_alarm::power_low_alarm);
  else if (s.power_mw <= set_mw * ratio(limits.power_low_warning_db))
    s.alarms.push_back(laser_alarm::power_low_warning);
  if (s.bias_percent_of_new >= limits.bias_high_alarm_percent)
    s.alarms.push_back(laser_alarm::bias_high_alarm);
  else if (s.bias_percent_of_new >= limits.bias_high_warning_percent)
    s.alarms.push_back(laser_alarm::bias_high_warning);
  return s;
}

double power_control_step(const laser_diode& d, double bias, double set_mw, double seen_mw,
                          double gain_ma_per_mw) {
  return std::clamp(bias + gain_ma_per_mw * (set_mw - seen_mw), 0.0, d.params().bias_max_ma);
}

double laser_module_params::lane_mw() const { return ports_per_lane * mw_of_dbm(power_dbm); }

laser_module_figures module_figures(const laser_module_params& m, const laser_diode& d,
                                    const laser_state& lane) {
  laser_module_figures f{.optical_w = m.lanes * lane.power_mw * 1e-3,
                         .diodes_w = m.lanes * d.electrical_mw(lane.bias_ma) * 1e-3};
  f.module_w = f.diodes_w + m.cooler_w + m.control_w;
  f.wall_plug = f.optical_w / f.module_w;
  f.wall_plug_diode = f.optical_w / f.diodes_w;
  return f;
}

double hours_between_failures(double fit, double lasers) { return 1e9 / (fit * lasers); }

}  // namespace lightrack::optics
