// SPDX-License-Identifier: Apache-2.0
#include "models/optics/scatter.h"

#include <cmath>

#include "models/base/random.h"

namespace lightrack::optics {
namespace {

constexpr std::uint64_t uniform_place = 1ULL << 32;  // beyond any retry of the polar method

}  // namespace

double gaussian(std::uint64_t key, std::uint64_t index) {
  for (std::uint64_t sub = 0;; ++sub) {
    const auto w = base::draw(key, index, sub);
    const double x = 2 * base::unit(w[0], w[1]) - 1;
    const double y = 2 * base::unit(w[2], w[3]) - 1;
    const double r = x * x + y * y;
    if (r >= 1 || r < 1e-300) continue;
    return x * std::sqrt(-2 * base::exact_log(r) / r);
  }
}

ring_scatter scatter_at(std::uint64_t key, std::uint64_t index, const scatter_params& p) {
  ring_scatter s{.offset_ghz = p.sigma_ghz * gaussian(key, index)};
  if (p.fsr_tolerance > 0 || p.range_tolerance > 0) {
    const auto w = base::draw(key, index, uniform_place);
    s.fsr_factor = 1 + p.fsr_tolerance * (2 * base::unit(w[0], w[1]) - 1);
    s.range_factor = 1 + p.range_tolerance * (2 * base::unit(w[2], w[3]) - 1);
  }
  return s;
}

ring_scatter scatter_of(std::uint64_t seed, std::string_view role, const scatter_params& p) {
  return scatter_at(base::stream_key(seed, role), 0, p);
}

}  // namespace lightrack::optics
