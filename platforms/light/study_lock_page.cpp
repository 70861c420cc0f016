// SPDX-License-Identifier: Apache-2.0
#include "platforms/light/study_lock_page.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>

#include "platforms/report/rows.h"

namespace lightrack::platforms {
namespace {

using rows_t = std::vector<document>;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr std::array schemes{
    std::pair{"BARREL_SHIFT", "barrel shift"}, std::pair{"OPTIMUM", "any permutation"},
    std::pair{"SEQUENTIAL", "own lines only"}, std::pair{"NEAREST", "nearest first"}};

rows_t where_text(const rows_t& rows, const std::string& column, const std::string& value) {
  rows_t found;
  for (const document& row : rows)
    if (text_of(row, column) == value) found.push_back(row);
  return found;
}

rows_t sorted(rows_t rows, const std::string& by) {
  std::ranges::stable_sort(rows, {}, [&](const document& row) { return number(row, by); });
  return rows;
}

std::string bus_text(const document& row) {
  return fmt::format("{}, {:g} GHz, {:+g} K<br>{:g} of {:g} buses incomplete",
                     text_of(row, "arbitration"), number(row, "fab_sigma_ghz"),
                     number(row, "temperature_offset_k"), number(row, "failed_buses"),
                     number(row, "samples"));
}

/// Share of incomplete buses: 0 is drawn a decade below the smallest that could be seen.
page_axis failure_axis(const rows_t& rows) {
  double samples = 1;
  for (const document& row : rows) samples = std::max(samples, number(row, "samples"));
  return {.title = "incomplete buses, %",
          .log = true,
          .zero_at = std::pow(10, std::floor(std::log10(100 / samples)) - 0.5)};
}

double failed_percent(const document& row) { return 100 * (1 - number(row, "yield")); }

page_panel by_scheme(const std::string& title, const page_axis& x, const page_axis& y,
                     const rows_t& rows, const std::string& x_column, const row_value& value,
                     const row_text& hover) {
  page_panel panel{.title = title, .x = x, .y = y};
  int color = 0;
  for (const auto& [key, name] : schemes) {
    const rows_t own = sorted(where_text(rows, "arbitration", key), x_column);
    if (!own.empty()) {
      panel.series.push_back(series_of(name, color, own, column(x_column), value, hover));
    }
    ++color;
  }
  return panel;
}

page_figure yield_figure(const rows_t& all, const std::string& command) {
  const rows_t rows = rows_of(all, "yield");
  const page_axis x{.title = "sigma of fabrication, GHz"};
  return {
      .title = "Which buses find a wavelength for every ring?",
      .note =
          "Rings stand 400 GHz above their lines with Gaussian scatter, heaters shift them down "
          "by up to 800 GHz. Barrel shift moves all rings of a bus by the same number of lines; "
          "any permutation is the best there is; nearest first strands the last rings, for "
          "early ones take their lines. A blade needs all of its buses.",
      .command = command,
      .view_name = {},
      .views = {{.label = {},
                 .panels = {by_scheme("Buses that stay incomplete", x, failure_axis(rows), rows,
                                      "fab_sigma_ghz", failed_percent, bus_text),
                            by_scheme("Blades with all of their links", x,
                                      {.title = "blades, %", .from_zero = true}, rows,
                                      "fab_sigma_ghz", column("blade_yield", 100), bus_text)}}}};
}

page_figure warm_figure(const rows_t& all, const std::string& command) {
  page_figure f{.title = "What does the temperature of the die change?",
                .note =
                    "A Kelvin moves all rings by 10 GHz, and 20 K are one line of 200 GHz: barrel "
                    "shift and permutations start again there, own lines run out of heater. Hops "
                    "are counted on the way from the reference temperature, a bus holding what it "
                    "has as long as it can.",
                .command = command,
                .view_name = "Scatter",
                .views = {}};
  const rows_t rows = rows_of(all, "warm");
  const page_axis x{.title = "die above the reference temperature, K"};
  for (const double sigma : values_of(rows, "fab_sigma_ghz")) {
    const rows_t at = rows_where(rows, "fab_sigma_ghz", sigma, "temperature_offset_k");
    f.views.push_back(
        {.label = fmt::format("{:g} GHz", sigma),
         .panels = {
             by_scheme("Buses that stay incomplete", x, failure_axis(at), at,
                       "temperature_offset_k", failed_percent, bus_text),
             by_scheme("Heater power", x, {.title = "mW a ring, complete buses", .from_zero = true},
                       at, "temperature_offset_k", column("mean_heater_mw"), bus_text),
             by_scheme("Hops on the way", x, {.title = "hops a bus", .from_zero = true}, at,
                       "temperature_offset_k", column("hops"), bus_text)}});
  }
  return f;
}

page_figure start_figure(const rows_t& all, const std::string& command) {
  const rows_t rows = rows_of(all, "start");
  page_panel times{.title = "From light to the last lock of a complete bus",
                   .x = {.title = "sweep"},
                   .y = {.title = "time to lock, ms", .from_zero = true, .digits = 2},
                   .bars = true};
  page_panel held{.title = "Rings that hold a line",
                  .x = {.title = "sigma of fabrication, GHz"},
                  .y = {.title = "rings, %"}};
  const auto text = [](const document& row) {
    return fmt::format("{}, {}, {:g} GHz<br>{:g} of {:g} buses complete",
                       text_of(row, "arbitration"), text_of(row, "sweep_order"),
                       number(row, "fab_sigma_ghz"), number(row, "buses_complete"),
                       number(row, "buses"));
  };
  int color = 0;
  for (const auto& [key, name] : schemes) {
    const rows_t own = sorted(where_text(rows, "arbitration", key), "fab_sigma_ghz");
    page_series bars{.name = name, .color = color};
    for (const auto& [order, label] :
         {std::pair{"ONE_BY_ONE", "one by one"}, {"ALL_AT_ONCE", "all at once"}}) {
      for (const document& row : where_text(own, "sweep_order", order)) {
        if (std::isnan(number(row, "time_to_lock_ms"))) continue;
        bars.labels.push_back(label);
        bars.y.push_back(number(row, "time_to_lock_ms"));
        bars.hover.push_back(text(row));
        break;  // the same at every scatter: a sweep takes its time whatever it finds
      }
    }
    if (!bars.y.empty()) times.series.push_back(bars);
    const rows_t one = where_text(own, "sweep_order", "ALL_AT_ONCE");
    if (!one.empty()) {
      held.series.push_back(
          series_of(name, color, one, column("fab_sigma_ghz"), column("rings_held", 100), text));
    }
    ++color;
  }
  return {
      .title = "How long until a bus carries, and which rings come up?",
      .note =
          "Eight engines, from light on all lines: 256 steps of the heater a ring, assignment, "
          "fine lock. Where a bus cannot be complete, as many of its rings as can be are placed. "
          "Heat of neighboring heaters counts here.",
      .command = command,
      .view_name = {},
      .views = {{.label = {}, .panels = {times, held}}}};
}

std::string track_text_of(const document& row) {
  return fmt::format("{:+g} K/s, {:g} kHz<br>error {:.3f} GHz, at most {:.3f}<br>{}",
                     number(row, "slew_k_per_s"), number(row, "loop_bw_khz"),
                     number(row, "error_ghz"), number(row, "peak_ghz"),
                     number(row, "locked") == 1 ? "locked" : "lock lost");
}

page_figure track_figure(const rows_t& all, const std::string& command) {
  const rows_t rows = rows_of(all, "track");
  page_figure f{
      .title = "How far off is a ring held while its die warms or cools?",
      .note =
          "A loop that integrates settles at drift x slew / (2 pi f); below a step of the "
          "heater's DAC the mean is all that is left of it. Marks are errors that cost one "
          "decibel of modulation amplitude.",
      .command = command,
      .view_name = "Die",
      .views = {}};
  for (const double sign : {-1.0, 1.0}) {
    page_panel panel{.title = "Mean error",
                     .x = {.title = "slew, K/s", .log = true},
                     .y = {.title = "error, GHz", .log = true}};
    int color = 0;
    const std::vector<double> wanted{0.1, 0.3, 1, 3, 10, 30};
    for (const double bandwidth : values_of(rows, "loop_bw_khz")) {
      if (std::ranges::count(wanted, bandwidth) == 0 && values_of(rows, "loop_bw_khz").size() > 6)
        continue;
      rows_t at = rows_where(rows, "loop_bw_khz", bandwidth, "slew_k_per_s");
      std::erase_if(at,
                    [&](const document& row) { return number(row, "slew_k_per_s") * sign <= 0; });
      if (at.empty()) continue;
      if (sign < 0) std::ranges::reverse(at);
      page_series points = series_of(
          fmt::format("{:g} kHz", bandwidth), color, at, column("slew_k_per_s", sign),
          [&](const document& row) { return std::abs(number(row, "error_ghz")); }, track_text_of);
      points.style = series_style::points;
      panel.series.push_back(points);
      page_series line{
          .name = points.name + " formula", .style = series_style::formula, .color = color++};
      const double per_slew =
          std::abs(number(at.front(), "formula_ghz") / number(at.front(), "slew_k_per_s"));
      line.x = log_range(points.x.front(), points.x.back());
      for (const double slew : line.x) line.y.push_back(per_slew * slew);
      panel.series.push_back(line);
    }
    if (panel.series.empty()) continue;
    panel.formula_name = "drift x slew / (2 pi f)";
    const document& any = rows.front();
    if (sign < 0) {
      panel.marks.push_back({'y', number(any, "cooling_limit_ghz"), "1 dB, modulator, steep side"});
    } else {
      panel.marks.push_back({'y', number(any, "warming_limit_ghz"), "1 dB, modulator"});
      panel.marks.push_back({'y', number(any, "receive_limit_ghz"), "1 dB, receive ring"});
    }
    f.views.push_back({.label = sign < 0 ? "cools" : "warms", .panels = {panel}});
  }
  return f;
}

page_figure hold_figure(const rows_t& all, const std::string& command) {
  const rows_t rows = rows_of(all, "track");
  page_panel panel{.title = "Slowest loop that holds",
                   .x = {.title = "slew, K/s", .log = true},
                   .y = {.title = "loop bandwidth, kHz", .log = true}};
  panel.formula_name = "formula";
  int color = 0;
  for (const double sign : {-1.0, 1.0}) {
    page_series points{
        .name = sign < 0 ? "cools" : "warms", .style = series_style::points, .color = color};
    for (const double slew : values_of(rows, "slew_k_per_s")) {
      if (slew * sign <= 0) continue;
      const rows_t at = rows_where(rows, "slew_k_per_s", slew, "loop_bw_khz");
      double least = nan;
      for (auto row = at.rbegin(); row != at.rend() && number(*row, "locked") == 1; ++row) {
        least = number(*row, "loop_bw_khz");
      }
      points.x.push_back(slew * sign);
      points.y.push_back(least);
      points.hover.push_back(fmt::format("{:+g} K/s", slew));
    }
    if (points.x.empty()) continue;
    if (sign < 0) {
      std::ranges::reverse(points.x);
      std::ranges::reverse(points.y);
      std::ranges::reverse(points.hover);
    }
    const document& any = rows.front();
    const double pull = std::abs(number(any, "formula_ghz") / number(any, "slew_k_per_s")) *
                        number(any, "loop_bw_khz");
    const double limit =
        sign < 0 ? number(any, "cooling_limit_ghz")
                 : std::min(number(any, "warming_limit_ghz"), number(any, "receive_limit_ghz"));
    page_series line{
        .name = points.name + " formula", .style = series_style::formula, .color = color++};
    // Left of it the slowest loop of the sweep is fast enough.
    const double first = values_of(rows, "loop_bw_khz").front() * limit / pull;
    if (first < points.x.back()) {
      line.x = log_range(std::max(first, points.x.front()), points.x.back());
      for (const double slew : line.x) line.y.push_back(pull * slew / limit);
    }
    panel.series.push_back(points);
    panel.series.push_back(line);
  }
  page_panel dac{.title = "Largest error and step of the heater",
                 .x = {.title = "bits of the heater's DAC"},
                 .y = {.title = "GHz", .log = true}};
  const rows_t bits = sorted(rows_of(all, "dac"), "dac_bits");
  if (!bits.empty()) {
    const auto text = [](const document& row) {
      return fmt::format("{:g} bits", number(row, "dac_bits"));
    };
    dac.series = {
        series_of("largest error", 0, bits, column("dac_bits"), column("peak_ghz"), text),
        series_of("step", 1, bits, column("dac_bits"), column("dac_step_ghz"), text),
        series_of(
            "mean error", 2, bits, column("dac_bits"),
            [](const document& row) { return std::abs(number(row, "error_ghz")); }, text)};
  }
  page_view view{.label = {}, .panels = {panel}};
  if (!bits.empty()) view.panels.push_back(dac);
  return {
      .title = "Which loop and which heater DAC hold the lock?",
      .note =
          "Left: points are the slowest loop of the sweep from which on all hold, so they lie on "
          "the line or a step above it. A die that cools drives modulators down their steep "
          "side. Right: error under the default slew; with few bits the loop steps between two "
          "codes.",
      .command = command,
      .view_name = {},
      .views = {view}};
}

page_figure ramp_figure(const rows_t& all, const std::string& command) {
  page_figure f{
      .title = "What does a ramp of 40 K cost whole buses?",
      .note =
          "Two engines locked at the reference temperature, then warmed or cooled. A bus "
          "whose heaters reach a rail hops to the next order as one: assignment and fine "
          "lock, 0.3 ms, all lanes of the port. Own lines cannot hop: their rings go dark "
          "one by one and stay so.",
      .command = command,
      .view_name = "Die",
      .views = {}};
  const rows_t rows = rows_of(all, "ramp");
  for (const double sign : {1.0, -1.0}) {
    rows_t at = rows;
    std::erase_if(at, [&](const document& row) { return number(row, "slew_k_per_s") * sign <= 0; });
    if (at.empty()) continue;
    for (document& row : at) row["slew"] = std::abs(number(row, "slew_k_per_s"));
    const auto text = [](const document& row) {
      return fmt::format("{}, {:+g} K/s<br>{:.2f} hops a bus, {:.3f} losses a ring",
                         text_of(row, "arbitration"), number(row, "slew_k_per_s"),
                         number(row, "hops"), number(row, "losses_per_ring"));
    };
    const page_axis x{.title = "slew, K/s", .log = true};
    f.views.push_back({.label = sign > 0 ? "warms" : "cools",
                       .panels = {by_scheme("Lanes that carry at the end", x, {.title = "lanes, %"},
                                            at, "slew", column("rings_held", 100), text),
                                  by_scheme("Time without light a lane", x,
                                            {.title = "ms", .log = true, .zero_at = 0.01}, at,
                                            "slew", column("dark_ms_per_lane"), text),
                                  by_scheme("Hops", x, {.title = "hops a bus", .from_zero = true},
                                            at, "slew", column("hops"), text)}});
  }
  return f;
}

}  // namespace

void add_lock_figures(page& p, const rows_t& rows, const std::string& command) {
  const auto some = [&](const char* series) { return !rows_of(rows, series).empty(); };
  if (some("yield")) p.add(yield_figure(rows, command));
  if (some("warm")) p.add(warm_figure(rows, command));
  if (some("start")) p.add(start_figure(rows, command));
  if (some("track")) {
    p.add(track_figure(rows, command));
    p.add(hold_figure(rows, command));
  }
  if (some("ramp")) p.add(ramp_figure(rows, command));
  p.table("All points", "Click a column to sort.",
          {{"series", "series", "", {}},
           {"status", "status", "", {}},
           {"arbitration", "arbitration", "", {}},
           {"sweep_order", "sweep", "", {}},
           {"fab_sigma_ghz", "sigma", "GHz", {}},
           {"temperature_offset_k", "offset", "K", {}},
           {"slew_k_per_s", "slew", "K/s", {}},
           {"loop_bw_khz", "loop", "kHz", {}},
           {"dac_bits", "DAC", "bit", {}},
           {"samples", "buses drawn", "", {}},
           {"yield", "yield", "", 5},
           {"yield_ci95", "95 % interval, +/-", "", 5},
           {"mean_heater_mw", "heater", "mW a ring", 3},
           {"hops", "hops", "a bus", 3},
           {"time_to_lock_ms", "time to lock", "ms", 2},
           {"rings_held", "rings held", "", 4},
           {"dark_ms_per_lane", "dark", "ms a lane", 3},
           {"losses_per_ring", "losses", "a ring", 3},
           {"error_ghz", "error", "GHz", 4},
           {"formula_ghz", "formula", "GHz", 4},
           {"peak_ghz", "largest error", "GHz", 3},
           {"modulator_penalty_db", "modulator", "dB", 3},
           {"receive_penalty_db", "receive ring", "dB", 3},
           {"locked", "locked", "", {}}},
          rows);
}

}  // namespace lightrack::platforms
