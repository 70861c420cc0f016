// SPDX-License-Identifier: Apache-2.0
#include "models/link/light_fec_rate.h"

#include <cmath>

namespace lightrack::link {
namespace {

/// Two or more of n bytes wrong, summed upwards so that small rates keep their digits.
double two_or_more(int n, double q) {
  double ways = n;
  double sum = 0;
  for (int k = 2; k <= n; ++k) {
    ways *= static_cast<double>(n - k + 1) / k;
    const double term = ways * std::pow(q, k) * std::exp((n - k) * std::log1p(-q));
    sum += term;
    if (k > n * q && term < sum * 1e-17) break;
  }
  return sum;
}

}  // namespace

double light_fec_flit_failure(double ber) {
  if (ber <= 0) return 0;
  if (ber >= 1) return 1;
  const double q = -std::expm1(8 * std::log1p(-ber));
  if (q >= 1) return 1;
  const double good = std::log1p(-two_or_more(86, q)) + 2 * std::log1p(-two_or_more(85, q));
  return -std::expm1(good);
}

double plain_flit_failure(double ber) {
  return ber >= 1 ? 1 : -std::expm1(2048 * std::log1p(-ber));
}

}  // namespace lightrack::link
