// SPDX-License-Identifier: Apache-2.0
#include "tb/verify/scenario.h"

#include <algorithm>

#include "rtl/link_csr.h"

namespace lightrack::verify {
namespace {

const direction& light_of(const scenario& s, side from) {
  return from == side::west ? s.to_east : s.to_west;
}
const side_traffic& traffic_of(const scenario& s, side who) {
  return who == side::west ? s.west : s.east;
}

}  // namespace

const char* name_of(side who) { return who == side::west ? "west" : "east"; }

link::channel_params channel_of(const scenario& s, side from) {
  const direction& d = light_of(s, from);
  link::channel_params p;
  p.lanes = s.lanes;
  p.spares = s.params.spares;
  p.seed = s.seed;
  p.path = std::string{name_of(from)} + ".tx";
  p.length_m = s.length_m;
  if (d.ber > 0) p.ber = {d.ber};
  p.burst_rate = d.burst_rate;
  p.burst_bits = d.burst_bits;
  p.skew_words = d.skew_words;
  p.offset_bits = d.offset_bits;
  p.events = d.events;
  return p;
}

i64 flight_of(const scenario& s) {
  return link::receive_channel{channel_of(s, side::west)}.flight();
}

link::endpoint_params endpoint_params_of(const scenario& s, side who) {
  link::endpoint_params p = s.params;
  p.lanes = s.lanes;
  p.lanes_off = who == side::west ? s.west_lanes_off : s.east_lanes_off;
  const link::receive_channel east{channel_of(s, side::west)};
  const link::receive_channel west{channel_of(s, side::east)};
  const i64 flight = std::max(east.flight() + east.max_skew(), west.flight() + west.max_skew());
  constexpr i64 inside_both_ends =
      48;  // decision to verdict and back to a decision, twice, with FEC, rounded up
  p.lock_min_clocks = 2 * flight + 2 * link::marker_clocks(s.lanes) + inside_both_ends;
  return p;
}

link::source_params source_params_of(const scenario& s, side who) {
  link::source_params p;
  p.path = name_of(who);
  p.seed = s.seed;
  p.poison_every = traffic_of(s, who).poison_every;
  return p;
}

link::traffic_params traffic_params_of(const scenario& s, side who) {
  const side_traffic& t = traffic_of(s, who);
  link::traffic_params p;
  p.load = t.load;
  p.bytes = t.bytes;
  p.read_fraction = t.read_fraction;
  p.seed = s.seed;
  p.path = name_of(who);
  p.source = who == side::west ? 0 : 1;
  p.destination = who == side::west ? 1 : 0;
  p.start_clock = t.start_clock;
  p.requests = t.requests;
  return p;
}

link::sink_params sink_params_of(const scenario& s, side who) {
  const side_traffic& t = traffic_of(s, who);
  link::sink_params p;
  p.service_latency = t.service_latency;
  p.stall_every = t.stall_every;
  p.stall_clocks = t.stall_clocks;
  return p;
}

std::vector<link::csr_access> accesses_of(const scenario& s, side who) {
  std::vector<link::csr_access> all = link::configuration_writes(endpoint_params_of(s, who));
  for (const command& c : s.commands) {
    if (c.where != who) continue;
    link::csr::control value;
    value.enable = c.what != action::disable;
    value.retrain = c.what == action::retrain;
    all.push_back(
        {.clock = c.clock, .offset = link::csr::control::info.offset, .value = value.to_word()});
  }
  for (const register_write& w : s.writes)
    if (w.where == who) all.push_back({.clock = w.clock, .offset = w.offset, .value = w.value});
  std::stable_sort(all.begin(), all.end(),
                   [](const auto& a, const auto& b) { return a.clock < b.clock; });
  return all;
}

}  // namespace lightrack::verify
