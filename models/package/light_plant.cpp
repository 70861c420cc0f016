// SPDX-License-Identifier: Apache-2.0
#include "models/package/light_plant.h"

#include <fmt/format.h>

#include <algorithm>

#include "models/base/error.h"
#include "models/base/units.h"

namespace lightrack::package {
namespace {

using optics::bus_direction;
using optics::lock_state;
using optics::never;

constexpr time_fs longest_start = 10'000 * optics::ms;

optics::bank_params bank_of(const plant_params& p) {
  optics::bank_params b = p.bank;
  if (p.engines.empty()) throw base::config_error("no engine; allowed is one or more");
  b.engines = static_cast<int>(p.engines.size());
  b.ports = p.engines.front().light.fiber_ports;
  b.lines = p.engines.front().light.light.lines.lines;
  for (const engine_params& e : p.engines)
    if (e.light.fiber_ports != b.ports || e.light.light.lines.lines != b.lines)
      throw base::config_error(fmt::format(
          "{} has {} ports of {} lines, {} has {} of {}; allowed are engines of one kind", e.name,
          e.light.fiber_ports, e.light.light.lines.lines, p.engines.front().name, b.ports,
          b.lines));
  return b;
}

void require_below(const char* what, int found, int count) {
  if (found >= 0 && found < count) return;
  throw base::config_error(
      fmt::format("{} {} is not there; allowed are 0 to {}", what, found, count - 1));
}

}  // namespace

light_plant::light_plant(const plant_params& p) : params_{p}, bank_{bank_of(p)} {
  for (int i = 0; i < bank_.params().engines; ++i)
    engines_.push_back(std::make_unique<engine>(p.engines[at(i)], bank_, i));
  direction_of_bus_.assign(at(bank_.buses()), -1);
}

int light_plant::connect(port_end from, port_end to, const optical_port_params& p) {
  for (const port_end& e : {from, to}) {
    require_below("engine", e.engine, bank_.params().engines);
    require_below("port", e.port, bank_.params().ports);
  }
  direction_state d{.from = from,
                    .to = to,
                    .transmit_bus = bank_.bus_of({from.engine, from.port, bus_direction::tx}),
                    .receive_bus = bank_.bus_of({to.engine, to.port, bus_direction::rx}),
                    .port = std::make_unique<optical_port>(p)};
  const int index = directions();
  for (const int bus : {d.transmit_bus, d.receive_bus}) {
    if (direction_of_bus_[at(bus)] >= 0)
      throw base::config_error(
          fmt::format("port {} of {} is connected already; allowed is one "
                      "fiber each way",
                      bus == d.transmit_bus ? from.port : to.port,
                      engine_at(bus == d.transmit_bus ? from.engine : to.engine).name()));
    direction_of_bus_[at(bus)] = index;
  }
  engine_at(to.engine).set_receive(to.port, d.port.get());
  directions_.push_back(std::move(d));
  return index;
}

void light_plant::schedule(const light_event& e) {
  require_below("engine", e.engine, bank_.params().engines);
  switch (e.what) {
    case light_fault::loss: {
      require_below("direction", e.direction, directions());
      const optics::light_params& l = port(e.direction).params().light;
      (void)find_element(path_elements(l.path, l.transmit.at(l.transmit.bias_ghz).oma_loss_db()),
                         e.element);
      break;
    }
    case light_fault::laser_lane:
      require_below("laser lane", e.index, engine_at(e.engine).laser().lanes());
      break;
    case light_fault::heater:
      require_below("port", e.port, bank_.params().ports);
      require_below("ring", e.index, bank_.params().lines);
      break;
    case light_fault::laser_module:
      break;
    case light_fault::temperature_ramp:
      if (!(e.slew > 0))
        throw base::config_error(
            fmt::format("a ramp of {} K/s; allowed is a slew above 0, the "
                        "sign stands with the kelvins",
                        base::number_text(e.slew)));
      break;
  }
  const auto later =
      std::upper_bound(events_.begin() + static_cast<std::ptrdiff_t>(next_event_), events_.end(),
                       e.time, [](time_fs t, const light_event& other) { return t < other.time; });
  events_.insert(later, e);
}

/// Power and light at time zero of the bank; locked starts end where all is at rest, and time zero
/// of the links is there.
void light_plant::bring_up() {
  for (int e = 0; e < bank_.params().engines; ++e) {
    bank_.set_temperature(e, optics::die_temperature::constant(params_.start_c), 0);
    bank_.set_light(e, true, 0);
    bank_.power_on(e, 0);
  }
  if (params_.start == light_start::cold) return;
  time_fs t = 0;
  while (bank_.next_time() < longest_start) {
    t = bank_.next_time();
    bank_.advance(t);
  }
  origin_ = t;
}

void light_plant::start(i64 from) {
  bring_up();
  bank_.clear_changed();
  for (direction_state& d : directions_) d.moved = true;
  settle(0, from, params_.start == light_start::locked);
  std::erase_if(changes_, [](const light_change& c) { return c.quality.present; });
}

i64 light_plant::clock_at(time_fs t) const { return (t + params_.clock_fs - 1) / params_.clock_fs; }

time_fs light_plant::next_time() const {
  time_fs t = bank_.next_time();
  if (t != never) t -= origin_;
  if (next_event_ < events_.size()) t = std::min(t, events_[next_event_].time);
  for (const direction_state& d : directions_) t = std::min(t, d.port->next_time());
  return t;
}

void light_plant::step(time_fs t) {
  for (time_fs now = next_time(); now <= t; now = next_time()) {
    bank_.advance(bank_time(now));
    for (; next_event_ < events_.size() && events_[next_event_].time <= now; ++next_event_)
      act(events_[next_event_]);
    note_moves(now);
    settle(now, clock_at(now + control_period()), false);
  }
}

bool light_plant::write(int engine, link::u32 offset, link::u32 value, link::u8 strobe,
                        time_fs t) {
  step(t);
  const bool known = engine_at(engine).write(offset, value, strobe, bank_time(t));
  settle(t, clock_at(t + control_period()), false);
  return known;
}

void light_plant::act(const light_event& e) {
  const time_fs t = bank_time(e.time);
  switch (e.what) {
    case light_fault::loss:
      directions_[at(e.direction)].port->add_loss(e.element, e.value);
      directions_[at(e.direction)].moved = true;
      break;
    case light_fault::laser_lane:
      engine_at(e.engine).laser().set_lane(e.index, e.back);
      light_lanes(e.engine, t);
      break;
    case light_fault::laser_module:
      engine_at(e.engine).laser().set_power(e.back);
      light_lanes(e.engine, t);
      break;
    case light_fault::heater:
      bank_.set_stuck(bank_.ring_of({e.engine, e.port, e.side}, e.index), !e.back, t);
      break;
    case light_fault::temperature_ramp: {
      const double now = bank_.temperature_c(e.engine, t);
      bank_.set_temperature(e.engine, optics::die_temperature::ramp(now, now + e.value, e.slew, t),
                            t);
      break;
    }
  }
}

/// The lasers of an engine as its own modulators see them; receivers follow in evaluate().
void light_plant::light_lanes(int engine, time_fs t) {
  const laser_module& laser = engine_at(engine).laser();
  for (int p = 0; p < bank_.params().ports; ++p) {
    const int bus = bank_.bus_of({engine, p, bus_direction::tx});
    const int direction = direction_of_bus_[at(bus)];
    for (int k = 0; k < bank_.params().lines; ++k) {
      bank_.set_light(bus, k, laser.lit(p, k), t);
      if (direction >= 0) directions_[at(direction)].port->set_lit(k, laser.lit(p, k));
    }
    if (direction >= 0) directions_[at(direction)].moved = true;
  }
}

void light_plant::note_moves(time_fs t) {
  for (direction_state& d : directions_) d.moved = d.moved || d.port->next_time() <= t;
}

/// What a receiver sees may make its rings lose their light, which is seen once more.
void light_plant::settle(time_fs t, i64 from, bool settled) {
  constexpr int rounds = 4;
  for (int round = 0; round < rounds; ++round) {
    for (const std::uint32_t r : bank_.changed()) {
      const int direction = direction_of_bus_[r / static_cast<std::uint32_t>(bank_.params().lines)];
      if (direction >= 0) directions_[at(direction)].moved = true;
    }
    bank_.clear_changed();
    bool any = false;
    for (int d = 0; d < directions(); ++d) {
      if (!directions_[at(d)].moved) continue;
      directions_[at(d)].moved = false;
      evaluate(d, t, from, settled);
      any = true;
    }
    if (!any) return;
  }
}

void light_plant::evaluate(int direction, time_fs t, i64 from, bool settled) {
  direction_state& d = directions_[at(direction)];
  const int lines = bank_.params().lines;
  const auto places = [&](int bus, std::vector<ring_place>& out) {
    out.clear();
    for (int r = bus * lines; r < (bus + 1) * lines; ++r) {
      const optics::ring_output& o = bank_.output(r);
      out.push_back({.line = o.line, .present = o.present, .error_ghz = bank_.error_ghz(r)});
    }
  };
  places(d.transmit_bus, transmit_);
  places(d.receive_bus, receive_);
  for (const link::lane_quality& q : d.port->evaluate(transmit_, receive_, t, from, settled))
    changes_.push_back({.direction = direction, .quality = q});
  for (int k = 0; k < lines; ++k)
    bank_.set_light(d.receive_bus, k, d.port->lit(k) && !d.port->line(k).lost_signal, bank_time(t));
}

bool light_plant::recovers(int direction) const {
  const direction_state& d = of(direction);
  if (d.port->next_time() != never) return true;
  for (const int bus : {d.transmit_bus, d.receive_bus}) {
    for (int r = bus * bank_.params().lines; r < (bus + 1) * bank_.params().lines; ++r) {
      const lock_state s = bank_.lock(r).state;
      if (s == lock_state::sweep || s == lock_state::assign || s == lock_state::fine ||
          s == lock_state::relock)
        return true;
    }
  }
  return false;
}

std::uint64_t light_plant::evaluations() const {
  std::uint64_t sum = 0;
  for (const direction_state& d : directions_) sum += d.port->evaluations();
  return sum;
}

}  // namespace lightrack::package
