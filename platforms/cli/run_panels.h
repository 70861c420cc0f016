// SPDX-License-Identifier: Apache-2.0
// platforms/cli/run_panels.h
// What the page of one run and the page of two runs both draw.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "platforms/report/page.h"

namespace lightrack::cli {

/// A value as a page shows it: six digits, "-" for null.
[[nodiscard]] std::string text(const nlohmann::json& v);
/// `rates`: a direction of a result, or the result itself: its waterfall under `title`.
[[nodiscard]] platforms::page_panel rates_panel(const nlohmann::json& rates,
                                                const std::string& title);
[[nodiscard]] platforms::page_panel latency_panel(const std::string& title);
/// Bars of mean, percentiles and maximum, in the next color; none where nothing was delivered.
void add_latency_bars(platforms::page_panel& panel, const std::string& name,
                      const nlohmann::json& latency_ns);

}  // namespace lightrack::cli
