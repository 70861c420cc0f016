// SPDX-License-Identifier: Apache-2.0
// models/optics/optics_setup.h
// From keys to the numbers of one port's light: engine profile, overrides, and the rules that
// concern several keys.
//
//   optics_setup s = make_optics_setup(config);  const bus_budget b = evaluate(s.light, s.faults);
#pragma once

#include "models/base/config.h"
#include "models/base/engine_profile.h"
#include "models/optics/budget.h"
#include "models/optics/laser.h"

namespace lightrack::optics {

/// Ports that one laser of a module feeds: 16 lasers for 8 ports of 16 lines, and for 32 of 4.
inline constexpr int ports_per_laser = 8;

struct optics_setup {
  const base::engine_profile* profile = nullptr;
  double gbps_per_lambda = 0;  ///< payload
  int fiber_ports = 0;
  base::modulation symbols = base::modulation::nrz;
  ring_params rings{};
  light_params light{};
  light_faults faults{};
  laser_params diode{};
  laser_control control = laser_control::power;
  laser_limits limits{};
  laser_module_params module{};
  double laser_c = 45;  ///< temperature that the module's cooler holds
  double laser_hours = 0;
  double fit_per_lane = 50;
  loss_of_signal::params los{};
  double engine_pj_per_bit = 3;

  /// Payload of an engine and direction.
  [[nodiscard]] double engine_gbps() const { return profile->gbps(); }
  /// Where a lane of the module stands.
  [[nodiscard]] laser_state lane() const;
};

/// Fills in what the profile implies and reads all keys of the optics. Throws base::config_error:
/// a profile without light; ports x wavelengths x rate that are not the profile's; a grid that does
/// not fill the FSR; a ring too sharp for its symbols; loss-of-signal thresholds too near.
[[nodiscard]] optics_setup make_optics_setup(base::config& c);

/// A run needs light that carries it: throws base::config_error if a lane that should work has a
/// negative margin, naming lane, margin and what would close it. A calculator does not ask.
void require_margin(const optics_setup& s, const bus_budget& b);

}  // namespace lightrack::optics
