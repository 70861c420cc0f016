// SPDX-License-Identifier: Apache-2.0
// models/optics/assignment.h
// Which ring of a bus takes which wavelength: four schemes of arbitration.
//
// A ring stands some GHz above its own line and its heater only shifts it down. With hop h it takes
// the line h places up the bus, which needs h spacings less; past the end of the bus it meets the
// lowest line with its next order, one FSR further down. The hop of a ring is its line and its
// order in one number. No scheme gives two rings one line.
//
//   sequential    ring i takes line i
//   nearest       in bus order, the free line that needs the least shift
//   barrel_shift  the same hop for all rings, the one with the least heater power (default)
//   optimum       any permutation, the one with the least heater power
//
// Where no choice reaches all rings, the one that reaches most of them is taken and the others stay
// without a line: the yield of a bus is whether it is complete.
// Cost: barrel shift and sequential some hundred operations a bus; optimum O(n^3). No allocation.
//   bus_problem bus{.rings = 16, .spacing_ghz = 200};  bus.shift_ghz[0] = 412;  ...
//   const assignment a = assign(arbitration::barrel_shift, bus);  a.complete();  a.line(3);
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace lightrack::optics {

enum class arbitration : std::uint8_t { sequential, nearest, barrel_shift, optimum };

/// As ring.arbitration spells it: SEQUENTIAL, NEAREST, BARREL_SHIFT, OPTIMUM.
[[nodiscard]] std::string_view name_of(arbitration scheme);
/// Null if there is none of that name.
[[nodiscard]] std::optional<arbitration> arbitration_named(std::string_view name);

inline constexpr int max_rings = 64;
inline constexpr std::int8_t no_hop = INT8_MIN;

/// How often ring `i` with this hop has passed the upper end of a bus (negative: the lower).
[[nodiscard]] constexpr int orders_passed(int i, int hop, int rings) {
  const int k = i + hop;
  return k >= 0 ? k / rings : -((rings - 1 - k) / rings);
}

struct bus_problem {
  int rings = 0;  ///< as many as there are lines, 1 to max_rings
  double spacing_ghz = 200;
  double low_ghz = 0;                              ///< least shift of a heater
  std::array<double, max_rings> shift_ghz{};       ///< to each ring's own line; may be negative
  std::array<double, max_rings> high_ghz{};        ///< greatest shift of each heater
  std::array<double, max_rings> fsr_excess_ghz{};  ///< its FSR less rings x spacing
  std::array<bool, max_rings> broken{};            ///< takes no part and stays without a line

  [[nodiscard]] int orders(int i, int hop) const { return orders_passed(i, hop, rings); }
  [[nodiscard]] double needed_ghz(int i, int hop) const {
    const auto at = static_cast<std::size_t>(i);
    return shift_ghz[at] - hop * spacing_ghz - orders(i, hop) * fsr_excess_ghz[at];
  }
  [[nodiscard]] bool reaches(int i, int hop) const {
    const double needed = needed_ghz(i, hop);
    const auto at = static_cast<std::size_t>(i);
    return !broken[at] && needed >= low_ghz && needed <= high_ghz[at];
  }
};

struct assignment {
  int rings = 0;
  int placed = 0;
  int wanted = 0;                            ///< rings that are not broken
  double total_ghz = 0;                      ///< heater shift of all placed rings
  std::array<std::int8_t, max_rings> hop{};  ///< no_hop: without a line

  [[nodiscard]] bool complete() const { return placed == wanted; }
  [[nodiscard]] int line(int ring) const {
    const int h = hop[static_cast<std::size_t>(ring)];
    return h == no_hop ? -1 : (((ring + h) % rings) + rings) % rings;
  }
};

[[nodiscard]] assignment assign(arbitration scheme, const bus_problem& bus);

}  // namespace lightrack::optics
