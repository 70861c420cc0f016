// SPDX-License-Identifier: Apache-2.0
// models/link/link_parameters.h
// The parameters of a link, its channel and its traffic, and the engine profiles that set some of
// them.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "models/base/parameters.h"
#include "models/link/types.h"

namespace lightrack::link {

/// What an optical engine gives a link. Rates are payload rates of one direction.
struct engine_profile {
  std::string_view name;
  int fiber_ports;
  int lambda_per_port;  ///< wavelengths that a link may use
  double gbps_per_lambda;
  std::string_view fec;  ///< as link.fec
  int spares;
  double hop_ns;  ///< transmitter plus receiver of one hop, FEC included
  std::string_view note;
};
[[nodiscard]] std::span<const engine_profile> engine_profiles();
[[nodiscard]] const engine_profile* find_profile(std::string_view name);

inline constexpr double fiber_ns_per_m = 4.895;  ///< group index 1.4676 over the speed of light

/// Clocks of the pipeline from acceptance to delivery that are not light: the rest of a hop is the
/// PMD's.
[[nodiscard]] i64 pipeline_clocks();

void declare_link_parameters(base::parameter_set& known);

}  // namespace lightrack::link
