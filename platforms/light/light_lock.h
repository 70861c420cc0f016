// SPDX-License-Identifier: Apache-2.0
// platforms/light/light_lock.h
// What `lightrack light track|assign` computes: one JSON object each, and the same as a table.
//
//   base::config c = light_config();  const document t = light_track(c);  t["error_ghz"];
#pragma once

#include <string>

#include "models/base/config.h"
#include "platforms/report/page.h"

namespace lightrack::platforms {

/// A modulator and a receive ring on a die that ramps with light.slew.
[[nodiscard]] document light_track(base::config& c);
/// light.samples fabricated buses at light.temperature_offset, by ring.arbitration.
[[nodiscard]] document light_assign(base::config& c);

[[nodiscard]] std::string track_text(const document& track);
[[nodiscard]] std::string assign_text(const document& assign);

}  // namespace lightrack::platforms
