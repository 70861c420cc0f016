// SPDX-License-Identifier: Apache-2.0
// platforms/link/study_series.h
// From rows of the study to curves of its page.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "platforms/link/study_rows.h"
#include "platforms/report/page.h"

namespace lightrack::platforms {

using row_value = std::function<double(const document&)>;
using row_text = std::function<std::string(const document&)>;

[[nodiscard]] row_value column(const std::string& name, double factor = 1);
/// One point a row.
[[nodiscard]] page_series series_of(const std::string& name, int color,
                                    const std::vector<document>& rows, const row_value& x,
                                    const row_value& y, const row_text& hover);
[[nodiscard]] std::string meters(double m);
[[nodiscard]] std::string rate(double ber);
/// What a point was: fiber, rate, lanes, buffers and what was counted.
[[nodiscard]] std::string point_text(const document& row);
/// 60 values from `first` to `last` at equal ratios; both above 0.
[[nodiscard]] std::vector<double> log_range(double first, double last);
/// An axis of the rows' bit error rates; 0 is drawn one decade left of the smallest other.
[[nodiscard]] page_axis ber_axis(const std::vector<document>& rows);

}  // namespace lightrack::platforms
