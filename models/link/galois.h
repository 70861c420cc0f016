// SPDX-License-Identifier: Apache-2.0
// models/link/galois.h
// Arithmetic in GF(2^Bits) = GF(2)[x] / Polynomial, of which a = x is a primitive element.
//
// Cost: a product is three table reads; tables are made at compile time.
//   using gf = galois<u8, 8, 0x11D>;  gf::multiply(gf::power(3), 7);
#pragma once

#include <array>
#include <cstddef>

namespace lightrack::link {

namespace detail {

template <class Value, unsigned Bits, unsigned Polynomial>
struct galois_tables {
  static constexpr std::size_t order = (std::size_t{1} << Bits) - 1;
  /// Twice around, so that a sum of two logarithms needs no reduction.
  std::array<Value, 2 * order> power{};
  std::array<Value, order + 1> log{};  ///< log[0] is not defined

  constexpr galois_tables() {
    unsigned v = 1;
    for (std::size_t i = 0; i < order; ++i) {
      power[i] = power[i + order] = static_cast<Value>(v);
      log[v] = static_cast<Value>(i);
      v <<= 1;
      if ((v >> Bits) != 0) v ^= Polynomial;
    }
  }
};

}  // namespace detail

template <class Value, unsigned Bits, unsigned Polynomial>
class galois {
 public:
  static constexpr int order = (1 << Bits) - 1;  ///< of a

  /// a^exponent, 0 <= exponent < 2 order.
  [[nodiscard]] static constexpr Value power(int exponent) {
    return table.power[static_cast<std::size_t>(exponent)];
  }
  /// The exponent (0 .. order - 1) of x = a^exponent; x != 0.
  [[nodiscard]] static constexpr int log(Value x) { return table.log[x]; }
  [[nodiscard]] static constexpr Value multiply(Value x, Value y) {
    return x == 0 || y == 0 ? Value{0} : power(log(x) + log(y));
  }
  /// x / y, y != 0.
  [[nodiscard]] static constexpr Value divide(Value x, Value y) {
    return x == 0 ? Value{0} : power(log(x) + order - log(y));
  }

 private:
  static constexpr detail::galois_tables<Value, Bits, Polynomial> table{};
};

}  // namespace lightrack::link
