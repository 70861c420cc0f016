// SPDX-License-Identifier: Apache-2.0
#include "platforms/link/study_link.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <optional>
#include <utility>

#include "models/base/results.h"
#include "platforms/link/fidelity_error.h"
#include "platforms/link/study_answers.h"
#include "platforms/link/study_page.h"
#include "platforms/link/study_points.h"
#include "platforms/link/study_watch.h"
#include "platforms/study/point_pool.h"
#include "platforms/study/point_store.h"
#include "platforms/study/progress_bar.h"

namespace lightrack::platforms {
namespace {

constexpr int exit_done = 0;
constexpr int exit_failed = 1;
constexpr int exit_interrupted = 130;

struct study_state {
  link_setup base;
  std::vector<study_point> plan;
  std::string out;  ///< empty: nothing is written
  int interrupted_points = 0;
  int failed_points = 0;
  int reused_points = 0;
  double wall_s = 0;
  std::vector<document> rows;  ///< in order of the plan
};

std::string joined(const std::vector<std::string>& names) {
  std::string all;
  for (const std::string& name : names) all += (all.empty() ? "" : " ") + name;
  return all;
}

/// In the child: a run that makes no progress is a row too, for that is what the point shows.
document compute(const study_point& point, const link_factories& factories,
                 const std::vector<fidelity_error>& errors) {
  base::config c = point.config;
  const link_setup setup = make_link_setup(c);
  const bool watched = std::ranges::any_of(
      point.series, [](const std::string& s) { return s == "repair" || s == "sleep"; });
  link_watch watch{setup};
  link_run_options options;
  if (watched) watch.attach(options);
  const link_result result = run_link(setup, factories, options);
  document row = study_row(result, errors);
  if (watched) watch.add_columns(row, result);
  return row;
}

document failed_row(const study_point& point, const std::string& reason) {
  base::config c = point.config;
  const link_setup s = make_link_setup(c);
  return {{"git", base::git_revision()},
          {"config_hash", base::hash_text(s.config_hash)},
          {"seed", s.seed},
          {"fidelity", s.fidelity()},
          {"status", "failed: " + reason},
          {"lanes", s.endpoint.lanes},
          {"length_m", s.to_east.channel.length_m},
          {"failed", 1}};
}

bool is_done(const point_store& store, const study_point& point) {
  const auto found = store.rows().find(point.key);
  return found != store.rows().end() && number(found->second, "failed") != 1;
}

/// Runs what the store does not hold yet; false if interrupted.
bool run_missing(const study_options& options, study_state& state, point_store& store) {
  std::vector<std::size_t> missing;
  for (std::size_t i = 0; i < state.plan.size(); ++i) {
    if (!is_done(store, state.plan[i])) missing.push_back(i);
  }
  state.reused_points = static_cast<int>(state.plan.size() - missing.size());
  const std::vector<fidelity_error> errors = read_fidelity_table(fidelity_table_file());
  const std::atomic<bool> never_stops{false};
  progress_bar bar{"points", static_cast<double>(missing.size()), options.quiet};
  double done = 0;
  const auto point = [&](std::size_t i) -> const study_point& { return state.plan[missing[i]]; };
  return run_points(
      missing.size(), options.jobs,
      {.compute = [&](std::size_t i) { return compute(point(i), options.factories, errors); },
       .done =
           [&](const point_outcome& o) {
             const study_point& p = point(o.point);
             document row = o.failure.empty() ? o.value : failed_row(p, o.failure);
             row["series"] = joined(p.series);
             row["pair"] = p.pair;
             store.add(p.key, row);
             ++done;
           },
       .tick = [&] { bar.show(done); }},
      options.stop == nullptr ? never_stops : *options.stop);
}

void collect(study_state& state, const point_store& store) {
  for (const study_point& p : state.plan) {
    const auto found = store.rows().find(p.key);
    if (found == store.rows().end()) {
      ++state.interrupted_points;
      continue;
    }
    if (number(found->second, "failed") == 1) ++state.failed_points;
    state.rows.push_back(found->second);
    state.rows.back()["series"] = joined(p.series);
  }
}

std::string error_against_rtl(const link_setup& s) {
  if (s.fidelity() == "rtl") return "none: this is the RTL";
  const std::optional<fidelity_error> known = find_fidelity_error(
      read_fidelity_table(fidelity_table_file()), s.fidelity(), s.endpoint.lanes);
  if (!known) return "not measured for this number of lanes; lightrack compare link --record does";
  return fmt::format("{:g} % of throughput, {:g} ns of latency over {} scenarios (revision {})",
                     known->throughput_percent, known->latency_ns, known->scenarios, known->git);
}

std::string warning_of(const study_state& state) {
  std::string text;
  if (state.interrupted_points > 0) {
    text += fmt::format(
        "Incomplete: {} of {} points are missing, for the study was interrupted; the same command "
        "goes on where it stopped. ",
        state.interrupted_points, state.plan.size());
  }
  int stuck = 0;
  std::string first;
  for (const document& row : state.rows) {
    const std::string status = text_of(row, "status");
    if (status == "done" || number(row, "failed") == 1) continue;
    if (text_of(row, "series") == "fec") continue;  // that a link gives up is what it shows
    if (stuck++ == 0) first = status;
  }
  if (stuck > 0) {
    text += fmt::format("{} points ended early, the first for this reason: {} ", stuck, first);
  }
  if (state.failed_points > 0) {
    text += fmt::format("{} points failed; their reasons are in the table. ", state.failed_points);
  }
  return text;
}

page make_page(const study_options& options, const study_state& state,
               const study_answers& answers) {
  const std::string command = options.command.empty() ? "lightrack study link" : options.command;
  page p{fmt::format(
             "Study of the link: bit errors, fiber length, window, lanes, repair, sleep, FEC{}",
             options.quick ? " (quick)" : ""),
         command};
  for (const std::string& s : answers.sentences) p.answer(s);
  if (const std::string warning = warning_of(state); !warning.empty()) p.warning(warning);
  p.fact("Configuration", base::hash_text(state.base.config_hash));
  p.fact("Seed", fmt::format("{}", state.base.seed));
  p.fact("Revision", base::git_revision());
  p.fact("Profile", state.base.profile);
  p.fact("Fidelity", state.base.fidelity());
  p.fact("Its error against RTL", error_against_rtl(state.base));
  p.fact("Points", fmt::format("{} of {}", state.rows.size(), state.plan.size()));
  if (!answers.errors.empty()) {
    p.fact(fmt::format("Largest deviation from the go-back-N formula at {:g} m, P <= 1.2e-2",
                       answers.error_length_m),
           fmt::format("{:.2f} %", answers.largest_deviation_percent));
  }
  add_study_figures(p, state.rows, answers, command);
  for (const char* file : {"results.sqlite", "results.csv", "config.toml"}) p.file(file);
  return p;
}

document result_json(const study_options& options, const study_state& state,
                     const study_answers& answers) {
  document j = {{"study", "link"},
                {"complete", state.interrupted_points == 0},
                {"quick", options.quick},
                {"git", base::git_revision()},
                {"config_hash", base::hash_text(state.base.config_hash)},
                {"seed", state.base.seed},
                {"fidelity", state.base.fidelity()},
                {"out", state.out.empty() ? document(nullptr) : document(state.out)},
                {"wall_s", state.wall_s},
                {"points_reused", state.reused_points},
                {"points_missing", state.interrupted_points},
                {"points_failed", state.failed_points}};
  const document told = study_json(answers);
  for (const auto& [name, value] : told.items()) j[name] = value;
  j["verification"] = verification_table(state.rows);
  j["points"] = state.rows;
  return j;
}

void print(const study_options& options, const study_state& state, const study_answers& answers) {
  if (options.json) {
    fmt::print("{}\n", result_json(options, state, answers).dump());
    return;
  }
  if (options.quiet) return;
  fmt::print("{}", study_text(answers));
  for (const document& v : verification_table(state.rows)) {
    fmt::print("verified: {:g} lanes, {:g} m, BER {:g}: goodput {:+.4f} % from RTL, traces {}\n",
               number(v, "lanes"), number(v, "length_m"), number(v, "ber"),
               number(v, "goodput_difference_percent"), text_of(v, "trace"));
  }
  const std::string warning = warning_of(state);
  if (!warning.empty()) fmt::print("\n{}\n", warning);
  fmt::print("\n{} points ({} from before), {:.1f} s, fidelity {}; its error against RTL: {}\n",
             state.rows.size(), state.reused_points, state.wall_s, state.base.fidelity(),
             error_against_rtl(state.base));
  if (!state.out.empty()) fmt::print("{}/report.html\n", state.out);
}

}  // namespace

std::string study_link_summary() {
  return "which replay depth a fiber needs, what an error costs in bandwidth and tail latency, "
         "what "
         "a dead wavelength, QUIESCE and FEC cost and save: bit error rate x length x window and "
         "receive buffer x lanes, spares, quiesce_after, FEC";
}

int run_study_link(const study_options& options) {
  const auto begin = std::chrono::steady_clock::now();
  study_state state;
  base::config effective = options.config;
  if (!effective.given("light.optics")) effective.set("light.optics=off", "the study");
  state.base = make_link_setup(effective);
  state.plan = plan_link_study(options.config, options.quick);
  for (study_point& p : plan_verification(state.plan, options.verify)) {
    state.plan.push_back(std::move(p));
  }
  state.out = options.out;
  if (state.out.empty() && !options.json) {
    state.out = fmt::format("lightrack-out/study-link{}-{}-{}", options.quick ? "-quick" : "",
                            base::hash_text(state.base.config_hash), state.base.seed);
  }
  std::optional<base::result_folder> folder;
  if (!state.out.empty()) folder.emplace(state.out);
  point_store store{folder ? folder->file("results.sqlite") : "", program_hash()};
  if (store.dropped() > 0 && !options.quiet) {
    fmt::print(stderr, "{}: {} points of another build of this program are run again\n", state.out,
               store.dropped());
  }
  const bool finished = run_missing(options, state, store);
  collect(state, store);
  state.wall_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  const study_answers answers = answer_link_study(state.rows);
  if (folder) {
    folder->write("config.toml", state.base.effective_toml);
    folder->write("results.csv", base::csv_text(state.rows));
    make_page(options, state, answers).write(*folder);
  }
  print(options, state, answers);
  if (!finished) return exit_interrupted;
  return state.failed_points > 0 ? exit_failed : exit_done;
}

}  // namespace lightrack::platforms
