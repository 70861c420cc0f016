// SPDX-License-Identifier: Apache-2.0
// tb/verify/lockstep.h
// Two runs of one scenario side by side: record by record, counter by counter, latency and rate.
//
//   const auto d = verify::compare_runs(flit, rtl);  if (!d.equal()) out << d.first_divergence;
#pragma once

#include <string>

#include "tb/verify/pair_run.h"

namespace lightrack::verify {

struct run_difference {
  u64 mismatches = 0;  ///< places of the record lists that differ
  i64 first_clock = -1;
  std::string first_instance;
  std::string first_divergence;  ///< readable: the records around the first
                                 ///< difference, on both sides
  bool counters_equal = true;
  double counters_error_percent = 0;    ///< largest over all counters
  std::string counters_text;            ///< the counters that differ
  double throughput_error_percent = 0;  ///< of flits delivered
  double latency_error_clocks = 0;      ///< of the mean latency, largest of both directions

  [[nodiscard]] bool equal() const { return mismatches == 0 && counters_equal; }
};

/// `reference` is the left column. Needs the records of both runs.
[[nodiscard]] run_difference compare_runs(const run_result& reference, const run_result& other);

/// One line: clock, event and what its fields mean.
[[nodiscard]] std::string describe(const base::trace_record& r);

}  // namespace lightrack::verify
