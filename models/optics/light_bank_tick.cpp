// SPDX-License-Identifier: Apache-2.0
// models/optics/light_bank_tick.cpp
// One control period of a bus: timed states that end, the tracking loops, what changed, rest.
#include <algorithm>
#include <bit>
#include <cmath>

#include "models/optics/light_bank.h"

namespace lightrack::optics {
namespace {

constexpr double still_steps = 0.6;   // of the DAC: within it a heater at rest is left alone
constexpr double arrived_ghz = 1e-3;  // of a heater that settles
constexpr double retry_after_k = 2;   // a ring without a line is looked at again

template <class Body>
void each_bit(std::uint64_t bits, Body body) {
  for (; bits != 0; bits &= bits - 1) body(std::countr_zero(bits));
}

}  // namespace

double light_bank::leak_ghz(int bus, int i) const {
  const int r = bus * params_.lines + i;
  const double before = i > 0 ? heat_[at(r - 1)] : 0;
  const double after = i + 1 < params_.lines ? heat_[at(r + 1)] : 0;
  return params_.neighbor_share * (before + after);
}

void light_bank::tick(int bus, time_fs t) {
  const die_temperature& die = die_[at(engine_of(bus))];
  const double celsius = die.at(t);
  const double fall = params_.drift_ghz_per_k * (celsius - params_.t_ref_c);
  bus_state& s = bus_[at(bus)];
  evaluated_ += at(params_.lines);
  if (s.ring_due <= t) run_due(bus, t, fall);
  if (s.holds != 0) track_bus(bus, t, fall, die.moves(t - params_.control_period, t));
  if (s.lost && std::abs(celsius - s.decided_at_c) > retry_after_k) {
    s.decided_at_c = celsius;
    look_for_better(bus, t, fall);
  }
}

void light_bank::run_due(int bus, time_fs t, double fall_ghz) {
  const int first = bus * params_.lines;
  bool swept = false;
  bool assigns = false;
  for (int r = first; r < first + params_.lines; ++r) {
    ring_lock& k = lock_[at(r)];
    if (rules_.alarm_time(k) <= t) {
      rules_.raise_alarm(k, t);
      settle(r, t);
    }
    if (k.due > t) continue;
    switch (k.state) {
      case lock_state::sweep:
        k.due = never;
        bus_[at(bus)].plan = true;
        swept = true;
        break;
      case lock_state::assign:
        assigns = true;
        break;
      case lock_state::fine:
      case lock_state::relock:
        end_fine(r, t, fall_ghz);
        break;
      case lock_state::off:
      case lock_state::wait_light:
      case lock_state::locked:
      case lock_state::track:
      case lock_state::fault:
        break;
    }
  }
  if (swept) sweeps_ended(bus, t);
  if (assigns) assign_bus(bus, t, fall_ghz);
}

// The loops of one bus. Errors of all rings are taken first, for each heater warms its neighbors;
// then integrators and heaters move. Masks collect who is over the threshold, so that the states
// are touched only where one changes. Measured by bench_optics.
void light_bank::track_bus(int bus, time_fs t, double fall_ghz, bool moved) {
  bus_state& s = bus_[at(bus)];
  const int n = params_.lines;
  const std::size_t first = at(bus * n);
  const double* need = &need_ghz_[first];
  const double* high = &high_ghz_[first];
  double* aim = &aim_ghz_[first];
  double* heat = &heat_[first];
  double* error = &error_[first];
  const double low_limit = limit_low_[at(bus % 2)];
  const double high_limit = limit_high_[at(bus % 2)];
  const double window = params_.window_ghz;
  const double last_code = params_.actuator.codes - 1;

  std::uint64_t over = 0;
  std::uint64_t in_window = 0;
  std::uint64_t beyond = 0;  // the line is out of the heater's reach
  double before = 0;
  for (int i = 0; i < n; ++i) {
    const double after = i + 1 < n ? heat[i + 1] : 0;
    const double leak = params_.neighbor_share * (before + after);
    before = heat[i];
    const double wanted = need[i] - fall_ghz - leak;
    const double e = heat[i] - wanted;
    error[i] = e;
    const std::uint64_t bit = std::uint64_t{1} << i;
    over |= e < low_limit || e > high_limit ? bit : 0;
    in_window |= std::abs(e) <= window ? bit : 0;
    beyond |= wanted < -window || wanted > high[i] + window ? bit : 0;
  }
  const std::uint64_t loops = s.holds & ~s.dark;
  beyond &= loops & ~s.stuck;
  const double celsius = fall_ghz / params_.drift_ghz_per_k + params_.t_ref_c;
  if (beyond != 0 && std::abs(celsius - s.decided_at_c) > 0.1) {
    s.decided_at_c = celsius;
    if (look_for_better(bus, t, fall_ghz)) return;
  }
  bool still = true;
  for (int i = 0; i < n; ++i) {
    if ((loops & ~s.stuck) >> i == 0) break;
    if ((loops & ~s.stuck & std::uint64_t{1} << i) == 0) continue;
    const double step = high[i] / last_code;
    if (moved || std::abs(error[i]) > still_steps * step) {
      const double to = std::clamp(aim[i] - gain_ * error[i], 0.0, high[i]);
      still = still && to == aim[i];
      aim[i] = to;
    }
    const double code = static_cast<double>(static_cast<int>(aim[i] / step + 0.5));
    const double move = settled_ * (code * step - heat[i]);
    heat[i] += move;
    still = still && std::abs(move) < arrived_ghz;
  }
  over |= s.dark;
  if (((over | s.over) & s.holds) != 0 || ((in_window ^ ~s.tracks) & s.holds) != 0) {
    judge(bus, t, over, in_window);
    still = false;
  }
  report(bus, t);
  s.active = moved || !still;
}

void light_bank::judge(int bus, time_fs t, std::uint64_t over, std::uint64_t in_window) {
  bus_state& s = bus_[at(bus)];
  s.over = over & s.holds;
  each_bit(s.holds, [&](int i) {
    const std::uint64_t bit = std::uint64_t{1} << i;
    const int r = bus * params_.lines + i;
    rules_.period(lock_[at(r)], (over & bit) != 0, (in_window & bit) != 0, t);
    settle(r, t);
  });
}

void light_bank::report(int bus, time_fs t) {
  const bus_state& s = bus_[at(bus)];
  const int first = bus * params_.lines;
  each_bit(s.holds & ~s.dark, [&](int i) {
    const double e = error_[at(first + i)];
    if (std::abs(e - told_error_[at(first + i)]) > params_.report_step_ghz) {
      put_output(first + i, t, e);
    }
  });
}

void light_bank::plan_rest(int bus, time_fs t) {
  bus_state& s = bus_[at(bus)];
  if (s.holds == 0 || !s.on) s.active = false;
  if (s.plan || s.ring_due <= t) {
    s.plan = false;
    s.lost = false;
    s.ring_due = never;
    for (int r = bus * params_.lines; s.on && r < (bus + 1) * params_.lines; ++r) {
      const ring_lock& k = lock_[at(r)];
      s.ring_due = std::min({s.ring_due, k.due, rules_.alarm_time(k)});
      const bool stuck = (s.stuck >> (r - bus * params_.lines) & 1) != 0;
      s.lost = s.lost || (k.state == lock_state::fault && k.cause == lock_fault::no_line && !stuck);
    }
  }
  s.due = s.ring_due;
  const die_temperature& die = die_[at(engine_of(bus))];
  if (s.on && t < die.end) s.due = std::min(s.due, std::max(t, die.start) + 1);
}

void light_bank::settle(int ring, time_fs t) {
  const int bus = ring / params_.lines;
  bus_state& s = bus_[at(bus)];
  const ring_lock& k = lock_[at(ring)];
  const std::uint64_t bit = std::uint64_t{1} << (ring % params_.lines);
  const auto put = [&](std::uint64_t& mask, bool on) { mask = on ? mask | bit : mask & ~bit; };
  put(s.holds, k.holds());
  put(s.tracks, k.state == lock_state::track);
  put(s.dark, !k.lit);
  if (!k.holds()) put(s.over, false);
  s.plan = true;
  const bool present = k.holds() && k.lit;
  ring_output& o = output_[at(ring)];
  if (present == o.present && line_[at(ring)] == o.line) return;
  o.present = present;
  o.line = line_[at(ring)];
  o.since = t;
  told_error_[at(ring)] = 0;
  o.penalty_db = 0;
  note_change(ring);
}

void light_bank::put_output(int ring, time_fs t, double error_ghz) {
  told_error_[at(ring)] = error_ghz;
  ring_output& o = output_[at(ring)];
  o.penalty_db = ring / params_.lines % 2 == 0 ? params_.tx.oma_penalty_db(error_ghz)
                                               : drop_penalty_db(params_.rx, error_ghz);
  o.since = t;
  note_change(ring);
}

void light_bank::note_change(int ring) {
  if (is_changed_[at(ring)] != 0) return;
  is_changed_[at(ring)] = 1;
  changed_.push_back(static_cast<std::uint32_t>(ring));
}

}  // namespace lightrack::optics
