// SPDX-License-Identifier: Apache-2.0
// tests/bench/bench_optics.cpp
// Cost of a control period of the rings of a blade: moving, at rest, and one port that moves; and
// of an assignment by each scheme.
//
//   bench_optics --benchmark_format=json
// The time of an iteration is that of one evaluation; `rings_per_s` counts all 4,096.
#include <benchmark/benchmark.h>

#include "models/optics/assignment_yield.h"
#include "models/optics/light_bank.h"

namespace lightrack::optics {
namespace {

bank_params blade() {
  const ring r = make_ring({}, 230'600);
  return {.tx = {.response = r}, .rx = r, .actuator = make_heater({})};
}

light_bank locked_blade() {
  light_bank bank{blade()};
  for (int e = 0; e < bank.params().engines; ++e) {
    bank.set_light(e, true, 0);
    bank.power_on(e, 0);
  }
  bank.advance(50 * ms);
  bank.clear_changed();
  return bank;
}

void per_ring(benchmark::State& state, int rings) {
  state.counters["rings_per_s"] =
      benchmark::Counter(static_cast<double>(rings), benchmark::Counter::kIsIterationInvariantRate);
}

/// All engines warm and cool by 40 K at 800 K/s, hops included.
void moving(benchmark::State& state, int engines) {
  light_bank bank = locked_blade();
  time_fs t = 50 * ms;
  time_fs turn = t;
  double to = 62.5;
  for (auto _ : state) {
    if (t >= turn) {
      state.PauseTiming();
      const double from = to;
      to = from > 80 ? 62.5 : 102.5;
      for (int e = 0; e < engines; ++e) {
        bank.set_temperature(e, die_temperature::ramp(from, to, 800, t), t);
      }
      turn = t + 50 * ms;
      state.ResumeTiming();
    }
    t += 10 * us;
    bank.advance(t);
    benchmark::DoNotOptimize(bank.changed().data());
    bank.clear_changed();
  }
  per_ring(state, bank.rings());
}

void at_rest(benchmark::State& state) {
  light_bank bank = locked_blade();
  time_fs t = 50 * ms;
  const std::uint64_t before = bank.evaluated();
  for (auto _ : state) {
    t += 10 * us;
    bank.advance(t);
  }
  state.counters["evaluated"] = static_cast<double>(bank.evaluated() - before);
  per_ring(state, bank.rings());
}

void assign_bus(benchmark::State& state, arbitration scheme) {
  const yield_params p{.scatter = {.sigma_ghz = 120}, .actuator = make_heater({})};
  std::vector<bus_problem> buses;
  for (std::uint64_t i = 0; i < 64; ++i) buses.push_back(sampled_bus(p, i, 0));
  std::size_t next = 0;
  for (auto _ : state) benchmark::DoNotOptimize(assign(scheme, buses[next++ % buses.size()]));
}

BENCHMARK_CAPTURE(moving, all, 16)->Name("blade_moving")->Unit(benchmark::kMicrosecond)->MinTime(1);
BENCHMARK_CAPTURE(moving, one, 1)->Name("one_engine_moving")->Unit(benchmark::kMicrosecond);
BENCHMARK(at_rest)->Name("blade_at_rest")->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(assign_bus, sequential, arbitration::sequential)->Name("assign_sequential");
BENCHMARK_CAPTURE(assign_bus, nearest, arbitration::nearest)->Name("assign_nearest");
BENCHMARK_CAPTURE(assign_bus, barrel, arbitration::barrel_shift)->Name("assign_barrel_shift");
BENCHMARK_CAPTURE(assign_bus, optimum, arbitration::optimum)->Name("assign_optimum");

}  // namespace
}  // namespace lightrack::optics

BENCHMARK_MAIN();
