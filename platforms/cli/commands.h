// SPDX-License-Identifier: Apache-2.0
// platforms/cli/commands.h
// The commands of `lightrack`, each a function of its options that returns the exit code.
//
// Exit codes: 0 done, 1 a check or the simulation failed, 2 wrong input, 3 no progress, 130
// interrupted.
#pragma once

#include <atomic>
#include <string>
#include <vector>

#include "models/base/config.h"
#include "models/link/endpoint.h"
#include "platforms/report/page.h"

namespace lightrack::cli {

inline constexpr int exit_done = 0;
inline constexpr int exit_failed = 1;
inline constexpr int exit_usage = 2;
inline constexpr int exit_stuck = 3;
inline constexpr int exit_interrupted = 130;

/// What the commands have in common; texts as typed, checked by the configuration.
struct common_options {
  std::vector<std::string> set;
  std::string config_file;
  std::string seed;
  int jobs = 0;  ///< 0 = all cores
  std::string out;
  std::string fidelity;
  std::string time;
  std::string trace;
  bool timeline = false;
  std::string timeline_file;
  std::string fst;
  std::string save;
  std::string save_at;
  bool save_only = false;
  std::string restore;
  bool quick = false;
  int verify = 0;
  bool json = false;
  bool quiet = false;
  std::string typed;  ///< the whole command line, for pages

  [[nodiscard]] int threads() const;
};

/// Applies file, --set, --seed, --time, --fidelity to a configuration.
void apply(const common_options& o, base::config& c);
/// The same for what knows no link: a time or a fidelity is refused.
void apply_to_light(const common_options& o, base::config& c);

/// Set by Ctrl-C; the first asks to stop, the second kills.
[[nodiscard]] const std::atomic<bool>& interrupted();
void catch_interrupts();

int run_command(const std::string& what, const common_options& o);
int params_command(const std::string& pattern, bool json, bool toml);
int describe_command(const std::string& what, const common_options& o);
int coding_command(bool encode, const std::string& fidelity);
/// `out`: folder of the page of two runs; empty: lightrack-out/diff-FIRST-SECOND.
int report_command(const std::vector<std::string>& folders, bool diff, const std::string& out);
int fit_command(const std::string& what, const common_options& o);
int study_command(const std::string& name, bool list, const common_options& o);
/// What `compare` has beside the common options.
struct compare_choice {
  bool list = false;
  std::string scenario;
  std::string pairing;
  int faults = 0;
  bool record = false;
};
int compare_command(const std::string& what, const compare_choice& choice, const common_options& o);

/// A calculator of `lightrack light`: from keys to one JSON object, and that as a table.
struct light_calculator {
  const char* name;
  const char* text_of_help;
  const char* examples;
  platforms::document (*compute)(base::config&);
  std::string (*text)(const platforms::document&);
};
[[nodiscard]] const std::vector<light_calculator>& light_calculators();
int light_command(const light_calculator& calculator, const common_options& o);

/// The factory of RTL ends; those that match write waveforms into the folder.
[[nodiscard]] link::endpoint_factory rtl_endpoints(const std::string& fst_pattern = "",
                                                   const std::string& fst_folder = ".");

/// Parses the command line and runs the command; prints what went wrong as one sentence.
int run_program(int argc, char** argv);

}  // namespace lightrack::cli
