// SPDX-License-Identifier: Apache-2.0
#include "platforms/link/compare_link.h"

#include <fmt/format.h>
#include <fnmatch.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <nlohmann/json.hpp>
#include <ostream>
#include <thread>
#include <vector>

#include "models/base/error.h"
#include "models/base/results.h"
#include "platforms/link/child_pool.h"
#include "platforms/link/compare_row.h"
#include "platforms/link/fidelity_error.h"
#include "tb/verify/catalog.h"
#include "tb/verify/fault_scenario.h"

namespace lightrack::platforms {
namespace {

using nlohmann::json;
using clock_type = std::chrono::steady_clock;

constexpr int exit_equal = 0;
constexpr int exit_different = 1;
constexpr int exit_interrupted = 130;
constexpr double clock_ns = 0.64;  // of the scenarios: 50 Gb/s on 16 lanes

struct job {
  verify::scenario scenario;
  pairing which;
};

bool matches(const std::string& pattern, const std::string& name) {
  if (pattern.empty()) return true;
  if (pattern.find_first_of("*?[") == std::string::npos)
    return name.find(pattern) != std::string::npos;
  return ::fnmatch(pattern.c_str(), name.c_str(), 0) == 0;
}

std::vector<verify::scenario> scenarios_of(const compare_options& options) {
  if (options.faults == 0) return verify::gate_catalog(options.seed);
  std::vector<verify::scenario> all;
  for (int i = 0; i < options.faults; ++i)
    all.push_back(verify::fault_scenario(options.seed + static_cast<verify::u64>(i)));
  return all;
}

std::vector<job> select_jobs(const compare_options& options) {
  std::vector<pairing> pairings{std::begin(all_pairings), std::end(all_pairings)};
  if (!options.pairing.empty()) {
    const std::optional<pairing> one = pairing_of(options.pairing);
    if (!one || (*one == pairing::flit_flit && options.faults == 0))
      throw base::config_error(
          fmt::format("--pairing {}: rtl-rtl, rtl-flit, flit-rtl and burst-burst are compared with "
                      "flit-flit; with --faults flit-flit is allowed, too",
                      options.pairing));
    pairings = {*one};
  }
  std::vector<job> jobs;
  for (const verify::scenario& s : scenarios_of(options))
    if (matches(options.scenario, s.name))
      for (const pairing p : pairings) jobs.push_back({.scenario = s, .which = p});
  if (jobs.empty())
    throw base::config_error(
        fmt::format("--scenario {}: no scenario has such a name; `lightrack "
                    "compare link --list` shows all",
                    options.scenario));
  return jobs;
}

int list_scenarios(const compare_options& options, std::ostream& out) {
  json list = json::array();
  for (const verify::scenario& s : scenarios_of(options)) {
    if (!matches(options.scenario, s.name)) continue;
    if (!options.json) out << fmt::format("{:<30} {:>7} clocks  {}\n", s.name, s.clocks, s.why);
    list.push_back({{"name", s.name},
                    {"lanes", s.lanes},
                    {"length_m", s.length_m},
                    {"clocks", s.clocks},
                    {"why", s.why}});
  }
  if (options.json) out << json{{"scenarios", list}}.dump(2) << '\n';
  return exit_equal;
}

/// A line on a terminal: done, share of the clocks, rate and time left.
class progress_bar {
 public:
  progress_bar(const std::vector<job>& jobs, bool on, std::ostream& err)
      : jobs_{jobs}, on_{on && ::isatty(STDERR_FILENO) != 0}, err_{err} {
    for (const job& j : jobs_) all_ += j.scenario.clocks;
  }
  ~progress_bar() {
    if (on_ && shown_) err_ << "\r\033[K" << std::flush;
  }
  progress_bar(const progress_bar&) = delete;
  progress_bar& operator=(const progress_bar&) = delete;

  void finished(std::size_t index) {
    ++rows_;
    done_ += jobs_[index].scenario.clocks;
    const double s = std::chrono::duration<double>(clock_type::now() - begin_).count();
    if (!on_ || s < 2) return;
    const double share = static_cast<double>(done_) / static_cast<double>(all_);
    shown_ = true;
    err_ << fmt::format("\r\033[K[{:<30}] {}/{}  {:.0f} k clocks/s  {:.0f} s left",
                        std::string(static_cast<std::size_t>(30 * share), '#'), rows_, jobs_.size(),
                        static_cast<double>(done_) / s / 1000, s / share - s)
         << std::flush;
  }

 private:
  const std::vector<job>& jobs_;
  bool on_;
  std::ostream& err_;
  clock_type::time_point begin_ = clock_type::now();
  verify::i64 all_ = 0;
  verify::i64 done_ = 0;
  std::size_t rows_ = 0;
  bool shown_ = false;
};

std::string row_text(const json& row) {
  std::string text = fmt::format(
      "{:<30} {:<9} {:>7} {:>10} {:>6}  {}\n", row["name"].get<std::string>(),
      row["pairing"].get<std::string>(), row["flits"].get<verify::u64>(),
      row["mismatches"].get<verify::u64>(), row["counters_equal"].get<bool>() ? "equal" : "differ",
      row["pass"].get<bool>() ? "pass" : "FAIL");
  if (row["pass"].get<bool>()) return text;
  for (const auto& rule : row["rules_broken"])
    text += fmt::format("  rule: {}\n", rule.get<std::string>());
  if (row.contains("counters_differ")) text += row["counters_differ"].get<std::string>();
  if (!row["first_divergence"].is_null())
    text += row["first_divergence"]["text"].get<std::string>();
  return text;
}

/// The largest errors of each lane count, of RTL at both ends.
void record(const json& rows) {
  std::map<int, fidelity_error> table;
  for (const json& row : rows) {
    if (row["pairing"] != name_of(pairing::rtl_rtl) || row["throughput_error_percent"].is_null())
      continue;
    const int lanes = row["lanes"].get<int>();
    fidelity_error& e = table[lanes];
    e.fidelity = "flit";
    e.lanes = lanes;
    e.throughput_percent =
        std::max(e.throughput_percent, row["throughput_error_percent"].get<double>());
    e.latency_ns = std::max(e.latency_ns, clock_ns * row["latency_error_cycles"].get<double>());
    e.git = base::git_revision();
    ++e.scenarios;
  }
  for (const auto& [lanes, error] : table) record_fidelity_error(fidelity_table_file(), error);
}

}  // namespace

int run_compare_link(const compare_options& options, std::ostream& out, std::ostream& err) {
  if (options.list) return list_scenarios(options, out);
  const std::vector<job> jobs = select_jobs(options);
  const int cores = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  std::vector<json> rows(jobs.size());
  bool whole = false;
  {
    progress_bar bar{jobs, !options.quiet, err};
    whole = run_children(
        jobs.size(), options.jobs > 0 ? options.jobs : cores,
        [&](std::size_t i) {
          return compare_row(jobs[i].scenario, jobs[i].which, options.fst_directory).dump();
        },
        [&](std::size_t i, const child_outcome& outcome) {
          rows[i] = outcome.finished ? json::parse(outcome.text)
                                     : failed_row(jobs[i].scenario, jobs[i].which, outcome.text);
          bar.finished(i);
        });
  }

  json done = json::array();
  for (json& row : rows)
    if (!row.is_null()) done.push_back(std::move(row));
  const bool pass = std::all_of(done.begin(), done.end(),
                                [](const json& row) { return row["pass"].get<bool>(); });
  verify::u64 flits = 0;
  for (const json& row : done) flits += row["flits"].get<verify::u64>();
  if (options.record && whole) record(done);

  if (options.json) {
    out << json{{"scenarios", done}, {"flits", flits}, {"complete", whole}, {"pass", pass && whole}}
               .dump(2)
        << '\n';
  } else {
    out << fmt::format("{:<30} {:<9} {:>7} {:>10} {:>6}\n", "scenario", "pairing", "flits",
                       "mismatches", "counts");
    // Of thousands of fault scenarios only those that fail are worth a line.
    for (const json& row : done)
      if (options.faults == 0 || !row["pass"].get<bool>()) out << row_text(row);
    const auto passed = std::count_if(done.begin(), done.end(),
                                      [](const json& row) { return row["pass"].get<bool>(); });
    if (options.faults > 0) {
      int faults = 0;
      for (const job& j : jobs) faults += verify::fault_count(j.scenario);
      out << fmt::format("{} faults; ", faults);
    }
    out << fmt::format("{} of {} equal, {} flits compared{}\n", passed, jobs.size(), flits,
                       whole ? "" : ", interrupted");
  }
  if (!whole) return exit_interrupted;
  return pass ? exit_equal : exit_different;
}

}  // namespace lightrack::platforms
