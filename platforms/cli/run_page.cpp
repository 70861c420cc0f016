// SPDX-License-Identifier: Apache-2.0
#include "platforms/cli/run_page.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "platforms/cli/run_panels.h"

namespace lightrack::cli {
namespace {

using nlohmann::json;
using platforms::document;

std::string name_of(const json& direction) {
  return text(direction["from"]) + " to " + text(direction["to"]);
}

platforms::page_view waterfall_view(const json& direction) {
  const std::string title =
      fmt::format("{:.1f} Gb/s of {:.0f}", direction["goodput_gbps"].get<double>(),
                  direction["raw_gbps"].get<double>());
  return {.label = name_of(direction), .panels = {rates_panel(direction, title)}};
}

std::vector<document> figure_rows(const json& result) {
  std::vector<document> rows;
  for (const json& d : result["directions"]) {
    const json& spread = d["confidence"]["goodput_gbps"];
    document row = {{"direction", name_of(d)},
                    {"goodput", d["goodput_gbps"]},
                    {"spread", spread.is_object() ? document(spread["half_width"].get<double>())
                                                  : document(text(spread))},
                    {"delivered", d["flits"]["delivered"]},
                    {"lost", d["flits"]["lost"]},
                    {"replays", d["replays"]},
                    {"retrains", d["retrains"]},
                    {"stalls", d["credit_stall_fraction"]}};
    for (const char* key : {"mean", "p99", "max"}) row[key] = d["latency_ns"][key];
    rows.push_back(row);
  }
  return rows;
}

platforms::page_panel latency_of(const json& result, const char* key, const std::string& title) {
  platforms::page_panel panel = latency_panel(title);
  for (const json& d : result["directions"]) add_latency_bars(panel, name_of(d), d[key]);
  return panel;
}

platforms::page_figure latency_figure(const json& result, const std::string& command) {
  return {.title = "How long does it take?",
          .note =
              "A flit: from acceptance at the transmit port to delivery at the receive port. A "
              "request: with packing and the queue at its source, which grows without end where "
              "more is offered than fits.",
          .command = command,
          .view_name = {},
          .views = {{.label = {},
                     .panels = {latency_of(result, "latency_ns", "Flits"),
                                latency_of(result, "request_latency_ns", "Requests")}}}};
}

}  // namespace

platforms::page run_page(const json& result, const std::string& command) {
  platforms::page page{"Run of a link", command};
  page.answer(text(result["limit"]));
  if (!result["complete"].get<bool>()) page.warning("Incomplete: " + text(result["stopped_by"]));
  if (result["warmup_cut"].get<bool>())
    page.warning("The run is shorter than its warm-up, which was cut to half of the run.");
  for (const auto& [key, label] :
       {std::pair{"profile", "Profile"}, std::pair{"fidelity", "Fidelity"},
        std::pair{"seed", "Seed"}, std::pair{"config_hash", "Configuration"},
        std::pair{"git", "Revision"}, std::pair{"simulated_ns", "Simulated, ns"},
        std::pair{"window_ns", "Measured window, ns"}, std::pair{"trace_hash", "Trace"}})
    page.fact(label, text(result[key]));
  const json& error = result["fidelity_error"];
  page.fact(
      "Its error against RTL",
      error["throughput_percent"].is_null()
          ? text(error["source"])
          : fmt::format("throughput {} %, latency {} ns; {}", text(error["throughput_percent"]),
                        text(error["latency_ns"]), text(error["source"])));
  platforms::page_figure figure;
  figure.title = "Where does the raw rate go?";
  figure.note =
      "Each factor is measured in the window; their product is the goodput. The formula is what "
      "the protocol predicts.";
  figure.command = command;
  figure.view_name = "Direction";
  for (const json& d : result["directions"]) figure.views.push_back(waterfall_view(d));
  page.add(figure);
  if (result["latency_ns"]["p50"].is_number()) page.add(latency_figure(result, command));
  page.table("Figures of each direction",
             "latency from acceptance at the transmit port to delivery at the receive port",
             {{.key = "direction", .name = "direction"},
              {.key = "goodput", .name = "goodput", .unit = "Gb/s", .digits = 2},
              {.key = "spread", .name = "+- 95 %", .unit = "Gb/s", .digits = 3},
              {.key = "delivered", .name = "flits delivered"},
              {.key = "lost", .name = "flits lost"},
              {.key = "replays", .name = "replays"},
              {.key = "retrains", .name = "retrains"},
              {.key = "stalls", .name = "credit stalls", .unit = "of slots", .digits = 4},
              {.key = "mean", .name = "mean", .unit = "ns", .digits = 1},
              {.key = "p99", .name = "p99", .unit = "ns", .digits = 1},
              {.key = "max", .name = "max", .unit = "ns", .digits = 1}},
             figure_rows(result));
  for (const char* name : {"config.toml", "results.csv", "results.sqlite", "result.json"})
    page.file(name);
  return page;
}

}  // namespace lightrack::cli
