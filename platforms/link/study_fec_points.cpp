// SPDX-License-Identifier: Apache-2.0
#include "platforms/link/study_fec_points.h"

#include <fmt/format.h>

#include <algorithm>

#include "models/base/engine_profile.h"
#include "models/base/random.h"
#include "models/base/results.h"
#include "models/base/units.h"
#include "models/link/heavy_fec.h"
#include "models/link/link_formulas.h"
#include "platforms/light/light_calculators.h"
#include "platforms/link/link_platform.h"

namespace lightrack::platforms {
namespace {

constexpr double flit_bits = 2048;
constexpr double formula_window = 256;  // replay depth of the default link

base::config light_of(const base::config& base, const std::string& profile) {
  base::config c = base;
  c.set("engine.profile=" + profile, "study fec");
  return c;
}

fec_design design_of(const base::config& base, const std::string& profile,
                     const std::string& name) {
  const base::engine_profile& p = *base::find_profile(profile);
  base::config c = light_of(base, profile);
  const document budget = light_budget(c);
  const document laser = light_laser(c);
  return {.profile = profile,
          .name = name,
          .rs544 = p.fec == "rs544",
          .hop_ns = p.hop_ns,
          .laser_pj = laser["pj_per_bit"].get<double>(),
          .engine_pj = c.number("engine.energy"),
          .launch_dbm = p.launch_dbm,
          .design_ber = budget["ber"].get<double>()};
}

document tagged(const std::string& series, const fec_design& d) {
  return {{"git", base::git_revision()},
          {"config_hash", ""},
          {"seed", 0},
          {"fidelity", "formula"},
          {"status", "done"},
          {"series", series},
          {"design", d.name},
          {"profile", d.profile}};
}

}  // namespace

double fec_design::flit_failure(double ber) const {
  return rs544 ? link::heavy_fec::flit_failure(ber) : link::flit_error_probability(ber);
}

double fec_design::channel_ber(double ber) const {
  if (!rs544) return ber;
  const double failure = flit_failure(ber);
  if (failure < 1e-6) return std::stod(fmt::format("{:.6g}", failure / flit_bits));
  const double rate = 1 - base::exact_exp(base::exact_log(1 - failure) / flit_bits);
  return std::stod(fmt::format("{:.6g}", rate));
}

std::vector<fec_design> fec_designs(const base::config& base) {
  return {design_of(base, "SC25_DWDM", "16 x 50 Gb/s NRZ, no FEC"),
          design_of(base, "SC25_PAM4", "4 x 50 Gb/s PAM4, RS(544,514)")};
}

std::vector<fec_point> plan_fec_study(const base::config& base,
                                      const std::vector<fec_design>& designs, bool quick) {
  const std::vector<double> plain =
      quick ? std::vector{0.0, 1e-7, 1e-6, 1e-5}
            : std::vector{0.0, 1e-9, 1e-8, 1e-7, 3e-7, 1e-6, 3e-6, 1e-5, 3e-5};
  const std::vector<double> coded =
      quick ? std::vector{0.0, 1e-3, 1.6e-3, 2e-3}
            : std::vector{0.0, 1e-6, 1e-4, 5e-4, 1e-3, 1.2e-3, 1.4e-3, 1.6e-3, 1.8e-3, 2e-3};
  const double wanted = quick ? 500 : 5'000;  // wrong flits in a point
  const double least_us = quick ? 20 : 100;
  const double most_us = quick ? 100 : 2'000;
  std::vector<fec_point> plan;
  for (std::size_t i = 0; i < designs.size(); ++i) {
    const fec_design& d = designs[i];
    const base::engine_profile& p = *base::find_profile(d.profile);
    const double flit_us = flit_bits / (p.lambda_per_port * p.gbps_per_lambda) * 1e-3;
    for (const double ber : d.rs544 ? coded : plain) {
      for (const double load : {1.0, 0.5}) {
        fec_point point{.config = base, .design = i, .ber = ber};
        const auto set = [&](const std::string& key, double value) {
          point.config.set(key + "=" + base::number_text(value), "study fec");
        };
        point.config.set("engine.profile=" + d.profile, "study fec");
        set("channel.ber", d.channel_ber(ber));
        set("traffic.load", load);
        const double failure = d.flit_failure(ber);
        const double time =
            failure > 0 ? std::clamp(wanted / failure * flit_us, least_us, most_us) : least_us;
        if (!base.given("sim.time")) set("sim.time", time);
        base::config effective = point.config;
        const link_setup s = make_link_setup(effective);
        point.key = fmt::format("{}-{}-{}", base::hash_text(s.config_hash), s.seed, s.fidelity());
        plan.push_back(std::move(point));
      }
    }
  }
  return plan;
}

std::vector<document> fec_formula_rows(const std::vector<fec_design>& designs,
                                       const std::vector<double>& round_trip_flits,
                                       double flight_ns) {
  std::vector<document> rows;
  for (std::size_t i = 0; i < designs.size(); ++i) {
    const fec_design& d = designs[i];
    for (const double ber : log_range(1e-13, 3e-3)) {
      const double failure = d.flit_failure(ber);
      const double useful = link::retry_efficiency(failure, round_trip_flits[i], formula_window);
      document row = tagged("formula", d);
      row["ber"] = ber;
      row["flit_failure"] = failure;
      row["flit_efficiency"] = useful;
      row["one_way_ns"] = d.hop_ns + flight_ns;
      row["pj_per_bit"] = (d.engine_pj + d.laser_pj) / useful;
      rows.push_back(std::move(row));
    }
  }
  return rows;
}

std::vector<document> fec_launch_rows(const base::config& base,
                                      const std::vector<fec_design>& designs) {
  std::vector<document> rows;
  for (const fec_design& d : designs) {
    for (double dbm = 3; dbm <= 14; dbm += 0.5) {
      base::config c = light_of(base, d.profile);
      c.set("laser.power_per_lambda=" + base::number_text(dbm), "study fec");
      document row = tagged("launch", d);
      base::config for_laser = c;
      const document budget = light_budget(c);
      row["launch_dbm"] = dbm;
      row["ber"] = budget["ber"];
      row["margin_db"] = budget["margin_db"];
      row["flit_failure"] = d.flit_failure(budget["ber"].get<double>());
      row["laser_pj_per_bit"] = light_laser(for_laser)["pj_per_bit"];
      rows.push_back(std::move(row));
    }
  }
  return rows;
}

}  // namespace lightrack::platforms
