// SPDX-License-Identifier: Apache-2.0
// tests/link/ber_estimate_test.cpp
#include "models/link/ber_estimate.h"

#include <gtest/gtest.h>

namespace lightrack::link {
namespace {

// lambda = -ln(1 - 2 E/512)/2 x 65536, by a pocket calculator.
TEST(ber_estimate, holds_the_values_of_the_formula) {
  EXPECT_EQ(parity_lambda(0), 0U);
  EXPECT_EQ(parity_lambda(1), 128U);       // 0.00195695 x 65536 = 128.25
  EXPECT_EQ(parity_lambda(128), 22713U);   // ln(2)/2 = 0.34657359
  EXPECT_EQ(parity_lambda(255), 181704U);  // ln(256)/2 = 2.77258872
  EXPECT_EQ(parity_lambda(400), 181704U);
}

TEST(ber_estimate, says_when_it_is_valid_and_when_it_is_saturated) {
  EXPECT_EQ(ber_register(0, false), 0U);
  EXPECT_EQ(ber_register(128, true), 0x80000000U | 22713U);
  EXPECT_EQ(ber_register(256, true), 0xC0000000U | 181704U);
}

TEST(ber_estimate, latches_after_64_comparisons) {
  ber_counter lane;
  for (int k = 0; k < 63; ++k) lane.compare(2);
  EXPECT_EQ(lane.value(), 0U);
  lane.compare(2);
  EXPECT_EQ(lane.value(), 0x80000000U | 22713U);
  lane.compare(8);
  EXPECT_EQ(lane.value(), 0x80000000U | 22713U);
  lane.begin_anew();
  for (int k = 0; k < 64; ++k) lane.compare(0);
  EXPECT_EQ(lane.value(), 0x80000000U);
}

// 4096 flits on 16 lanes: 65,536 bits a parity bit; one error a parity bit is 1.5e-5.
TEST(ber_estimate, is_a_rate_once_the_interval_is_known) {
  EXPECT_NEAR(ber_of(0x80000000U | 65536U, 4096, 16), 1.526e-5, 1e-8);
  EXPECT_NEAR(ber_of(0x80000000U | 65536U, 4096, 4), 3.815e-6, 1e-9);
}

}  // namespace
}  // namespace lightrack::link
