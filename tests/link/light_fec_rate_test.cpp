// SPDX-License-Identifier: Apache-2.0
#include "models/link/light_fec_rate.h"

#include <gtest/gtest.h>

#include <cmath>

#include "models/base/random.h"
#include "models/link/light_fec.h"

namespace lightrack::link {
namespace {

// Small rates: 10,795 pairs of bytes (86 x 85 / 2 + 2 x 85 x 84 / 2), 64 pairs of bits each.
TEST(light_fec_rate, is_the_number_of_byte_pairs_at_small_rates) {
  for (const double ber : {1e-6, 1e-9, 1e-12})
    EXPECT_NEAR(light_fec_flit_failure(ber) / (10795 * 64 * ber * ber), 1, 1e3 * ber) << ber;
  EXPECT_EQ(light_fec_flit_failure(0), 0);
  EXPECT_EQ(light_fec_flit_failure(1), 1);
  EXPECT_NEAR(light_fec_flit_failure(0.5), 1, 1e-12);
  // A 256-byte flit at BER 1e-12 without FEC.
  EXPECT_NEAR(plain_flit_failure(1e-12), 2.048e-9, 1e-15);
}

TEST(light_fec_rate, flits_judged_by_their_wrong_bits_fail_as_often) {
  constexpr double ber = 1e-3;
  constexpr u64 seed = 61;
  constexpr int flits = 100'000;
  int failed = 0;
  int plain = 0;
  const double log_right = std::log1p(-ber);
  for (u64 f = 0; f < flits; ++f) {
    fec_judge judge;
    int bit = -1;
    for (u64 k = 0;; ++k) {
      const auto r = base::draw(seed, f, k);
      bit += 1 + static_cast<int>(std::log(base::unit(r[0], r[1])) / log_right);
      if (bit >= 2048) break;
      judge.flip(bit);
      if (k == 0) ++plain;
    }
    judge.decide();
    if (!judge.good()) ++failed;
  }
  const auto expect_rate = [&](int count, double p) {
    EXPECT_NEAR(count / double{flits}, p, 3 * std::sqrt(p * (1 - p) / flits)) << "seed " << seed;
  };
  expect_rate(failed, light_fec_flit_failure(ber));
  expect_rate(plain, plain_flit_failure(ber));
}

}  // namespace
}  // namespace lightrack::link
