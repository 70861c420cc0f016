// SPDX-License-Identifier: Apache-2.0
// models/optics/budget.h
// From launch to bit error rate, for every wavelength of one port in one direction.
//
// Puts laser power, modulator, path, crosstalk and receiver together, whole or with faults. One
// evaluation is a few hundred Lorentzians: made at a control rate or on an event, never per bit.
// Penalties:    path.penalties is what crosstalk, multipath and the residue of intersymbol
//               interference cost in the bus as designed. The crosstalk that the model computes
//               replaces its share of that, so that it is counted once; optics equations 4 and 6.
// Not modelled: modulation of a line by its neighbors' rings, reflections, splitter imbalance.
//   const bus_budget b = evaluate(p);  b.lanes[3].ber;
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "models/optics/grid.h"
#include "models/optics/modulator.h"
#include "models/optics/path.h"
#include "models/optics/receiver.h"

namespace lightrack::optics {

struct light_params {
  grid lines{};
  modulator transmit{};
  ring receive{};
  path_params path{};
  receiver_params detector{};
  double launch_dbm = 11;              ///< of a wavelength and port
  double penalties_db = 1.0;           ///< of the bus as designed: multipath and crosstalk included
  double design_crosstalk_db = 0.348;  ///< the crosstalk's share of it (design_crosstalk())
  double target_margin_db = 2;         ///< reported against, not a loss
};

/// What crosstalk costs in a bus of this grid with the rings of the design point (defaults of
/// ring_params and modulator): 0.35 dB at 16 x 200 GHz.
[[nodiscard]] double design_crosstalk(const grid& g, base::modulation symbols);

/// What is wrong; vectors are empty or have a value a line.
struct light_faults {
  std::vector<std::pair<std::string, double>> extra_db{};  ///< element name, dB, for all lines
  std::vector<double> launch_change_db{};
  std::vector<bool> dark{};                     ///< no light from the laser
  std::vector<double> transmit_detuning_ghz{};  ///< laser minus ring, beside the bias; < 0: cooled
  std::vector<double> receive_detuning_ghz{};   ///< laser minus ring
};

struct lane_budget {
  std::vector<double> element_db{};  ///< in the order of bus_budget::elements
  double launch_dbm = 0;
  double received_oma_dbm = 0;
  double average_dbm = 0;  ///< at the detector, for loss of signal
  double extinction_db = 0;
  double crosstalk = 0;  ///< power ratio
  double penalties_db = 0;
  double margin_db = 0;  ///< received OMA less penalties less sensitivity
  double q = 0;          ///< of an eye, at received OMA less penalties
  double ber = 0.5;
  bool present = false;  ///< there is light, and a one is brighter than a zero
};

struct bus_budget {
  std::vector<path_element> elements{};  ///< of a line without a fault of its own
  double total_db = 0;                   ///< of these
  double sensitivity_dbm = 0;
  std::vector<lane_budget> lanes{};
  std::size_t worst = 0;  ///< lane with the least margin; one that is dark counts
};

/// Throws base::config_error if a fault names an element that is not there.
[[nodiscard]] bus_budget evaluate(const light_params& p, const light_faults& faults = {});

}  // namespace lightrack::optics
