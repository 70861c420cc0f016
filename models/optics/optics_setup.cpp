// SPDX-License-Identifier: Apache-2.0
#include "models/optics/optics_setup.h"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <string>

#include "models/base/units.h"
#include "models/optics/decibel.h"

namespace lightrack::optics {
namespace {

using base::config;
using base::engine_profile;
using base::modulation;
using base::number_text;

double standard(const config& c, const char* key) {
  return std::stod(c.known().find(key)->standard);
}

const char* name_of(modulation m) { return m == modulation::pam4 ? "PAM4" : "NRZ"; }

void imply_profile(config& c, const engine_profile& p) {
  if (!p.optical())
    c.refuse("engine.profile",
             "copper pairs have no light; allowed are the profiles with wavelengths");
  c.imply("engine.fiber_ports", p.fiber_ports);
  c.imply("engine.gbps_per_lambda", p.gbps_per_lambda);
  c.imply("engine.modulation", name_of(p.symbols));
  c.imply("laser.spacing", p.spacing_ghz);
  c.imply("laser.power_per_lambda", p.launch_dbm);
  const int lines = p.lambda_per_port + p.spares;
  c.imply("path.offres_rings", lines - 1);
  c.imply("ring.fsr", lines * c.number("laser.spacing") / 1e3);
}

// Symbols of one wavelength against the ring that must pass them.
double checked_symbol_rate(config& c, const engine_profile& p, modulation symbols) {
  const double gbps = c.number("engine.gbps_per_lambda");
  const double center_ghz = c.number("laser.f_center") * 1e3;
  const double per_baud = c.number("ring.bw_to_baud_min");
  const double rate = base::symbol_rate_gbd(gbps, symbols, p.fec);
  const double line_gbps = rate * (symbols == modulation::pam4 ? 2 : 1);
  if (p.fec == "rs544") {  // the others have no rate beside that of the payload
    c.imply("engine.gbps_per_lambda_raw", line_gbps);
    if (std::abs(c.number("engine.gbps_per_lambda_raw") - line_gbps) > 1e-6 * line_gbps)
      c.refuse("engine.gbps_per_lambda_raw",
               fmt::format("contradicts engine.gbps_per_lambda = {} with FEC {}, which makes {} "
                           "Gb/s on the line; allowed is that",
                           number_text(gbps), p.fec, number_text(line_gbps)));
  }
  const double limit = q_max(center_ghz, rate, per_baud);
  const double least = *c.known().find("ring.q")->min;
  if (symbols == modulation::nrz && limit < least) {
    const double pam4_gbd = gbps * base::rs544_line_rate / 2;
    c.refuse(
        "engine.gbps_per_lambda",
        fmt::format("{} Gb/s on one wavelength are {} GBd as NRZ, which no ring passes (ring.q "
                    "would have to be {:.0f} or less, its least is {}); allowed is PAM4, "
                    "which with FEC needs ring.q of {:.0f} or less",
                    number_text(gbps), number_text(rate), std::floor(limit), number_text(least),
                    std::floor(q_max(center_ghz, pam4_gbd, per_baud))));
  }
  check_bandwidth(c.number("ring.q"), center_ghz, rate, per_baud);
  return rate;
}

void check_product(const config& c, const engine_profile& p) {
  const auto ports = static_cast<double>(c.integer("engine.fiber_ports"));
  const double gbps = c.number("engine.gbps_per_lambda");
  const double product = ports * p.lambda_per_port * gbps;
  if (std::abs(product - p.gbps()) <= 1e-9 * p.gbps()) return;
  const char* key = c.given("engine.fiber_ports") ? "engine.fiber_ports" : "engine.gbps_per_lambda";
  c.refuse(key,
           fmt::format("{} ports x {} wavelengths x {} Gb/s = {} Gb/s contradict engine.profile = "
                       "{}, which gives {} Gb/s a direction; allowed are ports and rates whose "
                       "product is that, such as {} x {} x {}",
                       number_text(ports), p.lambda_per_port, number_text(gbps),
                       number_text(product), p.name, number_text(p.gbps()), p.fiber_ports,
                       p.lambda_per_port, number_text(p.gbps_per_lambda)));
}

receiver_params detector_of(const config& c, const engine_profile& p, modulation symbols,
                            double symbol_rate) {
  receiver_params r{.symbols = symbols,
                    .symbol_rate_gbd = symbol_rate,
                    .responsivity = c.number("receiver.responsivity"),
                    .bandwidth_per_baud = c.number("receiver.bandwidth_per_baud"),
                    .rin_db_per_hz = c.number("laser.rin")};
  // Where the sensitivity was stated: the profile's own, or that of the other modulation.
  double stated_gbd = base::symbol_rate_gbd(p.gbps_per_lambda, p.symbols, p.fec);
  if (symbols == p.symbols) {
    r.sensitivity_dbm = c.number(p.sensitivity) + p.sensitivity_shift_db;
    r.sensitivity_ber = p.sensitivity_ber;
  } else {
    const bool pam4 = symbols == modulation::pam4;
    const engine_profile& other = *base::find_profile(pam4 ? "SC25_PAM4" : "SC25_DWDM");
    r.sensitivity_dbm = c.number(other.sensitivity);
    r.sensitivity_ber = other.sensitivity_ber;
    stated_gbd = base::symbol_rate_gbd(other.gbps_per_lambda, other.symbols, other.fec);
  }
  // As from 32 to 50 Gb/s in the table: the power that is needed grows with the symbol rate.
  r.sensitivity_dbm += db(symbol_rate / stated_gbd);
  return r;
}

path_params path_of(const config& c, int lines) {
  return {.lines = lines,
          .laser_connector_db = c.number("path.laser_connector_loss"),
          .laser_connectors = static_cast<int>(c.integer("path.laser_connectors")),
          .coupler_db = c.number("path.coupler_loss"),
          .waveguide_db = c.number("path.waveguide_loss"),
          .off_resonance_db = c.number("path.offres_ring_loss"),
          .off_resonance_rings = static_cast<int>(c.integer("path.offres_rings")),
          .joint_db = c.number("path.detachable_loss"),
          .joints = static_cast<int>(c.integer("path.detachable_joints")),
          .connector_db = c.number("path.connector_loss"),
          .connectors = static_cast<int>(c.integer("path.connectors")),
          .fiber_db_per_km = c.number("fiber.loss"),
          .length_m = c.number("fiber.length"),
          .polarization_db = c.number("path.polarization_loss"),
          .drop_db = c.number("path.drop_loss")};
}

std::vector<double> a_line_each(const config& c, const char* key, int lines) {
  std::vector<double> values = c.numbers(key);
  if (values.size() == 1) values.assign(static_cast<std::size_t>(lines), values.front());
  if (values.size() != static_cast<std::size_t>(lines))
    c.refuse(key, fmt::format("{} values contradict {} lines of a port; allowed is one value, or "
                              "one a line",
                              values.size(), lines));
  return values;
}

light_faults faults_of(const config& c, int lines) {
  light_faults f;
  for (const auto& row : c.rows("light.extra_loss"))
    f.extra_db.emplace_back(row["element"].get<std::string>(), row["db"].get<double>());
  const auto dark = static_cast<std::uint64_t>(c.integer("light.dark_lines"));
  if (lines < 32 && dark >> lines != 0)
    c.refuse("light.dark_lines", fmt::format("names lines that are not there; allowed are bits 0 "
                                             "to {} for {} lines",
                                             lines - 1, lines));
  for (int k = 0; k < lines; ++k) f.dark.push_back((dark >> k & 1) != 0);
  f.transmit_detuning_ghz = a_line_each(c, "light.transmit_detuning", lines);
  f.receive_detuning_ghz = a_line_each(c, "light.receive_detuning", lines);
  return f;
}

void read_laser(const config& c, optics_setup& s) {
  s.diode = {.threshold_ma = c.number("laser.ith0"),
             .slope_w_per_a = c.number("laser.slope0"),
             .t_ref_c = c.number("laser.t_ref"),
             .t_threshold_k = c.number("laser.t_threshold"),
             .t_slope_k = c.number("laser.t_slope"),
             .turn_on_v = c.number("laser.turn_on_voltage"),
             .series_ohm = c.number("laser.series_resistance"),
             .bias_max_ma = c.number("laser.bias_max"),
             .aging_percent_per_kh = c.number("laser.aging_rate"),
             .aging_ev = c.number("laser.aging_ea"),
             .ghz_per_k = c.number("laser.df_dt"),
             .grid_temperature_c = standard(c, "laser.t_operating")};
  s.control = c.text("laser.control_mode") == "APC" ? laser_control::power : laser_control::current;
  s.limits = {.power_low_alarm_db = c.number("laser.power_lo_alarm"),
              .power_low_warning_db = c.number("laser.power_lo_warn"),
              .bias_high_warning_percent = c.number("laser.bias_hi_warn"),
              .bias_high_alarm_percent = c.number("laser.bias_hi_alarm")};
  const int carriers = s.fiber_ports * s.light.lines.lines;
  s.module = {.lanes = (carriers + ports_per_laser - 1) / ports_per_laser,
              .ports_per_lane = ports_per_laser,
              .power_dbm = c.number("laser.power_per_lambda"),
              .cooler_w = c.number("laser.tec_power"),
              .control_w = c.number("laser.ctrl_power")};
  s.laser_c = c.number("laser.t_operating");
  s.laser_hours = c.number("laser.hours");
  s.fit_per_lane = c.number("laser.fit_per_lane");
}

}  // namespace

laser_state optics_setup::lane() const {
  return settle(laser_diode{diode}, control, module.lane_mw(), laser_c, laser_hours, limits);
}

optics_setup make_optics_setup(config& c) {
  optics_setup s{.profile = base::find_profile(c.text("engine.profile"))};
  const engine_profile& p = *s.profile;
  imply_profile(c, p);
  s.symbols = c.text("engine.modulation") == "PAM4" ? modulation::pam4 : modulation::nrz;
  const double symbol_rate = checked_symbol_rate(c, p, s.symbols);
  check_product(c, p);
  s.gbps_per_lambda = c.number("engine.gbps_per_lambda");
  s.fiber_ports = static_cast<int>(c.integer("engine.fiber_ports"));
  s.engine_pj_per_bit = c.number("engine.energy");

  light_params& light = s.light;
  light.lines = make_grid({.lines = p.lambda_per_port,
                           .spares = p.spares,
                           .center_thz = c.number("laser.f_center"),
                           .spacing_ghz = c.number("laser.spacing"),
                           .fsr_thz = c.number("ring.fsr"),
                           .fsr_tolerance = c.number("ring.fsr_tolerance")});
  s.rings = {.q = c.number("ring.q"),
             .t_min = c.number("ring.t_min"),
             .drop_loss_db = c.number("path.drop_loss")};
  light.receive = make_ring(s.rings, light.lines.center_ghz);
  light.transmit = {.response = light.receive};
  light.path = path_of(c, light.lines.lines);
  light.detector = detector_of(c, p, s.symbols, symbol_rate);
  light.detector.extinction_db = standard(c, "ring.er");
  light.design_crosstalk_db = design_crosstalk(light.lines, s.symbols);
  light.penalties_db =
      c.number("path.penalties") + c.number("path.mpi_penalty") - standard(c, "path.mpi_penalty");
  light.target_margin_db = c.number("path.margin");
  s.faults = faults_of(c, light.lines.lines);
  s.los = {.assert_dbm = c.number("receiver.los_assert"),
           .deassert_dbm = c.number("receiver.los_deassert"),
           .hysteresis_db = c.number("receiver.los_hysteresis")};
  (void)loss_of_signal{s.los};  // refuse what does not fit together
  (void)receiver{light.detector};
  read_laser(c, s);
  const double launch_mw = s.lane().power_mw / ports_per_laser;
  light.launch_dbm =
      launch_mw > 0 ? dbm_of_mw(launch_mw) : -std::numeric_limits<double>::infinity();
  return s;
}

void require_margin(const optics_setup& s, const bus_budget& b) {
  for (std::size_t k = 0; k < b.lanes.size(); ++k) {
    const lane_budget& lane = b.lanes[k];
    if (!lane.present || lane.margin_db >= 0) continue;
    throw base::config_error(fmt::format(
        "engine.profile = {}: line {} arrives with {:.2f} dBm of OMA, {:.2f} dB of penalties and "
        "needs {:.2f} dBm, so its margin is {:.2f} dB; a run needs 0 dB or more: allowed is {:.2f} "
        "dB more launch power or less loss ('lightrack light budget' prints where it goes)",
        s.profile->name, k, lane.received_oma_dbm, lane.penalties_db, b.sensitivity_dbm,
        lane.margin_db, -lane.margin_db));
  }
}

}  // namespace lightrack::optics
