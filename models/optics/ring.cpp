// SPDX-License-Identifier: Apache-2.0
#include "models/optics/ring.h"

#include <fmt/format.h>

#include <cmath>

#include "models/base/error.h"
#include "models/base/units.h"
#include "models/optics/decibel.h"

namespace lightrack::optics {

using base::number_text;

ring make_ring(const ring_params& p, double frequency_ghz) {
  return {
      .linewidth_ghz = frequency_ghz / p.q, .t_min = p.t_min, .drop_max = ratio(-p.drop_loss_db)};
}

double q_max(double frequency_ghz, double symbol_rate_gbd, double bandwidth_per_baud) {
  return frequency_ghz / (bandwidth_per_baud * symbol_rate_gbd);
}

void check_bandwidth(double q, double frequency_ghz, double symbol_rate_gbd,
                     double bandwidth_per_baud) {
  const double limit = q_max(frequency_ghz, symbol_rate_gbd, bandwidth_per_baud);
  if (q <= limit) return;
  throw base::config_error(fmt::format(
      "ring.q = {}: the ring is {:.1f} GHz wide and {} GBd need {:.1f} GHz ({} a baud); allowed "
      "at this symbol rate is {:.0f} or less",
      number_text(q), frequency_ghz / q, number_text(symbol_rate_gbd),
      bandwidth_per_baud * symbol_rate_gbd, number_text(bandwidth_per_baud), std::floor(limit)));
}

}  // namespace lightrack::optics
