// SPDX-License-Identifier: Apache-2.0
// platforms/link/study_feature_page.cpp
// Figures and tables of lane repair, QUIESCE and FEC.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "models/link/light_fec_rate.h"
#include "models/link/link_formulas.h"
#include "platforms/link/study_page.h"
#include "platforms/link/study_series.h"

namespace lightrack::platforms {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

std::string spares_text(double spares) {
  return spares == 0 ? "no spare" : spares == 1 ? "1 spare" : fmt::format("{:g} spares", spares);
}

/// Bins as the row has them, each at its middle.
page_series timeline_of(const document& row, int color) {
  page_series s{
      .name = spares_text(number(row, "spares")), .style = series_style::line, .color = color};
  const document t = document::parse(text_of(row, "timeline"), nullptr, false);
  if (!t.is_object()) return s;
  double at = number(t, "begin_us") + number(t, "bin_us") / 2;
  for (const document& value : t["gbps"]) {
    s.x.push_back(at);
    s.y.push_back(value.is_number() ? value.get<double>() : nan);
    s.hover.push_back(fmt::format("{:.3f} us after the loss", at));
    at += number(t, "bin_us");
  }
  return s;
}

page_figure repair_figure(const std::vector<document>& rows, const std::string& command) {
  page_figure f{
      .title = "What does a dead wavelength cost, with and without a spare?",
      .note =
          "Goodput of the direction that loses a lane, at full load and at a load that half "
          "of the lanes still carry. The receiver sees the light go, both ends train again: "
          "with a spare at full width, without one at half of it. Flits under way are "
          "repeated from the replay buffer; markers come more often while a lane is bad.",
      .command = command,
      .view_name = "Lanes",
      .views = {}};
  const std::vector<document> all = rows_of(rows, "repair");
  std::vector<double> widths = values_of(all, "lanes");
  std::ranges::reverse(widths);
  for (const double lanes : widths) {
    const std::vector<document> width = rows_where(all, "lanes", lanes, "spares");
    page_view view{.label = fmt::format("{:g} lanes", lanes), .panels = {}};
    std::vector<double> loads = values_of(width, "load");
    std::ranges::reverse(loads);
    for (const double load : loads) {
      page_panel panel{.title = fmt::format("{:g} lanes, load {:g}", lanes, load),
                       .x = {.title = "time since the loss, us"},
                       .y = {.title = "goodput, Gb/s", .from_zero = true},
                       .marks = {{.axis = 'x', .at = 0, .text = "lane dies"}}};
      int color = 1;
      for (const document& row : rows_where(width, "load", load, "spares")) {
        page_series s = timeline_of(row, color);
        color = color == 1 ? 0 : color + 2;
        if (!s.x.empty()) panel.series.push_back(std::move(s));
      }
      if (!panel.series.empty()) view.panels.push_back(std::move(panel));
    }
    if (!view.panels.empty()) f.views.push_back(std::move(view));
  }
  return f;
}

void add_repair_table(page& p, const std::vector<repair_answer>& answers) {
  std::vector<document> rows;
  for (const repair_answer& r : answers) {
    rows.push_back({{"lanes", r.lanes},
                    {"spares", r.spares},
                    {"outage", r.outage_us},
                    {"delayed", r.flits_delayed},
                    {"lost", r.flits_lost},
                    {"flit_max", r.flit_max_ns},
                    {"before", r.before_gbps},
                    {"after", r.after_gbps},
                    {"p99", r.request_p99_ns},
                    {"max", r.request_max_ns}});
  }
  p.table("A dead wavelength",
          fmt::format("Full load, but for the latency of requests, which is that of the run at a "
                      "load of {:g} with the outage in it. Outage: last delivery before to first "
                      "one after. Delayed: flits accepted before it and delivered after it.",
                      answers.front().load),
          {{"lanes", "lanes", "", {}},
           {"spares", "spares", "", {}},
           {"outage", "outage", "us", 3},
           {"delayed", "flits delayed", "", 0},
           {"lost", "flits lost", "", 0},
           {"flit_max", "longest flit", "ns", 0},
           {"before", "goodput before", "Gb/s", 1},
           {"after", "goodput after", "Gb/s", 1},
           {"p99", "request p99", "ns", 0},
           {"max", "request max", "ns", 0}},
          rows);
}

page_figure sleep_figure(const std::vector<document>& rows, const feature_answers& answers,
                         const std::string& command) {
  page_panel share{.title = "Lane-time asleep",
                   .x = {.title = "load, share of the raw rate", .log = true},
                   .y = {.title = "share of the time, %", .from_zero = true}};
  page_panel wake{.title = "What a sleep adds to the requests after it",
                  .x = share.x,
                  .y = {.title = "added latency a sleep, ns", .log = true}};
  const std::vector<document> all = rows_of(rows, "sleep");
  const std::vector<document> off =
      rows_where(all, "quiesce_after", values_of(all, "quiesce_after").front(), "load");
  page_series idle =
      series_of("without data", 7, off, column("load"), column("idle_share", 100),
                [](const document& row) { return fmt::format("load {:g}", number(row, "load")); });
  idle.style = series_style::line;
  share.series.push_back(std::move(idle));
  int color = -1;
  double last = 0;
  for (const sleep_answer& a : answers.sleeps) {
    if (a.quiesce_after != last) {
      ++color;
      last = a.quiesce_after;
      for (page_panel* panel : {&share, &wake}) {
        panel->series.push_back(
            {.name = fmt::format("after {:g} flit times", last), .color = color});
      }
    }
    const std::string hover = fmt::format("load {:g}<br>{:g} sleeps of one end", a.load, a.sleeps);
    const auto put = [&](page_panel& panel, double y) {
      panel.series.back().x.push_back(a.load);
      panel.series.back().y.push_back(y);
      panel.series.back().hover.push_back(hover);
    };
    put(share, 100 * a.share);
    put(wake, a.added_ns);
  }
  // A curve without a single sleep has nothing to show.
  std::erase_if(wake.series, [](const page_series& s) {
    return std::ranges::all_of(s.y, [](double y) { return std::isnan(y); });
  });
  page_figure f{
      .title = "What does QUIESCE save, and what does waking cost?",
      .note =
          "Requests of 4,080 bytes at equal distances, from both ends at once. Asleep is what "
          "the lanes of both directions spend in QUIESCE, the upper line what they spend "
          "without data: no policy can sleep longer. Both are times; energy follows when the "
          "optics are modelled. A wake is four markers, then the first flit; a request that comes "
          "while its end asks for sleep waits for the answer, a round trip at most.",
      .command = command,
      .view_name = {},
      .views = {{.label = {}, .panels = {share}}}};
  if (!wake.series.empty()) f.views.front().panels.push_back(wake);
  return f;
}

void add_sleep_table(page& p, const std::vector<sleep_answer>& answers) {
  std::vector<document> rows;
  for (const sleep_answer& s : answers) {
    rows.push_back({{"after", s.quiesce_after},
                    {"load", s.load},
                    {"asleep", 100 * s.share},
                    {"idle", 100 * s.idle},
                    {"sleeps", s.sleeps},
                    {"added", s.added_ns},
                    {"max", s.longest_ns},
                    {"max_off", s.longest_off_ns}});
  }
  p.table("Sleep and wake",
          "Share of lane-time, both directions. Added latency: what all requests waited longer "
          "than those of the same run without QUIESCE, over the number of sleeps.",
          {{"after", "quiesce after", "flit times", {}},
           {"load", "load", "of raw", {}},
           {"asleep", "asleep", "%", 1},
           {"idle", "without data", "%", 1},
           {"sleeps", "sleeps", "one end", {}},
           {"added", "added by a wake", "ns", 2},
           {"max", "request max", "ns", 1},
           {"max_off", "without QUIESCE", "ns", 1}},
          rows);
}

page_figure fec_figure(const std::vector<document>& rows, const feature_answers& answers,
                       const std::string& command) {
  std::vector<document> all = rows_of(rows, "fec");
  std::erase_if(all, [](const document& row) { return number(row, "load") < 1; });
  const page_axis x = ber_axis(all);
  page_panel slots{.title = "Share of flit slots that bring a new flit",
                   .x = x,
                   .y = {.title = "efficiency, %", .from_zero = true},
                   .formula_name = "go-back-N formula"};
  page_panel latency{.title = "Latency of a request at half load",
                     .x = x,
                     .y = {.title = "latency, ns", .log = true}};
  const auto text = [](double ber, const fec_side& s) {
    return fmt::format("{}<br>P(bad flit) {:.2g}", rate(ber), s.p);
  };
  int color = 0;
  for (const bool light : {false, true}) {
    const std::string name = light ? "light FEC" : "retry alone";
    page_series efficiency{.name = name, .style = series_style::points, .color = color};
    page_series mean{.name = name + ", mean", .color = color};
    page_series p99{.name = name + ", p99", .color = color + 3};
    for (const fec_answer& f : answers.fec) {
      const fec_side& side = light ? f.light : f.plain;
      for (page_series* s : {&efficiency, &mean, &p99}) {
        s->x.push_back(f.ber);
        s->hover.push_back(text(f.ber, side));
      }
      efficiency.y.push_back(side.up ? 100 * side.efficiency : 0);
      mean.y.push_back(side.mean_ns);
      p99.y.push_back(side.p99_ns);
    }
    slots.series.push_back(std::move(efficiency));
    for (page_series* s : {&mean, &p99}) {
      const bool any = std::ranges::any_of(s->y, [](double y) { return !std::isnan(y); });
      if (any) latency.series.push_back(std::move(*s));
    }
    const auto measured = std::ranges::find_if(all, [&](const document& row) {
      return text_of(row, "fec") == (light ? "light" : "none");
    });
    if (measured != all.end() && answers.fec.size() > 1) {
      page_series formula{
          .name = name + " formula", .style = series_style::formula, .color = color};
      formula.x = log_range(answers.fec.front().ber, answers.fec.back().ber);
      for (const double ber : formula.x) {
        const double p =
            light ? link::light_fec_flit_failure(ber) : link::flit_error_probability(ber);
        formula.y.push_back(100 * retry_formula(p, number(*measured, "round_trip_flits")));
      }
      if (light) {
        page_series heavy{.name = "RS(544,514), closed form, with its rate",
                          .style = series_style::line,
                          .color = 2};
        const double round_trip = number(*measured, "round_trip_flits");
        for (const double ber : formula.x) {
          heavy.x.push_back(ber);
          heavy.y.push_back(100 * heavy_efficiency(ber, round_trip, number(*measured, "flit_ns")));
        }
        slots.series.push_back(std::move(heavy));
      }
      slots.series.push_back(std::move(formula));
    }
    ++color;
  }
  page_series heavy{.name = "RS(544,514), closed form", .style = series_style::line, .color = 2};
  for (const fec_answer& f : answers.fec) {
    if (std::isnan(f.heavy_mean_ns)) continue;
    heavy.x.push_back(f.ber);
    heavy.y.push_back(f.heavy_mean_ns);
  }
  if (heavy.x.size() > 1) latency.series.push_back(std::move(heavy));
  page_figure f{
      .title = "FEC against retry: which one, from which bit error rate on?",
      .note = fmt::format(
          "20 m unless set, replay depth and receive buffer 511. Light FEC corrects one byte in "
          "each of three groups of a flit and costs {:.2f} ns a direction, no rate. The formula is "
          "go-back-N with repetitions that are lost too, over the share of flits that stay bad. "
          "RS(544,514) is not simulated: rate 514/544, {:.1f} ns a direction (assumed), failures "
          "of its code words. A point at 0: the link did not train, for no code protects markers.",
          answers.fec_added_ns, answers.heavy_added_ns),
      .command = command,
      .view_name = {},
      .views = {{.label = {}, .panels = {slots}}}};
  if (!latency.series.empty()) f.views.front().panels.push_back(latency);
  return f;
}

void add_fec_table(page& p, const std::vector<fec_answer>& answers) {
  std::vector<document> rows;
  for (const fec_answer& f : answers) {
    const auto side = [](const fec_side& s) {
      return s.up ? document(100 * s.efficiency) : document("down");
    };
    rows.push_back({{"ber", f.ber},
                    {"plain_p", f.plain.p},
                    {"plain", side(f.plain)},
                    {"plain_formula", 100 * f.plain.formula},
                    {"plain_mean", f.plain.mean_ns},
                    {"plain_p99", f.plain.p99_ns},
                    {"light_p", f.light.p},
                    {"light", side(f.light)},
                    {"light_formula", 100 * f.light.formula},
                    {"light_mean", f.light.mean_ns},
                    {"light_p99", f.light.p99_ns},
                    {"heavy", 100 * f.heavy_efficiency},
                    {"heavy_mean", f.heavy_mean_ns}});
  }
  p.table("FEC against retry",
          "Share of flit slots that bring a new flit at full load, and latency of a request at "
          "half load where the link carries it. P: share of flits that are bad after FEC.",
          {{"ber", "BER", "", {}},
           {"plain_p", "P, retry alone", "", 6},
           {"plain", "efficiency", "%", 2},
           {"plain_formula", "formula", "%", 2},
           {"plain_mean", "mean", "ns", 1},
           {"plain_p99", "p99", "ns", 0},
           {"light_p", "P, light FEC", "", 6},
           {"light", "efficiency", "%", 2},
           {"light_formula", "formula", "%", 2},
           {"light_mean", "mean", "ns", 1},
           {"light_p99", "p99", "ns", 0},
           {"heavy", "RS(544,514), closed form", "%", 2},
           {"heavy_mean", "mean, closed form", "ns", 1}},
          rows);
}

}  // namespace

void add_feature_figures(page& p, const std::vector<document>& rows, const feature_answers& answers,
                         const std::string& command) {
  if (!answers.repairs.empty()) {
    if (const page_figure f = repair_figure(rows, command); !f.views.empty()) p.add(f);
    add_repair_table(p, answers.repairs);
  }
  if (!answers.sleeps.empty()) {
    p.add(sleep_figure(rows, answers, command));
    add_sleep_table(p, answers.sleeps);
  }
  const auto trained = [](const fec_answer& f) { return f.plain.up || f.light.up; };
  if (std::ranges::any_of(answers.fec, trained)) {
    p.add(fec_figure(rows, answers, command));
    add_fec_table(p, answers.fec);
  }
}

}  // namespace lightrack::platforms
