// SPDX-License-Identifier: Apache-2.0
#include "platforms/light/study_lock.h"

#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <optional>

#include "models/base/results.h"
#include "models/optics/lock_setup.h"
#include "platforms/light/study_lock_page.h"
#include "platforms/light/study_lock_points.h"
#include "platforms/report/rows.h"
#include "platforms/study/point_pool.h"
#include "platforms/study/point_store.h"
#include "platforms/study/progress_bar.h"

namespace lightrack::platforms {
namespace {

constexpr int exit_done = 0;
constexpr int exit_failed = 1;
constexpr int exit_interrupted = 130;

struct study_state {
  base::config effective;
  optics::lock_setup setup{};
  std::vector<lock_point> plan{};
  std::string out{};  ///< empty: nothing is written
  int missing_points = 0;
  int failed_points = 0;
  int reused_points = 0;
  double wall_s = 0;
  std::vector<document> rows{};  ///< in order of the plan

  [[nodiscard]] std::string hash() const { return base::hash_text(effective.hash()); }
};

document failed_row(const lock_point& point, const std::string& reason) {
  return {{"git", base::git_revision()},
          {"config_hash", base::hash_text(point.config.hash())},
          {"seed", point.config.integer("sim.seed")},
          {"fidelity", "optics"},
          {"status", "failed: " + reason},
          {"series", point.series}};
}

bool is_done(const point_store& store, const lock_point& point) {
  const auto found = store.rows().find(point.key);
  return found != store.rows().end() && text_of(found->second, "status") == "done";
}

/// Runs what the store does not hold yet; false if interrupted.
bool run_missing(const lock_study_options& options, study_state& state, point_store& store) {
  std::vector<std::size_t> missing;
  for (std::size_t i = 0; i < state.plan.size(); ++i) {
    if (!is_done(store, state.plan[i])) missing.push_back(i);
  }
  state.reused_points = static_cast<int>(state.plan.size() - missing.size());
  const std::atomic<bool> never_stops{false};
  progress_bar bar{"points", static_cast<double>(missing.size()), options.quiet};
  double done = 0;
  const auto point = [&](std::size_t i) -> const lock_point& { return state.plan[missing[i]]; };
  return run_points(missing.size(), options.jobs,
                    {.compute = [&](std::size_t i) { return compute_lock_point(point(i)); },
                     .done =
                         [&](const point_outcome& o) {
                           const lock_point& p = point(o.point);
                           store.add(p.key, o.failure.empty() ? o.value : failed_row(p, o.failure));
                           ++done;
                         },
                     .tick = [&] { bar.show(done); }},
                    options.stop == nullptr ? never_stops : *options.stop);
}

void collect(study_state& state, const point_store& store) {
  for (const lock_point& p : state.plan) {
    const auto found = store.rows().find(p.key);
    if (found == store.rows().end()) {
      ++state.missing_points;
      continue;
    }
    if (text_of(found->second, "status") != "done") ++state.failed_points;
    state.rows.push_back(found->second);
  }
}

std::string warning_of(const study_state& state) {
  std::string text;
  if (state.missing_points > 0) {
    text += fmt::format(
        "Incomplete: {} of {} points are missing, for the study was interrupted; the same command "
        "goes on where it stopped. ",
        state.missing_points, state.plan.size());
  }
  if (state.failed_points > 0) {
    text += fmt::format("{} points failed; their reasons are in the table. ", state.failed_points);
  }
  return text;
}

page make_page(const lock_study_options& options, const study_state& state,
               const std::vector<std::string>& answers) {
  const std::string command = options.command.empty() ? "lightrack study lock" : options.command;
  page p{fmt::format("Study of the lock: wavelengths for rings, time to lock, tracking, hops{}",
                     options.quick ? " (quick)" : ""),
         command};
  for (const std::string& s : answers) p.answer(s);
  if (const std::string warning = warning_of(state); !warning.empty()) p.warning(warning);
  const optics::bank_params& b = state.setup.bank;
  p.fact("Configuration", state.hash());
  p.fact("Seed", fmt::format("{}", b.seed));
  p.fact("Revision", base::git_revision());
  p.fact("Profile", std::string{state.setup.light.profile->name});
  p.fact("Fidelity", "optics alone, no link");
  p.fact("Rings of a bus, FSR", fmt::format("{}, {:g} GHz", b.lines, b.fsr_ghz));
  p.fact("Heater", fmt::format("{:g} GHz in {} codes", b.actuator.range_ghz, b.actuator.codes));
  p.fact("Points", fmt::format("{} of {}", state.rows.size(), state.plan.size()));
  add_lock_figures(p, state.rows, command);
  for (const char* file : {"results.sqlite", "results.csv", "config.toml"}) p.file(file);
  return p;
}

void print(const lock_study_options& options, const study_state& state,
           const std::vector<std::string>& answers) {
  if (options.json) {
    const document j = {{"study", "lock"},
                        {"complete", state.missing_points == 0},
                        {"quick", options.quick},
                        {"git", base::git_revision()},
                        {"config_hash", state.hash()},
                        {"seed", state.setup.bank.seed},
                        {"fidelity", "optics"},
                        {"out", state.out.empty() ? document(nullptr) : document(state.out)},
                        {"wall_s", state.wall_s},
                        {"points_reused", state.reused_points},
                        {"points_missing", state.missing_points},
                        {"points_failed", state.failed_points},
                        {"answers", answers},
                        {"points", state.rows}};
    fmt::print("{}\n", j.dump());
    return;
  }
  if (options.quiet) return;
  for (const std::string& s : answers) fmt::print("{}\n", s);
  if (const std::string warning = warning_of(state); !warning.empty()) {
    fmt::print("\n{}\n", warning);
  }
  fmt::print("\n{} points ({} from before), {:.1f} s\n", state.rows.size(), state.reused_points,
             state.wall_s);
  if (!state.out.empty()) fmt::print("{}/report.html\n", state.out);
}

}  // namespace

std::string study_lock_summary() {
  return "which buses find a wavelength for every ring, how long a lock takes, which loop holds a "
         "die that warms or cools, what a hop of a bus costs: fabrication scatter x arbitration x "
         "temperature, slew x loop bandwidth, steps of the heater";
}

int run_study_lock(const lock_study_options& options) {
  const auto begin = std::chrono::steady_clock::now();
  study_state state{.effective = options.config};
  state.setup = optics::make_lock_setup(state.effective);
  state.plan = plan_lock_study(options.config, options.quick);
  state.out = options.out;
  if (state.out.empty() && !options.json) {
    state.out = fmt::format("lightrack-out/study-lock{}-{}-{}", options.quick ? "-quick" : "",
                            state.hash(), state.setup.bank.seed);
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
  const std::vector<std::string> answers = lock_answers(state.rows);
  if (folder) {
    folder->write("config.toml", state.effective.toml());
    folder->write("results.csv", base::csv_text(state.rows));
    make_page(options, state, answers).write(*folder);
  }
  print(options, state, answers);
  if (!finished) return exit_interrupted;
  return state.failed_points > 0 ? exit_failed : exit_done;
}

}  // namespace lightrack::platforms
