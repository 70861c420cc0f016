// SPDX-License-Identifier: Apache-2.0
#include "tb/verify/pair_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "models/base/error.h"
#include "models/link/batch_runner.h"
#include "rtl/link_pkg.h"

namespace lightrack::verify {
namespace {

using clock_type = std::chrono::steady_clock;

/// Progress is a delivered flit, a change of state, or nothing to do; in each direction, or one
/// that hangs would hide behind the other.
class watchdog {
 public:
  explicit watchdog(i64 limit) : limit_{limit} {}
  [[nodiscard]] bool stuck(link_pair& b, i64 now) {
    const int states = b.west().status().state << 8 | b.east().status().state;
    const bool changed = std::exchange(states_, states) != states;
    for (const side from : {side::west, side::east}) {
      direction_watch& way = way_[from == side::west ? 0 : 1];
      const u64 delivered = b.delivered(from);
      if (std::exchange(way.delivered, delivered) != delivered || changed ||
          !b.work_waits(from, now))
        way.since = now;
    }
    return now - since() > limit_;
  }
  [[nodiscard]] i64 since() const { return std::min(way_[0].since, way_[1].since); }
  /// The end that sends in the direction that stands still.
  [[nodiscard]] side from() const {
    return way_[0].since <= way_[1].since ? side::west : side::east;
  }

 private:
  struct direction_watch {
    i64 since = 0;
    u64 delivered = 0;
  };
  i64 limit_;
  std::array<direction_watch, 2> way_;
  int states_ = -1;
};

bool down(const link::endpoint& end) {
  return end.status().state == static_cast<int>(link::pkg::state_e::link_down);
}

}  // namespace

u64 run_result::delivered() const {
  u64 flits = 0;
  for (const end_result* end : {&west, &east})
    for (const link::sink_counters& vc : end->sink) flits += vc.flits;
  return flits;
}

u64 run_result::trace_hash() const {
  base::trace_hash hash;  // in order of names
  hash.add(east.instance, east.trace_hash);
  hash.add(west.instance, west.trace_hash);
  return hash.value();
}

run_result run_pair(const scenario& s, const factories& make, const run_options& options) {
  link_pair b{s, make};
  b.west().trace().keep(options.keep_records);
  b.east().trace().keep(options.keep_records);
  link::batch_runner runner{{b.link()}, options.threads, options.max_batch};

  run_result result;
  result.in_bursts = static_cast<bool>(make.pair);
  watchdog progress{s.progress_clocks};
  const auto begin = clock_type::now();
  const auto run_until = [&](i64 end) {
    while (runner.now() < end && result.stuck.empty()) {
      b.tell_quality(runner.now() + runner.batch() + link::quality_lead);
      runner.step(end);
      if (progress.stuck(b, runner.now()) && !down(b.west()) && !down(b.east()))
        result.stuck = fmt::format("nothing of {} moved from clock {} to {} while work waits",
                                   name_of(progress.from()), progress.since(), runner.now());
    }
  };
  try {
    run_until(s.clocks);
    if (options.drain) {
      const i64 homeward = 20 * flight_of(s) + 1'000;  // with a lost acknowledgement or two
      const i64 latest = 10 * s.clocks;
      while (result.stuck.empty() && runner.now() < latest && b.work_waits(runner.now()))
        run_until(runner.now() + homeward);
      run_until(runner.now() + homeward);
    }
  } catch (const base::model_error& e) {
    result.broken = e.what();
  }
  result.wall_s = std::chrono::duration<double>(clock_type::now() - begin).count();
  result.clocks = runner.now();
  result.west = b.result(side::west, runner.now());
  result.east = b.result(side::east, runner.now());
  return result;
}

}  // namespace lightrack::verify
