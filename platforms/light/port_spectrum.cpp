// SPDX-License-Identifier: Apache-2.0
#include "platforms/light/port_spectrum.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "models/optics/decibel.h"

namespace lightrack::platforms {
namespace {

using optics::bus_direction;
using optics::optics_setup;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double floor_db = -60;

// One port is enough: a ring's scatter goes by its role, whatever is built beside it.
optics::bank_params one_port(const optics::lock_setup& s) {
  optics::bank_params b = s.bank;
  b.ports = 1;
  return b;
}

double in_db(double share) { return share > 0 ? std::max(floor_db, optics::db(share)) : floor_db; }

double from_center(const optics_setup& s, int line) {
  return s.light.lines.line_ghz(line) - s.light.lines.center_ghz;
}

port_spectrum empty_spectrum(const optics_setup& s) {
  port_spectrum p{.fsr_ghz = s.light.lines.fsr_ghz};
  for (int k = 0; k < s.light.lines.lines; ++k) p.line_ghz.push_back(from_center(s, k));
  return p;
}

// Light of the ring's own line and of all others in its drop port.
void look_through(const optics_setup& s, const port_spectrum& p, ring_view& r) {
  double own = 0;
  double foreign = 0;
  for (std::size_t k = 0; k < p.line_ghz.size(); ++k) {
    const double share = s.light.receive.drop(s.light.lines.fold(p.line_ghz[k] - r.at_ghz));
    (static_cast<int>(k) == r.line ? own : foreign) += share;
  }
  r.own_db = in_db(own);
  r.foreign_db = in_db(foreign);
}

}  // namespace

port_spectrum spectrum_cold(const optics::lock_setup& setup) {
  const optics_setup& s = setup.light;
  port_spectrum p = empty_spectrum(s);
  const optics::bank_params b = one_port(setup);
  for (const bool transmit : {true, false}) {
    for (int k = 0; k < b.lines; ++k) {
      const std::string role =
          fmt::format("{}engine0.port0.{}.ring{}", b.role, transmit ? "tx" : "rx", k);
      const double offset = optics::scatter_of(b.seed, role, b.scatter).offset_ghz;
      ring_view r{.at_ghz = s.light.lines.fold(from_center(s, k) + b.cold_offset_ghz + offset),
                  .line = k};
      look_through(s, p, r);
      (transmit ? p.transmit : p.receive).push_back(r);
    }
  }
  return p;
}

port_spectrum spectrum_locked(const optics::lock_setup& setup) {
  const optics_setup& s = setup.light;
  port_spectrum p = empty_spectrum(s);
  optics::light_bank bank{one_port(setup)};
  bank.power_on(0, 0);
  bank.set_light(0, true, 500 * optics::ms);
  bank.advance(700 * optics::ms);
  for (const auto direction : {bus_direction::tx, bus_direction::rx}) {
    const bool transmit = direction == bus_direction::tx;
    for (int k = 0; k < s.light.lines.lines; ++k) {
      const int ring = bank.ring_of({.direction = direction}, k);
      if (!bank.lock(ring).holds()) continue;
      ++p.locked;
      const double detuning = bank.error_ghz(ring) + (transmit ? s.light.transmit.bias_ghz : 0.0);
      ring_view r{.at_ghz = s.light.lines.fold(from_center(s, bank.line(ring)) - detuning),
                  .line = bank.line(ring)};
      look_through(s, p, r);
      (transmit ? p.transmit : p.receive).push_back(r);
    }
  }
  return p;
}

curve bus_through(const optics_setup& s, const port_spectrum& p) {
  curve c;
  const double half = 0.5 * p.fsr_ghz;
  for (double x = -half; x <= half; x += 4) {
    double through = 1;
    for (const ring_view& r : p.transmit)
      through *= s.light.transmit.response.through(s.light.lines.fold(x - r.at_ghz));
    c.x.push_back(x);
    c.y.push_back(in_db(through));
  }
  return c;
}

curve drop_responses(const optics_setup& s, const port_spectrum& p) {
  curve c;
  const double half = 0.5 * p.fsr_ghz;
  const double reach = std::min(half, 1.2 * s.light.lines.spacing_ghz);
  for (const ring_view& r : p.receive) {
    // Denser where the curve bends.
    for (double t = -1; t <= 1.0001; t += 0.03125) {
      const double d = reach * t * t * t;
      const double x = s.light.lines.fold(r.at_ghz + d);
      if (!c.x.empty() && !std::isnan(c.y.back()) && std::abs(x - c.x.back()) > half) {
        c.x.push_back(x);
        c.y.push_back(nan);
      }
      c.x.push_back(x);
      c.y.push_back(in_db(s.light.receive.drop(d)));
    }
    c.x.push_back(c.x.back());
    c.y.push_back(nan);
  }
  return c;
}

curve line_stems(const port_spectrum& p, double from_db) {
  curve c;
  for (const double x : p.line_ghz) {
    c.x.insert(c.x.end(), {x, x, x});
    c.y.insert(c.y.end(), {from_db, 0, nan});
  }
  return c;
}

}  // namespace lightrack::platforms
