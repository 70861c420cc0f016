// SPDX-License-Identifier: Apache-2.0
#include "platforms/cli/diff_page.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "platforms/cli/run_panels.h"

namespace lightrack::cli {
namespace {

using nlohmann::json;
using platforms::document;

/// "-2.2 %" of a change; "" where one of the two is no number or the first is zero.
std::string percent(const json& a, const json& b) {
  if (!a.is_number() || !b.is_number() || a.get<double>() == 0) return "";
  return fmt::format("{:+.1f} %", 100 * (b.get<double>() / a.get<double>() - 1));
}

std::vector<document> config_rows(const json& a, const json& b) {
  std::vector<document> rows;
  json all = a;
  all.update(b);
  for (const auto& [key, unused] : all.items()) {
    const json first = a.value(key, json{});
    const json second = b.value(key, json{});
    if (first != second) rows.push_back({{"key", key}, {"a", text(first)}, {"b", text(second)}});
  }
  return rows;
}

void add_row(std::vector<document>& rows, const std::string& what, const json& a, const json& b) {
  rows.push_back({{"what", what}, {"a", text(a)}, {"b", text(b)}, {"change", percent(a, b)}});
}

std::vector<document> figure_rows(const json& a, const json& b) {
  std::vector<document> rows;
  for (const auto& [key, label] :
       {std::pair{"goodput_gbps", "goodput, Gb/s"}, std::pair{"efficiency", "efficiency"},
        std::pair{"offered_gbps", "offered, Gb/s"}, std::pair{"round_trip_ns", "round trip, ns"},
        std::pair{"replays", "replays"}, std::pair{"naks", "naks"},
        std::pair{"retrains", "retrains"},
        std::pair{"credit_stall_fraction", "credit stalls, of slots"}})
    if (a.contains(key) || b.contains(key))
      add_row(rows, label, a.value(key, json{}), b.value(key, json{}));
  for (const char* group : {"latency_ns", "request_latency_ns", "flits"}) {
    const json first = a.value(group, json::object());
    const json second = b.value(group, json::object());
    for (const auto& [key, value] : first.items())
      add_row(rows, fmt::format("{}: {}", group, key), value, second.value(key, json{}));
  }
  return rows;
}

platforms::page_panel waterfall_of(const compared_run& run) {
  return rates_panel(run.result, fmt::format("{}: {:.1f} Gb/s", run.name,
                                             run.result["goodput_gbps"].get<double>()));
}

platforms::page_panel latency_of(const compared_run& a, const compared_run& b, const char* key,
                                 const std::string& title) {
  platforms::page_panel panel = latency_panel(title);
  for (const compared_run* run : {&a, &b}) add_latency_bars(panel, run->name, run->result[key]);
  return panel;
}

}  // namespace

std::string difference_sentence(const compared_run& first, const compared_run& second) {
  const json& a = first.result;
  const json& b = second.result;
  std::vector<std::string> parts;
  const auto part = [&parts](const char* name, const json& x, const json& y, const char* unit) {
    if (!x.is_number() || !y.is_number()) return;
    const std::string change = percent(x, y);
    parts.push_back(x == y ? fmt::format("{} the same, {} {}", name, text(x), unit)
                           : fmt::format("{} {} instead of {} {}{}", name, text(y), text(x), unit,
                                         change.empty() ? "" : " (" + change + ")"));
  };
  part("goodput", a["goodput_gbps"], b["goodput_gbps"], "Gb/s");
  part("mean flit latency", a["latency_ns"]["mean"], b["latency_ns"]["mean"], "ns");
  part("p99", a["latency_ns"]["p99"], b["latency_ns"]["p99"], "ns");
  return fmt::format("{} against {}: {}.", second.name, first.name, fmt::join(parts, ", "));
}

platforms::page diff_page(const compared_run& first, const compared_run& second,
                          const std::string& command) {
  platforms::page page{fmt::format("{} and {}", first.name, second.name), command};
  page.answer(difference_sentence(first, second));
  for (const compared_run* run : {&first, &second})
    for (const auto& [key, label] :
         {std::pair{"limit", "Limit"}, std::pair{"config_hash", "Configuration"},
          std::pair{"seed", "Seed"}, std::pair{"fidelity", "Fidelity"},
          std::pair{"git", "Revision"}})
      page.fact(fmt::format("{}, {}", label, run->name), text(run->result[key]));
  page.add({.title = "Where does the raw rate go?",
            .note = "The slower direction of each run.",
            .command = command,
            .view_name = {},
            .views = {{.label = {}, .panels = {waterfall_of(first), waterfall_of(second)}}}});
  if (first.result["latency_ns"]["p50"].is_number() ||
      second.result["latency_ns"]["p50"].is_number())
    page.add(
        {.title = "How long does it take?",
         .note = "A flit: from acceptance to delivery. A request: with packing and the queue "
                 "at its source.",
         .command = command,
         .view_name = {},
         .views = {{.label = {},
                    .panels = {latency_of(first, second, "latency_ns", "Flits"),
                               latency_of(first, second, "request_latency_ns", "Requests")}}}});
  page.table("What was configured differently", "keys that are equal are not listed",
             {{.key = "key", .name = "key"},
              {.key = "a", .name = first.name},
              {.key = "b", .name = second.name}},
             config_rows(first.config, second.config));
  page.table("Figures", "the slower direction's rates and latency, sums of both for counters",
             {{.key = "what", .name = "figure"},
              {.key = "a", .name = first.name},
              {.key = "b", .name = second.name},
              {.key = "change", .name = "change"}},
             figure_rows(first.result, second.result));
  return page;
}

}  // namespace lightrack::cli
