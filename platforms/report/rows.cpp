// SPDX-License-Identifier: Apache-2.0
#include "platforms/report/rows.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

namespace lightrack::platforms {
namespace {

constexpr int formula_points = 60;

}  // namespace

double number(const document& row, const std::string& column) {
  const auto found = row.find(column);
  if (found == row.end() || !found->is_number()) return std::numeric_limits<double>::quiet_NaN();
  return found->get<double>();
}

std::string text_of(const document& row, const std::string& column) {
  const auto found = row.find(column);
  return found == row.end() || !found->is_string() ? "" : found->get<std::string>();
}

bool in_series(const document& row, const std::string& series) {
  const std::string list = " " + text_of(row, "series") + " ";
  return list.find(" " + series + " ") != std::string::npos;
}

std::vector<document> rows_of(const std::vector<document>& rows, const std::string& series) {
  std::vector<document> found;
  for (const document& row : rows) {
    if (in_series(row, series) && text_of(row, "status") == "done") found.push_back(row);
  }
  return found;
}

std::vector<double> values_of(const std::vector<document>& rows, const std::string& column) {
  std::set<double> values;
  for (const document& row : rows) values.insert(number(row, column));
  return {values.begin(), values.end()};
}

std::vector<document> rows_where(const std::vector<document>& rows, const std::string& column,
                                 double value, const std::string& sorted_by) {
  std::vector<document> found;
  for (const document& row : rows) {
    if (number(row, column) == value) found.push_back(row);
  }
  std::ranges::stable_sort(found, {}, [&](const document& row) { return number(row, sorted_by); });
  return found;
}

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

std::vector<double> log_range(double first, double last) {
  std::vector<double> values;
  for (int i = 0; i < formula_points; ++i) {
    values.push_back(first * std::pow(last / first, i / (formula_points - 1.0)));
  }
  return values;
}

}  // namespace lightrack::platforms
