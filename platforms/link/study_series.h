// SPDX-License-Identifier: Apache-2.0
// platforms/link/study_series.h
// From rows of the study to curves of its page.
#pragma once

#include <string>
#include <vector>

#include "platforms/link/study_rows.h"
#include "platforms/report/page.h"
#include "platforms/report/rows.h"

namespace lightrack::platforms {

[[nodiscard]] std::string meters(double m);
[[nodiscard]] std::string rate(double ber);
/// What a point was: fiber, rate, lanes, buffers and what was counted.
[[nodiscard]] std::string point_text(const document& row);
/// An axis of the rows' bit error rates; 0 is drawn one decade left of the smallest other.
[[nodiscard]] page_axis ber_axis(const std::vector<document>& rows);

}  // namespace lightrack::platforms
