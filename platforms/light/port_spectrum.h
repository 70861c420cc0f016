// SPDX-License-Identifier: Apache-2.0
// platforms/light/port_spectrum.h
// What a spectrum analyzer would show of one port: laser lines, ring responses and foreign light,
// before the rings are locked and after.
//
// Rings stand where fabrication put them (scatter by seed and role) before the lock, and where the
// lock models hold them after it. Frequencies are from the center of the grid, in GHz.
//   const port_spectrum after = spectrum_locked(setup);  after.receive[3].foreign_db;
#pragma once

#include <string>
#include <vector>

#include "models/optics/lock_setup.h"

namespace lightrack::platforms {

struct ring_view {
  double at_ghz = 0;      ///< resonance, folded into the bus
  int line = -1;          ///< the line that it holds; its own number where nothing is locked
  double own_db = 0;      ///< light of that line in its drop port, over the line on the bus
  double foreign_db = 0;  ///< light of all other lines there, over one line on the bus
};

struct port_spectrum {
  double fsr_ghz = 0;
  std::vector<double> line_ghz{};
  std::vector<ring_view> transmit{};
  std::vector<ring_view> receive{};
  int locked = 0;  ///< rings of both sides that hold a line
};

/// Heaters off, at the die temperature for which the cold offset is given.
[[nodiscard]] port_spectrum spectrum_cold(const optics::lock_setup& s);
/// 0.7 s after power-on, 0.2 s after the laser's ramp: each bus has swept, assigned and locked.
[[nodiscard]] port_spectrum spectrum_locked(const optics::lock_setup& s);

struct curve {
  std::vector<double> x{};
  std::vector<double> y{};  ///< dB; NaN between parts
};
/// Share of the light that stays on the bus behind all transmit rings.
[[nodiscard]] curve bus_through(const optics::optics_setup& s, const port_spectrum& p);
/// The drop response of each receive ring, one after the other.
[[nodiscard]] curve drop_responses(const optics::optics_setup& s, const port_spectrum& p);
/// Stems from `floor_db` to 0 at each line.
[[nodiscard]] curve line_stems(const port_spectrum& p, double floor_db);

}  // namespace lightrack::platforms
