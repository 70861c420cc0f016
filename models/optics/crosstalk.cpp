// SPDX-License-Identifier: Apache-2.0
#include "models/optics/crosstalk.h"

#include <limits>
#include <vector>

#include "models/optics/decibel.h"

namespace lightrack::optics {

double neighbor_suppression(const ring& r, double spacing_ghz) {
  return lorentzian(spacing_ghz, r.linewidth_ghz);
}

double crosstalk(const grid& g, const ring& r, std::span<const double> power, int victim,
                 double ring_ghz) {
  double others = 0;
  double own = 0;
  for (int k = 0; k < g.lines; ++k) {
    const double arrived = power[static_cast<std::size_t>(k)] *
                           lorentzian(g.fold(g.line_ghz(k) - ring_ghz), r.linewidth_ghz);
    (k == victim ? own : others) += arrived;
  }
  return own > 0 ? others / own : std::numeric_limits<double>::infinity();
}

double crosstalk(const grid& g, const ring& r) {
  const std::vector<double> power(static_cast<std::size_t>(g.lines), 1.0);
  return crosstalk(g, r, power, 0, g.line_ghz(0));
}

double crosstalk_penalty_db(double crosstalk_ratio, double extinction_db,
                            base::modulation symbols) {
  const double er = ratio(extinction_db);
  const double eyes = symbols == base::modulation::pam4 ? 3 : 1;
  const double left = 1 - eyes * crosstalk_ratio * (er + 1) / (er - 1);
  return left > 0 ? -db(left) : std::numeric_limits<double>::infinity();
}

}  // namespace lightrack::optics
