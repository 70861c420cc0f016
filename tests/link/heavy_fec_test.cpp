// SPDX-License-Identifier: Apache-2.0
#include "models/link/heavy_fec.h"

#include <gtest/gtest.h>

#include <cmath>

namespace lightrack::link {
namespace {

constexpr u64 key = 71;

TEST(heavy_fec, is_in_the_profiles_that_name_it) {
  for (const char* name : {"SC25_PAM4", "OCI_GEN1"}) {
    const auto fec = heavy_fec::of(name);
    ASSERT_TRUE(fec.has_value()) << name;
    EXPECT_DOUBLE_EQ(fec->fill_ns, 25.6);
    EXPECT_DOUBLE_EQ(fec->latency_ns(), 70.6);
    EXPECT_FALSE(fec->evidence.empty());
  }
  EXPECT_FALSE(heavy_fec::of("SC25_DWDM").has_value());
  EXPECT_FALSE(heavy_fec::of("SC25").has_value());
}

TEST(heavy_fec, makes_50_of_53_125_gigabits) {
  EXPECT_NEAR(heavy_fec::code_rate, 1.05837, 1e-5);
  EXPECT_DOUBLE_EQ(53.125 / heavy_fec::line_rate, 50.0);
}

TEST(heavy_fec, a_flit_fails_in_one_or_two_code_words) {
  // 1.2 code words a flit where failures are rare: 1e-3 gives 1.5e-4 a word.
  EXPECT_NEAR(heavy_fec::flit_failure(1e-3) / 1.8e-4, 1, 0.05);
  EXPECT_EQ(heavy_fec::flit_failure(0), 0);
  EXPECT_NEAR(heavy_fec::flit_failure(0.1), 1, 1e-9);
}

TEST(heavy_fec, draws_corrected_symbols_by_the_binomial_law_in_any_batches) {
  constexpr u64 words = 3000;
  constexpr double ber = 1e-3;
  const heavy_fec_histogram whole = heavy_fec::draw(ber, key, 0, words);
  heavy_fec_histogram sum = heavy_fec::draw(ber, key, 0, 1000);
  const heavy_fec_histogram rest = heavy_fec::draw(ber, key, 1000, 2000);
  for (std::size_t k = 0; k < sum.corrected.size(); ++k) sum.corrected[k] += rest.corrected[k];
  sum.uncorrectable += rest.uncorrectable;
  EXPECT_EQ(sum, whole);

  const double p = rs544::symbol_error_rate(ber);
  for (const int k : {3, 5, 8}) {
    const double law = std::exp(std::lgamma(545) - std::lgamma(k + 1.0) - std::lgamma(545.0 - k) +
                                k * std::log(p) + (544 - k) * std::log1p(-p));
    EXPECT_NEAR(static_cast<double>(whole.corrected[static_cast<std::size_t>(k)]) / words, law,
                3 * std::sqrt(law * (1 - law) / words))
        << k << " symbols, key " << key;
  }
  EXPECT_EQ(whole.miscorrected, 0U);
  EXPECT_EQ(heavy_fec::draw(0, key, 0, 5).corrected[0], 5U);
}

TEST(heavy_fec, code_words_fail_as_often_as_the_formula_says) {
  constexpr u64 words = 3000;
  constexpr double ber = 2.4e-3;
  const heavy_fec_histogram seen = heavy_fec::draw(ber, key, 0, words);
  const double expected = rs544::frame_failure(rs544::symbol_error_rate(ber));
  EXPECT_NEAR(static_cast<double>(seen.uncorrectable + seen.miscorrected) / words, expected,
              3 * std::sqrt(expected * (1 - expected) / words));
}

}  // namespace
}  // namespace lightrack::link
