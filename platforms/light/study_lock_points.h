// SPDX-License-Identifier: Apache-2.0
// platforms/light/study_lock_points.h
// Which points the lock study has, and what each computes.
//
// A point is a configuration and a question: `yield` and `warm` draw buses, `start` brings engines
// up from power-on, `ramp` warms or cools them, `track` and `dac` hold one ring under a ramp.
#pragma once

#include <string>
#include <vector>

#include "models/base/config.h"
#include "platforms/report/page.h"

namespace lightrack::platforms {

struct lock_point {
  base::config config;
  std::string series{};  ///< "yield", "warm", "start", "ramp", "track", "dac"
  std::string key{};     ///< series, configuration hash, seed
};

/// The sweep around `base`; an axis whose key it gives keeps that value. Throws base::config_error.
[[nodiscard]] std::vector<lock_point> plan_lock_study(const base::config& base, bool quick);

/// The row of a point: what it was, and what came out.
[[nodiscard]] document compute_lock_point(const lock_point& point);

}  // namespace lightrack::platforms
