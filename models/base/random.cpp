// SPDX-License-Identifier: Apache-2.0
#include "models/base/random.h"

#include <Random123/philox.h>

#include <bit>

namespace lightrack::base {

std::uint64_t stream_key(std::uint64_t seed, std::string_view path) {
  std::uint64_t key = mix64(seed);
  for (const char c : path) key = mix64(key ^ static_cast<unsigned char>(c));
  return key;
}

std::array<std::uint32_t, 4> draw(std::uint64_t key, std::uint64_t index, std::uint64_t sub) {
  const auto low = [](std::uint64_t v) { return static_cast<std::uint32_t>(v); };
  const auto high = [](std::uint64_t v) { return static_cast<std::uint32_t>(v >> 32); };
  const r123::Philox4x32::ctr_type counter{{low(index), high(index), low(sub), high(sub)}};
  const r123::Philox4x32::key_type k{{low(key), high(key)}};
  const auto words = r123::Philox4x32{}(counter, k);
  return {words[0], words[1], words[2], words[3]};
}

double exact_log(double x) {
  // x = m 2^e with m in [sqrt(1/2), sqrt(2)); log m = 2 atanh(s), s = (m - 1)/(m + 1), |s| < 0.1716.
  const auto bits = std::bit_cast<std::uint64_t>(x);
  int e = static_cast<int>(bits >> 52) - 1023;
  double m = std::bit_cast<double>((bits & 0x000FFFFFFFFFFFFFULL) | 0x3FF0000000000000ULL);
  if (m > 1.4142135623730951) {
    m *= 0.5;
    ++e;
  }
  const double s = (m - 1) / (m + 1);
  const double s2 = s * s;
  double series = 0;
  for (int k = 21; k >= 3; k -= 2) series = (series + 1.0 / k) * s2;
  constexpr double ln2_high = 0x1.62e42fee00000p-1;  // 33 bits, so that e * ln2_high is exact
  constexpr double ln2_low = 0x1.a39ef35793c76p-33;
  return e * ln2_high + (e * ln2_low + (2 * s + 2 * s * series));
}

double exact_exp(double x) {
  if (x < -745) return 0;
  if (x > 709) return std::bit_cast<double>(0x7FF0000000000000ULL);
  // x = k ln 2 + r, |r| <= ln 2 / 2, then the Taylor series of r/8 and three squarings.
  constexpr double ln2_high = 0x1.62e42fee00000p-1;
  constexpr double ln2_low = 0x1.a39ef35793c76p-33;
  const double scaled = x * 1.4426950408889634;
  const int k = static_cast<int>(scaled < 0 ? scaled - 0.5 : scaled + 0.5);
  const double r = ((x - k * ln2_high) - k * ln2_low) * 0.125;
  double series = 0;
  for (int n = 13; n >= 1; --n) series = (series + 1) * r / n;
  double y = series + 1;
  y *= y;
  y *= y;
  y *= y;
  const int half = k / 2;
  const auto power = [](int n) { return std::bit_cast<double>(static_cast<std::uint64_t>(n + 1023) << 52); };
  return y * power(half) * power(k - half);
}

}  // namespace lightrack::base
