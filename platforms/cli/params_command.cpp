// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fnmatch.h>

#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>

#include "models/base/units.h"
#include "platforms/cli/commands.h"
#include "platforms/light/light_config.h"
#include "platforms/link/link_platform.h"

namespace lightrack::cli {
namespace {

using base::parameter;
using nlohmann::json;

bool matches(const parameter& p, const std::string& pattern) {
  if (pattern.empty() || p.name.find(pattern) != std::string::npos) return true;
  return fnmatch(pattern.c_str(), p.name.c_str(), 0) == 0;
}

bool numeric(const parameter& p) {
  return p.type == base::value_type::number || p.type == base::value_type::integer;
}

json bound(const std::optional<double>& v) { return v ? json(*v) : json{}; }

json to_json(const parameter& p) {
  json standard;
  if (!p.standard.empty()) {
    standard = json::parse(p.standard, nullptr, false);
    if (standard.is_discarded() || !numeric(p))
      standard = p.standard == "[]" ? json::array() : json(p.standard);
  }
  json j{{"name", p.name},      {"unit", p.unit},       {"default", standard},
         {"min", bound(p.min)}, {"max", bound(p.max)},  {"evidence", p.evidence},
         {"note", p.note},      {"settable", !p.output}};
  if (!p.choices.empty()) j["choices"] = p.choices;
  if (!p.values.empty()) j["values"] = p.values;
  if (p.shape == base::value_shape::list) j["per_lane"] = true;
  return j;
}

std::string as_toml(const parameter& p) {
  if (p.output || p.family()) return "";
  const std::size_t dot = p.name.rfind('.');
  const std::string key = dot == std::string::npos ? p.name : p.name.substr(dot + 1);
  const bool quoted = !p.standard.empty() &&
                      (!numeric(p) || json::parse(p.standard, nullptr, false).is_discarded()) &&
                      p.standard != "[]";
  const std::string value =
      quoted || p.standard.empty() ? fmt::format("\"{}\"", p.standard) : p.standard;
  return fmt::format("# {} ({})\n# {}\n# {} = {}\n", p.note, p.evidence, base::allowed_text(p), key,
                     value);
}

}  // namespace

int params_command(const std::string& pattern, bool as_json, bool toml) {
  // Every key of every command; a template for `run` holds those that it reads.
  base::parameter_set known;
  const base::config link = platforms::link_config();
  for (const parameter& p : link.known().all()) known.add(p);
  std::vector<const parameter*> found;
  std::vector<std::string> names;
  for (const parameter& p : known.all()) {
    names.push_back(p.name);
    if (matches(p, pattern)) found.push_back(&p);
  }
  if (found.empty()) {
    const std::string near = base::nearest_name(pattern, names);
    throw base::config_error(
        fmt::format("params {}: no parameter has this in its name; allowed is a part of a name, or "
                    "a pattern such as 'link.*'{}",
                    pattern, near.empty() ? "" : ", nearest is " + near));
  }
  if (as_json) {
    json list = json::array();
    for (const parameter* p : found) list.push_back(to_json(*p));
    std::cout << json{{"parameters", list}}.dump(2) << '\n';
    return exit_done;
  }
  if (toml) {
    std::cout << "# A configuration of `lightrack run FILE.toml`: take away the # before a key to "
                 "change it.\n";
    // A table of TOML stands once, though families of models add keys to the same one.
    std::vector<std::pair<std::string, std::string>> tables;
    for (const parameter* p : found) {
      const std::string text = as_toml(*p);
      if (text.empty()) continue;
      const std::size_t dot = p->name.rfind('.');
      const std::string own = dot == std::string::npos ? "" : p->name.substr(0, dot);
      const auto at = std::ranges::find(tables, own, &std::pair<std::string, std::string>::first);
      (at == tables.end() ? tables.emplace_back(own, "") : *at).second += text;
    }
    for (const bool top : {true, false})
      for (const auto& [name, text] : tables)
        if (name.empty() == top) std::cout << (top ? "\n" : fmt::format("\n[{}]\n", name)) << text;
    return exit_done;
  }
  std::cout << fmt::format("{:<26}{:<12}{:<12}{:<34}{:<11}{}\n", "name", "unit", "default",
                           "allowed", "evidence", "note");
  for (const parameter* p : found)
    std::cout << fmt::format("{:<26}{:<12}{:<12}{:<34}{:<11}{}\n", p->name, p->unit,
                             p->standard.empty() ? "-" : p->standard,
                             p->output ? "(follows from others)" : base::range_text(*p),
                             p->evidence, p->note);
  return exit_done;
}

}  // namespace lightrack::cli
