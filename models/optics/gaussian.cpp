// SPDX-License-Identifier: Apache-2.0
#include "models/optics/gaussian.h"

#include <cmath>

#include "models/base/random.h"

namespace lightrack::optics {
namespace {

constexpr double sqrt_2 = 1.41421356237309504880;
constexpr double sqrt_pi = 1.77245385090551602730;

template <class Ber>
double bisect(const Ber& ber_of_q, double ber) {
  double low = 0;
  double high = 40;
  while (high - low > 1e-13 * high) {
    const double middle = 0.5 * (low + high);
    if (middle == low || middle == high) break;
    (ber_of_q(middle) > ber ? low : high) = middle;
  }
  return 0.5 * (low + high);
}

}  // namespace

double erfc_positive(double x) {
  if (x > 27) return 0;
  if (x < 2) {
    // erf(x) = 2/sqrt(pi) exp(-x^2) sum 2^n x^(2n+1) / (1 3 5 ... (2n+1)): all terms positive.
    double term = x;
    double sum = x;
    for (int n = 1; term > 1e-18 * sum; ++n) {
      term *= 2 * x * x / (2 * n + 1);
      sum += term;
    }
    return 1 - 2 / sqrt_pi * base::exact_exp(-x * x) * sum;
  }
  // Continued fraction, from the far end: x + (1/2)/(x + 1/(x + (3/2)/(x + ...))).
  double tail = x;
  for (int n = 120; n >= 1; --n) tail = x + 0.5 * n / tail;
  return base::exact_exp(-x * x) / (sqrt_pi * tail);
}

double nrz_ber(double q) { return q <= 0 ? 0.5 : 0.5 * erfc_positive(q / sqrt_2); }
double pam4_ber(double eye_q) { return eye_q <= 0 ? 0.375 : 0.375 * erfc_positive(eye_q / sqrt_2); }
double nrz_q(double ber) { return bisect(nrz_ber, ber); }
double pam4_q(double ber) { return bisect(pam4_ber, ber); }

}  // namespace lightrack::optics
