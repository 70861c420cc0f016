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

namespace lightrack::platforms {

/// `errors` is the table of measured errors of each fidelity.
[[nodiscard]] document study_row(const link_result& r, const std::vector<fidelity_error>& errors);

/// A column as a number; NaN where it is missing.
[[nodiscard]] double number(const document& row, const std::string& column);
[[nodiscard]] std::string text_of(const document& row, const std::string& column);
/// `series` of a row lists its series with spaces between.
[[nodiscard]] bool in_series(const document& row, const std::string& series);
/// Rows of one series that hold results.
[[nodiscard]] std::vector<document> rows_of(const std::vector<document>& rows,
                                            const std::string& series);
/// The different values of a column, rising.
[[nodiscard]] std::vector<double> values_of(const std::vector<document>& rows,
                                            const std::string& column);
/// Rows with this value of a column, in order of `sorted_by`.
[[nodiscard]] std::vector<document> rows_where(const std::vector<document>& rows,
                                               const std::string& column, double value,
                                               const std::string& sorted_by);

}  // namespace lightrack::platforms
