// SPDX-License-Identifier: Apache-2.0
#include "models/optics/receiver.h"

#include <fmt/format.h>

#include <cmath>
#include <limits>

#include "models/base/error.h"
#include "models/base/units.h"
#include "models/optics/decibel.h"
#include "models/optics/gaussian.h"

namespace lightrack::optics {
namespace {

constexpr double electron_c = 1.602176634e-19;
// 2 q I B: I in uA, B in GHz gives A^2 x 1e-6 x 1e9; in uA^2 another 1e12.
constexpr double shot_ua2_per_ua_ghz = 2 * electron_c * 1e-6 * 1e9 * 1e12;

double eyes(base::modulation symbols) { return symbols == base::modulation::pam4 ? 3 : 1; }

}  // namespace

double receiver_noise::total_ua() const {
  return std::sqrt(thermal_ua * thermal_ua + shot_ua * shot_ua + rin_ua * rin_ua);
}

double average_over_oma(double extinction_db) {
  const double er = ratio(extinction_db);
  return 0.5 * (er + 1) / (er - 1);
}

receiver::receiver(const receiver_params& p) : p_{p} {
  rin_share_ = ratio(p.rin_db_per_hz) * p.bandwidth_per_baud * p.symbol_rate_gbd * 1e9;
  const bool pam4 = p.symbols == base::modulation::pam4;
  const double q_eye = pam4 ? pam4_q(p.sensitivity_ber) : nrz_q(p.sensitivity_ber);
  const double amplitude_ua = p.responsivity * mw_of_dbm(p.sensitivity_dbm) * 1e3 / eyes(p.symbols);
  const double total_ua = amplitude_ua / (2 * q_eye);
  const receiver_noise light = noise(p.sensitivity_dbm, p.extinction_db);
  thermal_ua2_ = total_ua * total_ua - light.shot_ua * light.shot_ua - light.rin_ua * light.rin_ua;
  if (thermal_ua2_ <= 0)
    throw base::config_error(fmt::format(
        "receiver sensitivity {} dBm at BER {}: allows {:.2f} uA of noise, and shot noise "
        "({:.2f} uA) with RIN ({:.2f} uA at {} dB/Hz) are more; allowed is less RIN, or a "
        "sensitivity at more power",
        base::number_text(p.sensitivity_dbm), base::number_text(p.sensitivity_ber), total_ua,
        light.shot_ua, light.rin_ua, base::number_text(p.rin_db_per_hz)));
}

receiver_noise receiver::noise(double oma_dbm, double extinction_db) const {
  const double mean_ua =
      p_.responsivity * mw_of_dbm(oma_dbm) * 1e3 * average_over_oma(extinction_db);
  const double bandwidth_ghz = p_.bandwidth_per_baud * p_.symbol_rate_gbd;
  return {.thermal_ua = std::sqrt(thermal_ua2_),
          .shot_ua = std::sqrt(shot_ua2_per_ua_ghz * mean_ua * bandwidth_ghz),
          .rin_ua = std::sqrt(rin_share_) * mean_ua};
}

double receiver::q(double oma_dbm, double extinction_db) const {
  const double eye_ua = p_.responsivity * mw_of_dbm(oma_dbm) * 1e3 / eyes(p_.symbols);
  return eye_ua / (2 * noise(oma_dbm, extinction_db).total_ua());
}

double receiver::ber_of_q(double q_eye) const {
  return p_.symbols == base::modulation::pam4 ? pam4_ber(q_eye) : nrz_ber(q_eye);
}

double receiver::ber(double oma_dbm, double extinction_db) const {
  return ber_of_q(q(oma_dbm, extinction_db));
}

double receiver::sensitivity_dbm(double ber, double extinction_db) const {
  const double needed = p_.symbols == base::modulation::pam4 ? pam4_q(ber) : nrz_q(ber);
  double low = -80;
  double high = 40;
  if (q(high, extinction_db) < needed) return std::numeric_limits<double>::infinity();
  while (high - low > 1e-10) {
    const double middle = 0.5 * (low + high);
    (q(middle, extinction_db) < needed ? low : high) = middle;
  }
  return 0.5 * (low + high);
}

loss_of_signal::loss_of_signal(const params& p) : p_{p} {
  if (p.deassert_dbm - p.assert_dbm < p.hysteresis_db)
    throw base::config_error(fmt::format(
        "receiver.los_deassert = {} dBm lies {} dB above receiver.los_assert = {} dBm; allowed is "
        "receiver.los_hysteresis = {} dB or more",
        base::number_text(p.deassert_dbm), base::number_text(p.deassert_dbm - p.assert_dbm),
        base::number_text(p.assert_dbm), base::number_text(p.hysteresis_db)));
}

bool loss_of_signal::update(double average_dbm) {
  if (average_dbm < p_.assert_dbm) lost_ = true;
  if (average_dbm > p_.deassert_dbm) lost_ = false;
  return lost_;
}

}  // namespace lightrack::optics
