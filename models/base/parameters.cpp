// SPDX-License-Identifier: Apache-2.0
#include "models/base/parameters.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <stdexcept>

#include "models/base/units.h"

namespace lightrack::base {
namespace {

// Insertions, deletions, substitutions and swaps of neighbors.
std::size_t edits(std::string_view a, std::string_view b) {
  std::vector<std::vector<std::size_t>> cost(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) {
    for (std::size_t j = 0; j <= b.size(); ++j) {
      if (i == 0 || j == 0) {
        cost[i][j] = i + j;
        continue;
      }
      const bool same = std::tolower(a[i - 1]) == std::tolower(b[j - 1]);
      cost[i][j] =
          std::min({cost[i - 1][j] + 1, cost[i][j - 1] + 1, cost[i - 1][j - 1] + (same ? 0U : 1U)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
    }
  }
  return cost[a.size()][b.size()];
}

}  // namespace

std::string range_text(const parameter& p) {
  if (!p.values.empty()) {
    std::vector<std::string> texts;
    for (const double v : p.values) texts.push_back(number_text(v));
    return fmt::format("{}", fmt::join(texts, ", "));
  }
  if (p.type == value_type::choice) return fmt::format("{}", fmt::join(p.choices, ", "));
  if (p.min && p.max) return fmt::format("{} to {}", number_text(*p.min), number_text(*p.max));
  if (p.min) return fmt::format("{} or more", number_text(*p.min));
  return "";
}

std::string allowed_text(const parameter& p) {
  std::string what;
  if (p.shape == value_shape::rows) {
    std::vector<std::string> names;
    for (const parameter_column& c : p.columns)
      names.push_back(c.choices.empty()
                          ? fmt::format("{} ({})", c.name, c.unit)
                          : fmt::format("{} ({})", c.name, fmt::join(c.choices, " or ")));
    return fmt::format("a list of rows of {}", fmt::join(names, ", "));
  }
  if (p.type == value_type::text) {
    what = "a text";
  } else if (p.type == value_type::choice) {
    what = fmt::format("one of {}", fmt::join(p.choices, ", "));
  } else {
    const std::string unit =
        p.unit == "1" || p.unit == "count" ? "" : fmt::format(" of {}", p.unit);
    const std::string range = range_text(p);
    if (!p.values.empty()) {
      what = fmt::format("one of {}", range);
    } else {
      what = fmt::format("{}{}{}", p.type == value_type::integer ? "a whole number" : "a number",
                         unit, range.empty() ? "" : fmt::format(" from {}", range));
    }
    if (!p.choices.empty()) what += fmt::format(", or {}", fmt::join(p.choices, " or "));
  }
  return p.shape == value_shape::list ? what + ", or a list of such" : what;
}

std::string nearest_name(std::string_view name, std::span<const std::string> candidates) {
  std::string best;
  std::size_t best_cost = std::max<std::size_t>(2, name.size() / 3) + 1;
  for (const std::string& candidate : candidates) {
    const std::size_t cost = edits(name, candidate);
    if (cost < best_cost) {
      best_cost = cost;
      best = candidate;
    }
  }
  return best;
}

void parameter_set::add(parameter p) {
  for (const parameter& other : all_)
    if (other.name == p.name) throw std::logic_error("parameter " + p.name + " is declared twice");
  all_.push_back(std::move(p));
}

const parameter* parameter_set::find(std::string_view key) const {
  const parameter* family = nullptr;
  for (const parameter& p : all_) {
    if (p.name == key) return &p;
    if (p.family() && key.size() > p.stem().size() && key.starts_with(p.stem())) family = &p;
  }
  return family;
}

std::string parameter_set::nearest(std::string_view key) const {
  std::vector<std::string> names;
  for (const parameter& p : all_) names.push_back(p.name);
  std::string best = nearest_name(key, names);
  if (!best.empty()) return best;
  // The right word in the wrong group: compare what follows the last dot.
  const std::string_view word =
      key.substr(key.rfind('.') == std::string_view::npos ? 0 : key.rfind('.') + 1);
  for (const std::string& name : names)
    if (name.substr(name.rfind('.') == std::string::npos ? 0 : name.rfind('.') + 1) == word)
      return name;
  return "";
}

}  // namespace lightrack::base
