// SPDX-License-Identifier: Apache-2.0
// tb/verify/likeness.h
// A run in bursts beside one of flits: not the same clock for clock, but the same link.
#pragma once

#include <string>
#include <vector>

#include "tb/verify/pair_run.h"

namespace lightrack::verify {

/// One sentence for each thing in which `burst` is further from `flit` than a burst may be; empty
/// if there is none. Bounds in docs/models/burst_endpoint.md.
[[nodiscard]] std::vector<std::string> judge_likeness(const run_result& flit,
                                                      const run_result& burst);

}  // namespace lightrack::verify
