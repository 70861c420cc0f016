// SPDX-License-Identifier: Apache-2.0
#include "platforms/link/study_series.h"

#include <fmt/format.h>

#include <cmath>

namespace lightrack::platforms {

std::string meters(double m) {
  return m >= 1000 ? fmt::format("{:g} km", m / 1000) : fmt::format("{:g} m", m);
}

std::string rate(double ber) { return ber == 0 ? "no errors" : fmt::format("BER {:.1e}", ber); }

std::string point_text(const document& row) {
  return fmt::format(
      "{}, {}<br>{:g} lanes, window {:g}, receive buffer {:g}, round trip {:g} flits<br>{:g} bad "
      "flits of {:g}",
      meters(number(row, "length_m")), rate(number(row, "ber")), number(row, "lanes"),
      number(row, "window"), number(row, "rx_depth"), number(row, "round_trip_flits"),
      number(row, "flit_errors"), number(row, "flits_received"));
}

page_axis ber_axis(const std::vector<document>& rows) {
  page_axis axis{.title = "bit error rate of each lane", .log = true};
  for (const double ber : values_of(rows, "ber")) {
    if (ber <= 0) continue;
    axis.zero_at = std::pow(10, std::floor(std::log10(ber)) - 1);
    break;
  }
  return axis;
}

}  // namespace lightrack::platforms
