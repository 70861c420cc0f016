// SPDX-License-Identifier: Apache-2.0
#include "tb/verify/catalog.h"

#include <fmt/format.h>

#include <utility>

#include "tb/verify/shaped.h"

namespace lightrack::verify {
namespace {

void add_clean(std::vector<scenario>& all) {
  for (const int lanes : {16, 8, 4})
    for (const double length_m : {1.0, 20.0, 500.0})
      all.push_back(shaped("clean", lanes, length_m, "no errors, full load both ways"));
}

void add_errors(std::vector<scenario>& all) {
  struct point {
    double ber;
    int lanes;
    double length_m;
  };
  for (const point& p : {point{1e-9, 16, 20},
                         {1e-8, 8, 500},
                         {1e-7, 4, 20},
                         {1e-6, 16, 500},
                         {1e-6, 8, 1},
                         {1e-5, 16, 20},
                         {1e-5, 8, 20},
                         {1e-5, 4, 500}}) {
    all.push_back(shaped(fmt::format("ber_{:g}", p.ber), p.lanes, p.length_m,
                         "independent wrong bits on all lanes"));
    both_ways(all.back(), {.ber = p.ber});
  }
  for (const point& p : {point{1e-4, 16, 1}, {1e-4, 8, 20}, {1e-4, 4, 20}}) {
    all.push_back(shaped(fmt::format("ber_{:g}", p.ber), p.lanes, p.length_m,
                         "every fifth flit is bad and the link must stay up", 30'000));
    both_ways(all.back(), {.ber = p.ber});
    // A lane may miss the marker that all others align on; then DESKEW ends by its timeout.
    all.back().params.map_timeout_clocks = all.back().params.deskew_timeout_clocks = 4'000;
    all.back().params.init_timeout_clocks = 4'000;
    all.back().params.train_limit = 8;
  }
  for (const point& p : {point{1e-3, 16, 20}, {1e-3, 4, 1}}) {
    all.push_back(shaped(fmt::format("ber_{:g}", p.ber), p.lanes, p.length_m,
                         "seven of eight flits are bad: LINK_DOWN, with the same cause", 60'000));
    scenario& s = all.back();
    both_ways(s, {.ber = p.ber});
    s.params.replay_limit = 2;
    s.params.retrain_limit = 1;
    s.params.train_limit = 2;
    s.params.lock_timeout_clocks = 12'000;
    s.params.map_timeout_clocks = s.params.deskew_timeout_clocks = 6'000;
    s.params.init_timeout_clocks = 6'000;
    s.expected = ending::down;
    s.flits_at_least = 0;
  }
  all.push_back(
      shaped("ber_one_way", 16, 20, "errors only on the way that carries acknowledgements"));
  all.back().to_west.ber = 3e-5;
  all.back().east.load = 0;
  for (const auto& [lanes, length_m] : {std::pair{16, 20.0}, {8, 500.0}, {4, 1.0}}) {
    all.push_back(shaped("bursts", lanes, length_m, "bursts of 24 bits on a lane"));
    both_ways(all.back(), {.burst_rate = 2e-6, .burst_bits = 24});
  }
}

void add_backpressure(std::vector<scenario>& all) {
  all.push_back(shaped("backpressure", 16, 20, "both channels stall at both sinks, small buffers"));
  all.push_back(shaped("backpressure", 4, 1, "the same, short and narrow"));
  for (std::size_t i = all.size() - 2; i < all.size(); ++i) {
    scenario& s = all[i];
    s.params.rx_depth = 16;
    for (side_traffic* t : {&s.west, &s.east}) {
      t->read_fraction = 0.5;
      t->stall_every = 7;
      t->stall_clocks = 150;
    }
  }
  all.push_back(shaped("backpressure_errors", 8, 20, "stalls and wrong bits together"));
  both_ways(all.back(), {.ber = 1e-5});
  all.back().params.rx_depth = 64;
  for (side_traffic* t : {&all.back().west, &all.back().east}) {
    t->read_fraction = 0.3;
    t->stall_every = 40;
    t->stall_clocks = 700;
  }
  all.push_back(shaped("window_64", 16, 500, "a window far smaller than the fiber"));
  all.back().params.window = 64;
  all.push_back(shaped("window_8", 8, 20, "eight flits on the way at most, with errors"));
  all.back().params.window = 8;
  both_ways(all.back(), {.ber = 1e-6});
  all.push_back(shaped("replay_depth_64", 16, 20, "the retry buffer limits"));
  all.back().params.replay_depth = 64;
  all.push_back(shaped("mixed_traffic", 16, 20, "reads, short writes, poison, half load"));
  for (side_traffic* t : {&all.back().west, &all.back().east})
    *t = {.load = 0.4, .bytes = 96, .read_fraction = 0.4, .poison_every = 5};
  all.push_back(shaped("one_way", 16, 20, "west sends, east only acknowledges"));
  all.back().east.load = 0;
}

void add_training(std::vector<scenario>& all) {
  all.push_back(shaped("retrain", 16, 20, "asked for by west, by east, and by both at once"));
  all.back().commands = {{.clock = 6'000, .where = side::west},
                         {.clock = 10'000, .where = side::east},
                         {.clock = 14'000, .where = side::west},
                         {.clock = 14'003, .where = side::east}};
  all.push_back(shaped("retrain", 8, 500, "asked for with a full fiber", 30'000));
  all.back().commands = {{.clock = 50'000, .where = side::east}};
  all.push_back(shaped("retrain_errors", 4, 20, "retrains while replays go on", 24'000));
  both_ways(all.back(), {.ber = 3e-5});
  all.back().commands = {{.clock = 11'000, .where = side::west},
                         {.clock = 17'001, .where = side::east},
                         {.clock = 23'002, .where = side::west}};
  all.push_back(
      shaped("marker_interval_64", 16, 20, "markers as often as they may be, with errors"));
  all.back().params.marker_interval = 64;
  both_ways(all.back(), {.ber = 1e-6});
  all.push_back(shaped("skew", 16, 20, "lanes up to 15 words apart"));
  both_ways(all.back(), {.skew_words = {0, 15, 3, 7, 1, 14, 2, 9, 5, 11, 4, 13, 6, 8, 10, 12}});
  all.push_back(shaped("skew", 8, 1, "the slowest lane is the first one"));
  both_ways(all.back(), {.skew_words = {12, 0, 1, 2, 3, 4, 5, 6}});
  all.push_back(shaped("skew", 4, 500, "skew and bit offsets that differ by lane"));
  all.back().to_east = {.skew_words = {0, 9, 4, 15}, .offset_bits = {127, 0, 64, 1}};
  all.back().to_west = {.skew_words = {2, 2, 0, 3}, .offset_bits = {3, 2, 1, 0}};
  all.push_back(shaped("session", 16, 20,
                       "west is switched off and on: flits are lost, all counted", 24'000));
  all.back().commands = {{.clock = 8'000, .where = side::west, .what = action::disable},
                         {.clock = 8'600, .where = side::west, .what = action::enable}};
  all.back().expected = ending::resumed;
}

void add_lanes(std::vector<scenario>& all) {
  using link::lane_change;
  all.push_back(shaped("lane_loss", 16, 20, "a lane is dark for 3,000 clocks", 24'000));
  all.back().to_east.events = {{.clock = 8'000, .lane = 5},
                               {.clock = 11'000, .lane = 5, .what = lane_change::restore}};
  all.push_back(shaped("lane_loss", 8, 500, "two lanes, one after the other", 40'000));
  all.back().to_west.events = {{.clock = 45'000, .lane = 0},
                               {.clock = 45'040, .lane = 7},
                               {.clock = 46'000, .lane = 0, .what = lane_change::restore},
                               {.clock = 47'000, .lane = 7, .what = lane_change::restore}};
  all.push_back(shaped("fiber_cut", 4, 20, "both ways dark for 2,000 clocks", 30'000));
  all.back().to_east.events = {{.clock = 12'000}, {.clock = 14'000, .what = lane_change::restore}};
  all.back().to_west.events = {{.clock = 12'010}, {.clock = 14'010, .what = lane_change::restore}};
  all.push_back(shaped("lane_blink", 16, 1, "a lane is dark for 9 clocks", 20'000));
  all.back().to_east.events = {{.clock = 7'000, .lane = 2},
                               {.clock = 7'009, .lane = 2, .what = lane_change::restore}};
}

}  // namespace

i64 active_clock(const scenario& s) {
  constexpr i64 flights = 9;  // LOCK waits for two, the steps after it take the rest
  return 300 + search_clocks(s.lanes) + flights * flight_of(s);
}

scenario shaped(std::string_view what, int lanes, double length_m, std::string why, i64 active) {
  scenario s;
  s.name = fmt::format("{}_{}lanes_{:g}m", what, lanes, length_m);
  s.why = std::move(why);
  s.lanes = lanes;
  s.length_m = length_m;
  s.clocks = active_clock(s) + active;
  if (length_m > 100) {
    s.params.replay_depth = 511;
    s.params.rx_depth = 511;
    s.clocks += active;  // the window fills a third of the fiber
  }
  return s;
}

std::vector<scenario> gate_catalog(u64 seed) {
  std::vector<scenario> all;
  add_clean(all);
  add_errors(all);
  add_backpressure(all);
  add_training(all);
  add_lanes(all);
  for (scenario& s : whole_link_catalog()) all.push_back(std::move(s));
  for (scenario& s : light_catalog()) all.push_back(std::move(s));
  for (scenario& s : all) s.seed = seed;
  return all;
}

}  // namespace lightrack::verify
