// SPDX-License-Identifier: Apache-2.0
// platforms/link/study_points.h
// Which points the link study runs: a configuration each, with the series it belongs to.
//
// A point is named by its configuration hash; two that come out equal are one point of two series.
#pragma once

#include <string>
#include <vector>

#include "models/base/config.h"

namespace lightrack::platforms {

struct study_point {
  base::config config;              ///< complete and effective
  std::vector<std::string> series;  ///< "error", "latency", "window", "credit", "lanes", "repair",
                                    ///< "sleep", "fec", "verify"
  std::string key;                  ///< configuration hash, seed, fidelity
  std::string pair;                 ///< of "verify": the same for both fidelities
};

/// The sweep around `base`. An axis whose key `base` gives keeps that value; the run time is chosen
/// by point so that enough errors are met, unless `sim.time` is given; the time of "repair" is that
/// of its event. Throws base::config_error.
[[nodiscard]] std::vector<study_point> plan_link_study(const base::config& base, bool quick);

/// `count` points of a plan, evenly spread, each twice over a shorter time: at flit and at rtl.
[[nodiscard]] std::vector<study_point> plan_verification(const std::vector<study_point>& plan,
                                                         int count);

}  // namespace lightrack::platforms
