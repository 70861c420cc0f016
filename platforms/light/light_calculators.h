// SPDX-License-Identifier: Apache-2.0
// platforms/light/light_calculators.h
// What `lightrack light budget|ring|laser` computes: one JSON object each, and the same as a table.
//
// Each fills in the configuration from the engine profile (make_optics_setup) and throws
// base::config_error where that is refused. A negative margin is a figure, not an error.
//   base::config c = light_config();  const document b = light_budget(c);  b["margin_db"];
#pragma once

#include <string>

#include "models/base/config.h"
#include "platforms/report/page.h"

namespace lightrack::platforms {

/// Top level: the line with the least margin that has light; `lines` has all of them.
[[nodiscard]] document light_budget(base::config& c);
[[nodiscard]] document light_ring(base::config& c);
[[nodiscard]] document light_laser(base::config& c);

[[nodiscard]] std::string budget_text(const document& budget);
[[nodiscard]] std::string ring_text(const document& ring);
[[nodiscard]] std::string laser_text(const document& laser);

}  // namespace lightrack::platforms
