// SPDX-License-Identifier: Apache-2.0
// tb/verify/shaped.h
// How a scenario of the gate begins: a name with shape and length, and clocks that leave about
// `active` of them after training.
#pragma once

#include <string>
#include <string_view>

#include "tb/verify/scenario.h"

namespace lightrack::verify {

/// Clocks of lane search at one bit a slip, from the worst offset, rounded up.
[[nodiscard]] constexpr i64 search_clocks(int lanes) {
  return lanes == 16 ? 2'000 : lanes == 8 ? 3'000 : 5'500;
}
[[nodiscard]] scenario shaped(std::string_view what, int lanes, double length_m, std::string why,
                              i64 active = 26'000);
/// About the clock at which such a scenario becomes ACTIVE.
[[nodiscard]] i64 active_clock(const scenario& s);
/// The same light both ways.
inline void both_ways(scenario& s, const direction& light) { s.to_east = s.to_west = light; }

/// The scenarios of FEC, spares, width, sessions, QUIESCE and injection.
[[nodiscard]] std::vector<scenario> whole_link_catalog();
/// Light that comes from models/package.
[[nodiscard]] std::vector<scenario> light_catalog();

}  // namespace lightrack::verify
