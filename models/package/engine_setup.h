// SPDX-License-Identifier: Apache-2.0
// models/package/engine_setup.h
// From keys to the engines of a platform: rings, their start, the die-to-die side; and the keys
// that a run with light has beside those of the calculators.
//
//   base::config c = ...;  const engine_setup s = make_engine_setup(c);
//   light_plant plant{plant_of(s, {"west", "east"}, clock_fs)};
#pragma once

#include <string>
#include <vector>

#include "models/base/config.h"
#include "models/package/light_plant.h"

namespace lightrack::package {

/// ucie.*, serdes.lock_time, light.start, light.temperature; beside the keys of optics and lock.
void declare_engine_run_parameters(base::parameter_set& known);

struct engine_setup {
  optics::optics_setup light{};
  optics::bank_params bank{};
  die_to_die_params host{};
  light_start start = light_start::locked;
  double start_c = 62.5;
  time_fs serdes_lock = 5 * optics::us;
  std::string fec{};

  /// A direction of a link of so many lanes, spares included, from a line of its port on.
  [[nodiscard]] optical_port_params port(int lanes, int first_line = 0) const;
};

/// Implies what the profile says; throws base::config_error as optics::make_lock_setup() does.
[[nodiscard]] engine_setup make_engine_setup(base::config& c);
[[nodiscard]] plant_params plant_of(const engine_setup& s, const std::vector<std::string>& engines,
                                    i64 clock_fs);

}  // namespace lightrack::package
