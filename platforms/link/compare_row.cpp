// SPDX-License-Identifier: Apache-2.0
#include "platforms/link/compare_row.h"

#include <fmt/format.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "models/link/flit_endpoint.h"
#include "rtl/link_pkg.h"
#include "tb/bridge/rtl_endpoint.h"
#include "tb/verify/likeness.h"
#include "tb/verify/lockstep.h"
#include "tb/verify/scoreboard.h"

namespace lightrack::platforms {
namespace {

verify::factories factories_of(pairing p, const bridge::rtl_options& options) {
  if (p == pairing::burst_burst) return verify::burst_factories();
  const link::endpoint_factory rtl = bridge::rtl_factory(options);
  const link::endpoint_factory flit = link::make_flit_endpoint;
  const bool both_flit = p == pairing::flit_flit;
  return {.west = both_flit || p == pairing::flit_rtl ? flit : rtl,
          .east = both_flit || p == pairing::rtl_flit ? flit : rtl};
}

std::string write_waveforms(const verify::scenario& s, pairing p, verify::i64 clock,
                            const std::string& directory) {
  constexpr verify::i64 before = 2000;
  constexpr verify::i64 after = 500;
  const std::string folder = fmt::format("{}/{}_{}", directory, s.name, name_of(p));
  std::filesystem::create_directories(folder);
  verify::scenario until = s;
  until.clocks = std::min(s.clocks, clock + after);
  (void)verify::run_pair(until,
                         factories_of(p, {.fst_pattern = "*",
                                          .fst_directory = folder,
                                          .fst_windows = {{clock - before, clock + after}}}),
                         {.keep_records = false});
  return folder;
}

std::string state_and_cause(const verify::end_result& end) {
  return fmt::format("{} ({})", name_of(static_cast<link::pkg::state_e>(end.status.state)),
                     name_of(static_cast<link::pkg::cause_e>(end.status.cause)));
}

}  // namespace

std::string name_of(pairing p) {
  switch (p) {
    case pairing::rtl_rtl:
      return "rtl-rtl";
    case pairing::rtl_flit:
      return "rtl-flit";
    case pairing::flit_rtl:
      return "flit-rtl";
    case pairing::flit_flit:
      return "flit-flit";
    case pairing::burst_burst:
      return "burst-burst";
  }
  return "?";
}

std::optional<pairing> pairing_of(const std::string& name) {
  const std::size_t dash = name.find('-');
  if (dash == std::string::npos) return std::nullopt;
  std::string west = name.substr(0, dash);
  std::string east = name.substr(dash + 1);
  if (west == "burst" && east != "burst") west = "flit";
  if (east == "burst" && west != "burst") east = "flit";
  for (const pairing p : {pairing::rtl_rtl, pairing::rtl_flit, pairing::flit_rtl,
                          pairing::flit_flit, pairing::burst_burst})
    if (name_of(p) == west + "-" + east) return p;
  return std::nullopt;
}

nlohmann::json compare_row(const verify::scenario& s, pairing p, const std::string& fst_directory) {
  const verify::run_result flit =
      verify::run_pair(s, {.west = link::make_flit_endpoint, .east = link::make_flit_endpoint});
  const verify::run_result mixed = verify::run_pair(s, factories_of(p, {}));
  const bool bursts = p == pairing::burst_burst;
  verify::run_difference d = verify::compare_runs(flit, mixed);
  std::vector<std::string> broken = verify::judge(s, mixed);
  if (bursts) {
    // Bursts leave other records, and counters near those of flit.
    d.mismatches = 0;
    d.first_clock = -1;
    for (std::string& finding : verify::judge_likeness(flit, mixed))
      broken.push_back(std::move(finding));
  }

  nlohmann::json row;
  row["name"] = s.name;
  row["pairing"] = name_of(p);
  row["lanes"] = s.lanes;
  row["why"] = s.why;
  row["clocks"] = mixed.clocks;
  row["flits"] = mixed.delivered();
  row["records"] = mixed.west.trace_records + mixed.east.trace_records;
  row["mismatches"] = d.mismatches;
  row["throughput_error_percent"] = d.throughput_error_percent;
  row["latency_error_cycles"] = d.latency_error_clocks;
  row["counters_equal"] = d.counters_equal;
  row["counters_error_percent"] = d.counters_error_percent;
  row["counters_differ"] = d.counters_text;
  row["west_end"] = state_and_cause(mixed.west);
  row["east_end"] = state_and_cause(mixed.east);
  row["trace_hash"] = fmt::format("{:016x}", mixed.trace_hash());
  row["rules_broken"] = broken;
  row["first_divergence"] = nullptr;
  if (d.first_clock >= 0) {
    row["first_divergence"] = {
        {"clock", d.first_clock}, {"instance", d.first_instance}, {"text", d.first_divergence}};
    if (!fst_directory.empty())
      row["first_divergence"]["waveforms"] = write_waveforms(s, p, d.first_clock, fst_directory);
  }
  row["pass"] = (bursts || d.equal()) && broken.empty();
  row["wall_s"] = {{"flit", flit.wall_s}, {"pairing", mixed.wall_s}};
  return row;
}

nlohmann::json failed_row(const verify::scenario& s, pairing p, const std::string& why) {
  return {{"name", s.name},
          {"pairing", name_of(p)},
          {"lanes", s.lanes},
          {"flits", 0},
          {"mismatches", 0},
          {"throughput_error_percent", nullptr},
          {"latency_error_cycles", nullptr},
          {"counters_equal", false},
          {"counters_error_percent", nullptr},
          {"first_divergence", nullptr},
          {"rules_broken", {why}},
          {"pass", false}};
}

}  // namespace lightrack::platforms
