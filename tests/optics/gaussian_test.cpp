// SPDX-License-Identifier: Apache-2.0
// tests/optics/gaussian_test.cpp
// Tails against known answers, against numerical integration of the bell curve, and against bits
// that are thrown.
#include "models/optics/gaussian.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <numbers>

#include "models/base/random.h"

namespace lightrack::optics {
namespace {

// Simpson's rule over the bell curve from q on; nothing of it stands in the model.
double tail_by_integration(double q) {
  constexpr int steps = 20'000;
  const double width = 12.0 / (q + 1);  // beyond it e^-(12 + ...) of the tail is left
  const double h = 3 * width / steps;
  const auto bell = [](double x) {
    return std::exp(-0.5 * x * x) / std::sqrt(2 * std::numbers::pi);
  };
  double sum = bell(q) + bell(q + steps * h);
  for (int i = 1; i < steps; ++i) sum += (i % 2 == 1 ? 4 : 2) * bell(q + i * h);
  return sum * h / 3;
}

TEST(nrz_q, at_four_error_rates) {
  EXPECT_NEAR(nrz_q(1e-12), 7.03, 0.005);
  EXPECT_NEAR(nrz_q(1e-9), 6.00, 0.005);
  EXPECT_NEAR(nrz_q(1e-6), 4.75, 0.005);
  EXPECT_NEAR(nrz_q(2.4e-4), 3.49, 0.005);
}

TEST(pam4_q, at_two_error_rates) {
  EXPECT_NEAR(pam4_q(1e-6), 4.69, 0.006);
  EXPECT_NEAR(pam4_q(2.4e-4), 3.41, 0.005);
}

TEST(nrz_ber, is_the_integral_of_the_tail) {
  for (double q = 0.25; q < 14; q += 0.25)
    EXPECT_NEAR(nrz_ber(q) / tail_by_integration(q), 1, 1e-7) << q;
}

TEST(nrz_ber, agrees_with_the_library_to_twelve_digits) {
  for (double q = 0; q < 37; q += 0.0173)
    EXPECT_NEAR(nrz_ber(q) / (0.5 * std::erfc(q / std::numbers::sqrt2)), 1, 2e-12) << q;
}

TEST(nrz_ber, of_a_closed_eye_is_a_coin) {
  EXPECT_EQ(nrz_ber(0), 0.5);
  EXPECT_EQ(nrz_ber(-3), 0.5);
  EXPECT_EQ(pam4_ber(-3), 0.375);
  EXPECT_EQ(nrz_ber(40), 0);
}

TEST(nrz_q, comes_back_from_its_error_rate) {
  for (const double ber : {0.4, 1e-2, 1e-5, 1e-12, 1e-30, 1e-100}) {
    EXPECT_NEAR(nrz_ber(nrz_q(ber)) / ber, 1, 1e-9) << ber;
    const double less = 0.7 * ber;
    EXPECT_NEAR(pam4_ber(pam4_q(less)) / less, 1, 1e-9) << less;
  }
}

// Two words of a counter-based draw as one normal deviate (Box-Muller).
double normal(std::uint64_t key, std::uint64_t index) {
  const auto r = base::draw(key, index);
  return std::sqrt(-2 * std::log(base::unit(r[0], r[1]))) *
         std::cos(2 * std::numbers::pi * base::unit(r[2], r[3]));
}

TEST(nrz_ber, is_what_thrown_bits_show) {
  constexpr int bits = 400'000;
  for (const double q : {1.0, 2.0, 2.8}) {
    int wrong = 0;
    for (std::uint64_t i = 0; i < bits; ++i) {
      const bool one = i % 2 == 0;
      const double seen = (one ? q : -q) + normal(7, i + static_cast<std::uint64_t>(q * 1e7));
      if ((seen > 0) != one) ++wrong;
    }
    const double expected = bits * nrz_ber(q);
    EXPECT_NEAR(wrong, expected, 4 * std::sqrt(expected)) << "q " << q << ", key 7";
  }
}

// Four levels, Gray coded 00 01 11 10, two bits a symbol.
TEST(pam4_ber, is_what_thrown_gray_coded_symbols_show) {
  constexpr int symbols = 400'000;
  constexpr unsigned gray[4] = {0b00, 0b01, 0b11, 0b10};
  for (const double q : {1.5, 2.0, 2.6}) {
    int wrong = 0;
    for (std::uint64_t i = 0; i < symbols; ++i) {
      const auto sent = static_cast<int>(base::draw(8, i, 1)[0] % 4);
      const double seen = 2 * q * sent + normal(8, i + static_cast<std::uint64_t>(q * 1e7));
      const int decided = std::clamp(static_cast<int>(std::floor(seen / (2 * q) + 0.5)), 0, 3);
      wrong += std::popcount(gray[sent] ^ gray[decided]);
    }
    const double expected = 2.0 * symbols * pam4_ber(q);
    EXPECT_NEAR(wrong, expected, 4 * std::sqrt(expected)) << "q " << q << ", key 8";
  }
}

// It enters simulated bit errors: the same bits on every host, fixed once.
TEST(nrz_ber, has_the_bits_it_always_had) {
  EXPECT_EQ(std::bit_cast<std::uint64_t>(nrz_ber(1.5)), 0x3FB11A46D89647FCULL);
  EXPECT_EQ(std::bit_cast<std::uint64_t>(nrz_ber(7.034)), 0x3D71A7409E4432B0ULL);
}

}  // namespace
}  // namespace lightrack::optics
