// SPDX-License-Identifier: Apache-2.0
#include "models/link/ber_estimate.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace lightrack::link {
namespace {

constexpr u32 parity_bits = 8 * pkg::ber_intervals;
constexpr u32 saturation = parity_bits / 2;

const std::array<u32, saturation>& table() {
  static const std::array<u32, saturation> lambdas = [] {
    std::array<u32, saturation> t{};
    for (u32 e = 0; e < saturation; ++e)
      t[e] = static_cast<u32>(std::lround(-std::log(1.0 - 2.0 * e / parity_bits) / 2 * 65536));
    return t;
  }();
  return lambdas;
}

}  // namespace

u32 parity_lambda(u32 errors) { return table()[std::min(errors, saturation - 1)]; }

u32 ber_register(u32 errors, bool valid) {
  return u32{valid} << 31 | u32{errors >= saturation} << 30 | parity_lambda(errors);
}

double ber_of(u32 register_value, int interval, int width) {
  const double bits_per_parity = interval * 256.0 / width;
  return (register_value & 0x3FFFF) / 65536.0 / bits_per_parity;
}

}  // namespace lightrack::link
