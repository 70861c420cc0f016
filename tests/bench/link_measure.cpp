// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/link_measure.h"

#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <memory>
#include <stdexcept>
#include <systemc>
#include <vector>

#include "models/link/burst_pair.h"
#include "models/link/link_process.h"
#include "rtl/link_pkg.h"
#include "tb/verify/link_pair.h"
#include "tests/bench/bare_pair.h"

namespace lightrack::bench {
namespace {

using clock_type = std::chrono::steady_clock;

verify::scenario full_load(double length_m) {
  verify::scenario s;
  s.name = "bench";
  s.length_m = length_m;
  s.to_east.offset_bits = s.to_west.offset_bits = {0};  // as in the bare loop
  return s;
}

double since(clock_type::time_point begin) {
  return std::chrono::duration<double>(clock_type::now() - begin).count();
}

}  // namespace

measured bare(double length_m, std::int64_t clocks) {
  bare_pair pair{verify::flight_of(full_load(length_m))};
  pair.run(training_clocks);
  const std::uint64_t flits = pair.flits();
  const auto begin = clock_type::now();
  pair.run(clocks);
  return {.wall_s = since(begin), .clocks = clocks, .flits = pair.flits() - flits};
}

/// `clocks` of the runner under the kernel, from the end of training on; `delivered` counts flits.
template <class Delivered>
measured under_runner(link::batch_runner& runner, std::int64_t clocks, const Delivered& delivered) {
  constexpr std::int64_t period_fs = 640'000;
  measured result;
  clock_type::time_point begin;
  std::int64_t first = -1;
  std::uint64_t flits = 0;
  link::link_process process{"link", runner, period_fs, [&]() -> std::int64_t {
                               if (first < 0 && runner.now() >= training_clocks) {
                                 first = runner.now();
                                 flits = delivered();
                                 begin = clock_type::now();
                               }
                               return first < 0 ? training_clocks : first + clocks;
                             }};
  sc_core::sc_start();
  process.rethrow_failure();
  result.wall_s = since(begin);
  result.clocks = runner.now() - first;
  result.flits = delivered() - flits;
  return result;
}

measured under_kernel(const link::endpoint_factory& make, double length_m, std::int64_t clocks,
                      int threads) {
  sc_core::sc_set_time_resolution(1, sc_core::SC_FS);
  verify::link_pair pair{full_load(length_m), {.west = make, .east = make}};
  link::batch_runner runner{{pair.link()}, threads};
  return under_runner(runner, clocks, [&] { return pair.delivered(); });
}

measured among_quiet(const link::endpoint_factory& make, double length_m, std::int64_t clocks,
                     bool busy, int quiet) {
  sc_core::sc_set_time_resolution(1, sc_core::SC_FS);
  const verify::factories both{.west = make, .east = make};
  verify::scenario idle = full_load(length_m);
  idle.west.load = idle.east.load = 0;
  idle.params.quiesce_after = 16;
  std::vector<std::unique_ptr<verify::link_pair>> pairs;
  if (busy) pairs.push_back(std::make_unique<verify::link_pair>(full_load(length_m), both));
  for (int k = 0; k < quiet; ++k) pairs.push_back(std::make_unique<verify::link_pair>(idle, both));
  std::vector<link::runner_link> links;
  for (const auto& pair : pairs) links.push_back(pair->link());
  link::batch_runner runner{links, 1};
  const measured result = under_runner(runner, clocks, [&] { return pairs.front()->delivered(); });
  for (std::size_t k = busy ? 1 : 0; k < pairs.size(); ++k)
    if (pairs[k]->east().counters().quiesces != 1)
      throw std::runtime_error("a link that was to be quiet is not");
  return result;
}

measured burst_pair(double length_m, std::int64_t clocks) {
  constexpr std::int64_t batch = 1 << 16;  // no fiber limits it
  using verify::side;
  sc_core::sc_set_time_resolution(1, sc_core::SC_FS);
  const verify::scenario s = full_load(length_m);
  const auto source = [&](side who) {
    return link::flit_source{verify::source_params_of(s, who),
                             link::traffic_generator{verify::traffic_params_of(s, who)}};
  };
  link::flit_source west_source = source(side::west);
  link::flit_source east_source = source(side::east);
  link::flit_sink west_sink{verify::sink_params_of(s, side::west), &east_source, &west_source};
  link::flit_sink east_sink{verify::sink_params_of(s, side::east), &west_source, &east_source};
  link::burst_ends ends =
      link::make_burst_ends({.name = "link0.west",
                             .params = verify::endpoint_params_of(s, side::west),
                             .receive = verify::channel_of(s, side::east),
                             .source = &west_source,
                             .sink = &west_sink,
                             .far_source = &east_source},
                            {.name = "link0.east",
                             .params = verify::endpoint_params_of(s, side::east),
                             .receive = verify::channel_of(s, side::west),
                             .source = &east_source,
                             .sink = &east_sink,
                             .far_source = &west_source},
                            link::service_curve{});
  for (const auto& a : verify::accesses_of(s, side::west)) ends.west->access_csr(a);
  for (const auto& a : verify::accesses_of(s, side::east)) ends.east->access_csr(a);
  const auto delivered = [&] { return west_sink.counters(0).flits + east_sink.counters(0).flits; };
  link::batch_runner runner{{{.west = ends.west.get(), .east = ends.east.get(), .flight = batch}},
                            1};
  return under_runner(runner, clocks, delivered);
}

measured in_child(const std::function<measured()>& job) {
  int ends[2];
  if (::pipe(ends) != 0) throw std::runtime_error("pipe failed");
  const pid_t child = ::fork();
  if (child < 0) throw std::runtime_error("fork failed");
  if (child == 0) {
    const measured result = job();
    const bool told = ::write(ends[1], &result, sizeof result) == sizeof result;
    ::_exit(told ? 0 : 1);
  }
  ::close(ends[1]);
  measured result;
  const bool told = ::read(ends[0], &result, sizeof result) == sizeof result;
  ::close(ends[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  if (!told || status != 0) throw std::runtime_error("the measured process died");
  return result;
}

}  // namespace lightrack::bench
