// SPDX-License-Identifier: Apache-2.0
// platforms/light/study_budget_points.h
// The points of the budget study: each is the budget of one configuration.
#pragma once

#include <string>
#include <vector>

#include "models/base/config.h"
#include "platforms/report/rows.h"

namespace lightrack::platforms {

/// Rows in order: series "profile", "length", "joint", "fault" and "range" (one key at an end of
/// its range, the others as configured). An axis whose key `base` gives is not swept. A point that
/// is refused is a row with its reason in `status` and no figures.
[[nodiscard]] std::vector<document> budget_rows(const base::config& base, bool quick);

/// One key of series "range": what its two ends do to margin and error rate.
struct tornado_bar {
  std::string key{};
  std::string low_text{};  ///< "0.1 dB"
  std::string high_text{};
  double low_margin_db = 0;  ///< change against the configuration as it is; NaN where refused
  double high_margin_db = 0;
  double low_decades = 0;  ///< change of log10 BER
  double high_decades = 0;

  [[nodiscard]] double span() const;  ///< of the margin
};
/// The widest first.
[[nodiscard]] std::vector<tornado_bar> tornado(const std::vector<document>& rows,
                                               const std::string& profile);

[[nodiscard]] std::vector<document> rows_in(const std::vector<document>& rows,
                                            const std::string& series,
                                            const std::string& profile = "");

}  // namespace lightrack::platforms
