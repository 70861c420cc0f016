// SPDX-License-Identifier: Apache-2.0
// platforms/report/rows.h
// Flat rows of a study, and curves of a page from them.
//
//   for (const document& row : rows_of(rows, "window")) number(row, "goodput_gbps");
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "platforms/report/page.h"

namespace lightrack::platforms {

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

using row_value = std::function<double(const document&)>;
using row_text = std::function<std::string(const document&)>;

[[nodiscard]] row_value column(const std::string& name, double factor = 1);
/// One point a row.
[[nodiscard]] page_series series_of(const std::string& name, int color,
                                    const std::vector<document>& rows, const row_value& x,
                                    const row_value& y, const row_text& hover);
/// 60 values from `first` to `last` at equal ratios; both above 0.
[[nodiscard]] std::vector<double> log_range(double first, double last);

}  // namespace lightrack::platforms
