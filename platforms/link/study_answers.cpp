// SPDX-License-Identifier: Apache-2.0
#include "platforms/link/study_answers.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace lightrack::platforms {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double reference_length_m = 20;
constexpr double default_window = 256;
constexpr double example_p = 2e-4;  ///< an error rate at which the sentence about errors is told

window_answer about_windows(const std::vector<document>& sweep) {
  window_answer a{.length_m = number(sweep.back(), "length_m"),
                  .flit_ns = number(sweep.back(), "flit_ns"),
                  .round_trip = number(sweep.back(), "round_trip_flits"),
                  .needed = nan,
                  .smallest_full = nan,
                  .goodput_default = nan,
                  .goodput_deepest = number(sweep.back(), "goodput_gbps"),
                  .deepest = number(sweep.back(), "window")};
  for (const document& row : sweep) {
    const double window = number(row, "window");
    const double efficiency = number(row, "flit_efficiency");
    if (efficiency < 0.98) a.needed = window / efficiency;
    if (efficiency >= 0.99 && std::isnan(a.smallest_full)) a.smallest_full = window;
    if (window == default_window) a.goodput_default = number(row, "goodput_gbps");
  }
  return a;
}

const document* at_ber(const std::vector<document>& rows, double ber) {
  const auto found =
      std::ranges::find_if(rows, [&](const document& row) { return number(row, "ber") == ber; });
  return found == rows.end() ? nullptr : &*found;
}

std::vector<error_answer> about_errors(const std::vector<document>& full,
                                       const std::vector<document>& half) {
  std::vector<error_answer> answers;
  const double best = full.empty() ? nan : number(full.front(), "goodput_gbps");
  for (const document& row : full) {
    error_answer a{.ber = number(row, "ber"),
                   .p = number(row, "flit_error_probability"),
                   .flit_efficiency = number(row, "flit_efficiency"),
                   .formula = number(row, "flit_efficiency_formula"),
                   .goodput_gbps = number(row, "goodput_gbps"),
                   .p50_ns = nan,
                   .p99_ns = nan,
                   .p999_ns = nan,
                   .max_ns = nan};
    a.lost_percent = 100 * (1 - a.goodput_gbps / best);
    const document* latency = at_ber(half, a.ber);
    if (latency != nullptr && !overloaded(*latency)) {
      a.p50_ns = number(*latency, "request_latency_p50_ns");
      a.p99_ns = number(*latency, "request_latency_p99_ns");
      a.p999_ns = number(*latency, "request_latency_p999_ns");
      a.max_ns = number(*latency, "request_latency_max_ns");
    }
    answers.push_back(a);
  }
  return answers;
}

/// Length at which the round trip is `flits`, by the straight line through the shortest and longest
/// fiber.
double length_for(const std::vector<window_answer>& windows, double flits) {
  const window_answer& a = windows.front();
  const window_answer& b = windows.back();
  if (b.length_m <= a.length_m || b.round_trip <= a.round_trip) return nan;
  return a.length_m +
         (flits - a.round_trip) * (b.length_m - a.length_m) / (b.round_trip - a.round_trip);
}

std::string length_text(double m) {
  return m >= 1000 ? fmt::format("{:g} km", m / 1000) : fmt::format("{:g} m", m);
}

std::string window_sentence(const study_answers& a) {
  if (a.windows.empty()) return "";
  std::string needs;
  for (const window_answer& w : a.windows) {
    if (w.length_m != 20 && w.length_m != 100 && w.length_m != 500 && w.length_m != 2000 &&
        a.windows.size() > 2)
      continue;
    needs += fmt::format("{}{:.0f} flits at {}", needs.empty() ? "" : ", ", w.round_trip,
                         length_text(w.length_m));
  }
  std::string text = fmt::format("A fiber needs a replay depth of one round trip: {}.", needs);
  const window_answer& last = a.windows.back();
  const double reach = length_for(a.windows, last.deepest);
  if (!std::isnan(reach) && last.round_trip > last.deepest) {
    text += fmt::format(
        " The deepest, {:.0f}, covers fibers up to {:.0f} m; {} with it keeps {:.1f} % of the "
        "bandwidth.",
        last.deepest, std::floor(reach), length_text(last.length_m),
        100 * last.deepest / last.round_trip);
  }
  return text;
}

std::string error_sentence(const study_answers& a) {
  if (a.errors.size() < 2) return "";
  std::string text =
      fmt::format("At {}, one flit error costs {:.0f} flit times ({:.0f} ns) of the wire",
                  length_text(a.error_length_m), a.error_round_trip + 1,
                  (a.error_round_trip + 1) * a.error_flit_ns);
  const error_answer& clean = a.errors.front();
  const error_answer* example = nullptr;
  for (const error_answer& e : a.errors) {
    if (e.ber <= 0 || std::isnan(e.p999_ns)) continue;
    if (example == nullptr ||
        std::abs(std::log(e.p / example_p)) < std::abs(std::log(example->p / example_p)))
      example = &e;
  }
  if (example == nullptr || clean.ber != 0 || std::isnan(clean.p999_ns)) return text + ".";
  return text + fmt::format(
                    "; at a bit error rate of {:.0e} that is {:.1f} % of the bandwidth, and at "
                    "half load p99.9 of a request "
                    "goes from {:.0f} to {:.0f} ns.",
                    example->ber, example->lost_percent, clean.p999_ns, example->p999_ns);
}

std::string cell(double value, int digits) {
  return std::isnan(value) ? "-" : fmt::format("{:.{}f}", value, digits);
}

}  // namespace

bool overloaded(const document& row) {
  return number(row, "goodput_gbps") < 0.99 * number(row, "offered_gbps");
}

study_answers answer_link_study(const std::vector<document>& rows) {
  study_answers a;
  const std::vector<document> windows = rows_of(rows, "window");
  for (const double length : values_of(windows, "length_m")) {
    a.windows.push_back(about_windows(rows_where(windows, "length_m", length, "window")));
  }
  const std::vector<document> errors = rows_of(rows, "error");
  const std::vector<double> lengths = values_of(errors, "length_m");
  if (!lengths.empty()) {
    const bool usual = std::ranges::find(lengths, reference_length_m) != lengths.end();
    a.error_length_m = usual ? reference_length_m : lengths.front();
    const std::vector<document> full = rows_where(errors, "length_m", a.error_length_m, "ber");
    a.error_round_trip = number(full.front(), "round_trip_flits");
    a.error_flit_ns = number(full.front(), "flit_ns");
    a.errors = about_errors(
        full, rows_where(rows_of(rows, "latency"), "length_m", a.error_length_m, "ber"));
  }
  for (const document& row : rows_where(errors, "length_m", a.error_length_m, "ber")) {
    // The formula's range: few lost repetitions, and a window that covers the round trip.
    if (number(row, "flit_error_probability") > 1.2e-2) continue;
    if (number(row, "window") < number(row, "round_trip_flits")) continue;
    const double off = number(row, "flit_efficiency") / number(row, "flit_efficiency_formula") - 1;
    a.largest_deviation_percent = std::max(a.largest_deviation_percent, 100 * std::abs(off));
  }
  for (std::string s : {window_sentence(a), error_sentence(a)}) {
    if (!s.empty()) a.sentences.push_back(std::move(s));
  }
  a.features = answer_features(rows);
  a.sentences.insert(a.sentences.end(), a.features.sentences.begin(), a.features.sentences.end());
  return a;
}

std::string study_text(const study_answers& a) {
  std::string t;
  if (!a.windows.empty()) {
    t += "Which replay depth does this fiber need?\n";
    t += fmt::format("{:>9} {:>16} {:>16} {:>14} {:>14}\n", "length", "round trip",
                     "needed, measured", "goodput, 256",
                     fmt::format("goodput, {:.0f}", a.windows.back().deepest));
    t += fmt::format("{:>9} {:>16} {:>16} {:>14} {:>14}\n", "m", "flits", "flits", "Gb/s", "Gb/s");
    for (const window_answer& w : a.windows) {
      t += fmt::format("{:>9g} {:>16.0f} {:>16} {:>14} {:>14}\n", w.length_m, w.round_trip,
                       cell(w.needed, 0), cell(w.goodput_default, 1), cell(w.goodput_deepest, 1));
    }
    t += "\n";
  }
  if (!a.errors.empty()) {
    t += fmt::format("What does an error cost at {}? (latency of a request at half load)\n",
                     length_text(a.error_length_m));
    t += fmt::format("{:>9} {:>10} {:>12} {:>9} {:>9} {:>9} {:>9} {:>9} {:>9}\n", "BER", "P(flit)",
                     "efficiency", "formula", "goodput", "p50", "p99", "p99.9", "max");
    t += fmt::format("{:>9} {:>10} {:>12} {:>9} {:>9} {:>9} {:>9} {:>9} {:>9}\n", "", "",
                     "of slots", "", "Gb/s", "ns", "ns", "ns", "ns");
    for (const error_answer& e : a.errors) {
      t += fmt::format("{:>9.2g} {:>10.2g} {:>12.4f} {:>9.4f} {:>9.1f} {:>9} {:>9} {:>9} {:>9}\n",
                       e.ber, e.p, e.flit_efficiency, e.formula, e.goodput_gbps, cell(e.p50_ns, 0),
                       cell(e.p99_ns, 0), cell(e.p999_ns, 0), cell(e.max_ns, 0));
    }
    t += "\n";
  }
  t += features_text(a.features);
  for (const std::string& s : a.sentences) t += s + "\n";
  return t;
}

document study_json(const study_answers& a) {
  const auto value = [](double v) { return std::isnan(v) ? document(nullptr) : document(v); };
  document j = {
      {"answers", a.sentences}, {"windows", document::array()}, {"errors", document::array()}};
  for (const window_answer& w : a.windows) {
    j["windows"].push_back({{"length_m", w.length_m},
                            {"round_trip_flits", w.round_trip},
                            {"needed_flits", value(w.needed)},
                            {"smallest_full_window", value(w.smallest_full)},
                            {"goodput_gbps_window_256", value(w.goodput_default)},
                            {"goodput_gbps_deepest", value(w.goodput_deepest)},
                            {"deepest", w.deepest}});
  }
  for (const error_answer& e : a.errors) {
    j["errors"].push_back({{"length_m", a.error_length_m},
                           {"ber", e.ber},
                           {"flit_error_probability", e.p},
                           {"flit_efficiency", value(e.flit_efficiency)},
                           {"flit_efficiency_formula", e.formula},
                           {"goodput_gbps", e.goodput_gbps},
                           {"lost_percent", value(e.lost_percent)},
                           {"request_latency_p50_ns", value(e.p50_ns)},
                           {"request_latency_p99_ns", value(e.p99_ns)},
                           {"request_latency_p999_ns", value(e.p999_ns)},
                           {"request_latency_max_ns", value(e.max_ns)}});
  }
  add_features_json(j, a.features);
  j["largest_deviation_from_formula_percent"] = a.largest_deviation_percent;
  return j;
}

}  // namespace lightrack::platforms
