// SPDX-License-Identifier: Apache-2.0
// platforms/light/study_budget.h
// `lightrack study budget`: where each dB goes, what margin is left, and what the bit error rate
// hangs on; over profiles, fiber length, joints, faults and the range of every element.
//
// All in closed form, a few thousand budgets in a second, so nothing runs in children.
//   light_study_options o{.config = light_config()};  return run_study_budget(o);
#pragma once

#include <string>

#include "models/base/config.h"

namespace lightrack::platforms {

struct light_study_options {
  base::config config;    ///< of all points; an axis that it gives is not swept
  bool quick = false;     ///< fewer points
  std::string out{};      ///< result folder; empty: lightrack-out/NAME-CONFIGHASH-SEED, with `json`
                          ///< none
  std::string command{};  ///< as typed, for the page
  bool json = false;      ///< one JSON object on stdout instead of tables
  bool quiet = false;     ///< no tables
};

/// Exit code 0. Throws base::config_error if the configuration itself is refused.
int run_study_budget(const light_study_options& options);

/// What `study --list` says of it.
[[nodiscard]] std::string study_budget_summary();

}  // namespace lightrack::platforms
