// SPDX-License-Identifier: Apache-2.0
#include "models/optics/lock_setup.h"

#include <fmt/format.h>

#include <cmath>

namespace lightrack::optics {
namespace {

using base::config;

time_fs time_of(const config& c, const char* key, time_fs unit) {
  return static_cast<time_fs>(std::llround(c.number(key) * static_cast<double>(unit)));
}

void check_loop(const config& c, const bank_params& p) {
  const double period_us = c.number("sim.control_period");
  const double limit = stability_limit_khz(period_us, p.actuator.settled(period_us));
  if (p.loop_bw_khz < limit) return;
  const char* key = c.given("ring.loop_bw") ? "ring.loop_bw" : "sim.control_period";
  c.refuse(key,
           fmt::format("a loop of {:g} kHz diverges at a control period of {:g} us; allowed is "
                       "a loop below {:.1f} kHz, or a shorter period",
                       p.loop_bw_khz, period_us, limit));
}

lock_times times_of(const config& c) {
  return {.light_alarm = time_of(c, "ring.t_wait_light_alarm", ms),
          .sweep_step = time_of(c, "ring.t_sweep_step", us),
          .sweep_steps = static_cast<int>(c.integer("ring.sweep_steps")),
          .assign = time_of(c, "ring.t_assign", us),
          .fine = time_of(c, "ring.t_fine_lock", us),
          .lol_periods = static_cast<int>(c.integer("ring.lol_periods")),
          .fine_tries = static_cast<int>(c.integer("ring.relock_fine_tries"))};
}

}  // namespace

lock_setup make_lock_setup(config& c) {
  lock_setup s{.light = make_optics_setup(c)};
  bank_params& b = s.bank;
  b.engines = 1;
  b.ports = s.light.fiber_ports;
  b.lines = s.light.light.lines.lines;
  b.seed = static_cast<std::uint64_t>(c.integer("sim.seed"));
  b.spacing_ghz = s.light.light.lines.spacing_ghz;
  b.fsr_ghz = s.light.light.lines.fsr_ghz;
  b.tx = s.light.light.transmit;
  b.rx = s.light.light.receive;
  b.actuator = make_heater({.max_mw = c.number("ring.heater_max"),
                            .cost_uw_per_ghz = c.number("ring.heater_cost"),
                            .dac_bits = static_cast<int>(c.integer("ring.heater_dac_bits")),
                            .tau_us = c.number("ring.heater_tau")});
  b.scatter = {.sigma_ghz = c.number("ring.fab_sigma"),
               .fsr_tolerance = c.number("ring.fsr_tolerance"),
               .range_tolerance = c.number("ring.tuning_tolerance")};
  b.cold_offset_ghz = c.number("ring.cold_offset");
  b.t_ref_c = c.number("ring.t_ref");
  b.drift_ghz_per_k = c.number("ring.drift");
  b.neighbor_share = c.number("ring.thermal_xtalk");
  b.scheme = *arbitration_named(c.text("ring.arbitration"));
  b.sweeps = c.text("ring.sweep_order") == "ALL_AT_ONCE" ? sweep_order::all_at_once
                                                         : sweep_order::one_by_one;
  b.times = times_of(c);
  b.control_period = time_of(c, "sim.control_period", us);
  b.loop_bw_khz = c.number("ring.loop_bw");
  b.window_ghz = c.number("ring.lock_window");
  b.lol_penalty_db = c.number("ring.lol_penalty");
  check_loop(c, b);

  s.track = {.tx = b.tx,
             .rx = b.rx,
             .actuator = b.actuator,
             .drift_ghz_per_k = b.drift_ghz_per_k,
             .bandwidth_khz = b.loop_bw_khz,
             .period_us = c.number("sim.control_period"),
             .slew_k_per_s = c.number("light.slew"),
             .lol_penalty_db = b.lol_penalty_db,
             .lol_periods = b.times.lol_periods};
  s.draw = {.scheme = b.scheme,
            .seed = b.seed,
            .samples = static_cast<std::uint64_t>(c.integer("light.samples")),
            .rings = b.lines,
            .spacing_ghz = b.spacing_ghz,
            .fsr_ghz = b.fsr_ghz,
            .scatter = b.scatter,
            .actuator = b.actuator,
            .cold_offset_ghz = b.cold_offset_ghz,
            .drift_ghz_per_k = b.drift_ghz_per_k,
            .warmer_k = c.number("light.temperature_offset")};
  return s;
}

}  // namespace lightrack::optics
