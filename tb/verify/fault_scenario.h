// SPDX-License-Identifier: Apache-2.0
// tb/verify/fault_scenario.h
// Random faults on one link, one to five a scenario: what a link must survive, or say LINK_DOWN.
//
// Time:   faults begin once the link is up, and lie up to 6,000 clocks apart; the run goes on long
//         enough for the last retrain.
//   for (u64 seed = 1; seed <= 1000; ++seed) run(verify::fault_scenario(seed));
#pragma once

#include "tb/verify/scenario.h"

namespace lightrack::verify {

/// The shapes, lights, traffic and faults of a seed; its name is "fault_SEED", `why` names the faults.
[[nodiscard]] scenario fault_scenario(u64 seed);
/// Faults that `scenario::why` names.
[[nodiscard]] int fault_count(const scenario& s);

}  // namespace lightrack::verify
