// SPDX-License-Identifier: Apache-2.0
#include "models/base/stats.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "models/base/random.h"

namespace lightrack::base {
namespace {

TEST(histogram, is_zero_when_empty) {
  const histogram empty;
  EXPECT_EQ(empty.count(), 0U);
  EXPECT_EQ(empty.min(), 0U);
  EXPECT_EQ(empty.max(), 0U);
  EXPECT_EQ(empty.mean(), 0);
  EXPECT_EQ(empty.quantile(0.5), 0);
}

TEST(histogram, is_exact_below_128) {
  histogram h;
  for (std::uint64_t v = 0; v < 100; ++v) h.add(v);
  EXPECT_EQ(h.count(), 100U);
  EXPECT_EQ(h.min(), 0U);
  EXPECT_EQ(h.max(), 99U);
  EXPECT_EQ(h.mean(), 49.5);
  EXPECT_EQ(h.quantile(0), 0);
  EXPECT_EQ(h.quantile(0.01), 0);
  EXPECT_EQ(h.quantile(0.5), 49) << "the 50th of 100";
  EXPECT_EQ(h.quantile(0.99), 98);
  EXPECT_EQ(h.quantile(1), 99);
}

TEST(histogram, counts_a_value_so_many_times) {
  histogram once;
  for (int i = 0; i < 1000; ++i) once.add(77);
  histogram at_once;
  at_once.add(77, 1000);
  EXPECT_EQ(once, at_once);
}

TEST(histogram, quantile_of_a_single_value_is_that_value) {
  for (const std::uint64_t v :
       {std::uint64_t{127}, std::uint64_t{128}, std::uint64_t{1'000'003}, std::uint64_t{1} << 62}) {
    histogram h;
    h.add(v);
    EXPECT_EQ(h.quantile(0.5), static_cast<double>(v));
    EXPECT_EQ(h.mean(), static_cast<double>(v));
  }
}

TEST(histogram, takes_the_largest_value_there_is) {
  histogram h;
  h.add(std::numeric_limits<std::uint64_t>::max(), 3);
  h.add(0);
  EXPECT_EQ(h.max(), std::numeric_limits<std::uint64_t>::max());
  EXPECT_DOUBLE_EQ(h.mean(), 0.75 * 0x1.0p64);
  EXPECT_NEAR(h.quantile(0.9) / 0x1.0p64, 1, 0.008);
}

TEST(histogram, quantiles_stay_within_0_8_percent_of_the_sorted_samples) {
  constexpr std::uint64_t seed = 51;
  std::vector<std::uint64_t> samples;
  histogram h;
  for (std::uint64_t i = 0; i < 20'000; ++i) {
    const auto r = draw(seed, i);
    samples.push_back(r[0] >> r[1] % 32);  // all magnitudes
    h.add(samples.back());
  }
  std::ranges::sort(samples);
  for (const double share : {0.001, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 0.999, 1.0}) {
    const auto rank =
        static_cast<std::size_t>(std::ceil(share * static_cast<double>(samples.size())));
    const auto exact = static_cast<double>(samples[std::max<std::size_t>(1, rank) - 1]);
    EXPECT_NEAR(h.quantile(share), exact, 0.008 * exact) << "seed " << seed << " share " << share;
  }
}

TEST(histogram, merge_equals_adding_all_to_one) {
  histogram odd;
  histogram even;
  histogram all;
  for (std::uint64_t i = 0; i < 5000; ++i) {
    const std::uint64_t v = draw(52, i)[0] >> draw(52, i)[1] % 32;
    (i % 2 == 0 ? even : odd).add(v);
    all.add(v);
  }
  odd.merge(even);
  EXPECT_EQ(odd, all);
  odd.merge(histogram{});
  EXPECT_EQ(odd, all) << "an empty one changes nothing";
}

}  // namespace
}  // namespace lightrack::base
