// SPDX-License-Identifier: Apache-2.0
#include "platforms/link/study_features.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "models/link/heavy_fec.h"
#include "models/link/link_formulas.h"
#include "platforms/link/study_answers.h"
#include "rtl/link_pkg.h"

namespace lightrack::platforms {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double kept = 0.9;         ///< of the flit slots, where the sentence draws a line
constexpr double told_quiesce = 64;  ///< the sentence tells of the row nearest to this
constexpr double told_load = 0.02;
constexpr auto light_clocks = static_cast<double>(link::pkg::fec_tx_lat + link::pkg::fec_rx_lat);

link::heavy_fec heavy() { return *link::heavy_fec::of("SC25_PAM4"); }

std::vector<repair_answer> about_repairs(const std::vector<document>& rows) {
  std::vector<repair_answer> answers;
  for (const double lanes : values_of(rows, "lanes")) {
    const std::vector<document> width = rows_where(rows, "lanes", lanes, "spares");
    for (const double spares : values_of(width, "spares")) {
      const std::vector<document> at = rows_where(width, "spares", spares, "load");
      const document& full = at.back();
      const document& part = at.front();
      answers.push_back({.lanes = lanes,
                         .spares = spares,
                         .outage_us = number(full, "outage_us"),
                         .flits_delayed = number(full, "flits_delayed"),
                         .flits_lost = number(full, "flits_lost"),
                         .flit_max_ns = number(full, "repair_flit_max_ns"),
                         .before_gbps = number(full, "goodput_before_gbps"),
                         .after_gbps = number(full, "goodput_after_gbps"),
                         .load = number(part, "load"),
                         .request_p99_ns = number(part, "repair_request_p99_ns"),
                         .request_max_ns = number(part, "repair_request_max_ns")});
    }
  }
  return answers;
}

std::vector<sleep_answer> about_sleeps(const std::vector<document>& rows) {
  std::vector<sleep_answer> answers;
  const std::vector<document> off = rows_where(rows, "quiesce_after", 0, "load");
  for (const double after : values_of(rows, "quiesce_after")) {
    if (after == 0) continue;
    for (const document& row : rows_where(rows, "quiesce_after", after, "load")) {
      sleep_answer a{.quiesce_after = after,
                     .load = number(row, "load"),
                     .share = number(row, "sleep_share"),
                     .idle = number(row, "idle_share"),
                     .sleeps = number(row, "sleeps"),
                     .added_ns = nan,
                     .longest_ns = number(row, "sleep_request_max_ns"),
                     .longest_off_ns = nan};
      const std::vector<document> same = rows_where(off, "load", a.load, "load");
      if (!same.empty()) {
        // The same requests came at the same clocks, so what all of them waited longer is what the
        // sleeps cost.
        const double longer =
            number(row, "sleep_request_mean_ns") - number(same.front(), "sleep_request_mean_ns");
        if (a.sleeps > 0) a.added_ns = longer * number(row, "sleep_requests") / a.sleeps;
        a.longest_off_ns = number(same.front(), "sleep_request_max_ns");
      }
      answers.push_back(a);
    }
  }
  return answers;
}

fec_side about_side(const std::vector<document>& at_load, const std::string& fec,
                    double half_load) {
  fec_side side{.p = nan, .efficiency = 0, .formula = nan, .mean_ns = nan, .p99_ns = nan};
  for (const document& row : at_load) {
    if (text_of(row, "fec") != fec) continue;
    const bool up = text_of(row, "status") == "done";
    if (number(row, "load") > half_load || half_load >= 1) {
      side.p = number(row, "flit_error_probability");
      if (up) {
        side.up = true;
        side.efficiency = number(row, "flit_efficiency");
        side.formula = retry_formula(side.p, number(row, "round_trip_flits"));
      }
    }
    if (number(row, "load") <= half_load && up && !overloaded(row)) {
      side.mean_ns = number(row, "request_latency_mean_ns");
      side.p99_ns = number(row, "request_latency_p99_ns");
    }
  }
  return side;
}

/// The rate at which `difference` first goes from negative to positive, by a straight line over BER
/// (the cost of few errors goes with their number); NaN if it does not.
template <class Difference>
double crossing(const std::vector<fec_answer>& rates, const Difference& difference) {
  for (std::size_t i = 1; i < rates.size(); ++i) {
    const double a = difference(rates[i - 1]);
    const double b = difference(rates[i]);
    if (!(a < 0) || !(b >= 0)) continue;
    return rates[i - 1].ber + (rates[i].ber - rates[i - 1].ber) * a / (a - b);
  }
  return nan;
}

void answer_fec(feature_answers& a, const std::vector<document>& rows) {
  const std::vector<double> loads = values_of(rows, "load");
  if (loads.empty()) return;
  double clean_ns = nan;
  double round_trip = nan;
  double flit_ns = nan;
  for (const double ber : values_of(rows, "ber")) {
    const std::vector<document> at = rows_where(rows, "ber", ber, "load");
    fec_answer f{.ber = ber,
                 .plain = about_side(at, "none", loads.front()),
                 .light = about_side(at, "light", loads.front())};
    for (const document& row : at) {
      if (text_of(row, "status") != "done" || text_of(row, "fec") != "none") continue;
      if (std::isnan(round_trip)) round_trip = number(row, "round_trip_flits");
      if (std::isnan(flit_ns)) flit_ns = number(row, "flit_ns");
    }
    a.fec_added_ns = light_clocks * flit_ns / 4;
    if (std::isnan(clean_ns)) clean_ns = f.light.mean_ns - a.fec_added_ns;
    const double lost = link::heavy_fec::flit_failure(ber) * (round_trip + 1);
    f.heavy_efficiency = heavy_efficiency(ber, round_trip, flit_ns);
    f.heavy_mean_ns = lost < 1 - kept ? clean_ns + heavy().latency_ns() : nan;
    a.fec.push_back(f);
  }
  a.crossover_ber =
      crossing(a.fec, [](const fec_answer& f) { return f.plain.mean_ns - f.light.mean_ns; });
  a.plain_90_ber = crossing(a.fec, [](const fec_answer& f) { return kept - f.plain.efficiency; });
  a.light_90_ber = crossing(a.fec, [](const fec_answer& f) { return kept - f.light.efficiency; });
}

std::string repair_sentence(const feature_answers& a) {
  if (a.repairs.empty()) return "";
  const double lanes = a.repairs.back().lanes;
  std::string text;
  for (const repair_answer& r : a.repairs) {
    if (r.lanes != lanes || std::isnan(r.outage_us)) continue;
    if (text.empty()) {
      text = fmt::format(
          "A wavelength that dies under load stops a link of {:g} lanes for {:.2f} us; {:.0f} "
          "flits "
          "wait for it and {:.0f} are lost;",
          lanes, r.outage_us, r.flits_delayed, r.flits_lost);
    } else {
      text += ",";
    }
    text += fmt::format(" {} {:.1f} % of the goodput are left",
                        r.spares == 0   ? "without a spare"
                        : r.spares == 1 ? "with one spare"
                                        : fmt::format("with {:g} spares", r.spares),
                        100 * r.after_gbps / r.before_gbps);
  }
  return text.empty() ? "" : text + ".";
}

std::string sleep_sentence(const feature_answers& a) {
  const sleep_answer* told = nullptr;
  const auto distance = [](const sleep_answer& s) {
    return std::abs(std::log(s.quiesce_after / told_quiesce)) +
           std::abs(std::log(s.load / told_load));
  };
  for (const sleep_answer& s : a.sleeps) {
    if (std::isnan(s.added_ns) || s.load <= 0) continue;
    if (told == nullptr || distance(s) < distance(*told)) told = &s;
  }
  if (told == nullptr) return "";
  double worst = 0;  // of a request that came while its end had asked whether to sleep
  for (const sleep_answer& s : a.sleeps) {
    if (s.quiesce_after == told->quiesce_after && !std::isnan(s.added_ns)) {
      worst = std::max(worst, s.longest_ns - s.longest_off_ns);
    }
  }
  const std::string asked =
      worst > 2 * told->added_ns
          ? fmt::format(
                " (a request that comes while its end asks for sleep waits up to {:.0f} ns)", worst)
          : "";
  return fmt::format(
      "With QUIESCE after {:g} quiet flit times and bursts at {:g} % load, lanes sleep {:.0f} % of "
      "the time ({:.0f} % of it carries no data), and each wake makes the first request {:.1f} ns "
      "later{}; what that saves in energy is for the optics to say.",
      told->quiesce_after, 100 * told->load, 100 * told->share, 100 * told->idle, told->added_ns,
      asked);
}

std::string fec_sentence(const feature_answers& a) {
  if (a.fec.empty() || std::isnan(a.fec_added_ns)) return "";
  std::string text = fmt::format("Light FEC makes each flit {:.2f} ns later", a.fec_added_ns);
  if (!std::isnan(a.crossover_ber)) {
    text += fmt::format("; above a bit error rate of {:.1e} its mean latency is the lower one",
                        a.crossover_ber);
  }
  if (!std::isnan(a.plain_90_ber) && !std::isnan(a.light_90_ber)) {
    text += fmt::format(
        "; 90 % of the flit slots stay useful up to {:.1e} with it and up to {:.1e} with retry "
        "alone",
        a.light_90_ber, a.plain_90_ber);
  }
  return text + fmt::format("; RS(544,514) would cost {:.1f} ns and {:.1f} % of the rate.",
                            a.heavy_added_ns, 100 * (1 - 1 / link::heavy_fec::code_rate));
}

std::string cell(double value, int digits) {
  return std::isnan(value) ? "-" : fmt::format("{:.{}f}", value, digits);
}

document value(double v) { return std::isnan(v) ? document(nullptr) : document(v); }

document side_json(const fec_side& s) {
  return {{"up", s.up},
          {"flit_error_probability", value(s.p)},
          {"flit_efficiency", value(s.efficiency)},
          {"flit_efficiency_formula", value(s.formula)},
          {"request_latency_mean_ns", value(s.mean_ns)},
          {"request_latency_p99_ns", value(s.p99_ns)}};
}

}  // namespace

double retry_formula(double p, double round_trip) {
  if (p >= 1) return 0;
  return link::go_back_n_efficiency_lossy(p, p, round_trip,
                                          round_trip + std::max(std::ceil(round_trip / 4), 4.0));
}

double heavy_efficiency(double ber, double round_trip, double flit_ns) {
  const double longer = round_trip + 2 * heavy().latency_ns() / flit_ns;
  return retry_formula(link::heavy_fec::flit_failure(ber), longer) / link::heavy_fec::code_rate;
}

feature_answers answer_features(const std::vector<document>& rows) {
  feature_answers a{.heavy_added_ns = heavy().latency_ns(),
                    .crossover_ber = nan,
                    .plain_90_ber = nan,
                    .light_90_ber = nan};
  a.repairs = about_repairs(rows_of(rows, "repair"));
  a.sleeps = about_sleeps(rows_of(rows, "sleep"));
  std::vector<document> fec;
  for (const document& row : rows) {
    if (in_series(row, "fec") && number(row, "failed") != 1) fec.push_back(row);
  }
  answer_fec(a, fec);
  for (std::string s : {repair_sentence(a), sleep_sentence(a), fec_sentence(a)}) {
    if (!s.empty()) a.sentences.push_back(std::move(s));
  }
  return a;
}

std::string features_text(const feature_answers& a) {
  std::string t;
  if (!a.repairs.empty()) {
    t += fmt::format(
        "What does a dead wavelength cost? (requests at a load of {:g})\n"
        "{:>6} {:>7} {:>10} {:>8} {:>10} {:>10} {:>9} {:>9}\n",
        a.repairs.front().load, "lanes", "spares", "outage, us", "delayed", "before", "after",
        "p99, ns", "max, ns");
    for (const repair_answer& r : a.repairs) {
      t += fmt::format("{:>6g} {:>7g} {:>10} {:>8} {:>10} {:>10} {:>9} {:>9}\n", r.lanes, r.spares,
                       cell(r.outage_us, 2), cell(r.flits_delayed, 0), cell(r.before_gbps, 1),
                       cell(r.after_gbps, 1), cell(r.request_p99_ns, 0), cell(r.request_max_ns, 0));
    }
    t += "\n";
  }
  if (!a.sleeps.empty()) {
    t += fmt::format(
        "What does QUIESCE save, and what does waking cost?\n{:>8} {:>8} {:>9} {:>9} {:>13}\n",
        "after", "load", "asleep, %", "idle, %", "a wake, ns");
    for (const sleep_answer& s : a.sleeps) {
      t += fmt::format("{:>8g} {:>8g} {:>9.1f} {:>9.1f} {:>13}\n", s.quiesce_after, s.load,
                       100 * s.share, 100 * s.idle, cell(s.added_ns, 2));
    }
    t += "\n";
  }
  if (!a.fec.empty()) {
    t += fmt::format(
        "FEC against retry: efficiency, mean and p99 latency of a request in ns\n"
        "{:>9} {:>10} {:>9} {:>9} {:>10} {:>9} {:>9} {:>10}\n",
        "BER", "retry", "mean", "p99", "light FEC", "mean", "p99", "RS(544)");
    for (const fec_answer& f : a.fec) {
      t += fmt::format("{:>9.2g} {:>10.4f} {:>9} {:>9} {:>10.4f} {:>9} {:>9} {:>10.4f}\n", f.ber,
                       f.plain.efficiency, cell(f.plain.mean_ns, 1), cell(f.plain.p99_ns, 0),
                       f.light.efficiency, cell(f.light.mean_ns, 1), cell(f.light.p99_ns, 0),
                       f.heavy_efficiency);
    }
    t += "\n";
  }
  return t;
}

void add_features_json(document& j, const feature_answers& a) {
  j["repair"] = document::array();
  for (const repair_answer& r : a.repairs) {
    j["repair"].push_back({{"lanes", r.lanes},
                           {"spares", r.spares},
                           {"outage_us", value(r.outage_us)},
                           {"flits_delayed", value(r.flits_delayed)},
                           {"flits_lost", value(r.flits_lost)},
                           {"flit_latency_max_ns", value(r.flit_max_ns)},
                           {"goodput_before_gbps", value(r.before_gbps)},
                           {"goodput_after_gbps", value(r.after_gbps)},
                           {"load", r.load},
                           {"request_latency_p99_ns", value(r.request_p99_ns)},
                           {"request_latency_max_ns", value(r.request_max_ns)}});
  }
  j["sleep"] = document::array();
  for (const sleep_answer& s : a.sleeps) {
    j["sleep"].push_back({{"quiesce_after", s.quiesce_after},
                          {"load", s.load},
                          {"asleep", value(s.share)},
                          {"idle", value(s.idle)},
                          {"sleeps", value(s.sleeps)},
                          {"added_ns", value(s.added_ns)},
                          {"request_latency_max_ns", value(s.longest_ns)},
                          {"request_latency_max_ns_without", value(s.longest_off_ns)}});
  }
  j["fec"] = {{"rates", document::array()},
              {"light_added_ns", value(a.fec_added_ns)},
              {"heavy_added_ns", value(a.heavy_added_ns)},
              {"crossover_ber", value(a.crossover_ber)},
              {"retry_90_percent_ber", value(a.plain_90_ber)},
              {"light_90_percent_ber", value(a.light_90_ber)}};
  for (const fec_answer& f : a.fec) {
    j["fec"]["rates"].push_back({{"ber", f.ber},
                                 {"retry", side_json(f.plain)},
                                 {"light", side_json(f.light)},
                                 {"heavy_efficiency", value(f.heavy_efficiency)},
                                 {"heavy_latency_mean_ns", value(f.heavy_mean_ns)}});
  }
}

}  // namespace lightrack::platforms
