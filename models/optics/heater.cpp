// SPDX-License-Identifier: Apache-2.0
#include "models/optics/heater.h"

#include <fmt/format.h>

#include "models/base/error.h"
#include "models/base/random.h"

namespace lightrack::optics {

double heater::settled(double time_us) const {
  return tau_us > 0 ? 1 - base::exact_exp(-time_us / tau_us) : 1;
}

heater make_heater(const heater_params& p) {
  if (!(p.max_mw > 0) || !(p.cost_uw_per_ghz > 0) || p.dac_bits < 1 || p.dac_bits > 24) {
    throw base::config_error(fmt::format(
        "ring.heater_max = {} mW, ring.heater_cost = {} uW/GHz, ring.heater_dac_bits = {}: allowed "
        "are a power and a cost above zero and 1 to 24 bits",
        p.max_mw, p.cost_uw_per_ghz, p.dac_bits));
  }
  return {.range_ghz = p.max_mw * 1e3 / p.cost_uw_per_ghz,
          .cost_uw_per_ghz = p.cost_uw_per_ghz,
          .codes = 1 << p.dac_bits,
          .tau_us = p.tau_us};
}

}  // namespace lightrack::optics
