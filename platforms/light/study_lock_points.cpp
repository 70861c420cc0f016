// SPDX-License-Identifier: Apache-2.0
#include "platforms/light/study_lock_points.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "models/base/results.h"
#include "models/base/units.h"
#include "models/optics/lock_setup.h"

namespace lightrack::platforms {
namespace {

using base::config;
using optics::light_bank;
using optics::lock_setup;
using optics::ms;
using optics::time_fs;

struct study_size {
  std::vector<double> sigmas;
  std::vector<double> warm_sigmas;
  std::vector<double> offsets_k;
  std::vector<double> slews;  ///< magnitudes
  std::vector<double> bandwidths_khz;
  std::vector<double> ramp_slews;  ///< magnitudes
  std::vector<double> start_sigmas;
  int samples;
};

study_size full_size() {
  study_size s{.sigmas = {40, 60, 80, 90, 100, 110, 120, 140, 160, 180, 200, 250, 300, 355},
               .warm_sigmas = {80, 120},
               .offsets_k = {},
               .slews = {1, 3, 10, 30, 100, 200, 400, 800, 1200, 2000},
               .bandwidths_khz = {0.1, 0.15, 0.2, 0.3, 0.5, 0.7, 1, 1.27, 2, 3, 5, 10, 20, 30},
               .ramp_slews = {50, 100, 200, 400, 800, 1600},
               .start_sigmas = {40, 80, 120, 160, 200},
               .samples = 20'000};
  for (int k = -44; k <= 44; k += 4) s.offsets_k.push_back(k);
  return s;
}

study_size quick_size() {
  return {.sigmas = {40, 80, 100, 120, 160, 200, 300},
          .warm_sigmas = {80, 120},
          .offsets_k = {-42, -35, -28, -21, -14, -7, 0, 7, 14, 21, 28, 35, 42},
          .slews = {1, 10, 100, 400, 800, 2000},
          .bandwidths_khz = {0.1, 0.2, 0.3, 0.5, 1, 1.27, 3, 10, 30},
          .ramp_slews = {200, 800, 1600},
          .start_sigmas = {80, 160},
          .samples = 5'000};
}

constexpr std::array schemes{"SEQUENTIAL", "NEAREST", "BARREL_SHIFT", "OPTIMUM"};
constexpr std::array sweeps{"ONE_BY_ONE", "ALL_AT_ONCE"};
constexpr std::array dac_bits{8, 9, 10, 11, 12, 13, 14};
constexpr double ramp_k = 40;
constexpr int start_engines = 8;
constexpr int ramp_engines = 2;
constexpr time_fs locked_by = 60 * ms;  // of a bus of 16 that sweeps one by one, with room

class planner {
 public:
  using texts = std::vector<std::pair<std::string, std::string>>;

  planner(const config& base, int samples) : base_{base} {
    if (!base_.given("light.samples")) set(base_, "light.samples", std::to_string(samples));
  }

  /// One of the axes may be given by the user; such points come out equal and are kept once.
  void add(const std::string& series, const texts& values) {
    lock_point p{.config = base_, .series = series};
    for (const auto& [key, value] : values) {
      if (!base_.given(key)) set(p.config, key, value);
    }
    (void)optics::make_lock_setup(p.config);
    p.key = fmt::format("{}-{}-{}", series, base::hash_text(p.config.hash()),
                        p.config.integer("sim.seed"));
    const auto same = [&](const lock_point& other) { return other.key == p.key; };
    if (std::ranges::none_of(points_, same)) points_.push_back(std::move(p));
  }
  [[nodiscard]] std::vector<lock_point> take() { return std::move(points_); }

 private:
  static void set(config& c, const std::string& key, const std::string& value) {
    c.set(fmt::format("{}={}", key, value));
  }

  config base_;
  std::vector<lock_point> points_;
};

std::string text(double v) { return base::number_text(v); }

double celsius_of(const lock_setup& s) { return s.bank.t_ref_c; }

/// Engines with power and light since time zero.
light_bank started(const lock_setup& s, int engines) {
  optics::bank_params p = s.bank;
  p.engines = engines;
  light_bank bank{p};
  for (int e = 0; e < engines; ++e) {
    bank.set_light(e, true, 0);
    bank.power_on(e, 0);
  }
  return bank;
}

document yield_row(const lock_setup& s) {
  const optics::yield_result r = optics::assignment_yield(s.draw);
  const int blade = 2 * 8 * 2 * s.bank.ports;
  return {{"samples", r.samples},
          {"failed_buses", r.samples - r.complete},
          {"yield", r.yield()},
          {"yield_ci95", r.yield_ci95()},
          {"blade_yield", std::pow(r.yield(), blade)},
          {"rings_without_line", r.rings_left},
          {"mean_heater_mw", r.complete > 0 ? document(r.mean_heater_mw()) : document(nullptr)},
          {"hops", r.mean_hops()},
          {"most_hops", r.most_hops}};
}

document start_row(const lock_setup& s) {
  light_bank bank = started(s, start_engines);
  const int lines = s.bank.lines;
  std::vector<time_fs> complete(static_cast<std::size_t>(bank.buses()), -1);
  for (time_fs t = bank.next_time(); t <= locked_by; t = bank.next_time()) {
    bank.advance(t);
    for (int b = 0; b < bank.buses(); ++b) {
      if (complete[static_cast<std::size_t>(b)] >= 0) continue;
      bool all = true;
      for (int r = b * lines; r < (b + 1) * lines; ++r) all = all && bank.output(r).present;
      if (all) complete[static_cast<std::size_t>(b)] = t;
    }
  }
  double sum = 0;
  double last = 0;
  int up = 0;
  int held = 0;
  for (const time_fs t : complete) {
    if (t < 0) continue;
    ++up;
    sum += optics::seconds(t) * 1e3;
    last = std::max(last, optics::seconds(t) * 1e3);
  }
  for (int r = 0; r < bank.rings(); ++r) held += bank.output(r).present ? 1 : 0;
  double heater = 0;
  for (int e = 0; e < start_engines; ++e) heater += bank.heater_mw(e);
  return {{"buses", bank.buses()},
          {"buses_complete", up},
          {"bank_yield", static_cast<double>(up) / bank.buses()},
          {"rings_held", static_cast<double>(held) / bank.rings()},
          {"time_to_lock_ms", up > 0 ? document(sum / up) : document(nullptr)},
          {"last_lock_ms", up > 0 ? document(last) : document(nullptr)},
          {"mean_heater_mw", heater / bank.rings()}};
}

document ramp_row(const lock_setup& s) {
  light_bank bank = started(s, ramp_engines);
  bank.advance(locked_by);
  bank.clear_changed();
  std::vector<time_fs> dark_from(static_cast<std::size_t>(bank.rings()), -1);
  int up = 0;
  for (int r = 0; r < bank.rings(); ++r) up += bank.output(r).present ? 1 : 0;
  const double to = celsius_of(s) + s.draw.warmer_k;
  const auto profile =
      optics::die_temperature::ramp(celsius_of(s), to, std::abs(s.track.slew_k_per_s), locked_by);
  for (int e = 0; e < ramp_engines; ++e) bank.set_temperature(e, profile, locked_by);
  const time_fs end = profile.end + 20 * ms;
  double dark_ms = 0;
  double worst_db = 0;
  for (time_fs t = bank.next_time(); t <= end; t = bank.next_time()) {
    bank.advance(t);
    for (const std::uint32_t r : bank.changed()) {
      const optics::ring_output& o = bank.output(static_cast<int>(r));
      if (!o.present) {
        if (dark_from[r] < 0) dark_from[r] = o.since;
        continue;
      }
      if (dark_from[r] >= 0) dark_ms += optics::seconds(o.since - dark_from[r]) * 1e3;
      dark_from[r] = -1;
      if (std::isfinite(o.penalty_db)) worst_db = std::max(worst_db, o.penalty_db);
    }
    bank.clear_changed();
  }
  int held = 0;
  std::uint64_t losses = 0;
  std::uint64_t hops = 0;
  for (int r = 0; r < bank.rings(); ++r) {
    held += bank.output(r).present ? 1 : 0;
    losses += bank.lock(r).losses;
    if (dark_from[static_cast<std::size_t>(r)] < 0 || bank.output(r).since <= locked_by) continue;
    dark_ms += optics::seconds(end - dark_from[static_cast<std::size_t>(r)]) * 1e3;
  }
  for (int b = 0; b < bank.buses(); ++b) hops += bank.counts(b).hops;
  return {{"buses", bank.buses()},
          {"rings_up_before", static_cast<double>(up) / bank.rings()},
          {"rings_held", static_cast<double>(held) / bank.rings()},
          {"hops", static_cast<double>(hops) / bank.buses()},
          {"losses_per_ring", static_cast<double>(losses) / bank.rings()},
          {"dark_ms_per_lane", dark_ms / bank.rings()},
          {"worst_penalty_db", worst_db}};
}

document track_row(const lock_setup& s) {
  const optics::track_result r = optics::track_ramp(s.track);
  const optics::lock_thresholds limit =
      optics::thresholds_of(s.track.tx, s.track.rx, s.track.lol_penalty_db);
  const auto finite = [](double v) { return std::isfinite(v) ? document(v) : document(nullptr); };
  return {{"error_ghz", r.error_ghz},
          {"formula_ghz", optics::ramp_error_ghz(s.track.drift_ghz_per_k, s.track.slew_k_per_s,
                                                 s.track.bandwidth_khz)},
          {"peak_ghz", r.peak_ghz},
          {"ripple_ghz", r.ripple_ghz},
          {"dac_step_ghz", s.track.actuator.step_ghz()},
          {"modulator_penalty_db", finite(r.modulator_penalty_db)},
          {"receive_penalty_db", finite(r.receive_penalty_db)},
          {"locked", r.locked() ? 1 : 0},
          {"modulator_locked", r.modulator_locked ? 1 : 0},
          {"receive_locked", r.receive_locked ? 1 : 0},
          {"cooling_limit_ghz", limit.cooling_ghz},
          {"warming_limit_ghz", limit.warming_ghz},
          {"receive_limit_ghz", limit.receive_ghz}};
}

}  // namespace

std::vector<lock_point> plan_lock_study(const config& base, bool quick) {
  const study_size size = quick ? quick_size() : full_size();
  planner plan{base, size.samples};
  for (const char* scheme : schemes) {
    for (const double sigma : size.sigmas) {
      plan.add("yield", {{"ring.arbitration", scheme}, {"ring.fab_sigma", text(sigma)}});
    }
    for (const double sigma : size.warm_sigmas) {
      for (const double kelvin : size.offsets_k) {
        plan.add("warm", {{"ring.arbitration", scheme},
                          {"ring.fab_sigma", text(sigma)},
                          {"light.temperature_offset", text(kelvin)}});
      }
    }
    for (const double sigma : size.start_sigmas) {
      for (const char* sweep : sweeps) {
        plan.add("start", {{"ring.arbitration", scheme},
                           {"ring.fab_sigma", text(sigma)},
                           {"ring.sweep_order", sweep}});
      }
    }
  }
  for (const double sign : {-1.0, 1.0}) {
    for (const double slew : size.ramp_slews) {
      for (const char* scheme : schemes) {
        plan.add("ramp", {{"ring.arbitration", scheme},
                          {"light.temperature_offset", text(sign * ramp_k)},
                          {"light.slew", text(sign * slew)}});
      }
    }
    for (const double slew : size.slews) {
      for (const double bandwidth : size.bandwidths_khz) {
        plan.add("track", {{"light.slew", text(sign * slew)}, {"ring.loop_bw", text(bandwidth)}});
      }
    }
  }
  for (const int bits : dac_bits) {
    plan.add("dac", {{"ring.heater_dac_bits", std::to_string(bits)}});
  }
  return plan.take();
}

document compute_lock_point(const lock_point& point) {
  config c = point.config;
  const lock_setup s = optics::make_lock_setup(c);
  document row = {{"git", base::git_revision()},
                  {"config_hash", base::hash_text(c.hash())},
                  {"seed", s.bank.seed},
                  {"fidelity", "optics"},
                  {"status", "done"},
                  {"series", point.series},
                  {"profile", s.light.profile->name},
                  {"arbitration", optics::name_of(s.bank.scheme)},
                  {"sweep_order", c.text("ring.sweep_order")},
                  {"fab_sigma_ghz", s.bank.scatter.sigma_ghz},
                  {"temperature_offset_k", s.draw.warmer_k},
                  {"slew_k_per_s", s.track.slew_k_per_s},
                  {"loop_bw_khz", s.track.bandwidth_khz},
                  {"dac_bits", c.integer("ring.heater_dac_bits")}};
  const document found = point.series == "start"   ? start_row(s)
                         : point.series == "ramp"  ? ramp_row(s)
                         : point.series == "track" ? track_row(s)
                         : point.series == "dac"   ? track_row(s)
                                                   : yield_row(s);
  for (const auto& [name, value] : found.items()) row[name] = value;
  return row;
}

}  // namespace lightrack::platforms
