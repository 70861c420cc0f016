// SPDX-License-Identifier: Apache-2.0
// platforms/cli/fit_command.cpp
// `lightrack fit link`: the service curve of one kind of link, and how far bursts are off with it.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>

#include "models/base/error.h"
#include "platforms/cli/commands.h"
#include "platforms/link/fidelity_error.h"
#include "platforms/link/fit_link.h"
#include "platforms/link/service_curve_store.h"

namespace lightrack::cli {
namespace {

using nlohmann::json;

json error_json(const link::curve_error& e) {
  return {{"scenario", e.scenario},
          {"flits", e.flits},
          {"throughput_percent", e.throughput_percent},
          {"latency_mean_percent", e.latency_mean_percent},
          {"latency_p99_percent", e.latency_p99_percent}};
}

}  // namespace

int fit_command(const std::string& what, const common_options& o) {
  if (what != "link")
    throw base::config_error(fmt::format("fit {}: no such platform; allowed is link", what));
  base::config config = platforms::link_config();
  common_options keys = o;
  keys.quick = false;  // a quick fit has fewer scenarios and times of its own
  apply(keys, config);
  const link::service_curve curve = platforms::fit_link(
      config, {.quick = o.quick, .done = [&](const link::curve_error& e) {
                 if (!o.json && !o.quiet)
                   std::cout << fmt::format(
                       "{:<24}{:>10} flits  throughput {:+.3f} %  mean {:+.3f} %  p99 {:+.3f} %\n",
                       e.scenario, e.flits, e.throughput_percent, e.latency_mean_percent,
                       e.latency_p99_percent);
               }});
  const bool own = o.out.empty();
  const std::filesystem::path folder{own ? platforms::service_curve_folder() : o.out};
  std::filesystem::create_directories(folder);
  const std::string file =
      (folder / link::service_curve_name(curve.lanes, curve.gbps_per_lambda, curve.fec)).string();
  link::write_service_curve(curve, file);
  const link::curve_error worst = curve.worst();
  if (own && !o.quick)
    platforms::record_fidelity_error(platforms::fidelity_table_file(),
                                     {.fidelity = "burst",
                                      .lanes = curve.lanes,
                                      .throughput_percent = worst.throughput_percent,
                                      .latency_ns = worst.latency_ns,
                                      .scenarios = static_cast<int>(curve.errors.size()),
                                      .git = curve.git});
  if (o.json) {
    json j{{"file", file},
           {"lanes", curve.lanes},
           {"gbps_per_lambda", curve.gbps_per_lambda},
           {"fec", curve.fec},
           {"verdict_clocks", curve.verdict_clocks},
           {"deliver_clocks", curve.deliver_clocks},
           {"turn_clocks", curve.turn_clocks},
           {"marker_clocks", curve.marker_clocks},
           {"retrain_clocks", curve.retrain_clocks},
           {"worst", error_json(worst)},
           {"errors", json::array()}};
    for (const link::curve_error& e : curve.errors) j["errors"].push_back(error_json(e));
    std::cout << j.dump(2) << '\n';
  } else {
    std::cout << fmt::format(
        "{}: {} scenarios, at most {:.2f} % throughput, {:.2f} % mean, {:.2f} % p99\n", file,
        curve.errors.size(), worst.throughput_percent, worst.latency_mean_percent,
        worst.latency_p99_percent);
  }
  return exit_done;
}

}  // namespace lightrack::cli
