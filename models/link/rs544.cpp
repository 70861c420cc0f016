// SPDX-License-Identifier: Apache-2.0
#include "models/link/rs544.h"

#include <algorithm>
#include <cmath>

#include "models/link/galois.h"

namespace lightrack::link::rs544 {
namespace {

using field = galois<u16, 10, 0x409>;
constexpr int order = field::order;

constexpr u16 power(int exponent) { return field::power(exponent); }
constexpr u16 multiply(u16 x, u16 y) { return field::multiply(x, y); }
constexpr u16 divide(u16 x, u16 y) { return field::divide(x, y); }

/// Coefficients by rising power; only degrees up to 30 occur.
using polynomial = std::array<u16, parity_symbols + 1>;

constexpr polynomial generator = [] {
  polynomial g{};
  g[0] = 1;
  for (int root = 0; root < parity_symbols; ++root) {
    // times (x + a^root)
    for (std::size_t k = parity_symbols; k > 0; --k)
      g[k] = static_cast<u16>(g[k - 1] ^ multiply(g[k], power(root)));
    g[0] = multiply(g[0], power(root));
  }
  return g;
}();
static_assert(generator[parity_symbols] == 1);

u16 value(const polynomial& p, int degree, u16 x) {
  u16 sum = 0;
  for (int k = degree; k >= 0; --k)
    sum = static_cast<u16>(multiply(sum, x) ^ p[static_cast<std::size_t>(k)]);
  return sum;
}

using syndromes = std::array<u16, parity_symbols>;

/// True if all are zero.
bool find_syndromes(const word& w, syndromes& s) {
  u16 any = 0;
  for (int i = 0; i < parity_symbols; ++i) {
    u16 sum = 0;
    for (const u16 symbol : w) sum = static_cast<u16>(multiply(sum, power(i)) ^ symbol);
    s[static_cast<std::size_t>(i)] = sum;
    any |= sum;
  }
  return any == 0;
}

/// Berlekamp-Massey: the shortest recurrence that makes the syndromes; returns its length.
int find_locator(const syndromes& s, polynomial& locator) {
  locator = {1};
  polynomial before = {1};
  u16 discrepancy_before = 1;
  int length = 0;
  int shift = 1;
  for (int n = 0; n < parity_symbols; ++n) {
    u16 discrepancy = s[static_cast<std::size_t>(n)];
    for (int k = 1; k <= length; ++k)
      discrepancy ^=
          multiply(locator[static_cast<std::size_t>(k)], s[static_cast<std::size_t>(n - k)]);
    if (discrepancy == 0) {
      ++shift;
      continue;
    }
    const polynomial kept = locator;
    const u16 factor = divide(discrepancy, discrepancy_before);
    for (int k = 0; k + shift <= parity_symbols; ++k)
      locator[static_cast<std::size_t>(k + shift)] ^=
          multiply(factor, before[static_cast<std::size_t>(k)]);
    if (2 * length <= n) {
      length = n + 1 - length;
      before = kept;
      discrepancy_before = discrepancy;
      shift = 1;
    } else {
      ++shift;
    }
  }
  return length;
}

}  // namespace

void encode(word& w) {
  // Division by the generator; remainder[0] is the highest power, and stands first.
  std::array<u16, parity_symbols> remainder{};
  for (std::size_t i = 0; i < data_symbols; ++i) {
    const auto feedback = static_cast<u16>(w[i] ^ remainder[0]);
    for (std::size_t k = 0; k < parity_symbols; ++k) {
      const u16 next = k + 1 < parity_symbols ? remainder[k + 1] : u16{0};
      remainder[k] = static_cast<u16>(next ^ multiply(feedback, generator[parity_symbols - 1 - k]));
    }
  }
  std::ranges::copy(remainder, w.begin() + data_symbols);
}

report decode(word& w) {
  syndromes s;
  if (find_syndromes(w, s)) return {};
  constexpr report beyond{.result = outcome::uncorrectable};
  polynomial locator;
  const int length = find_locator(s, locator);
  if (length > correctable) return beyond;

  // Chien: symbol i is the coefficient of x^(543 - i), so it is wrong where a^-(543 - i) is a root.
  std::array<int, correctable> at{};
  int found = 0;
  for (int i = 0; i < symbols; ++i) {
    const u16 inverse = power((order - (symbols - 1 - i)) % order);
    if (value(locator, length, inverse) != 0) continue;
    at[static_cast<std::size_t>(found++)] = i;
  }
  if (found != length) return beyond;

  // Forney, first root a^0: the error at X is X * evaluator(1/X) / locator'(1/X).
  polynomial evaluator{};
  for (int k = 0; k < length; ++k)
    for (int j = 0; j <= k; ++j)
      evaluator[static_cast<std::size_t>(k)] ^=
          multiply(s[static_cast<std::size_t>(k - j)], locator[static_cast<std::size_t>(j)]);
  polynomial derivative{};
  for (int k = 1; k <= length; k += 2)
    derivative[static_cast<std::size_t>(k - 1)] = locator[static_cast<std::size_t>(k)];
  for (int f = 0; f < found; ++f) {
    const int i = at[static_cast<std::size_t>(f)];
    const int exponent = symbols - 1 - i;
    const u16 inverse = power((order - exponent) % order);
    const u16 slope = value(derivative, length, inverse);
    w[static_cast<std::size_t>(i)] ^=
        multiply(power(exponent), divide(value(evaluator, length, inverse), slope));
  }
  return {.result = outcome::corrected, .changed = found};
}

double frame_failure(double symbol_error_rate) {
  const double p = symbol_error_rate;
  if (p <= 0) return 0;
  if (p >= 1) return 1;
  const double log_p = std::log(p);
  const double log_q = std::log1p(-p);
  const auto log_term = [&](int k) {
    return std::lgamma(symbols + 1.0) - std::lgamma(k + 1.0) - std::lgamma(symbols - k + 1.0) +
           k * log_p + (symbols - k) * log_q;
  };
  // The largest term of the tail is at the mode, or at its first where the mode lies below.
  const int mode = std::clamp(static_cast<int>((symbols + 1) * p), correctable + 1, symbols);
  const double scale = log_term(mode);
  double sum = 0;
  for (int k = symbols; k > correctable; --k) sum += std::exp(log_term(k) - scale);
  return std::min(1.0, std::exp(scale) * sum);
}

double symbol_error_rate(double bit_error_rate) {
  return -std::expm1(symbol_bits * std::log1p(-bit_error_rate));
}

}  // namespace lightrack::link::rs544
