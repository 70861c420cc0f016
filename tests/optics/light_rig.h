// SPDX-License-Identifier: Apache-2.0
// tests/optics/light_rig.h
// A configuration of engine and optics from assignments, as the command line makes it.
#pragma once

#include <initializer_list>
#include <memory>
#include <string>

#include "models/base/config.h"
#include "models/optics/optics_parameters.h"
#include "models/optics/optics_setup.h"

namespace lightrack::optics {

[[nodiscard]] inline base::config light_configuration(
    std::initializer_list<std::string> assignments = {}) {
  auto known = std::make_shared<base::parameter_set>();
  base::declare_engine_parameters(*known);
  declare_optics_parameters(*known);
  base::config c{known};
  for (const std::string& a : assignments) c.set(a);
  return c;
}

[[nodiscard]] inline optics_setup light_setup(std::initializer_list<std::string> assignments = {}) {
  base::config c = light_configuration(assignments);
  return make_optics_setup(c);
}

[[nodiscard]] inline bus_budget light_budget(std::initializer_list<std::string> assignments = {}) {
  const optics_setup s = light_setup(assignments);
  return evaluate(s.light, s.faults);
}

}  // namespace lightrack::optics
