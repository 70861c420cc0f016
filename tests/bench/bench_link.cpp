// SPDX-License-Identifier: Apache-2.0
// tests/bench/bench_link.cpp
// Speed of a link pair, 16 lanes, full load both ways: RTL bare, RTL in the SystemC loop on one and
// two threads, the flit model, and bursts; a busy RTL link alone and beside 64 that sleep in
// QUIESCE, and pairs that sleep. 20 m of fiber; the names that end in _1m have 1 m.
//
//   bench_link --benchmark_format=json
// Each iteration is a process of its own (SystemC elaborates once a process) that trains first and
// measures then; the time shown is that of the measured clocks.
#include <benchmark/benchmark.h>

#include "models/link/flit_endpoint.h"
#include "tb/bridge/rtl_endpoint.h"
#include "tests/bench/link_measure.h"

namespace lightrack::bench {
namespace {

constexpr std::int64_t rtl_clocks = 100'000;
constexpr std::int64_t flit_clocks = 2'000'000;
constexpr std::int64_t burst_clocks = 400'000'000;
constexpr std::int64_t quiet_clocks = 100'000'000;

template <class Job>
void measure(benchmark::State& state, Job job) {
  measured sum;
  for (auto _ : state) {
    const measured one = in_child(job);
    state.SetIterationTime(one.wall_s);
    sum.clocks += one.clocks;
    sum.flits += one.flits;
  }
  state.counters["clocks_per_s"] =
      benchmark::Counter(static_cast<double>(sum.clocks), benchmark::Counter::kIsRate);
  state.counters["flits_per_s"] =
      benchmark::Counter(static_cast<double>(sum.flits), benchmark::Counter::kIsRate);
}

void rtl_bare(benchmark::State& state, double length_m) {
  measure(state, [=] { return bare(length_m, rtl_clocks); });
}
void rtl_systemc(benchmark::State& state, double length_m, int threads) {
  measure(state, [=] {
    return under_kernel(bridge::rtl_factory({.assertions = false}), length_m, rtl_clocks, threads);
  });
}
void flit(benchmark::State& state, double length_m) {
  measure(state, [=] { return under_kernel(link::make_flit_endpoint, length_m, flit_clocks, 1); });
}

void among_quiet_links(benchmark::State& state, double length_m, int quiet) {
  measure(state,
          [=] { return among_quiet(bridge::rtl_factory(), length_m, rtl_clocks, true, quiet); });
}
void quiet_link(benchmark::State& state, double length_m, link::endpoint_factory make) {
  measure(state, [=] { return among_quiet(make, length_m, quiet_clocks, false, 1); });
}

void burst(benchmark::State& state, double length_m) {
  measure(state, [=] { return burst_pair(length_m, burst_clocks); });
}

void add_length(const std::string& suffix, double length_m) {
  const auto add = [&](const std::string& name, auto function, auto... arguments) {
    benchmark::RegisterBenchmark((name + suffix).c_str(), function, length_m, arguments...)
        ->UseManualTime()
        ->Unit(benchmark::kMillisecond);
  };
  add("rtl_pair_bare", rtl_bare);
  add("rtl_pair_systemc", rtl_systemc, 1);
  add("rtl_pair_systemc_2_threads", rtl_systemc, 2);
  add("flit_pair", flit);
  add("burst_pair", burst);
  add("busy_link_alone", among_quiet_links, 0);
  add("quiet_links_64", among_quiet_links, 64);
  add("quiet_rtl_pair", quiet_link, bridge::rtl_factory());
  add("quiet_flit_pair", quiet_link, link::endpoint_factory{link::make_flit_endpoint});
}

}  // namespace
}  // namespace lightrack::bench

int main(int argc, char** argv) {
  lightrack::bench::add_length("", 20);
  lightrack::bench::add_length("_1m", 1);
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}

// SystemC's library asks for it; the kernel is started by link_measure.
extern "C" int sc_main(int, char**) { return 0; }
