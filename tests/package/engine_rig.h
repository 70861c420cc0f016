// SPDX-License-Identifier: Apache-2.0
// tests/package/engine_rig.h
// A configuration of engines from assignments, as the command line makes it.
#pragma once

#include <initializer_list>
#include <memory>
#include <string>

#include "models/base/config.h"
#include "models/optics/lock_parameters.h"
#include "models/optics/optics_parameters.h"
#include "models/package/engine_setup.h"

namespace lightrack::package {

[[nodiscard]] inline engine_setup rig_setup(std::initializer_list<std::string> assignments = {}) {
  auto known = std::make_shared<base::parameter_set>();
  base::declare_engine_parameters(*known);
  optics::declare_optics_parameters(*known);
  optics::declare_lock_parameters(*known);
  declare_engine_run_parameters(*known);
  base::config c{known};
  for (const std::string& a : assignments) c.set(a);
  return make_engine_setup(c);
}

}  // namespace lightrack::package
