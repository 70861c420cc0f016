// SPDX-License-Identifier: Apache-2.0
#include "tb/verify/fault_scenario.h"

#include <fmt/format.h>

#include <algorithm>

#include "rtl/link_csr.h"
#include "tb/verify/dice.h"
#include "tb/verify/shaped.h"

namespace lightrack::verify {
namespace {

using link::lane_change;

/// Shapes for which there is RTL.
struct shape {
  int lanes;
  int spares;
  bool fec;
};
constexpr shape shapes[] = {{16, 0, false}, {8, 0, false}, {4, 0, false},
                            {16, 2, true},  {8, 1, true},  {4, 1, false}};

enum class fault : u8 {
  lane_loss,
  lane_blink,
  dark_for_long,
  burst_of_errors,
  retrain,
  reset_one,
  reset_both,
  credits_withheld,
  wrong_header,
  wrong_lane_bits,
  lanes_switched_off,
  count,
};

constexpr const char* names[] = {"lane lost",       "lane blinks",      "dark for long",
                                 "bursts",          "retrain",          "reset of one side",
                                 "reset of both",   "credits withheld", "wrong header",
                                 "wrong lane bits", "lanes off"};
static_assert(std::size(names) == static_cast<std::size_t>(fault::count));

class maker {
 public:
  maker(scenario& s, dice& d) : s_{s}, d_{d} {}

  /// Adds one fault that begins at `clock` and gives the clock at which its cause is over.
  i64 add(fault what, i64 clock) {
    s_.why += (s_.why.empty() ? "" : ", ") + std::string{names[static_cast<int>(what)]};
    const side who = d_.coin() ? side::west : side::east;
    direction& light = d_.coin() ? s_.to_east : s_.to_west;
    const int lane = static_cast<int>(d_.number(0, s_.lanes + s_.params.spares - 1));
    switch (what) {
      case fault::lane_loss:
        light.events.push_back({.clock = clock, .lane = lane});
        if (d_.coin()) return clock;
        return dark(light, lane, clock, d_.number(200, 9'000));
      case fault::lane_blink:
        light.events.push_back({.clock = clock, .lane = lane});
        return dark(light, lane, clock, d_.number(1, 40));
      case fault::dark_for_long: {
        const i64 length = d_.number(20'000, 60'000);
        s_.to_east.events.push_back({.clock = clock});
        s_.to_west.events.push_back({.clock = clock + d_.number(0, 300)});
        dark(s_.to_west, -1, s_.to_west.events.back().clock, length);
        return dark(s_.to_east, -1, clock, length + d_.number(-200, 200));
      }
      case fault::burst_of_errors:
        light.burst_rate = d_.power(-7, -5.3);
        light.burst_bits = static_cast<double>(d_.number(2, 64));
        return clock;
      case fault::retrain:
        s_.commands.push_back({.clock = free_clock(clock), .where = who});
        return clock;
      case fault::reset_one:
        return reset(who, clock, d_.number(4, 3'000));
      case fault::reset_both:
        reset(side::west, clock, d_.number(4, 3'000));
        return reset(side::east, clock + d_.number(0, 500), d_.number(4, 3'000));
      case fault::credits_withheld: {
        side_traffic& t = who == side::west ? s_.west : s_.east;
        t.stall_every = static_cast<u64>(d_.number(2, 60));
        t.stall_clocks = d_.number(500, 9'000);
        return clock;
      }
      case fault::wrong_header: {
        // Fields whose wrong value the protocol can find: reserved kinds and bits, numbers far
        // away, credits that run backwards, a needless request.
        constexpr int bits[] = {2, 10, 13, 24, 25, 41, 42, 47};
        const u64 mask = u64{1} << bits[d_.number(0, std::ssize(bits) - 1)];
        write(who, clock, link::csr::inject_header_lo{.mask = static_cast<u32>(mask)});
        write(who, clock, link::csr::inject_header_hi{.mask = static_cast<link::u16>(mask >> 32)});
        write(who, clock,
              link::csr::inject_flits{.count = static_cast<u8>(d_.number(1, 3)),
                                      .nop = d_.coin(),
                                      .data = d_.coin(),
                                      .ctrl = d_.coin()});
        return clock;
      }
      case fault::wrong_lane_bits:
        write(who, clock,
              link::csr::inject_lane{.lane = static_cast<u8>(lane),
                                     .position = static_cast<u8>(d_.number(0, 512 / s_.lanes - 1)),
                                     .words = static_cast<link::u16>(d_.power(0, 3.5))});
        return clock;
      case fault::lanes_switched_off:
        write(who, clock,
              link::csr::lanes_off{.lanes = static_cast<u32>(d_.number(0, 0x3FFFF)) &
                                            static_cast<u32>(d_.number(0, 0x3FFFF)) & ~u32{0xF}});
        s_.commands.push_back({.clock = free_clock(clock), .where = who});
        return clock;
      case fault::count:
        break;
    }
    return clock;
  }

 private:
  i64 dark(direction& light, int lane, i64 from, i64 clocks) {
    light.events.push_back({.clock = from + clocks, .lane = lane, .what = lane_change::restore});
    return from + clocks;
  }
  /// Register accesses of a side lie at least 4 clocks apart.
  i64 free_clock(i64 wanted) {
    last_ = std::max(wanted, last_ + 8);
    return last_;
  }
  template <class Register>
  void write(side who, i64 clock, const Register& value) {
    s_.writes.push_back({.clock = free_clock(clock),
                         .where = who,
                         .offset = Register::info.offset,
                         .value = value.to_word()});
  }
  i64 reset(side who, i64 clock, i64 off) {
    s_.commands.push_back({.clock = free_clock(clock), .where = who, .what = action::disable});
    s_.commands.push_back({.clock = free_clock(clock + off), .where = who, .what = action::enable});
    return clock + off;
  }

  scenario& s_;
  dice& d_;
  i64 last_ = 0;
};

side_traffic traffic_of(dice& d) {
  side_traffic t;
  constexpr double loads[] = {0, 0.002, 0.05, 0.5, 1};
  t.load = loads[d.number(0, 4)];
  t.bytes = static_cast<u32>(d.number(1, 600));
  t.read_fraction = static_cast<double>(d.number(0, 60)) / 100;
  t.service_latency = d.number(0, 200);
  return t;
}

}  // namespace

scenario fault_scenario(u64 seed) {
  dice d{seed, "faults"};
  const shape of = shapes[d.number(0, std::ssize(shapes) - 1)];
  constexpr double lengths[] = {1, 20, 20, 150};
  scenario s = shaped("fault", of.lanes, lengths[d.number(0, 3)], "");
  s.name = fmt::format("fault_{}", seed);
  s.seed = seed;
  s.params.spares = of.spares;
  s.params.light_fec = of.fec;
  s.params.lane_wait_clocks = search_clocks(of.lanes) + 1'000;
  s.params.map_timeout_clocks = s.params.deskew_timeout_clocks = 8'000;
  s.params.init_timeout_clocks = 8'000;
  s.params.lock_timeout_clocks = 10'000;
  // Four timeouts of LOCK lead to LINK_DOWN; before that nothing moves.
  s.progress_clocks = 80'000;
  if (d.coin()) s.params.quiesce_after = d.number(1, 64);
  if (d.coin()) s.params.marker_interval = static_cast<int>(d.number(64, 512));
  if (d.coin()) s.params.rx_depth = static_cast<int>(d.number(8, 64));
  if (d.coin()) both_ways(s, {.ber = d.power(-7, -4)});
  s.west = traffic_of(d);
  s.east = traffic_of(d);

  const i64 up = active_clock(s);
  i64 last = up;
  maker make{s, d};
  const i64 count = d.number(1, 5);
  for (i64 i = 0; i < count; ++i)
    last =
        std::max(last, make.add(static_cast<fault>(d.number(0, static_cast<i64>(fault::count) - 1)),
                                last + d.number(0, 6'000)));
  // Events of a lane that overlap have no order of their own.
  for (direction* light : {&s.to_east, &s.to_west})
    std::ranges::stable_sort(light->events, {}, &link::lane_event::clock);
  s.clocks = last + 3 * up + 80'000;
  s.expected = ending::any;
  s.flits_at_least = 0;
  return s;
}

int fault_count(const scenario& s) {
  return s.why.empty() ? 0 : 1 + static_cast<int>(std::ranges::count(s.why, ','));
}

}  // namespace lightrack::verify
