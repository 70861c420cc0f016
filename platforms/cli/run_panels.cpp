// SPDX-License-Identifier: Apache-2.0
#include "platforms/cli/run_panels.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "platforms/link/study_page.h"

namespace lightrack::cli {

using nlohmann::json;

std::string text(const json& v) {
  if (v.is_null()) return "-";
  if (v.is_number_float()) return fmt::format("{:.6g}", v.get<double>());
  return v.is_string() ? v.get<std::string>() : v.dump();
}

platforms::page_panel rates_panel(const json& rates, const std::string& title) {
  platforms::page_panel panel = platforms::waterfall_panel(rates["waterfall"]);
  panel.title = title;
  panel.y.title = "Gb/s";
  return panel;
}

platforms::page_panel latency_panel(const std::string& title) {
  return {
      .title = title, .y = {.title = "latency, ns", .from_zero = true, .digits = 0}, .bars = true};
}

void add_latency_bars(platforms::page_panel& panel, const std::string& name,
                      const json& latency_ns) {
  platforms::page_series bars{.name = name, .color = static_cast<int>(panel.series.size())};
  for (const auto& [member, label] :
       {std::pair{"mean", "mean"}, std::pair{"p50", "p50"}, std::pair{"p99", "p99"},
        std::pair{"p999", "p99.9"}, std::pair{"max", "max"}}) {
    const json& ns = latency_ns[member];
    if (!ns.is_number()) continue;
    bars.labels.emplace_back(label);
    bars.y.push_back(ns.get<double>());
    bars.hover.push_back(fmt::format("{}, {}", name, label));
  }
  if (!bars.y.empty()) panel.series.push_back(bars);
}

}  // namespace lightrack::cli
