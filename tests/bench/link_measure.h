// SPDX-License-Identifier: Apache-2.0
// tests/bench/link_measure.h
// Runs of a 16-lane pair at full load both ways, for benchmarks and instruction counts.
//
// Time:   training is over before the measured clocks begin.
// Threads: under_kernel() elaborates SystemC: once a process, and so do the others of a runner.
// in_child() gives each call its own.
#pragma once

#include <cstdint>
#include <functional>

#include "models/link/endpoint.h"

namespace lightrack::bench {

struct measured {
  double wall_s = 0;
  std::int64_t clocks = 0;
  std::uint64_t flits = 0;  ///< delivered, both directions
};

/// Clocks after which every pair here is ACTIVE, up to 20 m.
inline constexpr std::int64_t training_clocks = 8'000;

/// The Verilated models alone.
[[nodiscard]] measured bare(double length_m, std::int64_t clocks);
/// The endpoints of `make` in link_process under the SystemC kernel, as a platform runs them.
[[nodiscard]] measured under_kernel(const link::endpoint_factory& make, double length_m,
                                    std::int64_t clocks, int threads);

/// A busy link and `quiet` more that sleep in QUIESCE, all in one runner under the kernel; flits
/// are the busy one's. Without `busy` the quiet ones alone. Throws std::runtime_error if one did
/// not go to sleep.
[[nodiscard]] measured among_quiet(const link::endpoint_factory& make, double length_m,
                                   std::int64_t clocks, bool busy, int quiet);

/// The same for a burst pair, whose ends are made together.
[[nodiscard]] measured burst_pair(double length_m, std::int64_t clocks);

/// Runs `job` in a forked process and hands its result back; throws std::runtime_error if it dies.
[[nodiscard]] measured in_child(const std::function<measured()>& job);

}  // namespace lightrack::bench
