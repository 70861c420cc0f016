// SPDX-License-Identifier: Apache-2.0
// platforms/light/study_lock_page.h
// The sentences, figures and tables of the lock study, from its rows.
#pragma once

#include <string>
#include <vector>

#include "platforms/report/page.h"

namespace lightrack::platforms {

/// What the study found, one sentence a question; nothing about series that are not there.
[[nodiscard]] std::vector<std::string> lock_answers(const std::vector<document>& rows);

/// Figures and tables; head and facts are the caller's.
void add_lock_figures(page& p, const std::vector<document>& rows, const std::string& command);

}  // namespace lightrack::platforms
