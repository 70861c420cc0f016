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

platforms::page_view budget_view(const json& direction) {
  platforms::page_series bars{.name = "loss"};
  for (const json& e : direction["elements"]) {
    if (!e["db"].is_number()) continue;
    bars.labels.push_back(text(e["name"]));
    bars.y.push_back(e["db"].get<double>());
    bars.hover.push_back(text(e["place"]));
  }
  const std::string title =
      fmt::format("{} dBm to {} dBm, margin {} dB", text(direction["launch_dbm"]),
                  text(direction["received_oma_dbm"]), text(direction["margin_db"]));
  return {.label = name_of(direction),
          .panels = {{.title = title,
                      .y = {.title = "loss, dB", .from_zero = true, .digits = 2},
                      .series = {bars},
                      .bars = true}}};
}

std::vector<document> lane_rows(const json& light) {
  std::vector<document> rows;
  for (const json& d : light["directions"]) {
    for (std::size_t l = 0; l < d["lanes"].size(); ++l) {
      const json& start = d["lanes"][l];
      const json& end = d["lanes_at_end"][l];
      rows.push_back({{"direction", name_of(d)},
                      {"lane", l},
                      {"rings", fmt::format("{} to {}", text(end["transmit_ring"]),
                                            text(end["receive_ring"]))},
                      {"margin", text(end["margin_db"])},
                      {"start", text(start["raw_ber"])},
                      {"end", end["present"].get<bool>() ? text(end["raw_ber"]) : "dark"}});
    }
  }
  return rows;
}

void add_light(platforms::page& page, const json& result, const std::string& command) {
  const json& light = result["light"];
  if (!light["on"].get<bool>()) return page.fact("Light", "off, " + text(light["why"]));
  std::string parts;
  for (const json& p : result["energy_parts"])
    parts += fmt::format("{}{} {:.2f}", parts.empty() ? "" : " + ", text(p["name"]),
                         p["pj_per_bit"].get<double>());
  page.fact("Energy, pJ/bit",
            fmt::format("{:.2f} = {}", result["energy_pj_per_bit"].get<double>(), parts));
  platforms::page_figure figure;
  figure.title = "Where does the light go?";
  figure.note =
      "Each loss between laser and receiver, of the line with the least margin at the start. What "
      "is left, less penalties and sensitivity, is the margin.";
  figure.command = command;
  figure.view_name = "Direction";
  for (const json& d : light["directions"]) figure.views.push_back(budget_view(d));
  page.add(figure);
  page.table("Lanes of the light", "BER before FEC at the start and at the end of the run",
             {{.key = "direction", .name = "direction"},
              {.key = "lane", .name = "lane"},
              {.key = "rings", .name = "rings"},
              {.key = "margin", .name = "margin", .unit = "dB"},
              {.key = "start", .name = "BER, start"},
              {.key = "end", .name = "BER, end"}},
             lane_rows(light));
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
  add_light(page, result, command);
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
