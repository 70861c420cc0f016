// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <cmath>
#include <optional>

#include "platforms/light/study_lock_page.h"
#include "platforms/report/rows.h"

namespace lightrack::platforms {
namespace {

using rows_t = std::vector<document>;

std::optional<document> find(const rows_t& rows, const std::string& column, double value) {
  for (const document& row : rows)
    if (number(row, column) == value) return row;
  return std::nullopt;
}

rows_t of_scheme(const rows_t& rows, const std::string& scheme) {
  rows_t found;
  for (const document& row : rows)
    if (text_of(row, "arbitration") == scheme) found.push_back(row);
  return found;
}

std::string percent(double share) {
  return share == 0 ? "0 %" : fmt::format("{:.{}f} %", 100 * share, share < 0.02 ? 2 : 1);
}

void say_yield(std::vector<std::string>& said, const rows_t& rows) {
  const rows_t all = rows_of(rows, "yield");
  const rows_t barrel = of_scheme(all, "BARREL_SHIFT");
  for (const double sigma : {80.0, 120.0}) {
    const auto row = find(barrel, "fab_sigma_ghz", sigma);
    if (!row) continue;
    std::string others;
    for (const auto& [scheme, name] : {std::pair{"OPTIMUM", "any permutation leaves"},
                                       {"SEQUENTIAL", "own lines only"},
                                       {"NEAREST", "nearest line first"}}) {
      const auto other = find(of_scheme(all, scheme), "fab_sigma_ghz", sigma);
      if (!other) continue;
      others += fmt::format("{}{} {}", others.empty() ? "" : ", ", name,
                            percent(1 - number(*other, "yield")));
    }
    said.push_back(fmt::format(
        "Fabrication scatter of {:g} GHz: barrel shift leaves {} of {:g} buses incomplete ({}), so "
        "{} of blades bring up all of their links. Of the other schemes, {}.",
        sigma, number(*row, "failed_buses"), number(*row, "samples"),
        percent(1 - number(*row, "yield")), percent(number(*row, "blade_yield")), others));
  }
}

void say_start(std::vector<std::string>& said, const rows_t& rows) {
  std::string times;
  for (const auto& [order, name] :
       {std::pair{"ONE_BY_ONE", "one after another"}, {"ALL_AT_ONCE", "all at once"}}) {
    for (const document& row : of_scheme(rows_of(rows, "start"), "BARREL_SHIFT")) {
      if (text_of(row, "sweep_order") != order || std::isnan(number(row, "time_to_lock_ms")))
        continue;
      times += fmt::format("{}{:.2f} ms when its rings sweep {}", times.empty() ? "" : ", ",
                           number(row, "time_to_lock_ms"), name);
      break;
    }
  }
  if (!times.empty()) said.push_back("From light to the last lock a bus takes " + times + ".");
}

/// The slowest loop of the sweep from which on all hold.
double least_bandwidth(const rows_t& rows, double slew, const char* held) {
  double least = NAN;
  const rows_t at = rows_where(rows, "slew_k_per_s", slew, "loop_bw_khz");
  for (auto row = at.rbegin(); row != at.rend() && number(*row, held) == 1; ++row) {
    least = number(*row, "loop_bw_khz");
  }
  return least;
}

void say_track(std::vector<std::string>& said, const rows_t& rows) {
  const rows_t track = rows_of(rows, "track");
  const rows_t usual = rows_where(track, "loop_bw_khz", 10, "slew_k_per_s");
  if (const auto row = find(usual, "slew_k_per_s", 800)) {
    said.push_back(fmt::format(
        "A die that warms by 800 K/s pulls a ring {:.3f} GHz off with a loop of 10 kHz (formula "
        "{:.3f}), at most {:.2f} GHz with the steps of the heater.",
        number(*row, "error_ghz"), number(*row, "formula_ghz"), number(*row, "peak_ghz")));
  }
  const auto limits = find(track, "slew_k_per_s", 800);
  if (!limits) return;
  const double pull = std::abs(number(*limits, "formula_ghz")) * number(*limits, "loop_bw_khz");
  const double warming =
      std::min(number(*limits, "warming_limit_ghz"), number(*limits, "receive_limit_ghz"));
  said.push_back(fmt::format(
      "At 800 K/s the lock is lost below {:.2f} kHz when the die cools and below {:.2f} kHz when "
      "it "
      "warms: one decibel is {:.1f} GHz on the steep side of the modulator, {:.1f} on the flat "
      "side "
      "and {:.1f} at a receive ring. The slowest loops of the sweep that hold: {:g} and {:g} kHz.",
      pull / number(*limits, "cooling_limit_ghz"), pull / warming,
      number(*limits, "cooling_limit_ghz"), number(*limits, "warming_limit_ghz"),
      number(*limits, "receive_limit_ghz"), least_bandwidth(track, -800, "locked"),
      least_bandwidth(track, 800, "locked")));
}

void say_ramp(std::vector<std::string>& said, const rows_t& rows) {
  const rows_t ramp = of_scheme(rows_of(rows, "ramp"), "BARREL_SHIFT");
  const auto up = find(ramp, "slew_k_per_s", 800);
  const auto down = find(ramp, "slew_k_per_s", -800);
  if (!up || !down) return;
  said.push_back(fmt::format(
      "{:g} K at 800 K/s: a bus hops {:.2f} times while it warms and {:.2f} times while it cools; "
      "each hop pauses the whole port, {:.2f} and {:.2f} ms a lane in all, and {} locks are lost.",
      std::abs(number(*up, "temperature_offset_k")), number(*up, "hops"), number(*down, "hops"),
      number(*up, "dark_ms_per_lane"), number(*down, "dark_ms_per_lane"),
      number(*up, "losses_per_ring") + number(*down, "losses_per_ring") == 0 ? "no" : "some"));
}

void say_dac(std::vector<std::string>& said, const rows_t& rows) {
  const rows_t dac = rows_of(rows, "dac");
  const auto coarse = find(dac, "dac_bits", 10);
  const auto fine = find(dac, "dac_bits", 12);
  if (!coarse || !fine) return;
  said.push_back(fmt::format(
      "With 10 bits of heater DAC the largest error is {:.2f} GHz, {:.0f} times that of the ramp; "
      "with 12 bits {:.2f} GHz.",
      number(*coarse, "peak_ghz"),
      number(*coarse, "peak_ghz") / std::abs(number(*coarse, "formula_ghz")),
      number(*fine, "peak_ghz")));
}

}  // namespace

std::vector<std::string> lock_answers(const rows_t& rows) {
  std::vector<std::string> said;
  say_yield(said, rows);
  say_start(said, rows);
  say_track(said, rows);
  say_ramp(said, rows);
  say_dac(said, rows);
  return said;
}

}  // namespace lightrack::platforms
