// SPDX-License-Identifier: Apache-2.0
#include "models/link/rs544.h"

#include <gtest/gtest.h>

#include <cmath>

#include "models/base/random.h"

namespace lightrack::link {
namespace {

constexpr u64 seed = 51;

rs544::word random_word(u64 index) {
  rs544::word w{};
  for (std::size_t i = 0; i < rs544::data_symbols; ++i)
    w[i] = static_cast<u16>(base::draw(seed, index, i)[0] & 1023);
  rs544::encode(w);
  return w;
}

/// Wrong values in `count` different symbols.
rs544::word spoiled(rs544::word w, int count, u64 index) {
  std::array<bool, rs544::symbols> wrong{};
  for (u64 n = 0; count > 0; ++n) {
    const auto r = base::draw(seed + 1, index, n);
    const std::size_t at = r[0] % rs544::symbols;
    if (wrong[at]) continue;
    wrong[at] = true;
    w[at] ^= static_cast<u16>(1 + r[1] % 1023);
    --count;
  }
  return w;
}

// a^7 = 128, a^10 = a^3 + 1 = 9: the parity of a word whose last data symbol alone is 1 is the
// generator without its highest term.
TEST(rs544, encodes_systematically_and_the_generator_has_its_roots) {
  rs544::word w{};
  w[rs544::data_symbols - 1] = 1;
  rs544::encode(w);
  EXPECT_EQ(w[rs544::data_symbols - 1], 1);
  // Coefficients of x^29 and x^0 of the generator in IEEE 802.3 table 91-1, RS(544,514).
  EXPECT_EQ(w[rs544::data_symbols], 575);
  EXPECT_EQ(w[rs544::symbols - 1], 523);
  for (u64 i = 0; i < 20; ++i) {
    rs544::word any = random_word(i);
    EXPECT_EQ(rs544::decode(any).result, rs544::outcome::clean);
  }
}

TEST(rs544, corrects_up_to_15_symbols_anywhere) {
  for (u64 i = 0; i < 300; ++i) {
    SCOPED_TRACE(testing::Message() << "seed " << seed << " word " << i);
    const rs544::word sent = random_word(i);
    const int wrong = static_cast<int>(i % 15) + 1;
    rs544::word w = spoiled(sent, wrong, i);
    const rs544::report seen = rs544::decode(w);
    ASSERT_EQ(seen.result, rs544::outcome::corrected);
    ASSERT_EQ(seen.changed, wrong);
    ASSERT_EQ(w, sent);
  }
}

TEST(rs544, corrects_the_first_and_the_last_symbol) {
  const rs544::word sent = random_word(1);
  for (const std::size_t at : {0U, 513U, 514U, 543U}) {
    rs544::word w = sent;
    w[at] ^= 1;
    EXPECT_EQ(rs544::decode(w).changed, 1);
    EXPECT_EQ(w, sent) << at;
  }
}

// A wrong word lies within 15 symbols of another code word with a probability below 1/15!.
TEST(rs544, says_so_of_16_and_more_and_changes_nothing) {
  for (u64 i = 0; i < 300; ++i) {
    SCOPED_TRACE(testing::Message() << "seed " << seed << " word " << i);
    const rs544::word received = spoiled(random_word(i), 16 + static_cast<int>(i % 40), i);
    rs544::word w = received;
    const rs544::report seen = rs544::decode(w);
    ASSERT_EQ(seen.result, rs544::outcome::uncorrectable);
    ASSERT_EQ(seen.changed, 0);
    ASSERT_EQ(w, received);
  }
}

// 15 steps from another code word, and so 16 or more from the one sent: it corrects to the other.
TEST(rs544, takes_a_word_near_another_code_word_for_that_one) {
  const rs544::word other = random_word(2);
  rs544::word w = spoiled(other, 15, 2);
  const rs544::report seen = rs544::decode(w);
  EXPECT_EQ(seen.result, rs544::outcome::corrected);
  EXPECT_EQ(seen.changed, 15);
  EXPECT_EQ(w, other);
}

// The known answers of the optical budget: code word failure at BER 1e-3, 2.4e-4, 1e-6.
TEST(rs544, fails_as_the_binomial_tail_says) {
  const auto at = [](double ber) { return rs544::frame_failure(rs544::symbol_error_rate(ber)); };
  EXPECT_NEAR(at(1e-3) / 1.5e-4, 1, 0.05);
  EXPECT_NEAR(at(2.4e-4) / 8e-13, 1, 0.08);
  EXPECT_NEAR(at(1e-6) / 2e-50, 1, 0.25);
  EXPECT_EQ(rs544::frame_failure(0), 0);
  EXPECT_EQ(rs544::frame_failure(1), 1);
  EXPECT_NEAR(rs544::frame_failure(0.5), 1, 1e-12);
  double before = 0;
  for (int k = 1; k < 100; ++k) {
    const double p = rs544::frame_failure(k / 100.0);
    EXPECT_GE(p, before - 1e-12) << k;
    before = p;
  }
}

TEST(rs544, real_code_words_fail_as_often_as_the_formula_says) {
  constexpr int words = 4000;
  constexpr double rate = 0.024;  // 13 wrong symbols a word
  const rs544::word sent = random_word(3);
  int failed = 0;
  for (u64 i = 0; i < words; ++i) {
    rs544::word w = sent;
    for (u64 k = 0; k < rs544::symbols; ++k) {
      const auto r = base::draw(seed + 2, i, k);
      if (base::unit(r[0], r[1]) < rate) w[k] ^= static_cast<u16>(1 + r[2] % 1023);
    }
    rs544::decode(w);
    if (w != sent) ++failed;
  }
  const double expected = rs544::frame_failure(rate);
  const double sigma = std::sqrt(expected * (1 - expected) / words);
  EXPECT_NEAR(failed / double{words}, expected, 3 * sigma) << "seed " << seed + 2;
}

}  // namespace
}  // namespace lightrack::link
