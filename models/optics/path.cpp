// SPDX-License-Identifier: Apache-2.0
#include "models/optics/path.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "models/base/error.h"
#include "models/base/parameters.h"

namespace lightrack::optics {

std::vector<path_element> path_elements(const path_params& p, double modulator_oma_db) {
  std::vector<path_element> all;
  const auto add = [&](std::string_view name, std::string_view place, double db) {
    all.push_back({std::string{name}, std::string{place}, db});
  };
  const auto add_row = [&](std::string_view name, std::string_view place, int from, int to,
                           double db) {
    for (int i = from; i <= to; ++i) add(fmt::format("{}_{}", name, i), place, db);
  };
  constexpr std::string_view transmit = "transmitting die";
  constexpr std::string_view receive = "receiving die";
  // Joints: the first half at the transmitting package, as a package has one.
  const int near_joints = (p.joints + 1) / 2;
  add_row("laser_connector", "laser to engine", 1, p.laser_connectors, p.laser_connector_db);
  add("laser_coupler", transmit, p.coupler_db);
  add("waveguide", transmit, p.waveguide_db);
  add(element::modulator, transmit, modulator_oma_db);
  add(element::transmit_rings, transmit, p.off_resonance_db * p.rings_passed());
  add("output_coupler", transmit, p.coupler_db);
  add_row("joint", "transmitting package", 1, near_joints, p.joint_db);
  add_row("connector", "fiber plant", 1, (p.connectors + 1) / 2, p.connector_db);
  add("fiber", "fiber plant", p.fiber_db_per_km * p.length_m / 1000);
  add_row("connector", "fiber plant", (p.connectors + 1) / 2 + 1, p.connectors, p.connector_db);
  add_row("joint", "receiving package", near_joints + 1, p.joints, p.joint_db);
  add("input_coupler", receive, p.coupler_db);
  add("polarization", receive, p.polarization_db);
  add(element::receive_rings, receive, p.off_resonance_db * p.rings_passed());
  add(element::drop, receive, p.drop_db);
  return all;
}

double total_db(std::span<const path_element> elements) {
  double sum = 0;
  for (const path_element& e : elements) sum += e.db;
  return sum;
}

std::size_t find_element(std::span<const path_element> elements, std::string_view name) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < elements.size(); ++i) {
    if (elements[i].name == name) return i;
    names.push_back(elements[i].name);
  }
  const std::string near = base::nearest_name(name, names);
  throw base::config_error(fmt::format("{}: the path has no such element{}; allowed are {}", name,
                                       near.empty() ? "" : ", nearest is " + near,
                                       fmt::join(names, ", ")));
}

}  // namespace lightrack::optics
