// SPDX-License-Identifier: Apache-2.0
// tests/optics/receiver_test.cpp
#include "models/optics/receiver.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "models/base/random.h"
#include "models/optics/decibel.h"
#include "tests/optics/refusal.h"

namespace lightrack::optics {
namespace {

using base::modulation;
using testing::AllOf;
using testing::HasSubstr;

receiver_params quiet_light() {  // thermal noise only, all but exactly
  return {.rin_db_per_hz = -300};
}

TEST(receiver, at_its_sensitivity_has_the_stated_error_rate) {
  EXPECT_NEAR(receiver{{}}.ber(-8, 5) / 1e-12, 1, 1e-9);
  const receiver pam4{{.symbols = modulation::pam4,
                       .symbol_rate_gbd = 26.5625,
                       .sensitivity_dbm = -7.8,
                       .sensitivity_ber = 1e-6}};
  EXPECT_NEAR(pam4.ber(-7.8, 5) / 1e-6, 1, 1e-9);
  EXPECT_NEAR(receiver{{}}.q(-8, 5), 7.034, 0.001);
}

TEST(receiver, has_9_microamperes_of_noise_at_50_gigabaud_and_5_69_at_32) {
  EXPECT_NEAR(receiver{{}}.noise(-8, 5).total_ua(), 9.01, 0.005);
  const receiver slow{{.symbol_rate_gbd = 32, .sensitivity_dbm = -10}};
  EXPECT_NEAR(slow.noise(-10, 5).total_ua(), 5.69, 0.005);
}

// By hand at -8 dBm: 0.1585 mW of OMA, 0.1525 mW average, 122 uA, 35 GHz.
TEST(receiver, adds_shot_noise_and_rin_of_the_average_current) {
  const receiver_noise n = receiver{{}}.noise(-8, 5);
  EXPECT_NEAR(n.shot_ua, 1.17, 0.005) << "sqrt(2 x 1.602e-19 C x 122 uA x 35 GHz)";
  EXPECT_NEAR(n.rin_ua, 1.284, 0.005) << "sqrt(10^-14.5 / Hz x 35 GHz) x 122 uA";
  EXPECT_NEAR(n.thermal_ua, std::sqrt(9.012 * 9.012 - 1.17 * 1.17 - 1.284 * 1.284), 0.005);
}

TEST(receiver, limited_by_thermal_noise_needs_1_70_decibels_less_at_1e_6_than_at_1e_12) {
  receiver_params p = quiet_light();
  p.responsivity = 0.8;
  const receiver r{p};
  const double gained = r.sensitivity_dbm(1e-12, 5) - r.sensitivity_dbm(1e-6, 5);
  EXPECT_NEAR(gained, 1.70, 0.03) << "shot noise is still there";
  EXPECT_NEAR(10 * std::log10(7.0345 / 4.7534), 1.70, 0.005) << "without any";
}

TEST(receiver, sensitivity_is_where_the_error_rate_is) {
  const receiver r{{}};
  for (const double ber : {1e-3, 1e-6, 1e-12, 1e-15})
    EXPECT_NEAR(r.ber(r.sensitivity_dbm(ber, 5), 5) / ber, 1, 1e-6) << ber;
  EXPECT_NEAR(r.sensitivity_dbm(1e-12, 5), -8, 1e-8);
}

TEST(receiver, with_much_rin_has_a_floor_that_no_power_lowers) {
  // RIN -120 dB/Hz over 35 GHz: the mean current over its deviation is 5.3, Q at best
  // 5.3 x OMA / (2 average) = 2.8.
  const receiver r{{.sensitivity_dbm = 3, .sensitivity_ber = 1e-2, .rin_db_per_hz = -120}};
  EXPECT_EQ(r.sensitivity_dbm(1e-12, 5), std::numeric_limits<double>::infinity());
  EXPECT_NEAR(r.q(40, 5), 2.78, 0.005);
}

TEST(receiver, whose_light_is_noisier_than_its_sensitivity_allows_is_refused) {
  EXPECT_THAT(refusal([] { (void)receiver{{.rin_db_per_hz = -128}}; }),
              AllOf(HasSubstr("sensitivity -8 dBm at BER 1e-12"), HasSubstr("allows 9.01 uA"),
                    HasSubstr("-128 dB/Hz")));
}

// Bits at a high error rate, drawn with the current and the noise of each level, not of the
// average: what the model's one sigma leaves out, and that it is little.
TEST(receiver, is_what_bits_with_noise_of_their_own_level_show) {
  const receiver r{{}};
  constexpr double oma_dbm = -13.0;
  const double oma_ua = 0.8 * std::pow(10, oma_dbm / 10) * 1e3;
  const double er = std::pow(10, 0.5);
  const double zero_ua = oma_ua / (er - 1);
  const double one_ua = er * zero_ua;
  const double thermal_ua = r.noise(oma_dbm, 5).thermal_ua;
  constexpr double gigahertz = 35;
  const auto sigma = [&](double current_ua) {
    const double shot = 2 * 1.602e-19 * current_ua * 1e-6 * gigahertz * 1e9 * 1e12;
    const double rin = std::pow(10, -14.5) * gigahertz * 1e9 * current_ua * current_ua;
    return std::sqrt(thermal_ua * thermal_ua + shot + rin);
  };
  constexpr int bits = 400'000;
  int wrong = 0;
  for (std::uint64_t i = 0; i < bits; ++i) {
    const auto d = base::draw(9, i);
    const double n = std::sqrt(-2 * std::log(base::unit(d[0], d[1]))) *
                     std::cos(2 * std::numbers::pi * base::unit(d[2], d[3]));
    const bool one = i % 2 == 0;
    const double level = one ? one_ua : zero_ua;
    if ((level + sigma(level) * n > 0.5 * (one_ua + zero_ua)) != one) ++wrong;
  }
  const double expected = bits * r.ber(oma_dbm, 5);
  EXPECT_NEAR(wrong, expected, 4 * std::sqrt(expected)) << "key 9";
}

TEST(average_over_oma, is_0_17_decibels_below_one_at_an_extinction_of_5) {
  EXPECT_NEAR(db(average_over_oma(5)), -0.17, 0.005);
  EXPECT_NEAR(average_over_oma(40), 0.5, 1e-3) << "all power in the ones";
}

TEST(loss_of_signal, has_a_memory_between_its_thresholds) {
  loss_of_signal los{{.assert_dbm = -15, .deassert_dbm = -12}};
  EXPECT_TRUE(los.lost()) << "dark at the start";
  EXPECT_TRUE(los.update(-13)) << "not yet above -12";
  EXPECT_FALSE(los.update(-11.9));
  EXPECT_FALSE(los.update(-14.9)) << "not yet below -15";
  EXPECT_TRUE(los.update(-15.1));
  EXPECT_TRUE(los.update(-12));
  los.update(0);
  los.reset();
  EXPECT_TRUE(los.lost());
}

TEST(loss_of_signal, of_light_that_hovers_at_a_threshold_changes_once) {
  loss_of_signal los{{}};
  int changes = 0;
  bool before = true;
  for (int i = 0; i < 100; ++i) {
    const bool now = los.update(i % 2 == 0 ? -11.9 : -12.1);
    if (now != before) ++changes;
    before = now;
  }
  EXPECT_EQ(changes, 1);
}

TEST(loss_of_signal, with_thresholds_nearer_than_the_hysteresis_is_refused) {
  EXPECT_THAT(refusal([] { (void)loss_of_signal{{.assert_dbm = -15, .deassert_dbm = -14.8}}; }),
              AllOf(HasSubstr("receiver.los_deassert = -14.8"), HasSubstr("0.5 dB or more")));
}

}  // namespace
}  // namespace lightrack::optics
