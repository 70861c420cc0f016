// SPDX-License-Identifier: Apache-2.0
#include "platforms/light/study_budget.h"

#include <fmt/format.h>

#include "models/base/results.h"
#include "platforms/light/light_calculators.h"
#include "platforms/light/study_budget_page.h"
#include "platforms/light/study_budget_points.h"

namespace lightrack::platforms {
namespace {

std::string table_text(const std::vector<document>& rows) {
  std::string text = fmt::format("{:<18}{:>11}{:>10}{:>13}{:>11}{:>9}{:>10}\n", "profile",
                                 "launch dBm", "loss dB", "OMA dBm", "margin dB", "Q", "BER");
  for (const document& row : rows_in(rows, "profile"))
    text += fmt::format("{:<18}{:>11.2f}{:>10.2f}{:>13.2f}{:>11.2f}{:>9.3f}{:>10.1e}\n",
                        row["profile"].get<std::string>(), number(row, "launch_dbm"),
                        number(row, "total_db"), number(row, "received_oma_dbm"),
                        number(row, "margin_db"), number(row, "q"), number(row, "ber"));
  return text;
}

document tornado_json(const std::vector<document>& rows, const std::string& profile) {
  document list = document::array();
  for (const tornado_bar& b : tornado(rows, profile)) {
    const auto finite = [](double v) { return v == v ? document(v) : document(nullptr); };
    list.push_back({{"key", b.key},
                    {"low", b.low_text},
                    {"high", b.high_text},
                    {"low_margin_change_db", finite(b.low_margin_db)},
                    {"high_margin_change_db", finite(b.high_margin_db)},
                    {"low_ber_change_decades", finite(b.low_decades)},
                    {"high_ber_change_decades", finite(b.high_decades)}});
  }
  return list;
}

}  // namespace

std::string study_budget_summary() {
  return "where each dB of light goes, what margin is left and what the bit error rate hangs on: "
         "profiles x fiber length x joints x faults, the range of every element, and the spectrum "
         "of a port before and after the lock";
}

int run_study_budget(const light_study_options& options) {
  base::config effective = options.config;
  (void)light_budget(effective);  // refuses what cannot be, and fills in what is implied
  const std::string hash = base::hash_text(effective.hash());
  const auto seed = static_cast<std::uint64_t>(effective.integer("sim.seed"));
  const std::vector<document> rows = budget_rows(options.config, options.quick);
  std::string out = options.out;
  if (out.empty() && !options.json)
    out = fmt::format("lightrack-out/study-budget{}-{}-{}", options.quick ? "-quick" : "", hash,
                      seed);
  const std::vector<std::string> answers = budget_answers(effective, rows);
  const std::string profile = effective.text("engine.profile");
  if (!out.empty()) {
    const base::result_folder folder{out};
    const std::string command =
        options.command.empty() ? "lightrack study budget" : options.command;
    page p{fmt::format("Study of the optical budget{}", options.quick ? " (quick)" : ""), command};
    for (const std::string& s : answers) p.answer(s);
    p.fact("Configuration", hash);
    p.fact("Seed", fmt::format("{}", seed));
    p.fact("Revision", base::git_revision());
    p.fact("Profile", profile);
    p.fact("Fidelity", "formulas of models/optics; no link is simulated");
    p.fact("Points", fmt::format("{}", rows.size()));
    add_budget_figures(p, effective, rows, command);
    for (const char* file : {"results.sqlite", "results.csv", "config.toml"}) p.file(file);
    folder.write("config.toml", effective.toml());
    std::vector<base::result_row> bare = rows;
    for (base::result_row& row : bare)
      for (const char* tag : {"git", "config_hash", "seed", "fidelity"}) row.erase(tag);
    folder.write_rows(
        {.git = base::git_revision(), .config_hash = hash, .seed = seed, .fidelity = "formula"},
        bare);
    p.write(folder);
  }
  if (options.json) {
    document j = {
        {"study", "budget"},      {"complete", true},
        {"quick", options.quick}, {"git", base::git_revision()},
        {"config_hash", hash},    {"seed", seed},
        {"fidelity", "formula"},  {"out", out.empty() ? document(nullptr) : document(out)},
        {"profile", profile},     {"answers", answers}};
    j["profiles"] = rows_in(rows, "profile");
    j["tornado"] = tornado_json(rows, profile);
    j["points"] = rows;
    fmt::print("{}\n", j.dump());
  } else if (!options.quiet) {
    for (const std::string& s : answers) fmt::print("{}\n", s);
    fmt::print("\n{}\n{} points\n{}/report.html\n", table_text(rows), rows.size(), out);
  }
  return 0;
}

}  // namespace lightrack::platforms
