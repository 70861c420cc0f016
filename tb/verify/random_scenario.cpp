// SPDX-License-Identifier: Apache-2.0
#include "tb/verify/random_scenario.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>

#include "tb/verify/dice.h"

namespace lightrack::verify {
namespace {

constexpr auto configurations = std::to_array<random_configuration>({
    {.name = "clean"},
    {.name = "errors", .errors = true},
    {.name = "errors_8", .lanes = 8, .length_m = 1, .errors = true},
    {.name = "errors_4", .lanes = 4, .length_m = 50, .errors = true, .stalls = true},
    {.name = "bursts", .errors = true, .bursts = true},
    {.name = "skew_8", .lanes = 8, .errors = true, .skew = true},
    {.name = "stalls", .length_m = 5, .stalls = true, .small_window = true},
    {.name = "small_window", .errors = true, .small_window = true},
    {.name = "long", .length_m = 300, .errors = true, .bursts = true},
    {.name = "retrains_8", .lanes = 8, .errors = true, .retrains = true},
    {.name = "lane_events", .errors = true, .skew = true, .lane_events = true},
    {.name = "everything_4",
     .lanes = 4,
     .length_m = 10,
     .errors = true,
     .bursts = true,
     .skew = true,
     .stalls = true,
     .small_window = true,
     .retrains = true,
     .lane_events = true},
    {.name = "sessions", .errors = true, .stalls = true, .sessions = true},
});

struct time_span {
  i64 first;
  i64 last;
};

direction random_direction(const random_configuration& c, time_span traffic, dice& d) {
  direction light;
  if (c.errors) light.ber = d.power(-7, -4.3);
  if (c.bursts) {
    light.burst_rate = d.power(-8, -6);
    light.burst_bits = static_cast<double>(d.number(2, 48));
  }
  if (c.skew)
    for (int lane = 0; lane < c.lanes; ++lane)
      light.skew_words.push_back(static_cast<int>(d.number(0, 15)));
  if (!c.lane_events || !d.coin()) return light;
  const i64 lost = d.number(traffic.first, traffic.last);
  const auto lane = static_cast<int>(d.number(-1, c.lanes - 1));
  light.events = {
      {.clock = lost, .lane = lane},
      {.clock = lost + d.number(1, 2'000), .lane = lane, .what = link::lane_change::restore}};
  return light;
}

side_traffic random_traffic(const random_configuration& c, time_span traffic, dice& d) {
  side_traffic t;
  t.load = d.coin() ? 1 : static_cast<double>(d.number(5, 80)) / 100;
  t.bytes = static_cast<u32>(d.number(1, 600));
  t.read_fraction = static_cast<double>(d.number(0, 60)) / 100;
  t.poison_every = d.coin() ? static_cast<u64>(d.number(2, 9)) : 0;
  // Two thirds of what would fit, were there no responses, replays and retrains.
  const double slots_a_clock = t.load * 60 / 16;
  const double slots_a_request = 1 + static_cast<double>((t.bytes + 15) / 16);
  const auto clocks = static_cast<double>(traffic.last - traffic.first);
  t.requests = 1 + static_cast<u64>(clocks * slots_a_clock / slots_a_request * 2 / 3);
  t.start_clock = traffic.first;
  if (c.stalls) {
    t.stall_every = static_cast<u64>(d.number(3, 40));
    t.stall_clocks = d.number(1, 250);
  }
  t.service_latency = d.number(0, 200);
  return t;
}

std::vector<command> random_commands(const random_configuration& c, time_span traffic, dice& d) {
  std::vector<command> list;
  const i64 count = c.retrains ? d.number(1, 3) : 0;
  const i64 third = (traffic.last - traffic.first) / 3;
  for (i64 i = 0; i < count; ++i)
    list.push_back({.clock = traffic.first + i * third + d.number(0, third - 10),
                    .where = d.coin() ? side::west : side::east});
  if (c.sessions) {
    const side who = d.coin() ? side::west : side::east;
    const i64 off = d.number(traffic.first, traffic.last);
    list.push_back({.clock = off, .where = who, .what = action::disable});
    list.push_back({.clock = off + d.number(4, 900), .where = who, .what = action::enable});
  }
  return list;
}

}  // namespace

std::span<const random_configuration> random_configurations() { return configurations; }

scenario random_scenario(const random_configuration& c, u64 seed) {
  scenario s;
  dice d{seed, std::string{"random."} + std::string{c.name}};
  s.name = fmt::format("{}_seed{}", c.name, seed);
  s.lanes = c.lanes;
  s.length_m = c.length_m;
  s.seed = seed;
  const i64 flight = flight_of(s) + 15;
  const i64 training = 300 + 9 * flight + (c.lanes == 16 ? 2'000 : c.lanes == 8 ? 3'000 : 5'500);
  const time_span traffic{training, training + 8'000};
  const bool trains_again = c.retrains || c.lane_events || c.sessions;
  s.clocks = traffic.last + 6'000 + 12 * flight + (trains_again ? 3 * training : 0);

  if (c.small_window) {
    s.params.window = static_cast<int>(d.number(8, 64));
    s.params.replay_depth = static_cast<int>(d.number(8, 511));
    s.params.rx_depth = static_cast<int>(d.number(8, 64));
  }
  if (d.coin()) s.params.marker_interval = static_cast<int>(d.number(64, 512));
  s.to_east = random_direction(c, traffic, d);
  s.to_west = random_direction(c, traffic, d);
  s.west = random_traffic(c, traffic, d);
  s.east = random_traffic(c, traffic, d);
  s.commands = random_commands(c, traffic, d);
  if (c.sessions) s.expected = ending::resumed;
  return s;
}

}  // namespace lightrack::verify
