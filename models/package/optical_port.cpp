// SPDX-License-Identifier: Apache-2.0
#include "models/package/optical_port.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "models/base/error.h"
#include "models/link/heavy_fec.h"

namespace lightrack::package {
namespace {

constexpr double flit_bits = 2048;
constexpr double worst_ber = 0.5;
constexpr double given_up = 0.999;  // of the flits: the decoder passes bits on as they are

}  // namespace

double residual_ber(double raw_ber) {
  const double lost = link::heavy_fec::flit_failure(raw_ber);
  if (lost > given_up) return std::min(worst_ber, raw_ber);
  return std::min(worst_ber, std::abs(std::expm1(std::log1p(-lost) / flit_bits)));
}

optical_port::optical_port(const optical_port_params& p) : params_{p} {
  const int lines = p.light.lines.lines;
  if (p.lanes < 1 || p.first_line < 0 || p.first_line + p.lanes > lines)
    throw base::config_error(
        fmt::format("a link of {} lanes from line {} on contradicts {} lines of a port; allowed "
                    "are {} or fewer",
                    p.lanes, p.first_line, lines, lines - p.first_line));
  const auto count = at(lines);
  lit_.assign(count, true);
  line_.resize(count);
  signal_.assign(count, optics::loss_of_signal{p.los});
  locks_at_.assign(count, optics::never);
  faults_.dark.assign(count, false);
  faults_.transmit_detuning_ghz.assign(count, 0);
  faults_.receive_detuning_ghz.assign(count, 0);
  told_.resize(at(p.lanes));
  for (int l = 0; l < p.lanes; ++l) told_[at(l)] = {.lane = l, .present = true, .ber = 0};
  changes_.reserve(at(p.lanes));
  for (const auto& [element, db] : p.losses) add_loss(element, db);
}

void optical_port::add_loss(std::string_view element, double db) {
  const optics::light_params& light = params_.light;
  const auto elements =
      path_elements(light.path, light.transmit.at(light.transmit.bias_ghz).oma_loss_db());
  (void)find_element(elements, element);
  for (auto& [name, extra] : faults_.extra_db) {
    if (name != element) continue;
    extra += db;
    return;
  }
  faults_.extra_db.emplace_back(element, db);
}

/// Rings to lines; a line without light, or that no ring modulates, is dark in the budget.
void optical_port::place(std::span<const ring_place> transmit,
                         std::span<const ring_place> receive) {
  for (std::size_t k = 0; k < line_.size(); ++k) {
    line_[k].transmit_ring = line_[k].receive_ring = -1;
    faults_.transmit_detuning_ghz[k] = faults_.receive_detuning_ghz[k] = 0;
  }
  for (std::size_t i = 0; i < transmit.size(); ++i) {
    if (!transmit[i].present) continue;
    line_[at(transmit[i].line)].transmit_ring = static_cast<int>(i);
    faults_.transmit_detuning_ghz[at(transmit[i].line)] = transmit[i].error_ghz;
  }
  for (std::size_t i = 0; i < receive.size(); ++i) {
    if (!receive[i].present) continue;
    line_[at(receive[i].line)].receive_ring = static_cast<int>(i);
    faults_.receive_detuning_ghz[at(receive[i].line)] = receive[i].error_ghz;
  }
  for (std::size_t k = 0; k < line_.size(); ++k)
    faults_.dark[k] = !lit_[k] || line_[k].transmit_ring < 0;
}

void optical_port::judge_light() {
  for (std::size_t k = 0; k < line_.size(); ++k) {
    const optics::lane_budget& b = budget_.lanes[k];
    line_light& l = line_[k];
    l.received_oma_dbm = b.received_oma_dbm;
    l.average_dbm = b.average_dbm;
    l.margin_db = b.margin_db;
    l.raw_ber = b.present ? std::min(worst_ber, b.ber) : worst_ber;
    // An unmodulated line still shines: only what was evaluated says how much.
    if (!faults_.dark[k]) l.lost_signal = signal_[k].update(b.average_dbm);
    l.usable = b.present && !l.lost_signal && l.receive_ring >= 0;
  }
}

void optical_port::wait_for_serdes(time_fs t, bool settled) {
  for (std::size_t k = 0; k < line_.size(); ++k) {
    line_light& l = line_[k];
    if (!l.usable) {
      locks_at_[k] = optics::never;
      l.present = false;
      continue;
    }
    if (l.present) continue;
    if (locks_at_[k] == optics::never) locks_at_[k] = settled ? t : t + params_.serdes_lock;
    l.present = locks_at_[k] <= t;
    if (l.present) locks_at_[k] = optics::never;
  }
}

/// What the link's bits see. A code word lies on all lanes of a link, so that FEC leaves each of
/// them the same.
void optical_port::leave_residual() {
  double sum = 0;
  int present = 0;
  for (int l = 0; l < params_.lanes; ++l) {
    line_light& light = line_[at(l + params_.first_line)];
    light.ber = light.raw_ber;
    sum += light.present ? light.raw_ber : 0;
    present += light.present ? 1 : 0;
  }
  if (!params_.heavy_fec || present == 0) return;
  const double left = residual_ber(sum / present);
  for (int l = 0; l < params_.lanes; ++l) line_[at(l + params_.first_line)].ber = left;
}

std::span<const link::lane_quality> optical_port::evaluate(std::span<const ring_place> transmit,
                                                           std::span<const ring_place> receive,
                                                           time_fs t, i64 from, bool settled) {
  ++evaluations_;
  place(transmit, receive);
  budget_ = optics::evaluate(params_.light, faults_);
  judge_light();
  wait_for_serdes(t, settled);
  leave_residual();
  changes_.clear();
  for (int l = 0; l < params_.lanes; ++l) {
    const line_light& now = lane(l);
    link::lane_quality& told = told_[at(l)];
    const bool moved = now.present && std::abs(now.ber - told.ber) > params_.ber_step * told.ber;
    if (now.present == told.present && !moved) continue;
    told.present = now.present;
    if (now.present) told.ber = now.ber;
    told.from = from;
    changes_.push_back(told);
  }
  return changes_;
}

time_fs optical_port::next_time() const {
  return *std::min_element(locks_at_.begin(), locks_at_.end());
}

}  // namespace lightrack::package
