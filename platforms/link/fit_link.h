// SPDX-License-Identifier: Apache-2.0
// platforms/link/fit_link.h
// `lightrack fit link`: measures flit endpoints of one kind of link, makes the service curve of its
// bursts from that, and runs both over a set of scenarios.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "models/base/config.h"
#include "models/link/service_curve.h"
#include "platforms/link/link_platform.h"

namespace lightrack::platforms {

/// A point at which burst is compared with flit: keys on top of the configuration that is fitted.
struct fit_scenario {
  std::string name;
  std::vector<std::string> set;  ///< key=value
  double time_us = 100;
};
[[nodiscard]] std::vector<fit_scenario> fit_scenarios(bool quick, int lanes);

/// Times of the link that `setup` describes, from the records of flit endpoints; without errors.
/// Throws base::model_error where flit does not behave as a curve can say.
[[nodiscard]] link::service_curve measure_curve(const link_setup& setup);

/// One scenario at both fidelities; neither needs the kernel. `c` is the configuration that is
/// fitted.
[[nodiscard]] link::curve_error compare_burst(const base::config& c, const fit_scenario& scenario,
                                              const link::service_curve& curve);

struct fit_options {
  bool quick = false;
  std::function<void(const link::curve_error&)> done{};  ///< after each scenario
};
/// The whole fit. Throws base::config_error where burst does not model what the configuration asks
/// for.
[[nodiscard]] link::service_curve fit_link(const base::config& c, const fit_options& options);

}  // namespace lightrack::platforms
