// SPDX-License-Identifier: Apache-2.0
// platforms/light/light_config.h
// The keys that the calculators of `lightrack light` take: engine, fiber, seed and all of optics.
#pragma once

#include "models/base/config.h"

namespace lightrack::platforms {

/// All keys with their defaults.
[[nodiscard]] base::config light_config();

/// Declares the keys of optics beside others that have the engine's and the seed already.
void declare_light(base::parameter_set& known);

}  // namespace lightrack::platforms
