// SPDX-License-Identifier: Apache-2.0
#include "platforms/link/study_series.h"

#include <fmt/format.h>

#include <cmath>

namespace lightrack::platforms {
namespace {

constexpr int formula_points = 60;

}  // namespace

row_value column(const std::string& name, double factor) {
  return [=](const document& row) { return number(row, name) * factor; };
}

page_series series_of(const std::string& name, int color, const std::vector<document>& rows,
                      const row_value& x, const row_value& y, const row_text& hover) {
  page_series s{.name = name, .color = color};
  for (const document& row : rows) {
    s.x.push_back(x(row));
    s.y.push_back(y(row));
    s.hover.push_back(hover(row));
  }
  return s;
}

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

std::vector<double> log_range(double first, double last) {
  std::vector<double> values;
  for (int i = 0; i < formula_points; ++i) {
    values.push_back(first * std::pow(last / first, i / (formula_points - 1.0)));
  }
  return values;
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
