// SPDX-License-Identifier: Apache-2.0
// tb/verify/scoreboard.h
// What must hold after any run, whatever the light did: nothing lost in silence, repeated or
// reordered; progress; conservation of flits and credits; the ending that the scenario names.
#pragma once

#include <string>
#include <vector>

#include "tb/verify/pair_run.h"

namespace lightrack::verify {

/// One sentence a broken rule; empty if all hold. Needs the records of the run.
[[nodiscard]] std::vector<std::string> judge(const scenario& s, const run_result& run);

}  // namespace lightrack::verify
