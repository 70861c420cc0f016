// SPDX-License-Identifier: Apache-2.0
// platforms/link/study_page.h
// The figures and tables of the link study, from its rows.
#pragma once

#include <string>
#include <vector>

#include "platforms/link/study_answers.h"
#include "platforms/report/page.h"

namespace lightrack::platforms {

/// Figures and tables; head and facts are the caller's.
void add_study_figures(page& p, const std::vector<document>& rows, const study_answers& answers,
                       const std::string& command);

/// Pairs of rows of one configuration at flit and at rtl over the same time, as rows of a table:
/// what was measured by both and how far they are apart.
[[nodiscard]] std::vector<document> verification_table(const std::vector<document>& rows);

/// Lane repair, QUIESCE and FEC: a figure and a table each, where their rows are there.
void add_feature_figures(page& p, const std::vector<document>& rows, const feature_answers& answers,
                         const std::string& command);
void add_window_table(page& p, const study_answers& answers);
void add_verification_table(page& p, const std::vector<document>& rows);
void add_all_points(page& p, const std::vector<document>& rows);

/// What every page of a link shows of a waterfall.
[[nodiscard]] page_panel waterfall_panel(const document& stages);

}  // namespace lightrack::platforms
