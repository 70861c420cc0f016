// SPDX-License-Identifier: Apache-2.0
// tb/verify/catalog_whole.cpp: what lanes, width, FEC, sessions, QUIESCE and injection do to a
// link.
#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "rtl/link_csr.h"
#include "tb/verify/shaped.h"

namespace lightrack::verify {
namespace {

using link::lane_change;

void with_spares(scenario& s, int spares, bool fec) {
  s.params.spares = spares;
  s.params.light_fec = fec;
}

/// Bad lanes are waited for a little longer than a good one can need.
void impatient(scenario& s) { s.params.lane_wait_clocks = search_clocks(s.lanes) + 1'000; }

template <class Register>
register_write written(i64 clock, side where, const Register& value) {
  return {
      .clock = clock, .where = where, .offset = Register::info.offset, .value = value.to_word()};
}

void add_fec(std::vector<scenario>& all) {
  struct point {
    double ber;
    int lanes;
    int spares;
    double length_m;
  };
  for (const point& p : {point{0, 16, 2, 20},
                         {0, 8, 1, 500},
                         {1e-5, 16, 2, 20},
                         {1e-4, 16, 2, 20},
                         {1e-4, 8, 1, 1}}) {
    all.push_back(shaped(fmt::format("fec_ber_{:g}", p.ber), p.lanes, p.length_m,
                         "light FEC and spare lanes"));
    with_spares(all.back(), p.spares, true);
    if (p.ber > 0) both_ways(all.back(), {.ber = p.ber});
  }
  all.push_back(shaped("fec_bursts", 16, 20, "bursts longer than a byte: the FEC miscorrects"));
  with_spares(all.back(), 2, true);
  both_ways(all.back(), {.burst_rate = 4e-6, .burst_bits = 12});
}

void add_repair(std::vector<scenario>& all) {
  all.push_back(shaped("spare_from_start", 16, 20, "a lane is dark from the start, each way"));
  with_spares(all.back(), 2, true);
  all.back().to_east.events = {{.clock = 0, .lane = 3}};
  all.back().to_west.events = {{.clock = 0, .lane = 17}};
  all.push_back(shaped("spare_takes_over", 8, 20, "a lane dies under load", 30'000));
  with_spares(all.back(), 1, true);
  all.back().to_east.events = {{.clock = 9'000, .lane = 2}};
  all.push_back(shaped("spare_and_back", 4, 20, "it dies, comes back, a retrain takes it", 40'000));
  with_spares(all.back(), 1, false);
  all.back().to_west.events = {{.clock = 12'000, .lane = 0},
                               {.clock = 13'000, .lane = 0, .what = lane_change::restore}};
  all.back().commands = {{.clock = 28'000, .where = side::west}};
  all.push_back(
      shaped("spare_lost_too", 8, 20, "the spare dies after it took over: half width", 40'000));
  with_spares(all.back(), 1, true);
  all.back().to_east.events = {{.clock = 9'000, .lane = 2}, {.clock = 22'000, .lane = 8}};
  all.push_back(
      shaped("half_width", 16, 20, "three lanes die, come back, a retrain: full again", 60'000));
  with_spares(all.back(), 2, true);
  all.back().to_east.events = {{.clock = 8'000, .lane = 0},
                               {.clock = 8'001, .lane = 7},
                               {.clock = 8'002, .lane = 15},
                               {.clock = 30'000, .lane = -1, .what = lane_change::restore}};
  all.back().commands = {{.clock = 34'000, .where = side::east}};
  all.push_back(shaped("quarter_width", 16, 1, "nine lanes die one after the other", 40'000));
  for (int lane = 1; lane < 10; ++lane)
    all.back().to_west.events.push_back({.clock = 8'000 + 3 * lane, .lane = lane});
  all.push_back(shaped("two_widths", 16, 20, "west hears on 8 lanes, east on 4", 26'000));
  all.back().west_lanes_off = 0x00FF;
  all.back().east_lanes_off = 0x0FFF;
  both_ways(all.back(), {.ber = 1e-6});
  all.push_back(shaped("half_one_way", 8, 500, "only one direction is narrow", 26'000));
  all.back().east_lanes_off = 0x81;
  all.push_back(shaped("half_fec", 16, 20, "half width with FEC and wrong bits", 26'000));
  with_spares(all.back(), 2, true);
  all.back().west_lanes_off = 0x0F0F;
  all.back().east_lanes_off = 0x0007;
  both_ways(all.back(), {.ber = 3e-5});
  all.push_back(shaped("too_few_lanes", 4, 1, "three lanes are left: LINK_DOWN", 40'000));
  all.back().to_east.events = {{.clock = 12'000, .lane = 1}};
  all.back().params.lock_timeout_clocks = 8'000;
  all.back().params.train_limit = 2;
  all.back().expected = ending::down;
  all.push_back(shaped("lane_lost_stays_up", 16, 20, "without spares: half width", 40'000));
  all.back().to_west.events = {{.clock = 8'000, .lane = 9}};
  for (scenario& s : all)
    if (s.params.lane_wait_clocks == link::endpoint_params{}.lane_wait_clocks) impatient(s);
}

void add_sessions(std::vector<scenario>& all) {
  // While the other side, switched on 256 clocks earlier or later, goes through its states.
  for (const i64 off : {700, 1'900, 2'700, 3'100, 3'500, 3'900, 4'400, 12'000}) {
    all.push_back(shaped(fmt::format("reset_at_{}", off), 16, 20,
                         "west is switched off for 40 clocks, whatever east does", 30'000));
    all.back().commands = {{.clock = off, .where = side::west, .what = action::disable},
                           {.clock = off + 40, .where = side::west, .what = action::enable}};
    all.back().expected = ending::resumed;
  }
  all.push_back(shaped("both_reset", 8, 20, "both sides at once, under errors", 30'000));
  both_ways(all.back(), {.ber = 1e-5});
  all.back().commands = {{.clock = 12'000, .where = side::west, .what = action::disable},
                         {.clock = 12'002, .where = side::east, .what = action::disable},
                         {.clock = 12'400, .where = side::east, .what = action::enable},
                         {.clock = 12'900, .where = side::west, .what = action::enable}};
  all.back().expected = ending::resumed;
  all.push_back(
      shaped("down_and_back", 16, 20, "LINK_DOWN, then both are switched off and on", 70'000));
  scenario& s = all.back();
  s.params.lock_timeout_clocks = 4'000;
  s.params.train_limit = 2;
  s.to_west.events = {{.clock = 8'000, .lane = -1},
                      {.clock = 8'300, .lane = 0, .what = lane_change::restore},
                      {.clock = 40'000, .lane = -1, .what = lane_change::restore}};
  s.commands = {{.clock = 41'000, .where = side::west, .what = action::disable},
                {.clock = 41'100, .where = side::west, .what = action::enable},
                {.clock = 41'200, .where = side::east, .what = action::disable},
                {.clock = 41'300, .where = side::east, .what = action::enable}};
  s.expected = ending::resumed;
  all.push_back(shaped("retrain_in_replay", 16, 20, "retrains asked for while replays go on"));
  both_ways(all.back(), {.ber = 1e-4});
  for (i64 clock = 8'000; clock < 24'000; clock += 2'501)
    all.back().commands.push_back(
        {.clock = clock, .where = clock % 2 == 0 ? side::west : side::east});
}

void quiet(scenario& s, double load, i64 after) {
  s.params.quiesce_after = after;
  for (side_traffic* t : {&s.west, &s.east}) *t = {.load = load, .bytes = 64};
}

void add_quiesce(std::vector<scenario>& all) {
  for (const auto& [lanes, length_m] : {std::pair{16, 20.0}, {8, 1.0}, {4, 500.0}}) {
    all.push_back(
        shaped("quiesce", lanes, length_m, "seldom anything to send: asleep and awake", 40'000));
    quiet(all.back(), 0.001, 16);
  }
  all.push_back(shaped("quiesce_both_ask", 16, 20, "nothing to send at all: both ask at once"));
  quiet(all.back(), 0, 20);
  all.back().flits_at_least = 0;
  all.push_back(
      shaped("quiesce_refused", 16, 20, "one side is never idle: every request is refused"));
  quiet(all.back(), 0.002, 8);
  all.back().east.load = 0.6;
  all.push_back(
      shaped("quiesce_woken_by_both", 16, 20, "both have something to send at one clock", 40'000));
  quiet(all.back(), 0.004, 16);
  all.back().west.bytes = all.back().east.bytes = 256;
  all.push_back(
      shaped("quiesce_errors", 16, 20, "requests, answers, wakes are hit: BER 1e-4", 60'000));
  quiet(all.back(), 0.003, 8);
  both_ways(all.back(), {.ber = 1e-4});
  all.push_back(shaped("quiesce_errors", 8, 1, "the same, short: BER 1e-4", 60'000));
  quiet(all.back(), 0.003, 8);
  both_ways(all.back(), {.ber = 1e-4});
  all.push_back(shaped("quiesce_retrain", 16, 20, "a retrain is asked for while asleep", 40'000));
  quiet(all.back(), 0.0005, 8);
  all.back().commands = {{.clock = 11'111, .where = side::west},
                         {.clock = 20'002, .where = side::east}};
  all.push_back(shaped("quiesce_light_lost", 8, 20, "a lane dies while asleep", 40'000));
  quiet(all.back(), 0.0005, 8);
  with_spares(all.back(), 1, true);
  impatient(all.back());
  all.back().to_east.events = {{.clock = 12'000, .lane = 1}};
  all.push_back(
      shaped("quiesce_reset", 16, 20, "one side is switched off and on while asleep", 40'000));
  quiet(all.back(), 0.0005, 8);
  all.back().commands = {{.clock = 12'000, .where = side::west, .what = action::disable},
                         {.clock = 12'100, .where = side::west, .what = action::enable}};
  all.back().expected = ending::resumed;
  all.push_back(
      shaped("quiesce_narrow", 16, 20, "asleep and awake at two widths, with FEC", 40'000));
  quiet(all.back(), 0.002, 16);
  with_spares(all.back(), 2, true);
  all.back().west_lanes_off = 0x00FF;
  all.back().east_lanes_off = 0x3FFF;
  all.push_back(shaped("quiesce_backpressure", 16, 20, "credits come home while asleep", 40'000));
  quiet(all.back(), 0.01, 4);
  all.back().params.rx_depth = 8;
  for (side_traffic* t : {&all.back().west, &all.back().east}) {
    t->bytes = 256;
    t->read_fraction = 0.4;
    t->stall_every = 3;
    t->stall_clocks = 900;
  }
}

void add_injection(std::vector<scenario>& all) {
  namespace csr = link::csr;
  struct field {
    const char* name;
    u64 mask;
  };
  for (const field& f : {field{"kind", 4},
                         {"seq", 0x80},
                         {"ack", 0x4000},
                         {"nak", 1 << 24},
                         {"slots", 0xFULL << 26},
                         {"crd", 1ULL << 41},
                         {"reserved", 1ULL << 47}}) {
    all.push_back(shaped(fmt::format("inject_{}", f.name), 16, 20,
                         "headers with a wrong field and a good CRC", 14'000));
    scenario& s = all.back();
    for (const i64 clock : {i64{7'000}, i64{9'000}, i64{11'000}}) {
      s.writes.push_back(
          written(clock, side::west, csr::inject_header_lo{.mask = static_cast<u32>(f.mask)}));
      s.writes.push_back(
          written(clock + 4, side::west,
                  csr::inject_header_hi{.mask = static_cast<link::u16>(f.mask >> 32)}));
      s.writes.push_back(
          written(clock + 8, side::west, csr::inject_flits{.count = 2, .nop = true, .data = true}));
    }
    s.expected = ending::any;  // a wrong slots field delivers what was not sent
  }
  all.push_back(
      shaped("inject_lane", 16, 20, "single bits and a lane's marker are inverted", 26'000));
  scenario& s = all.back();
  impatient(s);
  // The lane's lock outlives `lock_min`; it falls in MAP, and DESKEW ends by its timeout.
  s.params.deskew_timeout_clocks = 4'000;
  for (const auto& [clock, lane, words] :
       {std::tuple{7'000, 3, 1}, {7'400, 0, 40}, {9'000, 15, 9'000}})
    s.writes.push_back(written(clock, side::east,
                               csr::inject_lane{.lane = static_cast<u8>(lane),
                                                .position = 31,
                                                .words = static_cast<link::u16>(words)}));
}

/// Light as optics would tell it while the link runs.
void add_light(std::vector<scenario>& all) {
  all.push_back(shaped("light_fades", 16, 20, "three lanes grow worse step by step, and recover"));
  for (int step = 1; step <= 12; ++step)
    for (const int lane : {2, 7, 15})
      all.back().to_east.quality.push_back({.lane = lane,
                                            .from = 7'000 + 1'600 * step,
                                            .ber = step < 9 ? 1e-9 * std::pow(4.0, step) : 1e-9});
  all.push_back(shaped("light_in_bursts", 8, 500, "a lane flickers in bursts for a while"));
  all.back().to_west.quality = {{.lane = 4, .from = 9'000, .burst_rate = 2e-5, .burst_bits = 20},
                                {.lane = 4, .from = 21'000}};
  all.push_back(
      shaped("light_hops", 16, 20, "all lanes of one direction are away, then dimmer", 40'000));
  impatient(all.back());
  for (int lane = 0; lane < 16; ++lane)
    all.back().to_west.quality.push_back({.lane = lane, .from = 10'000, .present = false});
  for (int lane = 0; lane < 16; ++lane)
    all.back().to_west.quality.push_back({.lane = lane, .from = 13'000 + lane % 3, .ber = 1e-6});
  all.push_back(
      shaped("light_lost_and_spare", 8, 20, "a ring loses lock, an event takes another", 40'000));
  with_spares(all.back(), 1, true);
  impatient(all.back());
  all.back().to_east.events = {{.clock = 20'000, .lane = 1},
                               {.clock = 26'000, .lane = 1, .what = lane_change::restore}};
  all.back().to_east.quality = {{.lane = 3, .from = 9'000, .ber = 2e-4},
                                {.lane = 3, .from = 12'000, .present = false},
                                {.lane = 3, .from = 25'000, .ber = 1e-8}};
}

}  // namespace

std::vector<scenario> whole_link_catalog() {
  std::vector<scenario> all;
  add_fec(all);
  add_repair(all);
  add_sessions(all);
  add_quiesce(all);
  add_injection(all);
  add_light(all);
  return all;
}

}  // namespace lightrack::verify
