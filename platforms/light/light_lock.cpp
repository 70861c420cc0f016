// SPDX-License-Identifier: Apache-2.0
#include "platforms/light/light_lock.h"

#include <fmt/format.h>

#include <cmath>
#include <string_view>

#include "models/optics/lock_setup.h"

namespace lightrack::platforms {
namespace {

document finite(double v) { return std::isfinite(v) ? document(v) : document(nullptr); }

std::string row(std::string_view name, const std::string& value, std::string_view note = "") {
  return fmt::format("{:<28}{:>10}{}{}\n", name, value, note.empty() ? "" : "  ", note);
}

std::string decibels(const document& v) {
  // A penalty below zero is an OMA above that of the bias; no minus zero.
  return v.is_null() ? "all" : fmt::format("{:.3f}", v.get<double>() + 0.0);
}

}  // namespace

document light_track(base::config& c) {
  const optics::lock_setup s = optics::make_lock_setup(c);
  const optics::track_params& p = s.track;
  const optics::track_result r = optics::track_ramp(p);
  const optics::lock_thresholds limit = optics::thresholds_of(p.tx, p.rx, p.lol_penalty_db);
  return {
      {"profile", s.light.profile->name},
      {"slew_k_per_s", p.slew_k_per_s},
      {"loop_bw_khz", p.bandwidth_khz},
      {"loop_gain", optics::loop_gain(p.bandwidth_khz, p.period_us)},
      {"loop_limit_khz", optics::stability_limit_khz(p.period_us, p.actuator.settled(p.period_us))},
      {"error_ghz", r.error_ghz},
      {"formula_ghz", optics::ramp_error_ghz(p.drift_ghz_per_k, p.slew_k_per_s, p.bandwidth_khz)},
      {"peak_ghz", r.peak_ghz},
      {"ripple_ghz", r.ripple_ghz},
      {"dac_step_ghz", p.actuator.step_ghz()},
      {"penalty_db", finite(r.penalty_db())},
      {"modulator_penalty_db", finite(r.modulator_penalty_db)},
      {"receive_penalty_db", finite(r.receive_penalty_db)},
      {"locked", r.locked()},
      {"modulator_locked", r.modulator_locked},
      {"receive_locked", r.receive_locked},
      {"lost_after_ms", r.locked() ? document(nullptr) : document(r.lost_after_ms)},
      {"thresholds_ghz",
       {{"cooling", limit.cooling_ghz},
        {"warming", limit.warming_ghz},
        {"receive", limit.receive_ghz}}},
      {"linewidth_ghz", p.rx.linewidth_ghz}};
}

document light_assign(base::config& c) {
  const optics::lock_setup s = optics::make_lock_setup(c);
  const optics::yield_params& p = s.draw;
  const optics::yield_result r = optics::assignment_yield(p);
  const int buses_of_blade = 2 * 8 * 2 * s.bank.ports;
  return {{"profile", s.light.profile->name},
          {"arbitration", optics::name_of(p.scheme)},
          {"samples", r.samples},
          {"seed", p.seed},
          {"fab_sigma_ghz", p.scatter.sigma_ghz},
          {"temperature_offset_k", p.warmer_k},
          {"rings", p.rings},
          {"heater_range_ghz", p.actuator.range_ghz},
          {"yield", r.yield()},
          {"yield_ci95", r.yield_ci95()},
          {"failed", r.samples - r.complete},
          {"blade_yield", std::pow(r.yield(), buses_of_blade)},
          {"blade_buses", buses_of_blade},
          {"rings_without_line", r.rings_left},
          {"mean_heater_mw", r.mean_heater_mw()},
          {"hops", r.mean_hops()},
          {"most_hops", r.most_hops}};
}

std::string track_text(const document& t) {
  const double slew = t["slew_k_per_s"].get<double>();
  const auto number = [&](const char* key) { return t[key].get<double>(); };
  const auto held = [&](const char* key) { return t[key].get<bool>() ? "held" : "lost"; };
  const document& limit = t["thresholds_ghz"];
  std::string text = fmt::format("{}: a die that {} by {:g} K/s, a loop of {:g} kHz\n\n",
                                 t["profile"].get<std::string>(), slew < 0 ? "cools" : "warms",
                                 std::abs(slew), number("loop_bw_khz"));
  text += row("loop gain a period", fmt::format("{:.4f}", number("loop_gain")),
              fmt::format("diverges above {:.1f} kHz", number("loop_limit_khz")));
  text += row("error, GHz", fmt::format("{:.3f}", number("error_ghz")),
              fmt::format("drift x slew / (2 pi f) = {:.3f}; below 0 the ring is too high",
                          number("formula_ghz")));
  text += row("largest error, GHz", fmt::format("{:.3f}", number("peak_ghz")),
              fmt::format("limit cycle {:.3f} peak to peak, heater step {:.3f}",
                          number("ripple_ghz"), number("dac_step_ghz")));
  text += row("modulator penalty, dB", decibels(t["modulator_penalty_db"]),
              fmt::format("{}; lost below -{:.2f} and above {:.2f} GHz", held("modulator_locked"),
                          limit["cooling"].get<double>(), limit["warming"].get<double>()));
  text += row("receive ring penalty, dB", decibels(t["receive_penalty_db"]),
              fmt::format("{}; lost beyond {:.2f} GHz", held("receive_locked"),
                          limit["receive"].get<double>()));
  text +=
      row("lock", t["locked"].get<bool>() ? "held" : "lost",
          t["locked"].get<bool>() ? "" : fmt::format("after {:.2f} ms", number("lost_after_ms")));
  return text;
}

std::string assign_text(const document& a) {
  const auto number = [&](const char* key) { return a[key].get<double>(); };
  std::string text = fmt::format(
      "{}: {} buses of {} rings, {}, fabrication sigma {:g} GHz, {:+g} K\n\n",
      a["profile"].get<std::string>(), a["samples"].get<std::uint64_t>(), a["rings"].get<int>(),
      a["arbitration"].get<std::string>(), number("fab_sigma_ghz"), number("temperature_offset_k"));
  text += row(
      "yield of buses", fmt::format("{:.6f}", number("yield")),
      fmt::format("+/- {:.1e}; {} incomplete, {} rings without a line", number("yield_ci95"),
                  a["failed"].get<std::uint64_t>(), a["rings_without_line"].get<std::uint64_t>()));
  text += row("yield of blades", fmt::format("{:.4f}", number("blade_yield")),
              fmt::format("{} buses each", a["blade_buses"].get<int>()));
  text += row("heater, mW a ring", fmt::format("{:.3f}", number("mean_heater_mw")),
              fmt::format("of complete buses; {:g} GHz of range", number("heater_range_ghz")));
  text += row("hops of a bus", fmt::format("{:.3f}", number("hops")),
              fmt::format("on the way to this temperature, {} at most",
                          a["most_hops"].get<std::uint64_t>()));
  return text;
}

}  // namespace lightrack::platforms
