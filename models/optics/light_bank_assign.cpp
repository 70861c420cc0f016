// SPDX-License-Identifier: Apache-2.0
// models/optics/light_bank_assign.cpp
// How the rings of a bus come to their lines: sweeps, assignment, fine locks, hops.
#include <algorithm>
#include <cmath>

#include "models/optics/light_bank.h"

namespace lightrack::optics {

void light_bank::begin_sweep(int ring, time_fs t) {
  bus_state& s = bus_[at(ring / params_.lines)];
  time_fs begin = t;
  if (params_.sweeps == sweep_order::one_by_one) {
    begin = std::max(t, s.sweep_free);
    s.sweep_free = begin + params_.times.sweep();
  }
  rules_.begin_sweep(lock_[at(ring)], t, begin + params_.times.sweep());
  s.plan = true;
}

/// Assignment begins when the last of the rings that sweep has seen its lines.
void light_bank::sweeps_ended(int bus, time_fs t) {
  const int first = bus * params_.lines;
  const auto sweeping = [&](const ring_lock& k) {
    return k.state == lock_state::sweep && k.due != never;
  };
  const auto begin = lock_.begin() + first;
  if (std::any_of(begin, begin + params_.lines, sweeping)) return;
  for (int r = first; r < first + params_.lines; ++r) {
    if (lock_[at(r)].state != lock_state::sweep) continue;
    rules_.begin_assign(lock_[at(r)], t);
    settle(r, t);
  }
}

assignment light_bank::decide(int bus, double fall_ghz) const {
  const int first = bus * params_.lines;
  bus_problem p{.rings = params_.lines, .spacing_ghz = params_.spacing_ghz};
  for (int i = 0; i < params_.lines; ++i) {
    p.shift_ghz[at(i)] = above_ghz_[at(first + i)] - fall_ghz;
    p.high_ghz[at(i)] = high_ghz_[at(first + i)] - params_.window_ghz;
    p.fsr_excess_ghz[at(i)] = fsr_excess_[at(first + i)];
    p.broken[at(i)] = (bus_[at(bus)].stuck >> i & 1) != 0;
  }
  // Neighbors may heat a ring by so much that its own heater would have to cool.
  p.low_ghz = 2 * params_.neighbor_share * params_.actuator.range_ghz + params_.window_ghz;
  const assignment careful = assign(params_.scheme, p);
  if (careful.complete()) return careful;
  p.low_ghz = 0;
  for (int i = 0; i < params_.lines; ++i) p.high_ghz[at(i)] = high_ghz_[at(first + i)];
  const assignment bold = assign(params_.scheme, p);
  return bold.placed > careful.placed ? bold : careful;
}

void light_bank::assign_bus(int bus, time_fs t, double fall_ghz) {
  bus_state& s = bus_[at(bus)];
  const int first = bus * params_.lines;
  if (s.holds == 0) {
    // Nothing to be kept: all that sweep or wait take part.
    take(bus, decide(bus, fall_ghz), t, fall_ghz);
    return;
  }
  bool without = false;
  for (int r = first; r < first + params_.lines; ++r) {
    ring_lock& k = lock_[at(r)];
    if (k.state != lock_state::assign || k.due > t) continue;
    const double needed = need_ghz_[at(r)] - fall_ghz;
    const bool stuck = (s.stuck >> (r - first) & 1) != 0;
    const bool in_reach =
        hop_[at(r)] != no_hop && !stuck && needed >= 0 && needed <= high_ghz_[at(r)];
    if (!in_reach) {
      without = true;
      continue;
    }
    rules_.assigned(k, true, dark_since_[at(first + line_[at(r)])], t);
    aim_ghz_[at(r)] = heat_[at(r)] =
        std::clamp(needed - leak_ghz(bus, r - first), 0.0, high_ghz_[at(r)]);
    settle(r, t);
  }
  if (!without) return;
  if (look_for_better(bus, t, fall_ghz)) return;
  for (int r = first; r < first + params_.lines; ++r) {
    ring_lock& k = lock_[at(r)];
    if (k.state != lock_state::assign || k.due > t) continue;
    rules_.assigned(k, false, never, t);
    take_line(r);
    settle(r, t);
  }
}

void light_bank::take(int bus, const assignment& a, time_fs t, double fall_ghz) {
  bus_state& s = bus_[at(bus)];
  ++s.counts.assignments;
  s.counts.incomplete += a.complete() ? 0 : 1;
  s.decided_at_c = fall_ghz / params_.drift_ghz_per_k + params_.t_ref_c;
  const int first = bus * params_.lines;
  for (int i = 0; i < params_.lines; ++i) {
    const int r = first + i;
    const bool placed = a.hop[at(i)] != no_hop;
    placed ? give_line(r, a) : take_line(r);
    rules_.assigned(lock_[at(r)], placed, placed ? dark_since_[at(first + a.line(i))] : never, t);
  }
  aim_heaters(bus, fall_ghz);
  for (int r = first; r < first + params_.lines; ++r) settle(r, t);
}

/// All heaters of a bus to where their lines are, each less what its neighbors give it.
void light_bank::aim_heaters(int bus, double fall_ghz) {
  const int first = bus * params_.lines;
  const std::uint64_t stuck = bus_[at(bus)].stuck;
  constexpr int rounds = 6;  // each takes the error down by the neighbors' share, 4 %
  for (int round = 0; round < rounds; ++round) {
    for (int i = 0; i < params_.lines; ++i) {
      const int r = first + i;
      if ((stuck >> i & 1) != 0) continue;
      const bool placed = hop_[at(r)] != no_hop;
      const double own = placed ? need_ghz_[at(r)] - fall_ghz - leak_ghz(bus, i) : 0;
      aim_ghz_[at(r)] = heat_[at(r)] = std::clamp(own, 0.0, high_ghz_[at(r)]);
    }
  }
}

void light_bank::end_fine(int ring, time_fs t, double fall_ghz) {
  const int bus = ring / params_.lines;
  const double leak = leak_ghz(bus, ring % params_.lines);
  const double wanted = need_ghz_[at(ring)] - fall_ghz - leak;
  const double error = heat_[at(ring)] - wanted;
  const bool stuck = (bus_[at(bus)].stuck >> (ring % params_.lines) & 1) != 0;
  const double window = params_.window_ghz;
  const bool in_reach = wanted >= -window && wanted <= high_ghz_[at(ring)] + window;
  const bool found =
      stuck ? std::abs(error) <= window : in_reach && std::abs(error) <= params_.rx.linewidth_ghz;
  const lock_rules::need then = rules_.fine_ended(lock_[at(ring)], found, t);
  if (lock_[at(ring)].holds() && !stuck) {
    aim_ghz_[at(ring)] = std::clamp(wanted, 0.0, high_ghz_[at(ring)]);
    const double step = high_ghz_[at(ring)] / (params_.actuator.codes - 1);
    heat_[at(ring)] = step * std::floor(aim_ghz_[at(ring)] / step + 0.5);
  }
  if (then == lock_rules::need::sweep) begin_sweep(ring, t);
  if (lock_[at(ring)].holds()) bus_[at(bus)].active = true;
  settle(ring, t);
}

bool light_bank::keeps_line(int ring, double fall_ghz) const {
  const int bus = ring / params_.lines;
  const int i = ring % params_.lines;
  if (hop_[at(ring)] == no_hop || (bus_[at(bus)].stuck >> i & 1) != 0) return false;
  const double wanted = need_ghz_[at(ring)] - fall_ghz - leak_ghz(bus, i);
  return wanted >= -params_.window_ghz && wanted <= high_ghz_[at(ring)] + params_.window_ghz;
}

bool light_bank::look_for_better(int bus, time_fs t, double fall_ghz) {
  const assignment a = decide(bus, fall_ghz);
  const int first = bus * params_.lines;
  int kept = 0;
  std::uint64_t held = 0;  // lines that a ring has, in reach or not
  bool moves = false;      // a ring that has a line would get another one
  for (int i = 0; i < params_.lines; ++i) {
    const std::int8_t now = hop_[at(first + i)];
    kept += keeps_line(first + i, fall_ghz) ? 1 : 0;
    moves = moves || (now != no_hop && a.hop[at(i)] != no_hop && a.hop[at(i)] != now);
    if (now != no_hop) held |= std::uint64_t{1} << line_[at(first + i)];
  }
  if (a.placed <= kept) return false;
  if (moves) {
    hop_bus(bus, t);
    return true;
  }
  // The others keep what they have: only rings without a line get one.
  for (int i = 0; i < params_.lines; ++i) {
    const int r = first + i;
    if (hop_[at(r)] != no_hop || a.hop[at(i)] == no_hop || (held >> a.line(i) & 1) != 0) continue;
    give_line(r, a);
    if (keeps_line(r, fall_ghz)) {
      rules_.begin_assign(lock_[at(r)], t);
    } else {
      take_line(r);
    }
    settle(r, t);
  }
  return false;
}

void light_bank::give_line(int ring, const assignment& a) {
  const int i = ring % params_.lines;
  const std::int8_t hop = a.hop[at(i)];
  const int orders = orders_passed(i, hop, params_.lines);
  hop_[at(ring)] = hop;
  line_[at(ring)] = static_cast<std::int8_t>(a.line(i));
  need_ghz_[at(ring)] =
      above_ghz_[at(ring)] - hop * params_.spacing_ghz - orders * fsr_excess_[at(ring)];
}

void light_bank::take_line(int ring) {
  hop_[at(ring)] = no_hop;
  line_[at(ring)] = -1;
}

/// Every lane of the port pauses: assignment and fine lock, no sweep, for the lines are known.
void light_bank::hop_bus(int bus, time_fs t) {
  ++bus_[at(bus)].counts.hops;
  for (int r = bus * params_.lines; r < (bus + 1) * params_.lines; ++r) {
    rules_.begin_assign(lock_[at(r)], t);
    settle(r, t);
  }
}

}  // namespace lightrack::optics
