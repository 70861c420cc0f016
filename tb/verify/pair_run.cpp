// SPDX-License-Identifier: Apache-2.0
#include "tb/verify/pair_run.h"

#include <fmt/format.h>

#include <chrono>

#include "models/base/error.h"
#include "models/link/batch_runner.h"
#include "rtl/link_pkg.h"

namespace lightrack::verify {
namespace {

using clock_type = std::chrono::steady_clock;

/// Progress is a delivered flit, a change of state, or nothing to do.
class watchdog {
 public:
  explicit watchdog(i64 limit) : limit_{limit} {}
  [[nodiscard]] bool stuck(link_pair& b, i64 now) {
    const int states = b.west().status().state << 8 | b.east().status().state;
    const u64 delivered = b.delivered();
    if (delivered != delivered_ || states != states_ || !b.work_waits(now)) since_ = now;
    delivered_ = delivered;
    states_ = states;
    return now - since_ > limit_;
  }
  [[nodiscard]] i64 since() const { return since_; }

 private:
  i64 limit_;
  i64 since_ = 0;
  u64 delivered_ = 0;
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
  link::batch_runner runner{{{.west = &b.west(), .east = &b.east(), .flight = flight_of(s)}},
                            options.threads,
                            options.max_batch};

  run_result result;
  watchdog progress{s.progress_clocks};
  const auto begin = clock_type::now();
  const auto run_until = [&](i64 end) {
    while (runner.now() < end && result.stuck.empty()) {
      runner.step(end);
      if (progress.stuck(b, runner.now()) && !down(b.west()) && !down(b.east()))
        result.stuck = fmt::format("nothing moved from clock {} to {} while work waits",
                                   progress.since(), runner.now());
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
