// SPDX-License-Identifier: Apache-2.0
#include "models/optics/thermal.h"

#include <fmt/format.h>

#include "models/base/error.h"

namespace lightrack::optics {

die_temperature die_temperature::constant(double celsius) {
  return {.from_c = celsius, .to_c = celsius};
}

die_temperature die_temperature::ramp(double from_c, double to_c, double slew_k_per_s,
                                      time_fs start) {
  if (!(slew_k_per_s > 0)) {
    throw base::config_error(fmt::format(
        "a ramp from {} to {} degC at {} K/s never arrives; allowed is a slew above zero", from_c,
        to_c, slew_k_per_s));
  }
  const double span_k = to_c > from_c ? to_c - from_c : from_c - to_c;
  return {.start = start,
          .end = start + static_cast<time_fs>(span_k / slew_k_per_s * 1e15),
          .from_c = from_c,
          .to_c = to_c,
          .slew_k_per_s = to_c > from_c ? slew_k_per_s : -slew_k_per_s};
}

die_temperature die_temperature::step(double from_c, double to_c, time_fs at) {
  // One femtosecond before it the old value still stands.
  return {.start = at - 1, .end = at, .from_c = from_c, .to_c = to_c, .slew_k_per_s = 0};
}

void neighbor_heat(std::span<const double> shift_ghz, double share, std::span<double> leak_ghz) {
  const std::size_t n = shift_ghz.size();
  for (std::size_t i = 0; i < n; ++i) {
    const double before = i > 0 ? shift_ghz[i - 1] : 0;
    const double after = i + 1 < n ? shift_ghz[i + 1] : 0;
    leak_ghz[i] = share * (before + after);
  }
}

}  // namespace lightrack::optics
