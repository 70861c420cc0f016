// SPDX-License-Identifier: Apache-2.0
// models/optics/crosstalk.h
// What a receiver ring drops of its neighbors' light, and what that costs.
//
// Optics equation 4: the sum over the other lines of D(distance) over D(own distance), distances
// folded by the FSR, weighted with the lines' powers. The penalty is the worst case: all neighbors
// against the eye at once.
//   crosstalk_db(even, r) == -14.0;  crosstalk_penalty_db(ratio(-14.0), 5, nrz) == 0.35;
#pragma once

#include <span>

#include "models/base/engine_profile.h"
#include "models/optics/grid.h"
#include "models/optics/ring.h"

namespace lightrack::optics {

/// One line's share of the light in the drop port of a ring tuned to another, over that ring's own
/// line: D(spacing) / D(0), a power ratio; -18.8 dB at Q 5000 and 200 GHz.
[[nodiscard]] double neighbor_suppression(const ring& r, double spacing_ghz);

/// Crosstalk of `victim`, a power ratio, in a bus whose lines arrive with `power` (any unit, 0 =
/// dark) and whose victim's ring stands at `ring_ghz`. Infinite if the victim's line is dark.
[[nodiscard]] double crosstalk(const grid& g, const ring& r, std::span<const double> power,
                               int victim, double ring_ghz);

/// The same for evenly strong lines and a ring on its line.
[[nodiscard]] double crosstalk(const grid& g, const ring& r);

/// -10 log10(1 - X (ER+1)/(ER-1)), dB; infinite where the eye closes. The eye of PAM4 is a third
/// of the OMA, so that the same crosstalk weighs three times.
[[nodiscard]] double crosstalk_penalty_db(double crosstalk_ratio, double extinction_db,
                                          base::modulation symbols);

}  // namespace lightrack::optics
