// SPDX-License-Identifier: Apache-2.0
// platforms/link/compare_row.h
// One row of the fidelity gate: a scenario in one pairing against the flit model.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "tb/verify/scenario.h"

namespace lightrack::platforms {

/// flit_flit is compared with itself: only the rules of the scoreboard judge it. burst_burst is
/// judged by them and by its likeness to flit; a burst end that meets another fidelity is flit.
enum class pairing { rtl_rtl, rtl_flit, flit_rtl, flit_flit, burst_burst };
inline constexpr pairing all_pairings[] = {pairing::rtl_rtl, pairing::rtl_flit, pairing::flit_rtl};
[[nodiscard]] std::string name_of(pairing p);
/// The pairing of a name such as "rtl-flit" or "burst-rtl" (west first); none for an unknown one.
[[nodiscard]] std::optional<pairing> pairing_of(const std::string& name);

/// Runs both sides in this process. `fst_directory` not empty: a run that differs is repeated with
/// waveforms of its RTL ends around the first difference.
[[nodiscard]] nlohmann::json compare_row(const verify::scenario& s, pairing p,
                                         const std::string& fst_directory);
/// The row of a comparison that could not be made.
[[nodiscard]] nlohmann::json failed_row(const verify::scenario& s, pairing p,
                                        const std::string& why);

}  // namespace lightrack::platforms
