// SPDX-License-Identifier: Apache-2.0
#include "models/base/config_value.h"

#include <fmt/format.h>

#include <toml++/toml.h>
#include <algorithm>
#include <cmath>

#include "models/base/error.h"
#include "models/base/units.h"

namespace lightrack::base {
namespace {

using json = nlohmann::json;

json to_json(const toml::node& node) {
  if (const auto* table = node.as_table()) {
    json object = json::object();
    for (const auto& [key, value] : *table) object[std::string{key.str()}] = to_json(value);
    return object;
  }
  if (const auto* array = node.as_array()) {
    json list = json::array();
    for (const toml::node& value : *array) list.push_back(to_json(value));
    return list;
  }
  if (const auto v = node.value_exact<std::int64_t>()) return *v;
  if (const auto v = node.value_exact<double>()) return *v;
  if (const auto v = node.value_exact<bool>()) return *v;
  if (const auto v = node.value_exact<std::string>()) return *v;
  return json{{"date", "or time of day"}};  // no key takes one, so check_value() refuses it
}

// The part of a declaration that one scalar is checked against.
struct scalar_rule {
  const std::string& unit;
  value_type type;
  const std::optional<double>& min;
  const std::optional<double>& max;
  const std::vector<std::string>& choices;
  std::span<const double> values;
};

checked_value check_scalar(const scalar_rule& rule, const json& raw) {
  if (raw.is_structured()) return {{}, "one value is wanted"};
  if (rule.type == value_type::text)
    return raw.is_string() ? checked_value{raw, {}} : checked_value{{}, "a text is wanted"};
  const bool word =
      raw.is_string() && std::ranges::count(rule.choices, raw.get<std::string>()) != 0;
  if (word) return {raw, {}};
  if (rule.type == value_type::choice) {
    if (!raw.is_string()) return {{}, "a name is wanted"};
    const std::string near = nearest_name(raw.get<std::string>(), rule.choices);
    return {{},
            near.empty() ? "no such choice" : fmt::format("no such choice, nearest is {}", near)};
  }
  double number = 0;
  if (raw.is_string()) {
    const quantity_result q = quantity(raw.get<std::string>(), rule.unit);
    if (!q.value) return {{}, q.problem};
    number = *q.value;
  } else if (raw.is_number()) {
    number = raw.get<double>();
  } else {
    return {{}, "a number is wanted"};
  }
  if (!std::isfinite(number)) return {{}, "not a finite number"};
  if (!rule.values.empty() && std::ranges::count(rule.values, number) == 0)
    return {{}, "not one of the values that exist"};
  if ((rule.min && number < *rule.min) || (rule.max && number > *rule.max))
    return {{}, "out of range"};
  if (rule.type == value_type::number) return {number, {}};
  if (std::floor(number) != number || std::abs(number) > 9e15) return {{}, "not a whole number"};
  return {static_cast<std::int64_t>(number), {}};
}

checked_value check_column(const parameter_column& c, const json& raw) {
  checked_value v = check_scalar({c.unit, c.type, c.min, c.max, c.choices, {}}, raw);
  if (!v.problem.empty())
    v.problem = fmt::format("{} = {}: {}", c.name, found_text(raw), v.problem);
  return v;
}

checked_value check_row(const parameter& p, const json& raw) {
  json row = json::object();
  if (raw.is_array()) {
    if (raw.size() != p.columns.size())
      return {{}, fmt::format("a row has {} values", p.columns.size())};
    for (std::size_t i = 0; i < p.columns.size(); ++i) {
      checked_value v = check_column(p.columns[i], raw[i]);
      if (!v.problem.empty()) return v;
      row[p.columns[i].name] = v.value;
    }
    return {row, {}};
  }
  if (!raw.is_object()) return {{}, "a row is wanted"};
  std::vector<std::string> names;
  for (const parameter_column& c : p.columns) names.push_back(c.name);
  for (const auto& [name, value] : raw.items())
    if (std::ranges::count(names, name) == 0)
      return {{}, fmt::format("a row has no '{}', nearest is {}", name, nearest_name(name, names))};
  for (const parameter_column& c : p.columns) {
    if (!raw.contains(c.name) && c.standard.empty())
      return {{}, fmt::format("a row needs '{}'", c.name)};
    checked_value v = check_column(c, raw.contains(c.name) ? raw[c.name] : json(c.standard));
    if (!v.problem.empty()) return v;
    row[c.name] = v.value;
  }
  return {row, {}};
}

void flatten(const toml::table& table, const std::string& prefix, std::vector<file_value>& out) {
  for (const auto& [key, node] : table) {
    const std::string name =
        prefix.empty() ? std::string{key.str()} : prefix + "." + std::string{key.str()};
    const toml::table* inner = node.as_table();
    if (inner != nullptr) {
      flatten(*inner, name, out);
    } else {
      out.push_back({name, to_json(node), static_cast<int>(key.source().begin.line)});
    }
  }
}

}  // namespace

checked_value check_value(const parameter& p, const json& raw) {
  if (p.shape == value_shape::rows) {
    if (!raw.is_array()) return {{}, "a list of rows is wanted"};
    json rows = json::array();
    for (const json& item : raw) {
      checked_value row = check_row(p, item);
      if (!row.problem.empty()) return row;
      rows.push_back(row.value);
    }
    return {rows, {}};
  }
  const scalar_rule rule{p.unit, p.type, p.min, p.max, p.choices, p.values};
  if (p.shape == value_shape::list && raw.is_array()) {
    if (raw.empty()) return {{}, "the list is empty"};
    json list = json::array();
    for (const json& item : raw) {
      checked_value v = check_scalar(rule, item);
      if (v.problem.empty() && v.value.is_string())
        v.problem = "a word stands for the whole list only";
      if (!v.problem.empty()) return v;
      list.push_back(v.value);
    }
    return {list, {}};
  }
  return check_scalar(rule, raw);
}

std::string found_text(const json& raw) {
  std::string text;
  if (raw.is_array()) {
    for (const json& item : raw) text += (text.empty() ? "[" : ", ") + found_text(item);
    text += text.empty() ? "[]" : "]";
  } else {
    text = raw.is_number_float() ? number_text(raw.get<double>()) : raw.dump();
  }
  if (text.size() > 80) text = text.substr(0, 77) + "...";
  return text;
}

std::vector<file_value> parse_toml(std::string_view text, const std::string& file) {
  std::vector<file_value> values;
  try {
    flatten(toml::parse(text, file), "", values);
  } catch (const toml::parse_error& e) {
    throw config_error(fmt::format("{}:{}: not TOML: {}; allowed are [group] and key = value", file,
                                   e.source().begin.line, e.description()));
  }
  std::ranges::stable_sort(values, {}, &file_value::line);
  return values;
}

std::optional<json> toml_value(std::string_view text) {
  if (text.find('\n') != std::string_view::npos) return std::nullopt;
  try {
    const toml::table table = toml::parse(fmt::format("v = {}", text));
    if (table.size() != 1) return std::nullopt;
    return to_json(*table.get("v"));
  } catch (const toml::parse_error&) {
    return std::nullopt;
  }
}

}  // namespace lightrack::base
