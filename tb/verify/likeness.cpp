// SPDX-License-Identifier: Apache-2.0
#include "tb/verify/likeness.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "rtl/link_pkg.h"

namespace lightrack::verify {
namespace {

using findings = std::vector<std::string>;

/// Within `percent` of the larger one, or `slack` apart.
bool near(u64 a, u64 b, double percent, double slack) {
  const auto x = static_cast<double>(a);
  const auto y = static_cast<double>(b);
  return std::abs(x - y) <= std::max(percent / 100 * std::max(x, y), slack);
}

bool up(int state) {
  return state == static_cast<int>(link::pkg::state_e::active) ||
         state == static_cast<int>(link::pkg::state_e::quiesce);
}

void judge_end(const end_result& flit, const end_result& burst, findings& out) {
  const auto differs = [&](const char* what, u64 f, u64 b) {
    out.push_back(
        fmt::format("{}: {} is {} with flits and {} in bursts", flit.instance, what, f, b));
  };
  if (flit.status.state != burst.status.state && !(up(flit.status.state) && up(burst.status.state)))
    differs("the state", static_cast<u64>(flit.status.state), static_cast<u64>(burst.status.state));
  u64 f = 0;
  u64 b = 0;
  for (std::size_t vc = 0; vc < link::vc_count; ++vc) {
    f += flit.sink[vc].flits;
    b += burst.sink[vc].flits;
  }
  // A retrain of some 2,000 clocks more or less.
  if (!near(f, b, 2, 600)) differs("flits delivered", f, b);
  const auto counter = [&](const char* name, u64 link::endpoint_counters::*which, double percent,
                           double slack) {
    const u64 x = flit.counters.*which;
    const u64 y = burst.counters.*which;
    if (!near(x, y, percent, slack)) differs(name, x, y);
  };
  counter("retrains", &link::endpoint_counters::retrains, 20, 2);
  counter("quiesces", &link::endpoint_counters::quiesces, 15, 5);
  counter("wakes", &link::endpoint_counters::wakes, 15, 5);
  counter("received_bad", &link::endpoint_counters::received_bad, 10, 20);
  counter("replays", &link::endpoint_counters::replays, 20, 12);
  counter("train_timeouts", &link::endpoint_counters::train_timeouts, 0, 1);
}

}  // namespace

std::vector<std::string> judge_likeness(const run_result& flit, const run_result& burst) {
  findings out;
  judge_end(flit.west, burst.west, out);
  judge_end(flit.east, burst.east, out);
  return out;
}

}  // namespace lightrack::verify
