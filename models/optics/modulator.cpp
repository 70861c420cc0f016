// SPDX-License-Identifier: Apache-2.0
#include "models/optics/modulator.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "models/optics/decibel.h"

namespace lightrack::optics {

double modulator_levels::er_db() const { return db(one / zero); }
double modulator_levels::insertion_loss_db() const { return -db(one); }
double modulator_levels::oma_loss_db() const { return -db(oma()); }

// The OMA has one maximum above zero bias: it is zero at zero bias by symmetry, rises while the
// slope at the nearer shift is the greater, and falls once both are on the flank. A golden section
// finds it; the bracket ends a linewidth past the steepest point of the flank.
double modulator::best_bias_ghz() const {
  constexpr double golden = 0.61803398874989484820;
  double low = 0;
  double high = response.linewidth_ghz + swing_ghz;
  double a = high - golden * (high - low);
  double b = low + golden * (high - low);
  while (high - low > 1e-7 * response.linewidth_ghz) {
    if (at(a).oma() < at(b).oma()) {
      low = a;
      a = b;
      b = low + golden * (high - low);
    } else {
      high = b;
      b = a;
      a = high - golden * (high - low);
    }
  }
  return 0.5 * (low + high);
}

double modulator::oma_penalty_db(double error_ghz) const {
  const double left = at(bias_ghz + error_ghz).oma();
  if (left <= 0) return std::numeric_limits<double>::infinity();
  return db(at(bias_ghz).oma() / left);
}

std::array<double, 4> modulator::pam4_detunings_ghz() const {
  const modulator_levels outer = at(bias_ghz);
  std::array<double, 4> detuning{};
  for (std::size_t i = 0; i < 4; ++i) {
    // through(d) = power, solved for d: the dip left at this power is (1-t_min) lorentzian(d).
    const double power = outer.zero + static_cast<double>(i) / 3 * outer.oma();
    const double dip = (1 - power) / (1 - response.t_min);
    detuning[i] = 0.5 * response.linewidth_ghz * std::sqrt(std::max(0.0, 1 / dip - 1));
  }
  return detuning;
}

double modulator::pam4_even_shift_linearity() const {
  const double first = bias_ghz - 0.5 * swing_ghz;
  double smallest = std::numeric_limits<double>::infinity();
  for (int i = 0; i < 3; ++i) {
    const double lower = response.through(first + i * swing_ghz / 3);
    const double upper = response.through(first + (i + 1) * swing_ghz / 3);
    smallest = std::min(smallest, upper - lower);
  }
  return smallest / (at(bias_ghz).oma() / 3);
}

}  // namespace lightrack::optics
