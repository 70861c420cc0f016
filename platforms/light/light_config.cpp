// SPDX-License-Identifier: Apache-2.0
#include "platforms/light/light_config.h"

#include "models/base/engine_profile.h"
#include "models/optics/lock_parameters.h"
#include "models/optics/optics_parameters.h"

namespace lightrack::platforms {

void declare_light(base::parameter_set& known) {
  optics::declare_optics_parameters(known);
  optics::declare_lock_parameters(known);
}

base::config light_config() {
  static const auto known = [] {
    auto set = std::make_shared<base::parameter_set>();
    base::declare_engine_parameters(*set);
    declare_light(*set);
    return std::shared_ptr<const base::parameter_set>{set};
  }();
  return base::config{known};
}

}  // namespace lightrack::platforms
