// SPDX-License-Identifier: Apache-2.0
#include "models/base/random.h"

#include <gtest/gtest.h>

#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <set>

namespace lightrack::base {
namespace {

using words = std::array<std::uint32_t, 4>;

// The published vectors of Random123 for philox4x32, 10 rounds: counter words, key words, result.
TEST(draw, matches_the_published_vectors) {
  EXPECT_EQ(draw(0, 0, 0), (words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  const std::uint64_t ones = ~std::uint64_t{0};
  EXPECT_EQ(draw(ones, ones, ones), (words{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(draw(0x299f31d0a4093822, 0x85a308d3243f6a88, 0x0370734413198a2e),
            (words{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}))
      << "digits of pi";
}

TEST(draw, depends_on_each_argument_alone) {
  EXPECT_EQ(draw(1, 2, 3), draw(1, 2, 3));
  std::set<words> seen;
  for (std::uint64_t key = 0; key < 8; ++key) {
    for (std::uint64_t index = 0; index < 8; ++index) {
      for (std::uint64_t sub = 0; sub < 8; ++sub) seen.insert(draw(key, index, sub));
    }
  }
  EXPECT_EQ(seen.size(), 512U);
}

TEST(stream_key, separates_seeds_and_role_paths) {
  EXPECT_EQ(stream_key(1, "west.tx.lane3"), stream_key(1, "west.tx.lane3"));
  const std::set<std::uint64_t> keys = {
      stream_key(1, "west.tx.lane3"), stream_key(2, "west.tx.lane3"),
      stream_key(1, "east.tx.lane3"), stream_key(1, "west.tx.lane13"),
      stream_key(1, "west.tx.lane"),  stream_key(1, "")};
  EXPECT_EQ(keys.size(), 6U);
}

// The first outputs of splitmix64 from seed 0, whose step and finalizer mix64 is.
TEST(mix64, matches_splitmix64) {
  EXPECT_EQ(mix64(0), 0xE220A8397B1DCDAFULL);
  EXPECT_EQ(mix64(0x9E3779B97F4A7C15ULL), 0x6E789E6AA1B965F4ULL);
}

TEST(unit, lies_above_zero_and_reaches_one) {
  EXPECT_EQ(unit(0, 0), 0x1.0p-53);
  EXPECT_EQ(unit(0xFFFFFFFF, 0xFFFFFFFF), 1.0);
  EXPECT_EQ(unit(0x7FFFFFFF, 0xFFFFFFFF), 0.5);
}

TEST(unit, of_drawn_words_is_uniform) {
  constexpr int samples = 100'000;
  std::array<int, 10> bin{};
  for (std::uint64_t i = 0; i < samples; ++i) {
    const words r = draw(41, i);
    ++bin[static_cast<std::size_t>((1 - unit(r[0], r[1])) * 10)];
  }
  // 10,000 expected, deviation 95: five of them.
  for (const int n : bin) EXPECT_NEAR(n, samples / 10, 475);
}

double relative_error(double value, double exact) {
  return std::abs(value - exact) / std::abs(exact);
}

TEST(exact_log, is_within_1e_15_of_the_logarithm) {
  double worst = 0;
  for (std::uint64_t i = 0; i < 300'000; ++i) {
    const words r = draw(42, i);
    // Random in (0, 1], close to 1, and any positive normal number.
    const double u = unit(r[0], r[1]);
    for (const double x :
         {u, 1 + (u - 0.5) * 1e-3, std::ldexp(1 + u, static_cast<int>(r[2] % 2040) - 1020)}) {
      if (x == 1) continue;
      const double error =
          relative_error(exact_log(x), static_cast<double>(std::log(static_cast<long double>(x))));
      if (error > worst) worst = error;
    }
  }
  EXPECT_LT(worst, 1e-15);
}

TEST(exact_log, of_powers_of_two_and_one) {
  EXPECT_EQ(exact_log(1), 0);
  for (int e = -1022; e <= 1023; ++e) {
    if (e == 0) continue;
    EXPECT_LT(relative_error(exact_log(std::ldexp(1.0, e)), e * 0.69314718055994530942), 4e-16)
        << "2^" << e;
  }
}

TEST(exact_exp, is_within_1e_14_of_the_exponential) {
  double worst = 0;
  for (std::uint64_t i = 0; i < 300'000; ++i) {
    const words r = draw(43, i);
    const double u = unit(r[0], r[1]);
    for (const double x : {(u - 0.5) * 1400, (u - 0.5) * 2, (u - 0.5) * 1e-6, -20 * u}) {
      const double error =
          relative_error(exact_exp(x), static_cast<double>(std::exp(static_cast<long double>(x))));
      if (error > worst) worst = error;
    }
  }
  EXPECT_LT(worst, 1e-14);
}

TEST(exact_exp, ends_where_doubles_end) {
  EXPECT_EQ(exact_exp(0), 1);
  EXPECT_EQ(exact_exp(-746), 0);
  EXPECT_EQ(exact_exp(710), std::numeric_limits<double>::infinity());
  EXPECT_GT(exact_exp(-744), 0);
  EXPECT_LT(exact_exp(709), std::numeric_limits<double>::infinity());
}

// The same bits on every host: values fixed once, compared bit for bit.
TEST(exact_functions, have_the_bits_they_always_had) {
  EXPECT_EQ(std::bit_cast<std::uint64_t>(exact_log(0.1)), 0xC0026BB1BBB55515ULL);
  EXPECT_EQ(std::bit_cast<std::uint64_t>(exact_log(12345.678)), 0x4022D79559791E31ULL);
  EXPECT_EQ(std::bit_cast<std::uint64_t>(exact_exp(-3.7)), 0x3F99511FC6871044ULL);
  EXPECT_EQ(std::bit_cast<std::uint64_t>(exact_exp(0.3)), 0x3FF599058C8C1A95ULL);
}

}  // namespace
}  // namespace lightrack::base
