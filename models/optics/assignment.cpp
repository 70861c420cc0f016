// SPDX-License-Identifier: Apache-2.0
#include "models/optics/assignment.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace lightrack::optics {
namespace {

constexpr std::array<std::string_view, 4> names{"SEQUENTIAL", "NEAREST", "BARREL_SHIFT", "OPTIMUM"};
constexpr int hop_limit = 120;            // of int8_t, no_hop kept apart
constexpr double out_of_reach_ghz = 1e6;  // dearer than any shift of all rings together

std::size_t at(int i) { return static_cast<std::size_t>(i); }

assignment nothing_placed(const bus_problem& bus) {
  assignment a{.rings = bus.rings};
  a.hop.fill(no_hop);
  for (int i = 0; i < bus.rings; ++i) a.wanted += bus.broken[at(i)] ? 0 : 1;
  return a;
}

void place(assignment& a, const bus_problem& bus, int ring, int hop) {
  a.hop[at(ring)] = static_cast<std::int8_t>(hop);
  a.total_ghz += bus.needed_ghz(ring, hop);
  ++a.placed;
}

struct hop_range {
  int first = 0;
  int last = -1;
};

/// Hops that may be in reach, one more at each end for what the FSR's tolerance moves.
hop_range hops_of(const bus_problem& bus, int ring) {
  const double shift = bus.shift_ghz[at(ring)];
  const double slack = 1 + std::abs(bus.fsr_excess_ghz[at(ring)]) / bus.spacing_ghz;
  const double first = std::floor((shift - bus.high_ghz[at(ring)]) / bus.spacing_ghz - slack);
  const double last = std::ceil((shift - bus.low_ghz) / bus.spacing_ghz + slack);
  return {static_cast<int>(std::clamp<double>(first, -hop_limit, hop_limit)),
          static_cast<int>(std::clamp<double>(last, -hop_limit, hop_limit))};
}

assignment same_hop(const bus_problem& bus, int hop) {
  assignment a = nothing_placed(bus);
  for (int i = 0; i < bus.rings; ++i)
    if (bus.reaches(i, hop)) place(a, bus, i, hop);
  return a;
}

assignment assign_nearest(const bus_problem& bus) {
  assignment a = nothing_placed(bus);
  std::array<bool, max_rings> taken{};
  for (int i = 0; i < bus.rings; ++i) {
    int best = no_hop;
    const hop_range range = hops_of(bus, i);
    for (int h = range.last; h >= range.first; --h) {  // a higher hop needs less shift
      const int line = (((i + h) % bus.rings) + bus.rings) % bus.rings;
      if (taken[at(line)] || !bus.reaches(i, h)) continue;
      if (best == no_hop || bus.needed_ghz(i, h) < bus.needed_ghz(i, best)) best = h;
    }
    if (best == no_hop) continue;
    place(a, bus, i, best);
    taken[at(a.line(i))] = true;
  }
  return a;
}

assignment assign_barrel(const bus_problem& bus) {
  hop_range all{hop_limit, -hop_limit};
  for (int i = 0; i < bus.rings; ++i) {
    if (bus.broken[at(i)]) continue;
    const hop_range one = hops_of(bus, i);
    all = {std::min(all.first, one.first), std::max(all.last, one.last)};
  }
  assignment best = nothing_placed(bus);
  for (int h = all.last; h >= all.first; --h) {
    const assignment a = same_hop(bus, h);
    if (a.placed > best.placed || (a.placed == best.placed && a.total_ghz < best.total_ghz)) {
      best = a;
    }
  }
  return best;
}

/// The Hungarian method (Kuhn 1955, with potentials, O(n^3)) over rings and lines. A pair out of
/// reach costs more than all shifts together, so that as many rings as can be are placed first.
assignment assign_optimum(const bus_problem& bus) {
  const int n = bus.rings;
  std::array<std::array<double, max_rings>, max_rings> cost;
  std::array<std::array<std::int8_t, max_rings>, max_rings> hop;
  for (int i = 0; i < n; ++i) {
    std::fill_n(cost[at(i)].begin(), n, out_of_reach_ghz);
    std::fill_n(hop[at(i)].begin(), n, no_hop);
    const hop_range range = hops_of(bus, i);
    for (int h = range.first; h <= range.last; ++h) {
      if (!bus.reaches(i, h)) continue;
      const auto line = at((((i + h) % n) + n) % n);
      if (bus.needed_ghz(i, h) >= cost[at(i)][line]) continue;
      cost[at(i)][line] = bus.needed_ghz(i, h);
      hop[at(i)][line] = static_cast<std::int8_t>(h);
    }
  }
  // Rows and columns count from 1; column 0 holds the row that seeks a place.
  std::array<double, max_rings + 1> u{};
  std::array<double, max_rings + 1> v{};
  std::array<int, max_rings + 1> row_of{};
  std::array<int, max_rings + 1> came_from{};
  for (int row = 1; row <= n; ++row) {
    std::array<double, max_rings + 1> least;
    least.fill(std::numeric_limits<double>::infinity());
    std::array<bool, max_rings + 1> done{};
    row_of[0] = row;
    int column = 0;
    do {
      done[at(column)] = true;
      const int r = row_of[at(column)];
      double delta = std::numeric_limits<double>::infinity();
      int next = 0;
      for (int c = 1; c <= n; ++c) {
        if (done[at(c)]) continue;
        const double reduced = cost[at(r - 1)][at(c - 1)] - u[at(r)] - v[at(c)];
        if (reduced < least[at(c)]) {
          least[at(c)] = reduced;
          came_from[at(c)] = column;
        }
        if (least[at(c)] < delta) {
          delta = least[at(c)];
          next = c;
        }
      }
      for (int c = 0; c <= n; ++c) {
        if (done[at(c)]) {
          u[at(row_of[at(c)])] += delta;
          v[at(c)] -= delta;
        } else {
          least[at(c)] -= delta;
        }
      }
      column = next;
    } while (row_of[at(column)] != 0);
    while (column != 0) {
      row_of[at(column)] = row_of[at(came_from[at(column)])];
      column = came_from[at(column)];
    }
  }
  assignment a = nothing_placed(bus);
  for (int c = 1; c <= n; ++c) {
    const int i = row_of[at(c)] - 1;
    if (hop[at(i)][at(c - 1)] != no_hop) place(a, bus, i, hop[at(i)][at(c - 1)]);
  }
  return a;
}

}  // namespace

std::string_view name_of(arbitration scheme) { return names[static_cast<std::size_t>(scheme)]; }

std::optional<arbitration> arbitration_named(std::string_view name) {
  for (std::size_t i = 0; i < names.size(); ++i)
    if (names[i] == name) return static_cast<arbitration>(i);
  return std::nullopt;
}

assignment assign(arbitration scheme, const bus_problem& bus) {
  switch (scheme) {
    case arbitration::sequential:
      return same_hop(bus, 0);
    case arbitration::nearest:
      return assign_nearest(bus);
    case arbitration::barrel_shift:
      return assign_barrel(bus);
    case arbitration::optimum:
      return assign_optimum(bus);
  }
  return nothing_placed(bus);
}

}  // namespace lightrack::optics
