// SPDX-License-Identifier: Apache-2.0
// tests/optics/decibel_test.cpp
#include "models/optics/decibel.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>

namespace lightrack::optics {
namespace {

TEST(decibel, knows_the_values_every_engineer_knows) {
  EXPECT_NEAR(db(2), 3.0103, 1e-5);
  EXPECT_NEAR(db(10), 10, 1e-14);
  EXPECT_NEAR(ratio(-3.0103), 0.5, 1e-6);
  EXPECT_NEAR(mw_of_dbm(11), 12.59, 5e-3);
  EXPECT_NEAR(mw_of_dbm(0), 1, 1e-15);
  EXPECT_NEAR(dbm_of_mw(0.1), -10, 1e-14);
}

TEST(decibel, agrees_with_the_library_and_comes_back) {
  for (double d = -60; d <= 40; d += 0.37) {
    EXPECT_NEAR(ratio(d) / std::pow(10, d / 10), 1, 2e-14) << d;
    EXPECT_NEAR(db(ratio(d)), d, 1e-12) << d;
  }
}

// They enter simulated bit errors: the same bits on every host, fixed once.
TEST(decibel, has_the_bits_it_always_had) {
  EXPECT_EQ(std::bit_cast<std::uint64_t>(db(0.3427)), 0xC0129A7AC5242F07ULL);
  EXPECT_EQ(std::bit_cast<std::uint64_t>(ratio(-17.41)), 0x3F929743EFE123FEULL);
}

}  // namespace
}  // namespace lightrack::optics
