// SPDX-License-Identifier: Apache-2.0
#include "platforms/light/light_calculators.h"

#include <cmath>
#include <numbers>

#include "models/optics/crosstalk.h"
#include "models/optics/decibel.h"
#include "models/optics/optics_setup.h"

namespace lightrack::platforms {
namespace {

using optics::bus_budget;
using optics::lane_budget;
using optics::optics_setup;

document finite(double v) { return std::isfinite(v) ? document(v) : document(nullptr); }

document line_json(std::size_t k, const lane_budget& lane) {
  return {
      {"line", k},
      {"present", lane.present},
      {"launch_dbm", finite(lane.launch_dbm)},
      {"received_oma_dbm", finite(lane.received_oma_dbm)},
      {"average_dbm", finite(lane.average_dbm)},
      {"er_db", finite(lane.extinction_db)},
      {"crosstalk_db", lane.crosstalk > 0 ? finite(optics::db(lane.crosstalk)) : document(nullptr)},
      {"penalties_db", finite(lane.penalties_db)},
      {"margin_db", finite(lane.margin_db)},
      {"q", lane.q},
      {"ber", lane.ber}};
}

// The line with the least margin among those with light; the first where all are dark.
std::size_t shown_line(const bus_budget& b) {
  std::size_t shown = 0;
  bool found = false;
  for (std::size_t k = 0; k < b.lanes.size(); ++k) {
    if (!b.lanes[k].present) continue;
    if (!found || b.lanes[k].margin_db < b.lanes[shown].margin_db) shown = k;
    found = true;
  }
  return shown;
}

document penalty_parts(const optics_setup& s, const base::config& c, double total_db) {
  const double multipath = c.number("path.mpi_penalty");
  const double rest = s.light.penalties_db - s.light.design_crosstalk_db - multipath;
  return document::array(
      {document{{"name", "crosstalk"}, {"db", finite(total_db - multipath - rest)}},
       document{{"name", "multipath"}, {"db", multipath}},
       document{{"name", "intersymbol_residue"}, {"db", rest}}});
}

const char* modulation_name(const optics_setup& s) {
  return s.symbols == base::modulation::pam4 ? "PAM4" : "NRZ";
}

}  // namespace

document light_budget(base::config& c) {
  const optics_setup s = optics::make_optics_setup(c);
  const bus_budget b = optics::evaluate(s.light, s.faults);
  const std::size_t shown = shown_line(b);
  const lane_budget& lane = b.lanes[shown];
  document j = {{"profile", s.profile->name},
                {"length_m", s.light.path.length_m},
                {"modulation", modulation_name(s)},
                {"gbps_per_lambda", s.gbps_per_lambda},
                {"symbol_rate_gbd", s.light.detector.symbol_rate_gbd},
                {"line", shown}};
  j["elements"] = document::array();
  for (std::size_t i = 0; i < b.elements.size(); ++i)
    j["elements"].push_back({{"name", b.elements[i].name},
                             {"place", b.elements[i].place},
                             {"db", finite(lane.element_db[i])}});
  j["total_db"] = finite(lane.launch_dbm - lane.received_oma_dbm);
  j["launch_dbm"] = finite(lane.launch_dbm);
  j["received_oma_dbm"] = finite(lane.received_oma_dbm);
  j["average_dbm"] = finite(lane.average_dbm);
  j["penalties_db"] = finite(lane.penalties_db);
  j["penalties"] = penalty_parts(s, c, lane.penalties_db);
  j["sensitivity_dbm"] = b.sensitivity_dbm;
  j["sensitivity_ber"] = s.light.detector.sensitivity_ber;
  j["margin_db"] = finite(lane.margin_db);
  j["target_margin_db"] = s.light.target_margin_db;
  j["q"] = lane.q;
  j["ber"] = lane.ber;
  j["los"] = optics::loss_of_signal{s.los}.update(lane.average_dbm);
  j["config_hash"] = base::hash_text(c.hash());
  j["lines"] = document::array();
  for (std::size_t k = 0; k < b.lanes.size(); ++k) j["lines"].push_back(line_json(k, b.lanes[k]));
  return j;
}

document light_ring(base::config& c) {
  const optics_setup s = optics::make_optics_setup(c);
  const optics::light_params& l = s.light;
  const optics::modulator_levels levels = l.transmit.at(l.transmit.bias_ghz);
  const double x = optics::crosstalk(l.lines, l.receive);
  const double best = l.transmit.best_bias_ghz();
  constexpr double c_um_thz = 299.792458;
  return {
      {"profile", s.profile->name},
      {"q", s.rings.q},
      {"q_max", optics::q_max(l.lines.center_ghz, l.detector.symbol_rate_gbd,
                              c.number("ring.bw_to_baud_min"))},
      {"linewidth_ghz", l.receive.linewidth_ghz},
      {"fsr_ghz", l.lines.fsr_ghz},
      {"radius_um",
       c_um_thz / (2 * std::numbers::pi * c.number("ring.n_g") * l.lines.fsr_ghz / 1e3)},
      {"spacing_ghz", l.lines.spacing_ghz},
      {"lines", l.lines.lines},
      {"neighbor_suppression_db",
       optics::db(optics::neighbor_suppression(l.receive, l.lines.spacing_ghz))},
      {"crosstalk_db", x > 0 ? finite(optics::db(x)) : document(nullptr)},
      {"crosstalk_penalty_db", finite(optics::crosstalk_penalty_db(x, levels.er_db(), s.symbols))},
      {"bias_ghz", l.transmit.bias_ghz},
      {"swing_ghz", l.transmit.swing_ghz},
      {"er_db", levels.er_db()},
      {"insertion_loss_db", levels.insertion_loss_db()},
      {"oma_penalty_db", levels.oma_loss_db()},
      {"best_bias_ghz", best},
      {"best_oma_penalty_db", l.transmit.at(best).oma_loss_db()},
      {"pam4_linearity", l.transmit.pam4_even_shift_linearity()}};
}

document light_laser(base::config& c) {
  const optics_setup s = optics::make_optics_setup(c);
  const optics::laser_diode diode{s.diode};
  const optics::laser_state lane = s.lane();
  const auto module = optics::module_figures(s.module, diode, lane);
  const double fresh = diode.bias_ma(s.module.lane_mw(), s.laser_c, 0);
  const auto hours_at = [&](double percent) {
    return diode.hours_until(percent / 100 * fresh, s.module.lane_mw(), s.laser_c);
  };
  document alarms = document::array();
  for (const optics::laser_alarm a : lane.alarms) alarms.push_back(optics::alarm_name(a));
  const double at_fiber = s.light.launch_dbm + optics::db(s.light.lines.lines);
  return {{"profile", s.profile->name},
          {"celsius", s.laser_c},
          {"hours", s.laser_hours},
          {"lanes", s.module.lanes},
          {"power_mw_per_lane", lane.power_mw},
          {"launch_dbm", finite(s.light.launch_dbm)},
          {"power_per_fiber_dbm", finite(at_fiber)},
          {"bias_ma", lane.bias_ma},
          {"bias_percent_of_new", lane.bias_percent_of_new},
          {"threshold_ma", lane.threshold_ma},
          {"optical_w", module.optical_w},
          {"module_w", module.module_w},
          {"wall_plug", module.wall_plug},
          {"wall_plug_diode", module.wall_plug_diode},
          {"pj_per_bit", module.module_w * 1e3 / s.engine_gbps()},
          {"shift_ghz", diode.shift_ghz(s.laser_c)},
          {"alarms", alarms},
          {"hours_to_bias_warning", hours_at(s.limits.bias_high_warning_percent)},
          {"hours_to_bias_alarm", hours_at(s.limits.bias_high_alarm_percent)},
          {"hours_to_bias_limit",
           diode.hours_until(s.diode.bias_max_ma, s.module.lane_mw(), s.laser_c)}};
}

}  // namespace lightrack::platforms
