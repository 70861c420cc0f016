// SPDX-License-Identifier: Apache-2.0
#include "platforms/light/study_budget_page.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "platforms/light/port_spectrum.h"
#include "platforms/light/study_budget_points.h"

namespace lightrack::platforms {
namespace {

std::vector<std::string> profiles_in(const std::vector<document>& rows) {
  std::vector<std::string> names;
  for (const document& row : rows_in(rows, "profile"))
    names.push_back(row["profile"].get<std::string>());
  return names;
}

// The configured profile first: it is what a figure shows before a reader chooses.
std::vector<std::string> views_of(const base::config& base, const std::vector<document>& rows) {
  std::vector<std::string> names = profiles_in(rows);
  const auto own = std::ranges::find(names, base.text("engine.profile"));
  if (own != names.end()) std::rotate(names.begin(), own, own + 1);
  return names;
}

std::string ber_text(const document& row) {
  return fmt::format("{}<br>margin {:.2f} dB, Q {:.2f}, BER {:.1e}",
                     row["profile"].get<std::string>(), number(row, "margin_db"), number(row, "q"),
                     number(row, "ber"));
}

page_figure element_figure(const base::config& base, const std::vector<document>& rows,
                           const std::string& command) {
  page_figure f{.title = "Where does each dB go?",
                .note =
                    "Elements in the order in which light meets them. The modulator's bar is "
                    "the input power over the modulation amplitude that it makes.",
                .command = command,
                .view_name = "Profile"};
  for (const std::string& name : views_of(base, rows)) {
    const document row = rows_in(rows, "profile", name).at(0);
    page_series s{.name =
                      fmt::format("{:.2f} dB from {:g} dBm to {:.2f} dBm", number(row, "total_db"),
                                  number(row, "launch_dbm"), number(row, "received_oma_dbm"))};
    for (const auto& [key, value] : row.items()) {
      if (!key.starts_with("db_")) continue;
      std::string element = key.substr(3);
      std::ranges::replace(element, '_', ' ');
      s.labels.push_back(element);
      s.y.push_back(value.get<double>());
    }
    f.views.push_back({.label = name,
                       .panels = {{.title = {},
                                   .x = {.title = ""},
                                   .y = {.title = "loss, dB", .from_zero = true, .digits = 2},
                                   .series = {s},
                                   .bars = true}}});
  }
  return f;
}

page_figure margin_figure(const std::vector<document>& rows, const std::string& command) {
  page_panel margin{.title = "Margin over the sensitivity",
                    .x = {.title = ""},
                    .y = {.title = "margin, dB", .from_zero = true, .digits = 2},
                    .bars = true};
  page_panel errors{.title = "Bit error rate, before FEC where there is one",
                    .x = {.title = ""},
                    .y = {.title = "log10 of the bit error rate", .from_zero = true, .digits = 1},
                    .bars = true};
  page_series m{.name = "20 m, two joints"};
  page_series e{.name = "20 m, two joints", .color = 1};
  for (const document& row : rows_in(rows, "profile")) {
    m.name = e.name =
        fmt::format("{:g} m, {:g} joints", number(row, "length_m"), number(row, "joints"));
    m.labels.push_back(row["profile"].get<std::string>());
    e.labels.push_back(row["profile"].get<std::string>());
    m.y.push_back(number(row, "margin_db"));
    e.y.push_back(std::log10(number(row, "ber")));
    m.hover.push_back(ber_text(row));
    e.hover.push_back(ber_text(row));
  }
  margin.series = {m};
  margin.marks = {{.axis = 'y', .at = 2, .text = "target"}};
  errors.series = {e};
  errors.marks = {{.axis = 'y', .at = -12, .text = "1e-12"}};
  return {.title = "What margin is left?",
          .note =
              "Margin is received modulation amplitude less penalties less the sensitivity at "
              "the profile's own bit error rate.",
          .command = command,
          .views = {{.label = {}, .panels = {margin, errors}}}};
}

// Margin of every profile along an axis.
page_panel margin_along(const std::vector<document>& rows, const std::string& series,
                        const std::string& by, const page_axis& x, const std::string& title) {
  page_panel panel{.title = title,
                   .x = x,
                   .y = {.title = "margin, dB"},
                   .marks = {{.axis = 'y', .at = 0, .text = "sensitivity"}}};
  int color = 0;
  for (const std::string& name : profiles_in(rows)) {
    page_series s{.name = name, .color = color++};
    for (const document& row : rows_in(rows, series, name)) {
      s.x.push_back(number(row, by));
      s.y.push_back(number(row, "margin_db"));
      s.hover.push_back(ber_text(row));
    }
    panel.series.push_back(s);
  }
  return panel;
}

page_figure reach_figure(const base::config& base, const std::vector<document>& rows,
                         const std::string& command) {
  std::vector<page_panel> panels;
  if (!rows_in(rows, "length").empty())
    panels.push_back(margin_along(rows, "length", "length_m",
                                  {.title = "fiber length, m", .log = true}, "Fiber"));
  if (!rows_in(rows, "fault").empty()) {
    page_panel fault{.title = "A dirty connector",
                     .x = {.title = "loss beyond the budget, dB"},
                     .y = {.title = "bit error rate", .log = true},
                     .marks = {{.axis = 'y', .at = 1e-12, .text = "1e-12"}}};
    int color = 0;
    for (const std::string& name : profiles_in(rows)) {
      page_series s{.name = name, .color = color++};
      for (const document& row : rows_in(rows, "fault", name)) {
        s.x.push_back(number(row, "value"));
        s.y.push_back(number(row, "ber"));
        s.hover.push_back(ber_text(row));
      }
      fault.series.push_back(s);
    }
    panels.push_back(fault);
  }
  if (!rows_in(rows, "joint").empty()) {
    const std::string own = views_of(base, rows).at(0);
    page_panel joints{.title = "Detachable joints, " + own,
                      .x = {.title = "joints between two engines"},
                      .y = {.title = "margin, dB"},
                      .marks = {{.axis = 'y', .at = 0, .text = "sensitivity"}}};
    std::vector<double> losses;
    for (const document& row : rows_in(rows, "joint", own))
      if (std::ranges::count(losses, number(row, "joint_db")) == 0)
        losses.push_back(number(row, "joint_db"));
    int color = 0;
    for (const double loss : losses) {
      page_series s{.name = fmt::format("{:g} dB each", loss), .color = color++};
      for (const document& row : rows_in(rows, "joint", own)) {
        if (number(row, "joint_db") != loss) continue;
        s.x.push_back(number(row, "joints"));
        s.y.push_back(number(row, "margin_db"));
        s.hover.push_back(ber_text(row));
      }
      joints.series.push_back(s);
    }
    panels.push_back(joints);
  }
  return {.title = "How far does it reach, and what may go wrong?",
          .note =
              "One axis at a time, the rest as configured. Where a curve is below the line, a "
              "run of that link is refused.",
          .command = command,
          .views = {{.label = {}, .panels = panels}}};
}

page_panel tornado_panel(const std::vector<tornado_bar>& bars, bool decades) {
  page_panel panel{
      .title = decades ? "Bit error rate" : "Margin",
      .x = {.title = ""},
      .y = {.title = decades ? "change of log10 BER, decades" : "change of the margin, dB",
            .digits = 2},
      .bars = true,
      .horizontal = true};
  page_series low{.name = "at the low end of its range"};
  page_series high{.name = "at the high end", .color = 1};
  // A page draws the first category at the bottom.
  for (auto bar = bars.rbegin(); bar != bars.rend(); ++bar) {
    for (page_series* s : {&low, &high}) {
      s->labels.push_back(bar->key);
      s->hover.push_back(fmt::format("{}: {} to {}", bar->key, bar->low_text, bar->high_text));
    }
    low.y.push_back(decades ? bar->low_decades : bar->low_margin_db);
    high.y.push_back(decades ? bar->high_decades : bar->high_margin_db);
  }
  panel.series = {low, high};
  return panel;
}

page_figure tornado_figure(const base::config& base, const std::vector<document>& rows,
                           const std::string& command) {
  page_figure f{.title = "What does the bit error rate hang on?",
                .note =
                    "Each key alone at the two ends of its declared range ('lightrack params' "
                    "has range and evidence), the rest as configured; the widest on top. A "
                    "missing bar is a value that is refused, such as a ring too sharp for its "
                    "symbols.",
                .command = command,
                .view_name = "Profile"};
  for (const std::string& name : views_of(base, rows)) {
    const std::vector<tornado_bar> bars = tornado(rows, name);
    if (!bars.empty())
      f.views.push_back(
          {.label = name, .panels = {tornado_panel(bars, false), tornado_panel(bars, true)}});
  }
  return f;
}

page_series of_curve(const curve& c, const char* name, series_style style, int color) {
  return {.name = name, .x = c.x, .y = c.y, .style = style, .color = color};
}

page_axis frequency_axis(const optics::optics_setup& s) {
  return {.title = fmt::format("frequency from {:g} THz, GHz", s.light.lines.center_ghz / 1e3)};
}

page_panel transmit_panel(const optics::optics_setup& s, const port_spectrum& p) {
  return {.title = {},
          .x = frequency_axis(s),
          .y = {.title = "power over a laser line, dB"},
          .series = {
              of_curve(bus_through(s, p), "bus behind all modulator rings", series_style::line, 0),
              of_curve(line_stems(p, -12), "laser lines", series_style::line, 1)}};
}

page_panel receive_panel(const optics::optics_setup& s, const port_spectrum& p) {
  page_panel receive{
      .title = {}, .x = frequency_axis(s), .y = {.title = "drop port over a line on the bus, dB"}};
  page_series own{.name = "its own line", .style = series_style::points, .color = 2};
  page_series foreign{
      .name = "light of all other lines", .style = series_style::points, .color = 3};
  for (const ring_view& r : p.receive) {
    const std::string text =
        fmt::format("ring on line {}<br>stands at {:.1f} GHz<br>own {:.1f} dB, foreign {:.1f} dB",
                    r.line, r.at_ghz, r.own_db, r.foreign_db);
    own.x.push_back(r.at_ghz);
    own.y.push_back(r.own_db);
    own.hover.push_back(text);
    foreign.x.push_back(r.at_ghz);
    foreign.y.push_back(r.foreign_db);
    foreign.hover.push_back(text);
  }
  receive.series = {
      of_curve(drop_responses(s, p), "drop response of each ring", series_style::line, 0),
      of_curve(line_stems(p, -40), "laser lines", series_style::line, 1), own, foreign};
  return receive;
}

void add_spectrum_figures(page& p, const base::config& base, const std::string& command) {
  base::config c = base;
  const optics::lock_setup setup = optics::make_lock_setup(c);
  const optics::optics_setup& s = setup.light;
  const port_spectrum after = spectrum_locked(setup);
  const port_spectrum before = spectrum_cold(setup);
  p.add({.title = "What would a spectrum analyzer show behind the modulators of one port?",
         .note = fmt::format("After the lock each modulator ring stands its bias below its line. "
                             "Before it the heaters are off and rings stand where fabrication "
                             "(sigma {:g} GHz) put them, {:g} GHz above their lines at {:g} degC, "
                             "folded into one free spectral range.",
                             setup.bank.scatter.sigma_ghz, setup.bank.cold_offset_ghz,
                             setup.bank.t_ref_c),
         .command = command,
         .view_name = "Shown",
         .views = {{.label = "after the lock", .panels = {transmit_panel(s, after)}},
                   {.label = "before the lock", .panels = {transmit_panel(s, before)}}}});
  p.add({.title = "What does each receiver ring drop?",
         .note = "The response of each ring with the light of its own line and that of all others "
                 "in its drop port; the distance of the two is the crosstalk.",
         .command = command,
         .view_name = "Shown",
         .views = {{.label = "after the lock", .panels = {receive_panel(s, after)}},
                   {.label = "before the lock", .panels = {receive_panel(s, before)}}}});
}

// Straight line between the two points around zero; NaN where the margin does not cross it.
double crossing(const std::vector<document>& rows, const std::string& by) {
  for (std::size_t i = 1; i < rows.size(); ++i) {
    const double before = number(rows[i - 1], "margin_db");
    const double after = number(rows[i], "margin_db");
    if (!(before >= 0 && after < 0)) continue;
    const double share = before / (before - after);
    return number(rows[i - 1], by) + share * (number(rows[i], by) - number(rows[i - 1], by));
  }
  return std::nan("");
}

}  // namespace

std::vector<std::string> budget_answers(const base::config& base,
                                        const std::vector<document>& rows) {
  const std::string own = views_of(base, rows).at(0);
  const document row = rows_in(rows, "profile", own).at(0);
  const double margin = number(row, "margin_db");
  const double target = base.number("path.margin");
  std::vector<std::string> said{fmt::format(
      "{} launches {:g} dBm a wavelength and loses {:.2f} dB: {:.2f} dBm of modulation arrive, "
      "margin {:.2f} dB, bit error rate {:.0e}, {:.2f} dB {} the target of {:g} dB.",
      own, number(row, "launch_dbm"), number(row, "total_db"), number(row, "received_oma_dbm"),
      margin, number(row, "ber"), std::abs(margin - target), margin < target ? "short of" : "over",
      target)};
  if (margin < 0) said.push_back("It is below its sensitivity: a run of this link is refused.");
  const double reach = crossing(rows_in(rows, "length", own), "length_m");
  const double fault = crossing(rows_in(rows, "fault", own), "value");
  std::string limits;
  if (!std::isnan(reach)) limits += fmt::format("a fiber of {:.0f} m", reach);
  if (!std::isnan(fault))
    limits += fmt::format("{}one fault of {:.2f} dB", limits.empty() ? "" : ", or ", fault);
  if (!limits.empty()) said.push_back("What is left is spent by " + limits + ".");
  const std::vector<tornado_bar> bars = tornado(rows, own);
  if (bars.size() >= 3)
    said.push_back(fmt::format(
        "It hangs most on {} ({:.1f} dB over its range), {} ({:.1f} dB) and "
        "{} ({:.1f} dB).",
        bars[0].key, bars[0].span(), bars[1].key, bars[1].span(), bars[2].key, bars[2].span()));
  return said;
}

void add_budget_figures(page& p, const base::config& base, const std::vector<document>& rows,
                        const std::string& command) {
  p.add(element_figure(base, rows, command));
  p.add(margin_figure(rows, command));
  add_spectrum_figures(p, base, command);
  if (!rows_in(rows, "length").empty() || !rows_in(rows, "fault").empty() ||
      !rows_in(rows, "joint").empty())
    p.add(reach_figure(base, rows, command));
  const page_figure swing = tornado_figure(base, rows, command);
  if (!swing.views.empty()) p.add(swing);
  p.table("All points", "Click a column to sort.",
          {{"series", "series"},
           {"profile", "profile"},
           {"length_m", "fiber", "m"},
           {"joints", "joints"},
           {"joint_db", "each", "dB"},
           {"key", "key"},
           {"value", "value"},
           {"received_oma_dbm", "received OMA", "dBm", 2},
           {"penalties_db", "penalties", "dB", 3},
           {"margin_db", "margin", "dB", 3},
           {"q", "Q", "", 3},
           {"ber", "BER"},
           {"status", "status"}},
          rows);
}

}  // namespace lightrack::platforms
