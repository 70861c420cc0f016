// SPDX-License-Identifier: Apache-2.0
// platforms/link/compare_link.h
// `lightrack compare link`: the fidelity gate. Each scenario is run with the flit model at both
// ends, and with RTL at both, at the west and at the east end; every event record, counter, latency
// and rate must be the same.
//
// Time:   a scenario and pairing is a child process of its own; results come in the order of the
//         list.
// Faults: a mismatch, a broken rule of the scoreboard or a child that dies is a failed row, exit
//         code 1.
//   return platforms::run_compare_link({.scenario = "ber_*", .json = true}, std::cout, std::cerr);
#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>

namespace lightrack::platforms {

struct compare_options {
  bool list = false;  ///< print the scenarios, run nothing
  /// Shell pattern of names; text without wildcard matches anywhere; empty = all.
  std::string scenario{};
  /// "rtl-rtl", "rtl-flit" or "flit-rtl" (west first); empty = all three. Also "burst-burst", which
  /// the rules of the scoreboard and its likeness to flit judge, and with faults "flit-flit", which
  /// only the rules judge. A burst end that meets flit or rtl is flit.
  std::string pairing{};
  int faults = 0;  ///< random fault scenarios of this seed and those after it, instead of the list
  bool record = false;  ///< write the errors found to the table that results quote
  int jobs = 0;         ///< child processes at a time; 0 = all cores
  bool json = false;
  bool quiet = false;  ///< no progress bar
  std::uint64_t seed = 1;
  /// Gets waveforms around the first mismatch of each failed row; empty = none.
  std::string fst_directory{};
};

/// Exit code: 0 all equal, 1 not, 130 interrupted (what is done is printed). Throws
/// base::config_error where the options name nothing. To be called before any thread or SystemC
/// object exists.
[[nodiscard]] int run_compare_link(const compare_options& options, std::ostream& out,
                                   std::ostream& err);

}  // namespace lightrack::platforms
