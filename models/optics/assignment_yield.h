// SPDX-License-Identifier: Apache-2.0
// models/optics/assignment_yield.h
// How many of many fabricated buses find an assignment, what their heaters take, and how often they
// hop on the way from one temperature to another.
//
// Bus `n` is drawn from (seed, "bus.ring5", n): a study that asks for more samples keeps the first.
// Cost:          about 5 us a bus with barrel shift, 20 us with optimum.
// Not modelled:  heat of neighboring heaters (the bank has it), dark lines.
//   const yield_result y = assignment_yield({.scheme = arbitration::nearest, .samples = 10'000});
#pragma once

#include <cstdint>

#include "models/optics/assignment.h"
#include "models/optics/heater.h"
#include "models/optics/scatter.h"

namespace lightrack::optics {

struct yield_params {
  arbitration scheme = arbitration::barrel_shift;
  std::uint64_t seed = 1;
  std::uint64_t first = 0;  ///< sample
  std::uint64_t samples = 20'000;
  int rings = 16;
  double spacing_ghz = 200;
  double fsr_ghz = 3200;
  scatter_params scatter{};
  heater actuator{};
  double cold_offset_ghz = 400;
  double drift_ghz_per_k = 10;
  double warmer_k = 0;  ///< than the temperature at which the cold offset holds
};

struct yield_result {
  std::uint64_t samples = 0;
  std::uint64_t complete = 0;    ///< buses that bring up all rings at this temperature
  double heater_mw = 0;          ///< sum over complete buses, mean of a bus's rings
  std::uint64_t started = 0;     ///< buses that are complete at the reference temperature
  std::uint64_t hops = 0;        ///< of these, on the way to this temperature
  std::uint64_t most_hops = 0;   ///< of one bus
  std::uint64_t rings_left = 0;  ///< rings without a line at this temperature

  [[nodiscard]] double yield() const {
    return static_cast<double>(complete) / static_cast<double>(samples);
  }
  /// Of a ring; zero if no bus is complete.
  [[nodiscard]] double mean_heater_mw() const {
    return complete == 0 ? 0 : heater_mw / static_cast<double>(complete);
  }
  /// Of a bus.
  [[nodiscard]] double mean_hops() const {
    return started == 0 ? 0 : static_cast<double>(hops) / static_cast<double>(started);
  }
  /// Half of the 95 % interval of the yield (Wilson), as a share.
  [[nodiscard]] double yield_ci95() const;
};

[[nodiscard]] yield_result assignment_yield(const yield_params& p);

/// The bus of one sample at `warmer_k`; what assignment_yield() asks about.
[[nodiscard]] bus_problem sampled_bus(const yield_params& p, std::uint64_t sample, double warmer_k);

/// Hops that a bus makes from the reference temperature to `warmer_k`, holding each assignment as
/// long as its heaters reach; -1 if it is not complete at the beginning.
[[nodiscard]] int hops_on_the_way(const yield_params& p, const bus_problem& at_reference);

}  // namespace lightrack::optics
