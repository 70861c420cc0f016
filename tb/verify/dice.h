// SPDX-License-Identifier: Apache-2.0
// tb/verify/dice.h
// Random choices of scenarios: one stream of a seed and a name, asked in order.
#pragma once

#include <cstdint>
#include <string_view>

#include "models/base/random.h"

namespace lightrack::verify {

class dice {
 public:
  dice(std::uint64_t seed, std::string_view name) : key_{base::stream_key(seed, name)} {}
  /// Uniform in [low, high].
  [[nodiscard]] std::int64_t number(std::int64_t low, std::int64_t high) {
    const auto r = base::draw(key_, index_++);
    const std::uint64_t wide = std::uint64_t{r[0]} << 32 | r[1];
    return low + static_cast<std::int64_t>(wide % static_cast<std::uint64_t>(high - low + 1));
  }
  [[nodiscard]] bool coin() { return number(0, 1) == 1; }
  /// 10 to a power that is uniform in [low, high], in hundredths of their distance.
  [[nodiscard]] double power(double low, double high) {
    const double exponent = low + (high - low) * static_cast<double>(number(0, 100)) / 100;
    return base::exact_exp(exponent * 2.302585092994046);
  }

 private:
  std::uint64_t key_;
  std::uint64_t index_ = 0;
};

}  // namespace lightrack::verify
