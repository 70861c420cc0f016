// SPDX-License-Identifier: Apache-2.0
// models/optics/path.h
// Every loss between a laser and a receiver, as elements with a name and a place.
//
// Optics equation 5. The modulator's element is the OMA of equation 3 over its input power, so that
// launch power less the sum is the OMA at the receiver. Not elements: penalties of the receiver
// (crosstalk, multipath, residue of intersymbol interference) and the target margin.
// Not modelled: loss of the polarization-maintaining fiber itself, excess loss of the laser's
//               splitter, dispersion (3 ps at 2 km and 50 GBd).
//   const auto elements = path_elements({.lines = 16, .length_m = 20}, 4.65);  total_db(elements);
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lightrack::optics {

struct path_element {
  std::string name{};
  std::string place{};
  double db = 0;
};

/// Losses in dB; defaults as in `lightrack params path`.
struct path_params {
  int lines = 16;  ///< of the bus, spares included: each ring is passed by all other lines
  double laser_connector_db = 0.5;
  int laser_connectors = 2;
  double coupler_db = 1.75;  ///< light enters or leaves a die: three times
  double waveguide_db = 1.0;
  double off_resonance_db = 0.05;  ///< a ring passed
  int off_resonance_rings = -1;    ///< at each end; below 0: lines - 1
  double joint_db = 0.75;
  int joints = 2;  ///< detachable, one a package
  double connector_db = 0.25;
  int connectors = 4;
  double fiber_db_per_km = 0.35;
  double length_m = 20;
  double polarization_db = 0.5;
  double drop_db = 1.0;

  [[nodiscard]] int rings_passed() const {
    return off_resonance_rings < 0 ? lines - 1 : off_resonance_rings;
  }
};

namespace element {
inline constexpr std::string_view modulator = "modulator";
inline constexpr std::string_view transmit_rings = "transmit_rings";
inline constexpr std::string_view receive_rings = "receive_rings";
inline constexpr std::string_view drop = "drop_ring";
}  // namespace element

/// In the order in which light meets them. Names are unique: "connector_2", "joint_1", "fiber".
[[nodiscard]] std::vector<path_element> path_elements(const path_params& p,
                                                      double modulator_oma_db);
[[nodiscard]] double total_db(std::span<const path_element> elements);
/// Index of an element by name; throws base::config_error that lists the names.
[[nodiscard]] std::size_t find_element(std::span<const path_element> elements,
                                       std::string_view name);

}  // namespace lightrack::optics
