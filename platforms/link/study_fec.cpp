// SPDX-License-Identifier: Apache-2.0
#include "platforms/link/study_fec.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "models/base/engine_profile.h"
#include "models/base/results.h"
#include "platforms/link/fidelity_error.h"
#include "platforms/link/study_fec_page.h"
#include "platforms/link/study_fec_points.h"
#include "platforms/link/study_rows.h"
#include "platforms/study/point_pool.h"
#include "platforms/study/point_store.h"
#include "platforms/study/progress_bar.h"

namespace lightrack::platforms {
namespace {

constexpr int exit_failed = 1;
constexpr int exit_interrupted = 130;

document compute(const fec_point& point, const fec_design& design, const link_factories& factories,
                 const std::vector<fidelity_error>& errors) {
  base::config c = point.config;
  const link_setup setup = make_link_setup(c);
  const link_result result = run_link(setup, factories, {});
  document row = study_row(result, errors);
  row["channel_ber"] = row["ber"];
  row["ber"] = point.ber;
  row["series"] = "measured";
  row["design"] = design.name;
  row["profile"] = design.profile;
  row["flit_failure"] = design.flit_failure(point.ber);
  return row;
}

document failed_row(const fec_point& point, const fec_design& design, const std::string& reason) {
  return {{"git", base::git_revision()},
          {"config_hash", point.key.substr(0, point.key.find('-'))},
          {"seed", 0},
          {"fidelity", "flit"},
          {"status", "failed: " + reason},
          {"series", "measured"},
          {"design", design.name},
          {"profile", design.profile},
          {"ber", point.ber},
          {"failed", 1}};
}

// False if interrupted.
bool run_missing(const study_options& options, const std::vector<fec_point>& plan,
                 const std::vector<fec_design>& designs, point_store& store) {
  std::vector<std::size_t> missing;
  for (std::size_t i = 0; i < plan.size(); ++i) {
    const auto found = store.rows().find(plan[i].key);
    if (found == store.rows().end() || number(found->second, "failed") == 1) missing.push_back(i);
  }
  const std::vector<fidelity_error> errors = read_fidelity_table(fidelity_table_file());
  const std::atomic<bool> never_stops{false};
  progress_bar bar{"points", static_cast<double>(missing.size()), options.quiet};
  double done = 0;
  return run_points(missing.size(), options.jobs,
                    {.compute =
                         [&](std::size_t i) {
                           const fec_point& p = plan[missing[i]];
                           return compute(p, designs[p.design], options.factories, errors);
                         },
                     .done =
                         [&](const point_outcome& o) {
                           const fec_point& p = plan[missing[o.point]];
                           store.add(p.key, o.failure.empty()
                                                ? o.value
                                                : failed_row(p, designs[p.design], o.failure));
                           ++done;
                         },
                     .tick = [&] { bar.show(done); }},
                    options.stop == nullptr ? never_stops : *options.stop);
}

// Of the first run of a design, else as the design says: there and back, in flits.
std::vector<double> round_trips(const std::vector<fec_design>& designs,
                                const std::vector<document>& measured, double flight_ns) {
  std::vector<double> all;
  for (const fec_design& d : designs) {
    const base::engine_profile& p = *base::find_profile(d.profile);
    double flits = 2 * (d.hop_ns + flight_ns) / (2048 / (p.lambda_per_port * p.gbps_per_lambda));
    for (const document& row : measured)
      if (text_of(row, "design") == d.name && number(row, "round_trip_flits") > 0)
        flits = number(row, "round_trip_flits");
    all.push_back(flits);
  }
  return all;
}

void print(const study_options& options, const std::vector<std::string>& answers,
           const std::vector<document>& rows, const std::string& out, bool complete,
           const std::string& hash) {
  if (options.json) {
    const document j = {
        {"study", "fec"},         {"complete", complete},
        {"quick", options.quick}, {"git", base::git_revision()},
        {"config_hash", hash},    {"out", out.empty() ? document(nullptr) : document(out)},
        {"answers", answers},     {"points", rows}};
    fmt::print("{}\n", j.dump());
    return;
  }
  if (options.quiet) return;
  for (const std::string& s : answers) fmt::print("{}\n", s);
  if (!complete) fmt::print("\nIncomplete: the same command goes on where it stopped.\n");
  fmt::print("\n{} rows\n{}/report.html\n", rows.size(), out);
}

}  // namespace

std::string study_fec_summary() {
  return "many NRZ lines without FEC or few PAM4 lines with RS(544,514): latency, tail, goodput "
         "and "
         "energy over the bit error rate of the light, and which launch power each needs";
}

int run_study_fec(const study_options& options) {
  if (options.verify > 0)
    throw base::config_error(
        "--verify: study fec compares designs, not fidelities; allowed for study link");
  base::config effective = options.config;
  const link_setup base_setup = make_link_setup(effective);
  const std::string hash = base::hash_text(base_setup.config_hash);
  const std::vector<fec_design> designs = fec_designs(options.config);
  const std::vector<fec_point> plan = plan_fec_study(options.config, designs, options.quick);
  std::string out = options.out;
  if (out.empty() && !options.json)
    out = fmt::format("lightrack-out/study-fec{}-{}-{}", options.quick ? "-quick" : "", hash,
                      base_setup.seed);
  std::optional<base::result_folder> folder;
  if (!out.empty()) folder.emplace(out);
  point_store store{folder ? folder->file("results.sqlite") : "", program_hash()};
  const bool complete = run_missing(options, plan, designs, store);

  std::vector<document> rows;
  bool failed = false;
  for (const fec_point& p : plan) {
    const auto found = store.rows().find(p.key);
    if (found == store.rows().end()) continue;
    failed = failed || number(found->second, "failed") == 1;
    rows.push_back(found->second);
  }
  const double flight_ns = options.config.number("fiber.length") * base::fiber_ns_per_m;
  const std::vector<double> trips = round_trips(designs, rows, flight_ns);
  for (document& row : fec_formula_rows(designs, trips, flight_ns)) rows.push_back(std::move(row));
  for (document& row : fec_launch_rows(options.config, designs)) rows.push_back(std::move(row));
  const std::vector<std::string> answers = fec_answers(designs, rows, flight_ns);
  if (folder) {
    const std::string command = options.command.empty() ? "lightrack study fec" : options.command;
    page p{fmt::format("Study of FEC: NRZ without, PAM4 with{}", options.quick ? " (quick)" : ""),
           command};
    for (const std::string& s : answers) p.answer(s);
    if (!complete) p.warning("Incomplete: the study was interrupted.");
    p.fact("Configuration", hash);
    p.fact("Seed", fmt::format("{}", base_setup.seed));
    p.fact("Revision", base::git_revision());
    p.fact("Fidelity", "points: " + base_setup.fidelity() + "; lines: formula");
    p.fact("Fiber", fmt::format("{:g} m", options.config.number("fiber.length")));
    add_fec_figures(p, designs, rows, command);
    for (const char* file : {"results.sqlite", "results.csv", "config.toml"}) p.file(file);
    folder->write("config.toml", base_setup.effective_toml);
    folder->write("results.csv", base::csv_text(rows));
    p.write(*folder);
  }
  print(options, answers, rows, out, complete, hash);
  if (!complete) return exit_interrupted;
  return failed ? exit_failed : 0;
}

}  // namespace lightrack::platforms
