// SPDX-License-Identifier: Apache-2.0
#include "platforms/link/study_page.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "models/link/link_formulas.h"
#include "platforms/link/study_series.h"

namespace lightrack::platforms {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

page_figure waterfall_figure(const std::vector<document>& rows, const std::string& command) {
  page_figure f{
      .title = "Where does the raw rate go?",
      .note =
          "Each bar is what is left after a stage, and on top what that stage takes; all factors "
          "are "
          "measured, and their product is the goodput. Hover for the protocol's formula.",
      .command = command,
      .view_name = "Point",
      .views = {}};
  for (const document& row : rows_of(rows, "error")) {
    const document stages = document::parse(text_of(row, "waterfall"), nullptr, false);
    if (!stages.is_array()) continue;
    f.views.push_back({.label = meters(number(row, "length_m")) + ", " + rate(number(row, "ber")),
                       .panels = {waterfall_panel(stages)}});
  }
  // The first view says most: the usual fiber with errors that cost something.
  const auto usual = std::ranges::find_if(
      f.views, [](const page_view& v) { return v.label == "20 m, BER 1.0e-06"; });
  if (usual != f.views.end()) std::rotate(f.views.begin(), usual, usual + 1);
  return f;
}

page_figure efficiency_figure(const std::vector<document>& rows, const std::string& command) {
  const std::vector<document> errors = rows_of(rows, "error");
  page_panel slots{.title = "Share of flit slots that bring a new flit",
                   .x = ber_axis(errors),
                   .y = {.title = "efficiency, %", .from_zero = true}};
  page_panel goodput{.title = "Goodput",
                     .x = ber_axis(errors),
                     .y = {.title = "goodput, Gb/s each direction", .from_zero = true}};
  slots.formula_name = "go-back-N formula";
  int color = 0;
  for (const double length : values_of(errors, "length_m")) {
    const std::vector<document> at = rows_where(errors, "length_m", length, "ber");
    page_series points = series_of(
        meters(length), color, at, column("ber"), column("flit_efficiency", 100),
        [](const document& row) {
          return point_text(row) +
                 fmt::format("<br>formula: {:.3f} %", 100 * number(row, "flit_efficiency_formula"));
        });
    points.style = series_style::points;
    slots.series.push_back(points);
    page_series formula{
        .name = meters(length) + " formula", .style = series_style::formula, .color = color};
    const double last = number(at.back(), "ber");
    if (last > 0) {
      formula.x = log_range(*slots.x.zero_at, last);
      for (const double ber : formula.x) {
        formula.y.push_back(100 * link::retry_efficiency(link::flit_error_probability(ber),
                                                         number(at.front(), "round_trip_flits"),
                                                         number(at.front(), "window")));
      }
      slots.series.push_back(formula);
    }
    goodput.series.push_back(
        series_of(meters(length), color, at, column("ber"), column("goodput_gbps"), point_text));
    ++color;
  }
  return {
      .title = "What does a bit error rate cost in bandwidth?",
      .note =
          "Full load in both directions, replay depth, window and receive buffer 511. A flit of "
          "2,048 bits is bad with P = 1 - (1 - BER)^2048; each bad one costs m = round trip + 1 "
          "flit times: (1-P)/((1-P)+mP). With a window below the round trip, one burst of that "
          "many "
          "flits is sent each round trip, and those before its first bad one come through.",
      .command = command,
      .view_name = {},
      .views = {{.label = {}, .panels = {slots, goodput}}}};
}

page_figure latency_figure(const std::vector<document>& rows, const std::string& command) {
  page_figure f{
      .title = "What does an error cost in tail latency?",
      .note =
          "Load is half of the raw rate. From the arrival of a 256-byte write at its source to its "
          "last "
          "byte at the far end, queues included. A curve ends where the link cannot carry this "
          "load "
          "any more.",
      .command = command,
      .view_name = "Fiber",
      .views = {}};
  const std::vector<document> all = rows_of(rows, "latency");
  const std::vector<double> lengths = values_of(all, "length_m");
  page_panel extra{.title = "p99.9 beyond that of the error-free link, all fibers",
                   .x = ber_axis(all),
                   .y = {.title = "added latency, round trips of the fiber",
                         .log = true,
                         .zero_at = 0.1,
                         .ticks = {0, 0.2, 0.5, 1, 2, 5, 10, 20, 50}}};
  int color = 0;
  for (const double length : lengths) {
    const std::vector<document> at = rows_where(all, "length_m", length, "ber");
    const double clean = number(at.front(), "request_latency_p999_ns");
    const double round_trip =
        number(at.front(), "round_trip_flits") * number(at.front(), "flit_ns");
    extra.series.push_back(series_of(
        meters(length), color++, at, column("ber"),
        [&](const document& row) {
          if (overloaded(row)) return nan;
          const double added = (number(row, "request_latency_p999_ns") - clean) / round_trip;
          return added < *extra.y.zero_at ? 0.0 : added;
        },
        point_text));
  }
  for (const double length : lengths) {
    const std::vector<document> at = rows_where(all, "length_m", length, "ber");
    page_panel panel{.title = "Latency of a request, " + meters(length),
                     .x = ber_axis(all),
                     .y = {.title = "latency, ns", .log = true}};
    int percentile = 0;
    for (const auto& [label, name] :
         {std::pair{"max", "max"}, std::pair{"p99.9", "p999"}, std::pair{"p99", "p99"},
          std::pair{"p50", "p50"}, std::pair{"mean", "mean"}}) {
      const std::string column_name = fmt::format("request_latency_{}_ns", name);
      panel.series.push_back(series_of(
          label, percentile++, at, column("ber"),
          [&](const document& row) { return overloaded(row) ? nan : number(row, column_name); },
          point_text));
    }
    f.views.push_back({.label = meters(length), .panels = {panel, extra}});
  }
  const auto usual =
      std::ranges::find_if(f.views, [](const page_view& v) { return v.label == "20 m"; });
  if (usual != f.views.end()) std::rotate(f.views.begin(), usual, usual + 1);
  return f;
}

page_panel knee_panel(const std::vector<document>& rows, const std::string& by,
                      const page_axis& x) {
  page_panel panel{
      .title = x.title, .x = x, .y = {.title = "goodput, Gb/s each direction", .log = true}};
  panel.x.ticks = {8, 16, 32, 64, 128, 256, 511};
  panel.x.title += ", flits";
  panel.formula_name = "window / round trip";
  int color = 0;
  for (const double length : values_of(rows, "length_m")) {
    const std::vector<document> at = rows_where(rows, "length_m", length, by);
    page_series points = series_of(
        meters(length), color, at, column(by), column("goodput_gbps"), [&](const document& row) {
          return fmt::format("{} flits<br>", number(row, by)) + point_text(row);
        });
    points.style = series_style::points;
    panel.series.push_back(points);
    page_series formula{
        .name = meters(length) + " formula", .style = series_style::formula, .color = color++};
    if (at.size() > 1) {
      formula.x = log_range(number(at.front(), by), number(at.back(), by));
      // The traffic's own ceiling is that of the best point, so that the line tells of the window
      // alone.
      double ceiling = 0;
      for (const document& row : rows) {
        ceiling = std::max(ceiling, number(row, "goodput_gbps"));
      }
      for (const double window : formula.x) {
        formula.y.push_back(
            ceiling * link::window_efficiency(window, number(at.front(), "round_trip_flits")));
      }
      panel.series.push_back(formula);
    }
  }
  return panel;
}

page_figure knee_figure(const std::vector<document>& rows, const std::string& command) {
  return {.title = "Which replay depth and receive buffer does this fiber need?",
          .note =
              "No errors, full load. Below one round trip the sender waits for acknowledgements "
              "(left) or "
              "for "
              "credits (right), and goodput is window / round trip.",
          .command = command,
          .view_name = {},
          .views = {
              {.label = {},
               .panels = {knee_panel(rows_of(rows, "window"), "window",
                                     {.title = "Window, replay depth", .log = true}),
                          knee_panel(rows_of(rows, "credit"), "rx_depth",
                                     {.title = "Receive buffer of each channel", .log = true})}}}};
}

page_figure lanes_figure(const std::vector<document>& rows, const std::string& command) {
  const std::vector<document> all = rows_of(rows, "lanes");
  page_panel goodput{.title = "Goodput at full load",
                     .x = {.title = "lanes"},
                     .y = {.title = "goodput, % of the raw rate", .from_zero = true, .digits = 0},
                     .bars = true};
  page_panel latency{.title = "p99.9 latency of a request at half load",
                     .x = {.title = "lanes"},
                     .y = {.title = "latency, ns", .from_zero = true, .digits = 0},
                     .bars = true};
  const auto bars = [&](const std::string& name, int color, const std::vector<document>& at,
                        const std::string& value, double factor) {
    page_series s = series_of(name, color, at, column("lanes"), column(value, factor), point_text);
    for (const double lanes : s.x) s.labels.push_back(fmt::format("{:g}", lanes));
    return s;
  };
  int color = 0;
  for (const double ber : values_of(all, "ber")) {
    const std::vector<document> at = rows_where(all, "ber", ber, "lanes");
    std::vector<document> full;
    std::vector<document> half;
    for (const document& row : at) (number(row, "load") >= 1 ? full : half).push_back(row);
    std::erase_if(half, overloaded);
    goodput.series.push_back(bars(rate(ber), color, full, "efficiency", 100));
    latency.series.push_back(bars(rate(ber), color, half, "request_latency_p999_ns", 1));
    ++color;
  }
  return {
      .title = "What do 4, 8 and 16 lanes change?",
      .note =
          "20 m of fiber. With fewer lanes a flit takes longer, so fewer flits are under way in a "
          "round trip: "
          "an error costs less of the rate, and each flit waits longer.",
      .command = command,
      .view_name = {},
      .views = {{.label = {}, .panels = {goodput, latency}}}};
}

}  // namespace

page_panel waterfall_panel(const document& stages) {
  page_panel panel{
      .title = {}, .x = {.title = ""}, .y = {.title = "Gb/s each direction", .from_zero = true}};
  for (const document& s : stages) {
    std::string name = text_of(s, "stage");
    std::ranges::replace(name, '_', ' ');
    const bool total = name == "goodput";
    panel.stages.push_back({.name = std::move(name),
                            .factor = number(s, "factor"),
                            .gbps = number(s, "gbps"),
                            .formula = text_of(s, "formula"),
                            .total = total});
  }
  return panel;
}

void add_study_figures(page& p, const std::vector<document>& rows, const study_answers& answers,
                       const std::string& command) {
  const auto some = [&](const char* series) { return !rows_of(rows, series).empty(); };
  if (some("error")) {
    p.add(waterfall_figure(rows, command));
    p.add(efficiency_figure(rows, command));
  }
  if (some("latency")) p.add(latency_figure(rows, command));
  if (some("window") && some("credit")) p.add(knee_figure(rows, command));
  add_window_table(p, answers);
  if (some("lanes")) p.add(lanes_figure(rows, command));
  add_feature_figures(p, rows, answers.features, command);
  add_verification_table(p, rows);
  add_all_points(p, rows);
}

}  // namespace lightrack::platforms
