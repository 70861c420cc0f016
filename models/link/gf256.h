// SPDX-License-Identifier: Apache-2.0
// models/link/gf256.h
// Arithmetic in GF(2^8) with x^8 + x^4 + x^3 + x^2 + 1 (0x11D), of which a = 2 is a primitive
// element.
//
// Cost: a product is three table reads; tables are made at compile time.
#pragma once

#include <array>

#include "models/link/types.h"

namespace lightrack::link::gf256 {

inline constexpr int order = 255;  ///< of a

namespace detail {

struct tables {
  std::array<u8, 2 * order> power{};  ///< twice around, so that a sum of two logarithms needs no
                                      ///< reduction
  std::array<u8, 256> log{};          ///< log[0] is not defined
};
inline constexpr tables table = [] {
  tables t;
  unsigned v = 1;
  for (unsigned i = 0; i < order; ++i) {
    t.power[i] = t.power[i + order] = static_cast<u8>(v);
    t.log[v] = static_cast<u8>(i);
    v = v << 1 ^ ((v & 0x80) != 0 ? 0x11DU : 0U);
  }
  return t;
}();

}  // namespace detail

/// a^exponent, 0 <= exponent < 510.
[[nodiscard]] constexpr u8 power(int exponent) {
  return detail::table.power[static_cast<std::size_t>(exponent)];
}
/// The exponent (0 .. 254) of x = a^exponent; x != 0.
[[nodiscard]] constexpr int log(u8 x) { return detail::table.log[x]; }

[[nodiscard]] constexpr u8 multiply(u8 x, u8 y) {
  return x == 0 || y == 0 ? u8{0} : power(log(x) + log(y));
}
/// x / y, y != 0.
[[nodiscard]] constexpr u8 divide(u8 x, u8 y) {
  return x == 0 ? u8{0} : power(log(x) + order - log(y));
}

}  // namespace lightrack::link::gf256
