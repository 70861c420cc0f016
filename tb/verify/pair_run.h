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

#include <array>
#include <string>
#include <vector>

#include "models/base/trace.h"
#include "models/link/endpoint.h"
#include "models/link/packer.h"
#include "tb/verify/scenario.h"

namespace lightrack::verify {

struct factories {
  link::endpoint_factory west;
  link::endpoint_factory east;
};

struct run_options {
  bool keep_records = true;
  int threads = 1;
  i64 max_batch = 0;
};

/// One end after the run.
struct end_result {
  std::string instance;
  link::endpoint_counters counters;
  link::endpoint_status status;
  u64 trace_hash = 0;
  u64 trace_records = 0;
  std::vector<base::trace_record> records;
  std::array<u64, link::vc_count> accepted{};              ///< flits taken from this end's source
  std::array<link::sink_counters, link::vc_count> sink{};  ///< flits delivered at this end
  double latency_clocks = 0;  ///< mean, accepted at the far end to delivered here
  bool work_waits = false;
};

struct run_result {
  end_result west;
  end_result east;
  i64 clocks = 0;
  double wall_s = 0;
  std::string stuck;   ///< why the run ended early; empty if it did not
  std::string broken;  ///< a model_error that an endpoint threw

  [[nodiscard]] const end_result& of(side who) const { return who == side::west ? west : east; }
  [[nodiscard]] u64 delivered() const;
  [[nodiscard]] u64 trace_hash() const;
};

[[nodiscard]] run_result run_pair(const scenario& s, const factories& make,
                                  const run_options& options = {});

}  // namespace lightrack::verify
