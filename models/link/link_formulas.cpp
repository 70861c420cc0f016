// SPDX-License-Identifier: Apache-2.0
#include "models/link/link_formulas.h"

#include <algorithm>
#include <cmath>

namespace lightrack::link {
namespace {

constexpr double coded_bits = 2048;

}  // namespace

double flit_error_probability(double ber) { return -std::expm1(coded_bits * std::log1p(-ber)); }

double go_back_n_efficiency(double p, double round_trip) {
  return (1 - p) / ((1 - p) + (round_trip + 1) * p);
}

double go_back_n_efficiency_lossy(double p, double q, double round_trip, double nak_timeout) {
  const double m = round_trip + 1;
  return 1 /
         (1 + p * m + p * p * nak_timeout / (1 - p) + p * q * nak_timeout / ((1 - p) * (1 - q)));
}

double window_efficiency(double window, double round_trip) {
  return round_trip <= 0 ? 1 : std::min(1.0, window / round_trip);
}

double retry_efficiency(double p, double round_trip, double window) {
  if (window >= round_trip) return go_back_n_efficiency(p, round_trip);
  if (p <= 0) return window_efficiency(window, round_trip);
  const double some_bad = -std::expm1(window * std::log1p(-p));
  const double until_bad = some_bad / p;
  return (1 - p) * until_bad / (round_trip + until_bad - window * (1 - some_bad));
}

double flits_per_clock(int lanes, int shift, int interval) {
  const double flits = interval;
  return flits / (flits * (4 << shift) + lanes / 4.0);
}

}  // namespace lightrack::link
