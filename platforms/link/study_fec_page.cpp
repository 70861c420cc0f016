// SPDX-License-Identifier: Apache-2.0
#include "platforms/link/study_fec_page.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "models/base/engine_profile.h"
#include "models/base/units.h"

namespace lightrack::platforms {
namespace {

std::vector<document> rows_of_design(const std::vector<document>& rows, const char* series,
                                     const fec_design& d) {
  std::vector<document> found;
  for (const document& row : rows_of(rows, series))
    if (text_of(row, "design") == d.name) found.push_back(row);
  return found;
}

std::string hover(const document& row) {
  return fmt::format("BER {:.1e} of the light<br>flits lost {:.1e}", number(row, "ber"),
                     number(row, "flit_failure"));
}

// Rates start where the first line has a loss worth a look; the error-free runs stand there.
constexpr double first_ber = 1e-13;
double drawn_ber(const document& row) { return std::max(first_ber, number(row, "ber")); }

// Below this no machine will ever see one: a gap, so that the axis shows what matters.
constexpr double least_probability = 1e-30;
double worth_a_look(double v) { return v >= least_probability ? v : std::nan(""); }

struct wanted_curve {
  const char* measured;
  const char* formula;  ///< null: none
  double factor = 1;
  double load = 1;
};

page_panel panel_of(const std::vector<fec_design>& designs, const std::vector<document>& rows,
                    const std::string& title, const page_axis& y, const wanted_curve& w) {
  page_panel panel{.title = title,
                   .x = {.title = "bit error rate of the light, before FEC", .log = true},
                   .y = y};
  int color = 0;
  for (const fec_design& d : designs) {
    std::vector<document> measured;
    if (w.measured != nullptr)
      for (const document& row : rows_of_design(rows, "measured", d))
        if (number(row, "load") == w.load) measured.push_back(row);
    if (!measured.empty()) {
      page_series s =
          series_of(d.name, color, measured, drawn_ber, column(w.measured, w.factor), hover);
      s.style = series_style::points;
      panel.series.push_back(s);
    }
    if (w.formula != nullptr) {
      page_series s = series_of(
          d.name, color, rows_of_design(rows, "formula", d), drawn_ber,
          [&](const document& row) { return worth_a_look(number(row, w.formula) * w.factor); },
          hover);
      s.style = measured.empty() ? series_style::line : series_style::formula;
      panel.series.push_back(s);
    }
    panel.marks.push_back(
        {.axis = 'x', .at = std::max(first_ber, d.design_ber), .text = d.profile});
    ++color;
  }
  return panel;
}

page_panel launch_panel(const std::vector<fec_design>& designs, const std::vector<document>& rows,
                        const char* value, const page_axis& y, const std::string& title) {
  page_panel panel{.title = title, .x = {.title = "launch, dBm a wavelength and port"}, .y = y};
  int color = 0;
  for (const fec_design& d : designs) {
    page_series s = series_of(
        d.name, color++, rows_of_design(rows, "launch", d), column("launch_dbm"),
        [&](const document& row) { return worth_a_look(number(row, value)); },
        [](const document& row) {
          return fmt::format("margin {:.2f} dB<br>", number(row, "margin_db")) + hover(row);
        });
    panel.series.push_back(s);
  }
  return panel;
}

// What the tail is over the mean, at half load.
std::string tail_sentence(const std::vector<fec_design>& designs,
                          const std::vector<document>& rows) {
  std::string said;
  for (const fec_design& d : designs) {
    for (const document& row : rows_of_design(rows, "measured", d)) {
      if (number(row, "ber") != 0 || number(row, "load") != 0.5) continue;
      said += fmt::format("{}{:.0f} ns with {}", said.empty() ? "" : ", ",
                          number(row, "latency_mean_ns"), d.profile);
    }
  }
  return said;
}

}  // namespace

double last_ber_above(const std::vector<document>& rows, const fec_design& d, double efficiency) {
  double last = 0;
  for (const document& row : rows_of_design(rows, "formula", d))
    if (number(row, "flit_efficiency") >= efficiency) last = std::max(last, number(row, "ber"));
  return last;
}

std::vector<std::string> fec_answers(const std::vector<fec_design>& designs,
                                     const std::vector<document>& rows, double flight_ns) {
  const fec_design& plain = designs[0];
  const fec_design& coded = designs[1];
  std::vector<std::string> said{fmt::format(
      "A hop takes {:.0f} ns without FEC and {:.0f} ns with: {:.0f} ns more in each direction, "
      "beside {:.0f} ns of fiber.",
      plain.hop_ns, coded.hop_ns, coded.hop_ns - plain.hop_ns, flight_ns)};
  said.push_back(fmt::format(
      "The plain link keeps 99 % of its flit slots up to a bit error rate of {:.0e}, the coded one "
      "up to {:.0e}; their light has {:.0e} and {:.0e} by design.",
      last_ber_above(rows, plain, 0.99), last_ber_above(rows, coded, 0.99), plain.design_ber,
      coded.design_ber));
  const auto energy = [](const fec_design& d) { return d.engine_pj + d.laser_pj; };
  said.push_back(
      fmt::format("Engine and laser take {:.2f} and {:.2f} pJ a bit; what FEC and PAM4 receivers "
                  "take in logic is "
                  "not among the numbers with evidence and is not counted.",
                  energy(plain), energy(coded)));
  if (const std::string tail = tail_sentence(designs, rows); !tail.empty())
    said.push_back("A flit is delivered after " + tail + " at half load without errors.");
  return said;
}

void add_fec_figures(page& p, const std::vector<fec_design>& designs,
                     const std::vector<document>& rows, const std::string& command) {
  p.add({.title = "What does a bit error rate of the light cost each?",
         .note =
             "Points are runs at full load, lines the formula: share of flit slots that bring a "
             "new flit, go-back-N with the flit failures of each design. Marks: where the "
             "default optical budget puts its light. Error-free runs stand at the left end.",
         .command = command,
         .views = {{.label = {},
                    .panels = {panel_of(designs, rows, "Useful flit slots",
                                        {.title = "useful share, %", .from_zero = true},
                                        {"flit_efficiency", "flit_efficiency", 100}),
                               panel_of(designs, rows, "Flits lost on the fiber",
                                        {.title = "probability", .log = true},
                                        {nullptr, "flit_failure"})}}}});
  p.add(
      {.title = "What does it cost in latency?",
       .note = "Half load. From acceptance at the transmit port to delivery at the receive port. "
               "The line is hop and fiber alone.",
       .command = command,
       .views = {{.label = {},
                  .panels = {panel_of(designs, rows, "Mean", {.title = "latency, ns", .log = true},
                                      {"latency_mean_ns", "one_way_ns", 1, 0.5}),
                             panel_of(designs, rows, "p99.9", {.title = "latency, ns", .log = true},
                                      {"latency_p999_ns", nullptr, 1, 0.5})}}}});
  p.add({.title = "What does it cost in energy?",
         .note = "Engine electronics and laser module over delivered bits: a repeated flit is paid "
                 "for twice. Logic of FEC not counted.",
         .command = command,
         .views = {
             {.label = {},
              .panels = {panel_of(designs, rows, "Energy of a delivered bit",
                                  {.title = "pJ/bit", .from_zero = true}, {nullptr, "pj_per_bit"}),
                         launch_panel(designs, rows, "laser_pj_per_bit",
                                      {.title = "pJ/bit", .from_zero = true},
                                      "Laser module against launch power")}}}});
  p.add({.title = "Which launch power does each need?",
         .note = "By the optical budget over this fiber. Above the driver's limit a laser gives no "
                 "more.",
         .command = command,
         .views = {{.label = {},
                    .panels = {
                        launch_panel(designs, rows, "ber",
                                     {.title = "bit error rate before FEC", .log = true}, "Light"),
                        launch_panel(designs, rows, "flit_failure",
                                     {.title = "flits lost, after FEC", .log = true}, "Flits")}}}});
  p.table("All runs", "Click a column to sort.",
          {{"design", "design"},
           {"ber", "BER of the light"},
           {"channel_ber", "BER simulated"},
           {"load", "load"},
           {"goodput_gbps", "goodput", "Gb/s", 1},
           {"flit_efficiency", "useful slots", "", 5},
           {"flit_efficiency_formula", "formula", "", 5},
           {"latency_mean_ns", "mean latency", "ns", 1},
           {"latency_p999_ns", "p99.9", "ns", 1},
           {"latency_max_ns", "longest", "ns", 1},
           {"replays", "replays"},
           {"status", "status"}},
          rows_of(rows, "measured"));
}

}  // namespace lightrack::platforms
