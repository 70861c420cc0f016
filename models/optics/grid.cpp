// SPDX-License-Identifier: Apache-2.0
#include "models/optics/grid.h"

#include <fmt/format.h>

#include <cmath>

#include "models/base/error.h"
#include "models/base/units.h"

namespace lightrack::optics {

using base::number_text;

double grid::fold(double distance_ghz) const {
  return distance_ghz - fsr_ghz * std::floor(distance_ghz / fsr_ghz + 0.5);
}

grid make_grid(const grid_params& p) {
  const int all = p.lines + p.spares;
  if (p.lines < 1 || p.spares < 0)
    throw base::config_error(fmt::format(
        "{} lines and {} spares make no bus; allowed is one line or more", p.lines, p.spares));
  const double bus_ghz = all * p.spacing_ghz;
  const double fsr_ghz = p.fsr_thz == 0 ? bus_ghz : p.fsr_thz * 1e3;
  if (std::abs(fsr_ghz - bus_ghz) > p.fsr_tolerance * bus_ghz)
    throw base::config_error(fmt::format(
        "ring.fsr = {} THz: {} lines of {} GHz take {} THz, which is {} the FSR; allowed is {} THz "
        "within {} %, so that a ring past one end of the bus comes back at the other",
        number_text(fsr_ghz / 1e3), all, number_text(p.spacing_ghz), number_text(bus_ghz / 1e3),
        fsr_ghz < bus_ghz ? "wider than" : "narrower than", number_text(bus_ghz / 1e3),
        number_text(p.fsr_tolerance * 100)));
  return {.lines = all,
          .center_ghz = p.center_thz * 1e3,
          .spacing_ghz = p.spacing_ghz,
          .fsr_ghz = fsr_ghz};
}

double ghz_per_nm(double frequency_ghz) {
  constexpr double c_nm_ghz = 299'792'458.0;  // m/s = nm GHz
  return frequency_ghz * frequency_ghz / c_nm_ghz;
}

}  // namespace lightrack::optics
