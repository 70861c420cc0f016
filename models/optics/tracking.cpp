// SPDX-License-Identifier: Apache-2.0
#include "models/optics/tracking.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "models/optics/decibel.h"

namespace lightrack::optics {
namespace {

constexpr double ramp_ms = 200;
constexpr double range_share = 0.85;

/// Least magnitude along `sign` that costs `penalty_db`, between 0 and twice the linewidth.
double modulator_threshold(const modulator& tx, double penalty_db, double sign) {
  // On the flat side the best OMA comes first: the penalty falls below zero and then rises.
  double low = sign > 0 ? std::max(0.0, tx.best_bias_ghz() - tx.bias_ghz) : 0;
  double high = 2 * tx.response.linewidth_ghz;
  for (int i = 0; i < 60; ++i) {
    const double middle = 0.5 * (low + high);
    const double penalty = tx.oma_penalty_db(sign * middle);
    (penalty > penalty_db ? high : low) = middle;
  }
  return low;
}

}  // namespace

double loop_gain(double bandwidth_khz, double period_us) {
  return 2 * std::numbers::pi * bandwidth_khz * 1e-3 * period_us;
}

double stability_limit_khz(double period_us, double settled) {
  return 2 * (2 - settled) / settled / loop_gain(1, period_us);
}

double ramp_error_ghz(double drift_ghz_per_k, double slew_k_per_s, double bandwidth_khz) {
  return drift_ghz_per_k * slew_k_per_s / (2 * std::numbers::pi * bandwidth_khz * 1e3);
}

lock_thresholds thresholds_of(const modulator& tx, const ring& rx, double penalty_db) {
  return {.cooling_ghz = modulator_threshold(tx, penalty_db, -1),
          .warming_ghz = modulator_threshold(tx, penalty_db, +1),
          .receive_ghz = 0.5 * rx.linewidth_ghz * std::sqrt(ratio(penalty_db) - 1)};
}

double drop_penalty_db(const ring& rx, double error_ghz) {
  return -db(lorentzian(error_ghz, rx.linewidth_ghz));
}

double track_result::penalty_db() const {
  return std::max(modulator_penalty_db, receive_penalty_db);
}

track_result track_ramp(const track_params& p) {
  const double settled = p.actuator.settled(p.period_us);
  const double gain = loop_gain(p.bandwidth_khz, p.period_us);
  const lock_thresholds limit = thresholds_of(p.tx, p.rx, p.lol_penalty_db);
  // GHz that the ring falls a period; the heater gives back as much.
  const double fall = p.drift_ghz_per_k * p.slew_k_per_s * p.period_us * 1e-6;
  double steps = ramp_ms * 1e3 / p.period_us;
  if (fall != 0) steps = std::min(steps, range_share * p.actuator.range_ghz / std::abs(fall));
  const auto count = static_cast<int>(steps);
  const double margin = 0.5 * (1 - range_share) * p.actuator.range_ghz;
  double needed = fall > 0 ? p.actuator.range_ghz - margin : margin;
  if (fall == 0) needed = 0.5 * p.actuator.range_ghz;

  track_result r;
  heater_loop loop{.aim_ghz = needed, .heat_ghz = needed};
  double least = INFINITY;
  double most = -INFINITY;
  double sum = 0;
  int modulator_over = 0;
  int receive_over = 0;
  for (int i = 0; i < count; ++i) {
    const double error = loop.heat_ghz - needed;
    modulator_over =
        error < -limit.cooling_ghz || error > limit.warming_ghz ? modulator_over + 1 : 0;
    receive_over = std::abs(error) > limit.receive_ghz ? receive_over + 1 : 0;
    const bool was_locked = r.locked();
    if (modulator_over >= p.lol_periods) r.modulator_locked = false;
    if (receive_over >= p.lol_periods) r.receive_locked = false;
    if (was_locked && !r.locked()) r.lost_after_ms = i * p.period_us * 1e-3;
    if (i >= count / 2) {
      sum += error;
      least = std::min(least, error);
      most = std::max(most, error);
    }
    loop.step(error, gain, p.actuator, settled);
    needed -= fall;
  }
  r.error_ghz = sum / (count - count / 2);
  r.ripple_ghz = most - least;
  r.peak_ghz = std::max(most, -least);
  r.modulator_penalty_db = p.tx.oma_penalty_db(r.error_ghz);
  r.receive_penalty_db = drop_penalty_db(p.rx, r.error_ghz);
  return r;
}

}  // namespace lightrack::optics
