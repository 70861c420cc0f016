// SPDX-License-Identifier: Apache-2.0
#include "models/optics/budget.h"

#include <algorithm>
#include <limits>

#include "models/optics/crosstalk.h"
#include "models/optics/decibel.h"

namespace lightrack::optics {
namespace {

constexpr double dark_dbm = -std::numeric_limits<double>::infinity();

template <class T>
T of(const std::vector<T>& values, int k, T otherwise) {
  return values.empty() ? otherwise : static_cast<T>(values[static_cast<std::size_t>(k)]);
}

// Loss of line j at the rings of the other lines beyond what they cost where they belong: only a
// ring that has strayed toward the line shows.
double strayed_rings_db(const grid& g, const ring& r, const std::vector<double>& detuning,
                        int victim, double bias_ghz) {
  if (detuning.empty()) return 0;
  double extra = 0;
  for (int k = 0; k < g.lines; ++k) {
    if (k == victim) continue;
    const double belongs = g.fold(g.line_ghz(victim) - g.line_ghz(k) + bias_ghz);
    const double strayed = g.fold(belongs + detuning[static_cast<std::size_t>(k)]);
    extra += db(r.through(belongs) / r.through(strayed));
  }
  return extra;
}

class bus {
 public:
  bus(const light_params& p, const light_faults& faults, const bus_budget& whole)
      : p_{p},
        faults_{faults},
        whole_{whole},
        detector_{p.detector},
        modulator_at_{find_element(whole.elements, element::modulator)},
        transmit_rings_at_{find_element(whole.elements, element::transmit_rings)},
        receive_rings_at_{find_element(whole.elements, element::receive_rings)},
        drop_at_{find_element(whole.elements, element::drop)} {}

  [[nodiscard]] std::vector<lane_budget> lanes() const {
    const int count = p_.lines.lines;
    std::vector<lane_budget> all;
    std::vector<double> arrived;  // mW of each line before the receiver's rings
    for (int k = 0; k < count; ++k) {
      all.push_back(arrive(k));
      const lane_budget& lane = all.back();
      const bool dark = lane.average_dbm == dark_dbm;
      arrived.push_back(dark ? 0 : mw_of_dbm(lane.average_dbm + lane.element_db[drop_at_]));
    }
    for (int k = 0; k < count; ++k) judge(all[static_cast<std::size_t>(k)], k, arrived);
    return all;
  }

 private:
  // Light of line k from laser to detector.
  [[nodiscard]] lane_budget arrive(int k) const {
    lane_budget lane;
    for (const path_element& e : whole_.elements) lane.element_db.push_back(e.db);
    const modulator_levels levels =
        p_.transmit.at(p_.transmit.bias_ghz + of(faults_.transmit_detuning_ghz, k, 0.0));
    const double off = of(faults_.receive_detuning_ghz, k, 0.0);
    lane.element_db[drop_at_] += db(p_.receive.drop(0) / p_.receive.drop(p_.lines.fold(off)));
    lane.element_db[transmit_rings_at_] += strayed_rings_db(
        p_.lines, p_.transmit.response, faults_.transmit_detuning_ghz, k, p_.transmit.bias_ghz);
    lane.element_db[receive_rings_at_] +=
        strayed_rings_db(p_.lines, p_.receive, faults_.receive_detuning_ghz, k, 0);
    lane.launch_dbm = p_.launch_dbm + of(faults_.launch_change_db, k, 0.0);
    const bool dark = of(faults_.dark, k, false) || lane.launch_dbm == dark_dbm;
    lane.present = !dark && levels.oma() > 0;
    lane.element_db[modulator_at_] +=
        lane.present ? levels.oma_loss_db() - p_.transmit.at(p_.transmit.bias_ghz).oma_loss_db()
                     : 0;
    lane.extinction_db = levels.er_db();
    double other_loss = 0;
    for (std::size_t i = 0; i < lane.element_db.size(); ++i)
      if (i != modulator_at_) other_loss += lane.element_db[i];
    const double at_detector = lane.launch_dbm - other_loss;
    lane.average_dbm = dark ? dark_dbm : at_detector + db(levels.average());
    lane.received_oma_dbm = lane.present ? at_detector - lane.element_db[modulator_at_] : dark_dbm;
    return lane;
  }

  void judge(lane_budget& lane, int k, const std::vector<double>& arrived) const {
    if (!lane.present) {
      lane.margin_db = dark_dbm;
      return;
    }
    const double ring_ghz = p_.lines.line_ghz(k) - of(faults_.receive_detuning_ghz, k, 0.0);
    lane.crosstalk = crosstalk(p_.lines, p_.receive, arrived, k, ring_ghz);
    const double penalty =
        crosstalk_penalty_db(lane.crosstalk, lane.extinction_db, p_.detector.symbols);
    lane.penalties_db = std::max(0.0, p_.penalties_db - p_.design_crosstalk_db + penalty);
    const double effective_dbm = lane.received_oma_dbm - lane.penalties_db;
    lane.margin_db = effective_dbm - p_.detector.sensitivity_dbm;
    const bool closed = effective_dbm == dark_dbm;
    lane.q = closed ? 0 : detector_.q(effective_dbm, lane.extinction_db);
    lane.ber = detector_.ber_of_q(lane.q);
  }

  const light_params& p_;
  const light_faults& faults_;
  const bus_budget& whole_;
  receiver detector_;
  std::size_t modulator_at_;
  std::size_t transmit_rings_at_;
  std::size_t receive_rings_at_;
  std::size_t drop_at_;
};

}  // namespace

double design_crosstalk(const grid& g, base::modulation symbols) {
  const ring r = make_ring({}, g.center_ghz);
  const modulator m{.response = r};
  return crosstalk_penalty_db(crosstalk(g, r), m.at(m.bias_ghz).er_db(), symbols);
}

bus_budget evaluate(const light_params& p, const light_faults& faults) {
  bus_budget b;
  b.elements = path_elements(p.path, p.transmit.at(p.transmit.bias_ghz).oma_loss_db());
  for (const auto& [name, extra] : faults.extra_db)
    b.elements[find_element(b.elements, name)].db += extra;
  b.total_db = total_db(b.elements);
  b.sensitivity_dbm = p.detector.sensitivity_dbm;
  b.lanes = bus{p, faults, b}.lanes();
  const auto worst = std::ranges::min_element(b.lanes, {}, &lane_budget::margin_db);
  b.worst = static_cast<std::size_t>(worst - b.lanes.begin());
  return b;
}

}  // namespace lightrack::optics
