// SPDX-License-Identifier: Apache-2.0
// tb/verify/pair_run.h
// Runs a scenario on two endpoints of any fidelity and keeps everything that can be compared or
// checked afterwards.
//
// Time:   both ends stop at the same clock, scenario::clocks, or earlier if nothing moves.
// Faults: no exception for what a link does wrong: it is in the result (scoreboard.h judges).
// Threads: several runs may go on in one process; no SystemC kernel is involved.
//   auto run = verify::run_pair(s, {.west = rtl, .east = rtl}, {.keep_records = true});
#pragma once

#include <string>

#include "tb/verify/link_pair.h"

namespace lightrack::verify {

struct run_options {
  bool keep_records = true;
  int threads = 1;
  i64 max_batch = 0;
  /// Go on past scenario::clocks until nothing waits and nothing is on its way; then a little
  /// longer, so that acknowledgements and credits come home.
  bool drain = false;
};

struct run_result {
  end_result west;
  end_result east;
  i64 clocks = 0;
  double wall_s = 0;
  bool in_bursts = false;  ///< the records do not tell of each flit
  std::string stuck;   ///< why the run ended early; empty if it did not
  std::string broken;  ///< a model_error that an endpoint threw

  [[nodiscard]] const end_result& of(side who) const { return who == side::west ? west : east; }
  [[nodiscard]] u64 delivered() const;
  [[nodiscard]] u64 trace_hash() const;
};

[[nodiscard]] run_result run_pair(const scenario& s, const factories& make,
                                  const run_options& options = {});

}  // namespace lightrack::verify
