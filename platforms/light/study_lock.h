// SPDX-License-Identifier: Apache-2.0
// platforms/light/study_lock.h
// `lightrack study lock`: which buses find their wavelengths, how fast, and what holds them.
//
// Yield of the four schemes of arbitration against fabrication scatter and temperature, time to
// lock from power-on, error and loss of lock under ramps of either sign against loop bandwidth,
// what a ramp of 40 K costs whole buses, and steps of the heater's DAC. Time:   each point is
// computed in a child process; rows are written as points end. Faults: a point that fails is a row
// with its reason, and exit code 1; the others stand.
//   lock_study_options o{.config = light_config()};  o.quick = true;  return run_study_lock(o);
#pragma once

#include <atomic>
#include <string>

#include "models/base/config.h"

namespace lightrack::platforms {

struct lock_study_options {
  base::config config;  ///< of all points; an axis that it gives is not swept
  int jobs = 1;         ///< child processes at once
  bool quick = false;   ///< fewer points, fewer buses in each
  std::string
      out{};  ///< result folder; empty: lightrack-out/NAME-CONFIGHASH-SEED, with `json` none
  std::string command{};                    ///< as typed, for the page
  bool json = false;                        ///< one JSON object on stdout instead of sentences
  bool quiet = false;                       ///< no progress, no sentences
  const std::atomic<bool>* stop = nullptr;  ///< set by the handler of an interrupt
};

/// Exit code: 0 done, 1 a point failed, 130 interrupted (what was done is kept and marked
/// incomplete). Throws base::config_error before the first point if the input is wrong.
int run_study_lock(const lock_study_options& options);

/// What `study --list` says of it.
[[nodiscard]] std::string study_lock_summary();

}  // namespace lightrack::platforms
