// SPDX-License-Identifier: Apache-2.0
// platforms/link/link_report.h
// What a link run says: JSON, a table for a terminal, and one sentence that names what limits.
//
// Every factor of the waterfall is measured in the window, and their product is the measured
// goodput.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "platforms/link/link_platform.h"

namespace lightrack::platforms {

struct waterfall_stage {
  std::string
      stage;  ///< raw, markers, flit, slots, data_slots, retry, credits, window, load, goodput
  double factor = 1;    ///< measured
  double gbps = 0;      ///< left after this stage
  std::string formula;  ///< what the protocol predicts, with its numbers
};
[[nodiscard]] std::vector<waterfall_stage> waterfall(const link_setup& setup,
                                                     const link_direction_result& r,
                                                     i64 window_clocks, i64 round_trip);

/// One sentence: which end is flit although burst was asked for; only where setup.met_as_flit names
/// one.
[[nodiscard]] std::string met_as_flit_sentence(const link_setup& setup);

/// The slower direction: the one with less goodput for what it is asked to carry.
[[nodiscard]] const link_direction_result& slower(const link_result& r);

/// One sentence: what limits the goodput of the slower direction, with the number.
[[nodiscard]] std::string limit_sentence(const link_result& r);

/// `light` of the result: {"on": false, "why"} or the budgets, lanes, engines and events.
[[nodiscard]] nlohmann::json light_json(const link_result& r);
/// Parts of `energy_pj_per_bit` of the engine that sends a direction; null without light.
[[nodiscard]] nlohmann::json energy_json(const link_result& r, bool to_east);
/// The same as tables: the budget of the slower direction, lanes that differ, energy.
[[nodiscard]] std::string light_text(const nlohmann::json& result);

/// The object of `run link --json`.
[[nodiscard]] nlohmann::json link_json(const link_result& r);
/// The same for people.
[[nodiscard]] std::string link_text(const link_result& r);

}  // namespace lightrack::platforms
