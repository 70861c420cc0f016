// SPDX-License-Identifier: Apache-2.0
#include "models/optics/light_bank.h"

#include <fmt/format.h>

#include <algorithm>

#include "models/base/error.h"

namespace lightrack::optics {

light_bank::light_bank(const bank_params& p) : params_{p}, rules_{p.times} {
  if (p.lines < 1 || p.lines > max_rings || p.engines < 1 || p.ports < 1) {
    throw base::config_error(
        fmt::format("{} engines, {} ports, {} wavelengths: allowed are one or more engines and "
                    "ports and 1 to {} wavelengths",
                    p.engines, p.ports, p.lines, max_rings));
  }
  const double period_us = static_cast<double>(p.control_period) / us;
  gain_ = loop_gain(p.loop_bw_khz, period_us);
  settled_ = p.actuator.settled(period_us);
  const lock_thresholds t = thresholds_of(p.tx, p.rx, p.lol_penalty_db);
  limit_low_ = {-t.cooling_ghz, -t.receive_ghz};
  limit_high_ = {t.warming_ghz, t.receive_ghz};

  const auto buses = at(p.engines * p.ports * 2);
  const std::size_t rings = buses * at(p.lines);
  die_.assign(at(p.engines), die_temperature::constant(p.t_ref_c));
  bus_.resize(buses);
  above_ghz_.resize(rings);
  fsr_excess_.resize(rings);
  high_ghz_.resize(rings);
  need_ghz_.resize(rings);
  aim_ghz_.resize(rings);
  heat_.resize(rings);
  error_.resize(rings);
  told_error_.resize(rings);
  hop_.assign(rings, no_hop);
  line_.assign(rings, -1);
  lock_.resize(rings);
  output_.resize(rings);
  is_changed_.resize(rings);
  dark_since_.assign(rings, 0);
  changed_.reserve(rings);
  for (int r = 0; r < static_cast<int>(rings); ++r) {
    const ring_scatter s = scatter_of(p.seed, role_of(r), p.scatter);
    const bool is_tx = direction_of(r / p.lines) == bus_direction::tx;
    // A ring whose detuning is to be positive has to sit that much below its line.
    above_ghz_[at(r)] = p.cold_offset_ghz + s.offset_ghz + (is_tx ? p.tx.bias_ghz : 0);
    fsr_excess_[at(r)] = p.fsr_ghz * s.fsr_factor - p.lines * p.spacing_ghz;
    high_ghz_[at(r)] = p.actuator.range_ghz * s.range_factor;
  }
}

std::string light_bank::role_of(int ring) const {
  const int bus = ring / params_.lines;
  return fmt::format("{}engine{}.port{}.{}.ring{}", params_.role, engine_of(bus),
                     bus / 2 % params_.ports, direction_of(bus) == bus_direction::tx ? "tx" : "rx",
                     ring % params_.lines);
}

std::int64_t light_bank::tick_at_or_after(time_fs t) const {
  return t <= 0 ? 0 : (t - 1) / params_.control_period + 1;
}

std::int64_t light_bank::next_tick(const bus_state& s) const {
  if (s.active) return s.ticks_done + 1;
  if (s.due == never) return never;
  return std::max(s.ticks_done + 1, tick_at_or_after(s.due));
}

time_fs light_bank::next_time() const {
  std::int64_t tick = never;
  for (const bus_state& s : bus_) tick = std::min(tick, next_tick(s));
  return tick == never ? never : tick * params_.control_period;
}

void light_bank::run_bus(int bus, time_fs until) {
  bus_state& s = bus_[at(bus)];
  const std::int64_t last = until / params_.control_period;
  for (std::int64_t next = next_tick(s); next <= last; next = next_tick(s)) {
    tick(bus, next * params_.control_period);
    s.ticks_done = next;
    plan_rest(bus, next * params_.control_period);
  }
  s.ticks_done = std::max(s.ticks_done, last);
}

void light_bank::advance(time_fs t) {
  for (int b = 0; b < buses(); ++b) run_bus(b, t);
}

/// An event has changed the bus: it is looked at until it is at rest again.
void light_bank::wake(int bus) { bus_[at(bus)].active = bus_[at(bus)].on; }

template <class Body>
void light_bank::each_bus(int engine, Body body) {
  const int first = engine * params_.ports * 2;
  for (int b = first; b < first + params_.ports * 2; ++b) body(b);
}

void light_bank::power_on(int engine, time_fs t) {
  each_bus(engine, [&](int bus) {
    run_bus(bus, t);
    bus_[at(bus)].on = true;
    const int first = bus * params_.lines;
    for (int r = first; r < first + params_.lines; ++r) {
      if (dark_since_[at(r)] != never) dark_since_[at(r)] = t;
    }
    const bool lit = any_light(bus);
    for (int r = first; r < first + params_.lines; ++r) {
      lock_[at(r)].lit = lit;
      line_[at(r)] = -1;
      hop_[at(r)] = no_hop;
      if (rules_.power_on(lock_[at(r)], t) == lock_rules::need::sweep) begin_sweep(r, t);
      settle(r, t);
    }
    wake(bus);
  });
}

void light_bank::power_off(int engine, time_fs t) {
  each_bus(engine, [&](int bus) {
    run_bus(bus, t);
    bus_state& s = bus_[at(bus)];
    s = {.ticks_done = s.ticks_done, .stuck = s.stuck, .counts = s.counts};
    for (int r = bus * params_.lines; r < (bus + 1) * params_.lines; ++r) {
      ring_lock& k = lock_[at(r)];
      k.state = lock_state::off;
      k.cause = lock_fault::none;
      k.due = never;
      k.since = t;
      if ((s.stuck >> (r % params_.lines) & 1) == 0) aim_ghz_[at(r)] = heat_[at(r)] = 0;
      settle(r, t);
    }
  });
}

void light_bank::set_temperature(int engine, const die_temperature& profile, time_fs t) {
  each_bus(engine, [&](int bus) { run_bus(bus, t); });
  die_[at(engine)] = profile;
  each_bus(engine, [&](int bus) { wake(bus); });
}

bool light_bank::any_light(int bus) const {
  const auto first = dark_since_.begin() + bus * params_.lines;
  return std::any_of(first, first + params_.lines, [](time_fs t) { return t == never; });
}

void light_bank::set_light(int bus, int line, bool lit, time_fs t) {
  time_fs& dark = dark_since_[at(bus * params_.lines + line)];
  if ((dark == never) == lit) return;
  run_bus(bus, t);
  dark = lit ? never : t;
  const bool any = any_light(bus);
  for (int r = bus * params_.lines; r < (bus + 1) * params_.lines; ++r) {
    const int own = line_[at(r)];
    if (own >= 0 && own != line) continue;
    ring_lock& k = lock_[at(r)];
    if (rules_.light(k, own >= 0 ? lit : any, t) == lock_rules::need::sweep &&
        k.state != lock_state::off) {
      begin_sweep(r, t);
    }
    settle(r, t);
  }
  wake(bus);
}

void light_bank::set_light(int engine, bool lit, time_fs t) {
  each_bus(engine, [&](int bus) {
    for (int line = 0; line < params_.lines; ++line) set_light(bus, line, lit, t);
  });
}

void light_bank::set_stuck(int ring, bool stuck, time_fs t) {
  const int bus = ring / params_.lines;
  run_bus(bus, t);
  const std::uint64_t bit = std::uint64_t{1} << (ring % params_.lines);
  if (stuck) {
    bus_[at(bus)].stuck |= bit;
  } else {
    bus_[at(bus)].stuck &= ~bit;
    bus_[at(bus)].decided_at_c = -1e9;  // it may have another try
    bus_[at(bus)].lost = bus_[at(bus)].on;
  }
  bus_[at(bus)].plan = true;
  wake(bus);
}

void light_bank::clear_changed() {
  for (const std::uint32_t r : changed_) is_changed_[r] = 0;
  changed_.clear();
}

int light_bank::hop(int bus) const {
  const auto first = hop_.begin() + bus * params_.lines;
  const auto found =
      std::find_if(first, first + params_.lines, [](std::int8_t h) { return h != no_hop; });
  return found == first + params_.lines ? no_hop : *found;
}

double light_bank::heater_mw(int engine) const {
  const int first = engine * params_.ports * 2 * params_.lines;
  double shift = 0;
  for (int r = first; r < first + params_.ports * 2 * params_.lines; ++r) shift += heat_[at(r)];
  return params_.actuator.power_mw(shift);
}

void light_bank::transfer(base::checkpoint& c) {
  c.part("light_bank");
  c.list(die_);
  c.list(bus_);
  c.list(need_ghz_);
  c.list(aim_ghz_);
  c.list(heat_);
  c.list(error_);
  c.list(told_error_);
  c.list(hop_);
  c.list(line_);
  c.list(lock_);
  c.list(output_);
  c.list(is_changed_);
  c.list(dark_since_);
  c.list(changed_);
  c.value(evaluated_);
}

}  // namespace lightrack::optics
