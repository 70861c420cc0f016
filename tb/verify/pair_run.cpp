// SPDX-License-Identifier: Apache-2.0
#include "tb/verify/pair_run.h"

#include <fmt/format.h>

#include <chrono>
#include <memory>

#include "models/base/error.h"
#include "models/link/batch_runner.h"
#include "rtl/link_pkg.h"

namespace lightrack::verify {
namespace {

using clock_type = std::chrono::steady_clock;

/// Sources, sinks and endpoints of both ends.
class bench {
 public:
  bench(const scenario& s, const factories& make)
      : west_source_{source_params_of(s, side::west),
                     link::traffic_generator{traffic_params_of(s, side::west)}},
        east_source_{source_params_of(s, side::east),
                     link::traffic_generator{traffic_params_of(s, side::east)}},
        west_sink_{sink_params_of(s, side::west), &east_source_, &west_source_},
        east_sink_{sink_params_of(s, side::east), &west_source_, &east_source_},
        west_{make.west({.name = "link0.west",
                         .params = endpoint_params_of(s),
                         .receive = channel_of(s, side::east),
                         .source = &west_source_,
                         .sink = &west_sink_,
                         .far_source = &east_source_})},
        east_{make.east({.name = "link0.east",
                         .params = endpoint_params_of(s),
                         .receive = channel_of(s, side::west),
                         .source = &east_source_,
                         .sink = &east_sink_,
                         .far_source = &west_source_})} {
    for (const link::csr_access& access : accesses_of(s, side::west)) west_->access_csr(access);
    for (const link::csr_access& access : accesses_of(s, side::east)) east_->access_csr(access);
  }

  [[nodiscard]] link::endpoint& west() { return *west_; }
  [[nodiscard]] link::endpoint& east() { return *east_; }
  [[nodiscard]] u64 delivered() const {
    u64 flits = 0;
    for (int vc = 0; vc < link::vc_count; ++vc)
      flits += west_sink_.counters(vc).flits + east_sink_.counters(vc).flits;
    return flits;
  }
  [[nodiscard]] bool work_waits(i64 now) const {
    return west_source_.work_waits(now) || east_source_.work_waits(now) || in_flight();
  }
  [[nodiscard]] end_result result(side who, i64 now) const {
    const bool is_west = who == side::west;
    const link::endpoint& end = is_west ? *west_ : *east_;
    const link::flit_source& source = is_west ? west_source_ : east_source_;
    const link::flit_sink& sink = is_west ? west_sink_ : east_sink_;
    end_result r;
    r.instance = std::string{"link0."} + name_of(who);
    r.counters = end.counters();
    r.status = end.status();
    r.trace_hash = end.trace().hash();
    r.trace_records = end.trace().count();
    r.records.assign(end.trace().records().begin(), end.trace().records().end());
    for (int vc = 0; vc < link::vc_count; ++vc) {
      r.accepted[static_cast<std::size_t>(vc)] = source.popped(vc);
      r.sink[static_cast<std::size_t>(vc)] = sink.counters(vc);
    }
    r.latency_clocks = sink.flit_latency().mean();
    r.work_waits = source.work_waits(now);
    return r;
  }

 private:
  [[nodiscard]] bool in_flight() const {
    for (int vc = 0; vc < link::vc_count; ++vc) {
      const link::sink_counters& e = east_sink_.counters(vc);
      const link::sink_counters& w = west_sink_.counters(vc);
      if (e.flits + e.lost < west_source_.popped(vc)) return true;
      if (w.flits + w.lost < east_source_.popped(vc)) return true;
    }
    return false;
  }

  link::flit_source west_source_;
  link::flit_source east_source_;
  link::flit_sink west_sink_;
  link::flit_sink east_sink_;
  std::unique_ptr<link::endpoint> west_;
  std::unique_ptr<link::endpoint> east_;
};

/// Progress is a delivered flit, a change of state, or nothing to do.
class watchdog {
 public:
  explicit watchdog(i64 limit) : limit_{limit} {}
  [[nodiscard]] bool stuck(bench& b, i64 now) {
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
  bench b{s, make};
  b.west().trace().keep(options.keep_records);
  b.east().trace().keep(options.keep_records);
  link::batch_runner runner{{{.west = &b.west(), .east = &b.east(), .flight = flight_of(s)}},
                            options.threads,
                            options.max_batch};

  run_result result;
  watchdog progress{s.progress_clocks};
  const auto begin = clock_type::now();
  try {
    while (runner.now() < s.clocks) {
      runner.step(s.clocks);
      if (progress.stuck(b, runner.now()) && !down(b.west()) && !down(b.east())) {
        result.stuck = fmt::format("nothing moved from clock {} to {} while work waits",
                                   progress.since(), runner.now());
        break;
      }
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
