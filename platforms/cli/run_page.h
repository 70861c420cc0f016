// SPDX-License-Identifier: Apache-2.0
// platforms/cli/run_page.h
// The page of one run: what limits, a waterfall a direction, the figures and how to get them again.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "platforms/report/page.h"

namespace lightrack::cli {

/// `result` is the object of `run link --json`.
[[nodiscard]] platforms::page run_page(const nlohmann::json& result, const std::string& command);

}  // namespace lightrack::cli
