// SPDX-License-Identifier: Apache-2.0
#include "models/link/gf256.h"

#include <gtest/gtest.h>

namespace lightrack::link {
namespace {

/// Shift and add, reduced by 0x11D: the definition.
u8 long_product(unsigned x, unsigned y) {
  unsigned sum = 0;
  for (unsigned bit = 0; bit < 8; ++bit)
    if ((y >> bit & 1) != 0) sum ^= x << bit;
  for (int bit = 15; bit >= 8; --bit)
    if ((sum >> bit & 1) != 0) sum ^= 0x11DU << (bit - 8);
  return static_cast<u8>(sum);
}

TEST(gf256, multiplies_as_defined_and_divides_back) {
  for (unsigned x = 0; x < 256; ++x) {
    for (unsigned y = 0; y < 256; ++y) {
      const u8 product = gf256::multiply(static_cast<u8>(x), static_cast<u8>(y));
      ASSERT_EQ(product, long_product(x, y)) << x << " * " << y;
      if (y != 0) {
        ASSERT_EQ(gf256::divide(product, static_cast<u8>(y)), x);
      }
    }
  }
}

TEST(gf256, powers_of_two_run_through_all_elements) {
  EXPECT_EQ(gf256::power(0), 1);
  EXPECT_EQ(gf256::power(1), 2);
  EXPECT_EQ(gf256::power(8), 0x1D);
  EXPECT_EQ(gf256::power(255), 1) << "and no earlier:";
  for (int k = 0; k < gf256::order; ++k) EXPECT_EQ(gf256::log(gf256::power(k)), k);
}

}  // namespace
}  // namespace lightrack::link
