// SPDX-License-Identifier: Apache-2.0
// platforms/link/study_rows.h
// A point of the link study as a flat row: its configuration, what was measured, and the formula
// beside it.
//
// Columns name their unit. `flit_efficiency` is the share of flit slots that bring a new flit in
// order; its formula is retry_efficiency of models/link/link_formulas.h with the round trip
// measured in training.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "platforms/link/fidelity_error.h"
#include "platforms/link/link_platform.h"
#include "platforms/report/page.h"
#include "platforms/report/rows.h"

namespace lightrack::platforms {

/// `errors` is the table of measured errors of each fidelity.
[[nodiscard]] document study_row(const link_result& r, const std::vector<fidelity_error>& errors);

}  // namespace lightrack::platforms
