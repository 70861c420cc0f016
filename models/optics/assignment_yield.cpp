// SPDX-License-Identifier: Apache-2.0
#include "models/optics/assignment_yield.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string>

#include "models/base/random.h"

namespace lightrack::optics {
namespace {

using ring_keys = std::array<std::uint64_t, max_rings>;

constexpr int hop_limit = 100;
constexpr double past_the_rail_k = 1e-6;

ring_keys keys_of(const yield_params& p) {
  ring_keys keys{};
  for (int i = 0; i < p.rings; ++i) {
    keys[static_cast<std::size_t>(i)] = base::stream_key(p.seed, "bus.ring" + std::to_string(i));
  }
  return keys;
}

bus_problem draw_bus(const yield_params& p, const ring_keys& keys, std::uint64_t sample) {
  bus_problem bus{.rings = p.rings, .spacing_ghz = p.spacing_ghz};
  for (std::size_t i = 0; i < static_cast<std::size_t>(p.rings); ++i) {
    const ring_scatter s = scatter_at(keys[i], sample, p.scatter);
    bus.shift_ghz[i] = p.cold_offset_ghz + s.offset_ghz;
    bus.high_ghz[i] = p.actuator.range_ghz * s.range_factor;
    bus.fsr_excess_ghz[i] = p.fsr_ghz * s.fsr_factor - p.rings * p.spacing_ghz;
  }
  return bus;
}

bus_problem warmed(bus_problem bus, double fall_ghz) {
  for (int i = 0; i < bus.rings; ++i) bus.shift_ghz[static_cast<std::size_t>(i)] -= fall_ghz;
  return bus;
}

/// GHz of fall until the first heater meets a rail, warming or cooling.
double reach_ghz(const bus_problem& bus, const assignment& a, bool warming) {
  double least = std::numeric_limits<double>::infinity();
  for (int i = 0; i < bus.rings; ++i) {
    const auto at = static_cast<std::size_t>(i);
    if (a.hop[at] == no_hop) continue;
    const double needed = bus.needed_ghz(i, a.hop[at]);
    least = std::min(least, warming ? needed : bus.high_ghz[at] - needed);
  }
  return least;
}

}  // namespace

double yield_result::yield_ci95() const {
  constexpr double z = 1.96;
  const auto n = static_cast<double>(samples);
  const double p = yield();
  return z * std::sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n);
}

bus_problem sampled_bus(const yield_params& p, std::uint64_t sample, double warmer_k) {
  return warmed(draw_bus(p, keys_of(p), sample), p.drift_ghz_per_k * warmer_k);
}

int hops_on_the_way(const yield_params& p, const bus_problem& at_reference) {
  assignment now = assign(p.scheme, at_reference);
  if (!now.complete()) return -1;
  const bool warming = p.warmer_k > 0;
  const double way = p.drift_ghz_per_k * std::abs(p.warmer_k);
  double gone = 0;
  int hops = 0;
  bus_problem bus = at_reference;
  while (hops < hop_limit) {
    gone += std::max(0.0, reach_ghz(bus, now, warming)) + p.drift_ghz_per_k * past_the_rail_k;
    if (gone >= way) return hops;
    bus = warmed(at_reference, warming ? gone : -gone);
    now = assign(p.scheme, bus);
    if (!now.complete()) return hops;  // the bus is down from here on
    ++hops;
  }
  return hops;
}

yield_result assignment_yield(const yield_params& p) {
  yield_result r{.samples = p.samples};
  const ring_keys keys = keys_of(p);
  const double fall = p.drift_ghz_per_k * p.warmer_k;
  for (std::uint64_t sample = p.first; sample < p.first + p.samples; ++sample) {
    const bus_problem cold = draw_bus(p, keys, sample);
    const assignment a = assign(p.scheme, warmed(cold, fall));
    r.rings_left += static_cast<std::uint64_t>(a.wanted - a.placed);
    if (a.complete()) {
      ++r.complete;
      r.heater_mw += p.actuator.power_mw(a.total_ghz) / p.rings;
    }
    if (fall == 0) {
      r.started += a.complete() ? 1 : 0;
      continue;
    }
    const int hops = hops_on_the_way(p, cold);
    if (hops < 0) continue;
    ++r.started;
    r.hops += static_cast<std::uint64_t>(hops);
    r.most_hops = std::max(r.most_hops, static_cast<std::uint64_t>(hops));
  }
  return r;
}

}  // namespace lightrack::optics
