// SPDX-License-Identifier: Apache-2.0
// tests/bench/bench_package.cpp
// Cost of the light of a package, 64 ports of 16 wavelengths both ways, for one control period of
// 10 us; and of a flit pair in the same time, which the light may cost a tenth of.
//
//   bench_package --benchmark_format=json
#include <benchmark/benchmark.h>

#include <memory>

#include "models/link/batch_runner.h"
#include "models/link/flit_endpoint.h"
#include "models/link/packer.h"
#include "models/optics/lock_parameters.h"
#include "models/optics/optics_parameters.h"
#include "models/package/engine_setup.h"

namespace lightrack::package {
namespace {

using optics::ms;
using optics::us;

constexpr int engines = 8;
constexpr int ports = 8;
constexpr i64 clock_fs = 640'000;

engine_setup standard_setup() {
  auto known = std::make_shared<base::parameter_set>();
  base::declare_engine_parameters(*known);
  optics::declare_optics_parameters(*known);
  optics::declare_lock_parameters(*known);
  declare_engine_run_parameters(*known);
  base::config c{known};
  return make_engine_setup(c);
}

/// A package and its far ends: 8 engines on each side, 128 directions.
std::unique_ptr<light_plant> package_light() {
  const engine_setup s = standard_setup();
  std::vector<std::string> names;
  for (int e = 0; e < 2 * engines; ++e) names.push_back("engine" + std::to_string(e));
  auto plant = std::make_unique<light_plant>(plant_of(s, names, clock_fs));
  for (int e = 0; e < engines; ++e) {
    for (int p = 0; p < ports; ++p) {
      plant->connect({e, p}, {e + engines, p}, s.port(16));
      plant->connect({e + engines, p}, {e, p}, s.port(16));
    }
  }
  plant->start();
  return plant;
}

void at_rest(benchmark::State& state) {
  const auto plant = package_light();
  time_fs t = 0;
  for (auto _ : state) {
    t += 10 * us;
    if (plant->next_time() <= t) plant->step(t);
  }
  state.counters["evaluations"] = static_cast<double>(plant->evaluations());
}

/// All 16 dies warm and cool by 20 K at 800 K/s, hops included.
void all_dies_ramp(benchmark::State& state) {
  const auto plant = package_light();
  const std::uint64_t before = plant->evaluations();
  time_fs t = 0;
  time_fs turn = 0;
  double up = 20;
  std::uint64_t changes = 0;
  for (auto _ : state) {
    if (t >= turn) {
      for (int e = 0; e < 2 * engines; ++e)
        plant->schedule(
            {.time = t + us, .what = light_fault::temperature_ramp, .engine = e, .value = up});
      up = -up;
      turn = t + 30 * ms;
    }
    t += 10 * us;
    plant->step(t);
    changes += plant->changes().size();
    plant->clear_changes();
  }
  const auto periods = static_cast<double>(state.iterations());
  state.counters["evaluations_a_period"] =
      static_cast<double>(plant->evaluations() - before) / periods;
  state.counters["changes_a_period"] = static_cast<double>(changes) / periods;
}

void one_evaluation(benchmark::State& state) {
  optical_port port{standard_setup().port(16)};
  std::vector<ring_place> rings;
  for (int k = 0; k < 16; ++k) rings.push_back({.line = k, .present = true});
  time_fs t = 0;
  for (auto _ : state) benchmark::DoNotOptimize(port.evaluate(rings, rings, t += us, 64, true));
}

/// One link at full load for a control period: 15,625 clocks both ways. A package has 64.
void link_for_a_period(benchmark::State& state) {
  using namespace link;
  flit_source west_source{{.path = "west"},
                          traffic_generator{{.load = 1, .seed = 1, .path = "west"}}};
  flit_source east_source{
      {.path = "east"},
      traffic_generator{{.load = 1, .seed = 1, .path = "east", .source = 1, .destination = 0}}};
  flit_sink west_sink{{}, &east_source, &west_source};
  flit_sink east_sink{{}, &west_source, &east_source};
  const auto end = [](const char* name, const char* from, flit_source& source, flit_sink& sink,
                      flit_source& far) {
    auto e = make_flit_endpoint({.name = name,
                                 .params = {},
                                 .receive = {.path = from},
                                 .source = &source,
                                 .sink = &sink,
                                 .far_source = &far});
    for (const csr_access& write : configuration_writes({})) e->access_csr(write);
    return e;
  };
  const auto west = end("west", "east.tx", west_source, west_sink, east_source);
  const auto east = end("east", "west.tx", east_source, east_sink, west_source);
  batch_runner runner{{{west.get(), east.get(), receive_channel{channel_params{}}.flight()}}, 1};
  const auto run_to = [&](i64 clock) {
    while (runner.now() < clock) runner.step(clock);
  };
  run_to(60'000);
  for (auto _ : state) run_to(runner.now() + 15'625);
  state.counters["flits"] = static_cast<double>(west_sink.counters(0).flits);
}

BENCHMARK(at_rest)->Name("package_at_rest")->Unit(benchmark::kMicrosecond);
BENCHMARK(all_dies_ramp)
    ->Name("package_all_dies_ramp")
    ->Unit(benchmark::kMicrosecond)
    ->Iterations(12'000);
BENCHMARK(one_evaluation)->Name("port_evaluation")->Unit(benchmark::kMicrosecond);
BENCHMARK(link_for_a_period)->Name("flit_pair_of_a_period")->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace lightrack::package

BENCHMARK_MAIN();
