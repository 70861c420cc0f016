// SPDX-License-Identifier: Apache-2.0
// platforms/light/study_budget_page.h
// The page of the budget study: its sentences and figures.
#pragma once

#include <string>
#include <vector>

#include "models/base/config.h"
#include "platforms/report/page.h"

namespace lightrack::platforms {

/// One or two sentences that answer the study's question for the profile of `base`.
[[nodiscard]] std::vector<std::string> budget_answers(const base::config& base,
                                                      const std::vector<document>& rows);
void add_budget_figures(page& p, const base::config& base, const std::vector<document>& rows,
                        const std::string& command);

}  // namespace lightrack::platforms
