// SPDX-License-Identifier: Apache-2.0
// tb/verify/random_scenario.h
// Constrained-random scenarios: a configuration says what varies, a seed says how.
//
// Time:   traffic is finite; run_options::drain waits for its end.
//   for (const auto& c : verify::random_configurations()) run(verify::random_scenario(c, seed));
#pragma once

#include <span>
#include <string_view>

#include "tb/verify/scenario.h"

namespace lightrack::verify {

/// What a configuration lets vary; a flag that is off leaves the clean value.
struct random_configuration {
  std::string_view name;
  int lanes = 16;
  double length_m = 20;
  bool errors = false;  ///< BER 1e-7 to 5e-5 on each way
  bool bursts = false;
  bool skew = false;          ///< up to 15 words
  bool stalls = false;        ///< sinks not ready now and then, on both channels
  bool small_window = false;  ///< window, retry and receive buffers down to 8 flits
  bool retrains = false;      ///< up to three, by either side
  bool lane_events = false;   ///< lanes lost and returned
  bool sessions = false;      ///< one side switched off and on
};

[[nodiscard]] std::span<const random_configuration> random_configurations();
[[nodiscard]] scenario random_scenario(const random_configuration& c, u64 seed);

}  // namespace lightrack::verify
