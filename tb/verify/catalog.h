// SPDX-License-Identifier: Apache-2.0
// tb/verify/catalog.h
// The scenarios of the fidelity gate.
#pragma once

#include <vector>

#include "tb/verify/scenario.h"

namespace lightrack::verify {

/// All of them, in the order in which they are listed; names are unique.
[[nodiscard]] std::vector<scenario> gate_catalog(u64 seed);

}  // namespace lightrack::verify
