// SPDX-License-Identifier: Apache-2.0
// platforms/link/study_link.h
// `lightrack study link`: bit error rate x fiber length x window and receive buffer x lanes, a lane
// that dies, QUIESCE, FEC.
//
// Answers which replay depth a fiber needs, what an error costs in bandwidth and in tail latency,
// and what spares, QUIESCE and FEC cost and save.
// Time:   each point is a run of its own in a child process; rows are written as points
// end. Faults: a point that fails is a row with its reason, and exit code 1; the others stand.
//   study_options o{.config = link_config()};  o.quick = true;  return run_study_link(o);
#pragma once

#include <atomic>
#include <string>
#include <vector>

#include "models/base/config.h"
#include "platforms/link/link_platform.h"

namespace lightrack::platforms {

struct study_options {
  base::config config;         ///< of all points; an axis that it gives is not swept
  link_factories factories{};  ///< as for run_link
  int jobs = 1;                ///< child processes at once
  bool quick = false;          ///< fewer points and shorter runs
  int verify = 0;              ///< points that are run again as RTL
  std::string
      out{};  ///< result folder; empty: lightrack-out/NAME-CONFIGHASH-SEED, with `json` none
  std::string command{};                    ///< as typed, for the page
  bool json = false;                        ///< one JSON object on stdout instead of tables
  bool quiet = false;                       ///< no progress, no tables
  const std::atomic<bool>* stop = nullptr;  ///< set by the handler of an interrupt
};

/// Exit code: 0 done, 1 a point failed, 130 interrupted (what was done is kept and marked
/// incomplete). Throws base::config_error before the first point if the input is wrong.
int run_study_link(const study_options& options);

/// What `study --list` says of it.
[[nodiscard]] std::string study_link_summary();

}  // namespace lightrack::platforms
