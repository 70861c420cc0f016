// SPDX-License-Identifier: Apache-2.0
#include "platforms/link/link_light.h"

#include <fmt/format.h>

#include <cmath>

#include "models/base/engine_profile.h"
#include "models/base/units.h"
#include "models/package/engine_setup.h"
#include "platforms/light/light_config.h"

namespace lightrack::platforms {
namespace {

using base::config;
using base::number_text;
using base::value_type;
using nlohmann::json;
using package::light_event;
using package::light_fault;

constexpr int west = 0;
constexpr int east = 1;
constexpr int linked_port = 0;

void declare_events(base::parameter_set& known) {
  const auto count = [](const char* name, double max) {
    return base::parameter_column{.name = name,
                                  .unit = "count",
                                  .type = value_type::integer,
                                  .standard = "0",
                                  .min = 0,
                                  .max = max};
  };
  known.add({.name = "light.optics",
             .unit = "enum",
             .type = value_type::choice,
             .standard = "on",
             .choices = {"on", "off"},
             .evidence = "assumed",
             .note = "whether a run takes its bit errors from laser, rings and fiber; off where "
                     "channel.ber, bursts or drift are given, or lanes and rate are not the "
                     "profile's"});
  known.add(
      {.name = "light.events",
       .unit = "us",
       .shape = base::value_shape::rows,
       .standard = "[]",
       .columns = {{.name = "time", .unit = "us", .min = 0, .max = 1e9},
                   {.name = "what",
                    .unit = "enum",
                    .type = value_type::choice,
                    .choices = {"connector_loss", "laser_lane_dead", "laser_lane_back",
                                "module_dead", "module_back", "heater_stuck", "heater_free",
                                "temperature_ramp"}},
                   {.name = "engine",
                    .unit = "enum",
                    .type = value_type::choice,
                    .standard = "west",
                    .choices = {"west", "east", "both"}},
                   count("laser", 63),
                   count("ring", 31),
                   {.name = "bus",
                    .unit = "enum",
                    .type = value_type::choice,
                    .standard = "tx",
                    .choices = {"tx", "rx"}},
                   {.name = "element",
                    .unit = "text",
                    .type = value_type::text,
                    .standard = "connector_1"},
                   {.name = "value", .unit = "1", .standard = "0", .min = -100, .max = 100},
                   {.name = "slew", .unit = "K/s", .standard = "800", .min = 1, .max = 3000}},
       .evidence = "assumed",
       .note =
           "what happens to the light; time from power-on. connector_loss: `value` dB more on "
           "`element` of the fiber that the engine sends on. laser_lane_dead, laser_lane_back: "
           "`laser` of the engine's module. module_dead, module_back: the module. heater_stuck, "
           "heater_free: `ring` of `bus`. temperature_ramp: the die by `value` K at `slew`"});
}

/// The key by which the configuration says itself what happens to bits, or nothing.
std::string channel_key(const config& c) {
  for (const double ber : c.numbers("channel.ber"))
    if (ber != 0) return "channel.ber";
  if (c.number("channel.burst_rate") != 0) return "channel.burst_rate";
  if (!c.rows("channel.ber_drift").empty()) return "channel.ber_drift";
  return {};
}

/// The same for both: a run that is restored has all of its keys given.
constexpr const char* switched_off = "light.optics = off, or channel.ber is given as 0";

/// Why there can be no light, or nothing.
std::string off_reason(const config& c, int spares) {
  if (const std::string key = channel_key(c); !key.empty())
    return fmt::format("{} is given and takes the place of the light", key);
  const base::engine_profile& p = *base::find_profile(c.text("engine.profile"));
  if (spares > p.spares)
    return fmt::format(
        "{} has {} spare wavelength{} a port and link.spares = {}, so the channel is "
        "one without errors",
        p.name, p.spares, p.spares == 1 ? "" : "s", spares);
  const double gbps = c.number("engine.gbps_per_lambda");
  if (gbps != p.gbps_per_lambda)
    return fmt::format(
        "the light of {} stands at {} Gb/s a wavelength and engine.gbps_per_lambda = "
        "{}, so the channel is one without errors",
        p.name, number_text(p.gbps_per_lambda), number_text(gbps));
  return {};
}

light_event event_of(const config& c, const json& row) {
  const auto what = row["what"].get<std::string>();
  const double value = row["value"].get<double>();
  light_event e{.time = static_cast<package::time_fs>(
                    std::llround(row["time"].get<double>() * static_cast<double>(optics::us))),
                .port = linked_port,
                .value = value,
                .slew = row["slew"].get<double>()};
  e.back = what == "laser_lane_back" || what == "module_back" || what == "heater_free";
  const auto needs_value = [&](const char* unit) {
    if (value == 0)
      c.refuse("light.events",
               fmt::format("{} with value = 0 {} does nothing; allowed is another", what, unit));
  };
  if (what == "connector_loss") {
    needs_value("dB");
    e.what = light_fault::loss;
    e.element = row["element"].get<std::string>();
  } else if (what.starts_with("laser_lane")) {
    e.what = light_fault::laser_lane;
    e.index = row["laser"].get<int>();
  } else if (what.starts_with("module")) {
    e.what = light_fault::laser_module;
  } else if (what.starts_with("heater")) {
    e.what = light_fault::heater;
    e.index = row["ring"].get<int>();
    e.side = row["bus"] == "rx" ? optics::bus_direction::rx : optics::bus_direction::tx;
  } else {
    needs_value("K");
    e.what = light_fault::temperature_ramp;
  }
  return e;
}

std::vector<light_event> events_of(const config& c) {
  std::vector<light_event> all;
  for (const json& row : c.rows("light.events")) {
    light_event e = event_of(c, row);
    for (const int engine : {west, east}) {
      if (row["engine"] == (engine == west ? "east" : "west")) continue;
      e.engine = engine;
      e.direction = engine == west ? light_to_east : light_to_west;
      all.push_back(e);
    }
  }
  return all;
}

// Faults that a calculator takes at one moment; in a run they are events.
void refuse_still_faults(const config& c) {
  const auto refuse = [&](const char* key) {
    c.refuse(key, "is for 'lightrack light budget'; allowed in a run are light.events");
  };
  if (c.integer("light.dark_lines") != 0) refuse("light.dark_lines");
  for (const char* key : {"light.transmit_detuning", "light.receive_detuning"})
    for (const double ghz : c.numbers(key))
      if (ghz != 0) refuse(key);
}

}  // namespace

void declare_link_light(base::parameter_set& known) {
  declare_light(known);
  package::declare_engine_run_parameters(known);
  declare_events(known);
}

link_light_setup make_link_light(config& c, int lanes, int spares, package::i64 clock_fs) {
  link_light_setup s{.off_because = off_reason(c, spares)};
  if (c.given("light.optics")) {
    if (c.text("light.optics") == "off") {
      if (s.off_because.empty()) s.off_because = switched_off;
    } else if (!s.off_because.empty()) {
      c.refuse("light.optics",
               fmt::format("{}; allowed is one of both, or light.optics = off", s.off_because));
    }
  } else if (c.given("channel.ber") && s.off_because.empty()) {
    s.off_because = switched_off;
  }
  c.imply("light.optics", s.off_because.empty() ? "on" : "off");
  if (!s.off_because.empty()) {
    if (!c.rows("light.events").empty())
      c.refuse("light.events",
               fmt::format("needs light, and {}; allowed is one of both", s.off_because));
    return s;
  }
  refuse_still_faults(c);
  const package::engine_setup e = package::make_engine_setup(c);
  s.on = true;
  s.plant = package::plant_of(e, {"west", "east"}, clock_fs);
  s.port = e.port(lanes + spares);
  s.port.heavy_fec = c.text("link.fec") == "rs544";
  s.losses = e.light.faults.extra_db;
  constexpr int periods_to_settle = 4;
  s.longest_hop = e.bank.times.assign + e.bank.times.fine + e.serdes_lock +
                  periods_to_settle * e.bank.control_period;
  s.events = events_of(c);
  optics::require_margin(e.light, optics::evaluate(e.light.light, {.extra_db = s.losses}));
  return s;
}

std::unique_ptr<package::light_plant> build_plant(const link_light_setup& s) {
  auto plant = std::make_unique<package::light_plant>(s.plant);
  package::optical_port_params p = s.port;
  p.losses = s.losses;
  plant->connect({west, linked_port}, {east, linked_port}, p);
  plant->connect({east, linked_port}, {west, linked_port}, p);
  for (const light_event& e : s.events) plant->schedule(e);
  plant->start();
  return plant;
}

std::vector<package::line_light> lanes_of(const package::light_plant& plant, int direction) {
  std::vector<package::line_light> lanes;
  const package::optical_port& port = plant.port(direction);
  for (int l = 0; l < port.params().lanes; ++l) lanes.push_back(port.lane(l));
  return lanes;
}

std::vector<double> lane_bers(const package::light_plant& plant, int direction) {
  std::vector<double> bers;
  for (const package::line_light& l : lanes_of(plant, direction))
    bers.push_back(l.present ? l.ber : 0);
  return bers;
}

double light_end_result::pj_per_bit() const {
  double sum = 0;
  for (const package::energy_part& p : energy) sum += p.pj_per_bit;
  return sum;
}

light_direction_result light_at_start(const package::light_plant& plant, int direction) {
  return {.budget = plant.port(direction).budget(), .start = lanes_of(plant, direction)};
}

light_end_result light_end(const package::light_plant& plant, int engine, package::time_fs t,
                           std::uint64_t flits_out, std::uint64_t flits_in) {
  const package::engine& e = plant.engine_at(engine);
  package::die_to_die host = e.host();
  host.carry(package::host_way::to_light, flits_out);
  host.carry(package::host_way::from_light, flits_in);
  const optics::light_bank& bank = plant.bank();
  light_end_result r{.engine = e.name(),
                     .energy = e.energy(),
                     .temperature_c = bank.temperature_c(engine, plant.bank_time(t)),
                     .heater_mw = bank.heater_mw(engine),
                     .lasers_on = e.laser().lanes_on(),
                     .lasers = e.laser().lanes(),
                     .host_out = host.counters(package::host_way::to_light),
                     .host_in = host.counters(package::host_way::from_light)};
  for (const auto side : {optics::bus_direction::tx, optics::bus_direction::rx}) {
    const int bus = bank.bus_of({engine, linked_port, side});
    r.hops += bank.counts(bus).hops;
    for (int i = 0; i < bank.params().lines; ++i)
      r.losses += bank.lock(bus * bank.params().lines + i).losses;
  }
  return r;
}

}  // namespace lightrack::platforms
