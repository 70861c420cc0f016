// SPDX-License-Identifier: Apache-2.0
// platforms/cli/run_command.cpp
// `lightrack run`: one simulation, its result folder, and what is printed.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <optional>

#include "models/base/checkpoint.h"
#include "models/base/results.h"
#include "models/base/units.h"
#include "models/link/flit_endpoint.h"
#include "platforms/cli/checkpoint_options.h"
#include "platforms/cli/commands.h"
#include "platforms/cli/record_writer.h"
#include "platforms/cli/run_page.h"
#include "platforms/link/link_platform.h"
#include "platforms/link/link_report.h"
#include "platforms/study/progress_bar.h"

namespace lightrack::cli {
namespace {

using nlohmann::json;
using link::i64;
using platforms::link_result;
using platforms::link_setup;

void load_platform(const std::string& what, base::config& c) {
  if (what == "link") return;
  if (what.ends_with(".toml") || std::filesystem::is_regular_file(what)) return c.load(what);
  if (what == "package" || what == "blade" || what == "rack")
    throw base::config_error(
        fmt::format("run {}: this platform is not built yet; allowed is link", what));
  const std::string near = base::nearest_name(what, std::vector<std::string>{"link"});
  throw base::config_error(
      fmt::format("run {}: no such platform or file{}; allowed are link and a TOML file that names "
                  "its platform",
                  what, near.empty() ? "" : ", nearest is link"));
}

base::result_row row_of(const json& d, const json& all) {
  base::result_row row{{"platform", "link"},
                       {"from", d["from"]},
                       {"to", d["to"]},
                       {"profile", d["profile"]},
                       {"complete", all["complete"].get<bool>() ? 1 : 0},
                       {"simulated_ns", all["simulated_ns"]},
                       {"window_ns", all["window_ns"]},
                       {"raw_gbps", d["raw_gbps"]},
                       {"goodput_gbps", d["goodput_gbps"]},
                       {"offered_gbps", d["offered_gbps"]},
                       {"efficiency", d["efficiency"]}};
  for (const auto& [name, value] : d["flits"].items()) row["flits_" + name] = value;
  for (const char* key : {"replays", "naks", "retrains", "credit_stall_fraction"})
    row[key] = d[key];
  for (const char* key : {"mean", "p50", "p99", "p999", "max"})
    row[fmt::format("latency_{}_ns", key)] = d["latency_ns"][key];
  for (const auto& [name, value] : all["fidelity_error"].items())
    row["fidelity_error_" + name] = value;
  row["trace_hash"] = all["trace_hash"];
  return row;
}

void write_results(const base::result_folder& folder, const link_setup& setup, const json& j,
                   const common_options& o) {
  const base::result_tags tags{.git = j["git"],
                               .config_hash = j["config_hash"],
                               .seed = setup.seed,
                               .fidelity = setup.fidelity()};
  std::vector<base::result_row> rows;
  for (const json& d : j["directions"]) rows.push_back(row_of(d, j));
  folder.write("result.json", j.dump(2) + "\n");
  folder.write_rows(tags, rows);
  run_page(j, o.typed).write(folder);
}

std::string saved_text(const link_result& r, const std::string& file) {
  if (r.saved_clock < 0)
    return fmt::format("lightrack: {} was not written, the run did not come to its time\n", file);
  const bool active = r.active_clock >= 0;
  const i64 clocks = r.saved_clock - std::max<i64>(0, r.active_clock);
  return fmt::format("lightrack: saved to {}, {} after {}\n", file,
                     base::time_text(static_cast<double>(clocks) * r.setup.clock_ns()),
                     active ? "ACTIVE" : "power-on");
}

}  // namespace

int run_command(const std::string& what, const common_options& o) {
  base::config config = platforms::link_config();
  std::optional<base::checkpoint> saved;
  if (!o.restore.empty()) config.parse(saved.emplace(o.restore).note(), o.restore);
  load_platform(what, config);
  apply(o, config);
  const link_setup setup = platforms::make_link_setup(config);
  if (saved) refuse_other_values(o.restore, saved->note(), setup.effective_toml);
  const platforms::link_save save = save_of(o, setup);
  const std::string name =
      fmt::format("lightrack-out/link-{}-{}", base::hash_text(setup.config_hash), setup.seed);
  std::optional<base::result_folder> folder;
  if (!o.out.empty() || !o.json) folder.emplace(o.out.empty() ? name : o.out);
  if (folder) folder->write("config.toml", setup.effective_toml);

  std::optional<record_csv> records;
  std::optional<timeline> times;
  if (!o.trace.empty() && folder)
    records.emplace(folder->file("records.csv"), o.trace, setup.clock_fs);
  if (o.timeline && (folder || !o.timeline_file.empty()))
    times.emplace(o.timeline_file.empty() ? folder->file("timeline.json") : o.timeline_file,
                  setup.clock_fs);
  if (!folder && !o.quiet &&
      (!o.trace.empty() || !o.fst.empty() || (o.timeline && o.timeline_file.empty())))
    std::cerr << "lightrack: --json without --out writes no files: records, timeline and waveforms "
                 "are left out\n";

  platforms::link_run_options options{.threads = o.threads(),
                                      .records = {},
                                      .progress = {},
                                      .stop = &interrupted(),
                                      .save = save,
                                      .restore = saved ? &*saved : nullptr};
  if (records || times)
    options.records = [&](const std::string& instance, std::span<const base::trace_record> batch) {
      if (records) records->write(instance, batch);
      if (times) times->write(instance, batch);
    };
  platforms::progress_bar bar{"us", static_cast<double>(setup.time) * setup.clock_ns() / 1e3,
                              o.quiet};
  if (!o.quiet && isatty(STDERR_FILENO) != 0)
    options.progress = [&](const platforms::link_progress& p) {
      bar.show(p.share * static_cast<double>(setup.time) * setup.clock_ns() / 1e3);
    };
  catch_interrupts();
  const link_result result = platforms::run_link(
      setup,
      {.flit = link::make_flit_endpoint,
       .rtl = rtl_endpoints(folder ? o.fst : "", folder ? folder->path() : ".")},
      options);

  bar.clear();
  if (records) records->close();
  if (times) times->close(result.end_clock);
  if (!o.save.empty() && !o.quiet) std::cerr << saved_text(result, o.save);
  const json j = platforms::link_json(result);
  if (folder) write_results(*folder, setup, j, o);
  if (o.json) {
    std::cout << j.dump(2) << '\n';
  } else {
    std::cout << platforms::link_text(result) << fmt::format("results in {}\n", folder->path());
  }
  if (result.complete || (o.save_only && result.saved_clock >= 0)) return exit_done;
  std::cerr << "lightrack: " << result.stopped_by
            << (result.no_progress ? "" : ": the result is marked incomplete") << '\n';
  return result.no_progress ? exit_stuck : exit_interrupted;
}

}  // namespace lightrack::cli
