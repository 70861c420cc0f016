// SPDX-License-Identifier: Apache-2.0
#include "models/base/config.h"

#include <fmt/format.h>

#include <cmath>
#include <cstring>
#include <fstream>
#include <sstream>

#include "models/base/config_value.h"
#include "models/base/random.h"
#include "models/base/units.h"

namespace lightrack::base {
namespace {

using json = nlohmann::json;

std::string read_text(const std::string& file) {
  std::ifstream in{file};
  std::ostringstream text;
  if (in) text << in.rdbuf();
  if (!in || text.bad())
    throw config_error(fmt::format(
        "{}: cannot be read ({}); allowed is a TOML file, 'lightrack params --toml' writes one",
        file, std::strerror(errno)));
  return text.str();
}

// `--set` values need no quotes: TOML where it reads as such, else the text itself.
json option_value(const parameter* p, std::string_view text) {
  const bool quoted = text.size() >= 2 && (text.front() == '"' || text.front() == '\'');
  const bool plain_text = p != nullptr && p->shape == value_shape::scalar &&
                          (p->type == value_type::text || p->type == value_type::choice);
  if (quoted || !plain_text) {
    if (const std::optional<json> value = toml_value(text)) return *value;
  }
  return std::string{text};
}

std::string toml_text(const json& v) {
  if (v.is_number_float()) return number_text(v.get<double>());
  if (v.is_array()) {
    std::string list = "[";
    for (const json& item : v) list += (list.size() > 1 ? ", " : "") + toml_text(item);
    return list + "]";
  }
  if (v.is_object()) {
    std::string row = "{";
    for (const auto& [name, item] : v.items())
      row += fmt::format("{}{} = {}", row.size() > 1 ? ", " : "", name, toml_text(item));
    return row + "}";
  }
  return v.dump();
}

// "link.fidelity.link0.west" is key "link0.west" of table link.fidelity; "fiber.length" is length
// of fiber.
std::pair<std::string, std::string> table_and_key(const parameter& p, const std::string& key) {
  if (p.family())
    return {std::string{p.stem().substr(0, p.stem().size() - 1)},
            fmt::format("\"{}\"", key.substr(p.stem().size()))};
  const std::size_t dot = key.rfind('.');
  if (dot == std::string::npos) return {"", key};
  return {key.substr(0, dot), key.substr(dot + 1)};
}

}  // namespace

config::config(std::shared_ptr<const parameter_set> known) : known_{std::move(known)} {
  for (const parameter& p : known_->all()) {
    if (p.output || p.family() || p.standard.empty()) continue;
    put(p.name, option_value(&p, p.standard), value_origin::standard, "default");
  }
}

void config::put(std::string_view key, const json& raw, value_origin origin,
                 const std::string& place) {
  const parameter* p = known_->find(key);
  if (p == nullptr) {
    const std::string near = known_->nearest(key);
    throw config_error(
        fmt::format("{}: {} = {}: no such key; allowed are those of 'lightrack params'{}", place,
                    key, found_text(raw), near.empty() ? "" : ", nearest is " + near));
  }
  if (p->output)
    throw config_error(fmt::format(
        "{}: {} = {}: follows from other keys and cannot be set; allowed are keys with a range",
        place, key, found_text(raw)));
  const checked_value checked = check_value(*p, raw);
  if (!checked.problem.empty())
    throw config_error(fmt::format("{}: {} = {}: {}; allowed is {}", place, key, found_text(raw),
                                   checked.problem, allowed_text(*p)));
  const auto old = entries_.find(key);
  if (old != entries_.end() && origin == value_origin::command_line &&
      old->second.origin == origin && old->second.value != checked.value)
    throw config_error(fmt::format(
        "{}: {} = {}: contradicts {} = {} on the same command line; allowed is one value a key",
        place, key, found_text(raw), key, found_text(old->second.value)));
  if (old != entries_.end() && origin < old->second.origin) return;
  entries_.insert_or_assign(std::string{key}, entry{checked.value, origin, place});
}

void config::load(const std::string& file) { parse(read_text(file), file); }

void config::parse(std::string_view toml, const std::string& file) {
  for (const file_value& v : parse_toml(toml, file))
    put(v.key, v.value, value_origin::file, fmt::format("{}:{}", file, v.line));
}

void config::set(std::string_view assignment, std::string_view option) {
  const std::size_t equals = assignment.find('=');
  const auto trimmed = [](std::string_view s) {
    while (!s.empty() && s.front() == ' ') s.remove_prefix(1);
    while (!s.empty() && s.back() == ' ') s.remove_suffix(1);
    return s;
  };
  const std::string_view key = trimmed(assignment.substr(0, equals));
  if (equals == std::string_view::npos || key.empty())
    throw config_error(
        fmt::format("{} {}: no '=' after a key; allowed is key=value", option, assignment));
  // Quotes around the instance of a family are welcome and not needed.
  std::string plain;
  for (const char c : key)
    if (c != '"' && c != '\'') plain += c;
  const std::string_view text = trimmed(assignment.substr(equals + 1));
  put(plain, option_value(known_->find(plain), text), value_origin::command_line,
      std::string{option});
}

void config::imply(std::string_view key, double value) {
  put(key, json(value), value_origin::implied, "implied");
}
void config::imply(std::string_view key, std::string_view value) {
  put(key, json(std::string{value}), value_origin::implied, "implied");
}

const config::entry* config::find(std::string_view key) const {
  const auto found = entries_.find(key);
  return found == entries_.end() ? nullptr : &found->second;
}

const config::entry& config::at(std::string_view key) const {
  const entry* e = find(key);
  if (e == nullptr) throw std::logic_error(fmt::format("no value for parameter {}", key));
  return *e;
}

bool config::given(std::string_view key) const {
  const entry* e = find(key);
  return e != nullptr && e->origin >= value_origin::file;
}

double config::number(std::string_view key) const { return at(key).value.get<double>(); }
std::int64_t config::integer(std::string_view key) const {
  return at(key).value.get<std::int64_t>();
}

std::string config::text(std::string_view key) const {
  const entry* e = find(key);
  return e == nullptr ? "" : e->value.get<std::string>();
}

std::vector<double> config::numbers(std::string_view key) const {
  const entry* e = find(key);
  if (e == nullptr || e->value.is_string()) return {};
  if (e->value.is_array()) return e->value.get<std::vector<double>>();
  return {e->value.get<double>()};
}

std::vector<json> config::rows(std::string_view key) const {
  const entry* e = find(key);
  if (e == nullptr) return {};
  return e->value.get<std::vector<json>>();
}

std::vector<std::pair<std::string, std::string>> config::family(std::string_view name) const {
  std::vector<std::pair<std::string, std::string>> found;
  for (const auto& [key, e] : entries_) {
    const parameter* p = known_->find(key);
    if (p->name == name)
      found.emplace_back(key.substr(p->stem().size()), e.value.get<std::string>());
  }
  return found;
}

void config::refuse(std::string_view key, std::string_view why) const {
  const entry* e = find(key);
  throw config_error(fmt::format("{}: {} = {}: {}", e == nullptr ? "configuration" : e->place, key,
                                 e == nullptr ? "nothing" : found_text(e->value), why));
}

std::string config::toml() const {
  std::vector<std::pair<std::string, std::string>> tables;  // name, lines; in order of declaration
  const auto lines_of = [&](const std::string& table) -> std::string& {
    for (auto& [name, lines] : tables)
      if (name == table) return lines;
    return tables.emplace_back(table, "").second;
  };
  for (const parameter& p : known_->all()) {
    for (const auto& [key, e] : entries_) {
      if (known_->find(key) != &p) continue;
      const auto [table, name] = table_and_key(p, key);
      const bool unit = p.unit != "1" && p.unit != "enum" && p.unit != "text";
      lines_of(table) +=
          fmt::format("{} = {}{}\n", name, toml_text(e.value), unit ? "  # " + p.unit : "");
    }
  }
  std::string text;
  for (const bool top : {true, false})
    for (const auto& [table, lines] : tables)
      if (table.empty() == top) text += (top ? "" : fmt::format("\n[{}]\n", table)) + lines;
  return text;
}

std::uint64_t config::hash() const {
  std::uint64_t hash = 0;
  for (const auto& [key, e] : entries_) {
    if (!known_->find(key)->hashed) continue;
    for (const char c : key + '=' + e.value.dump() + '\n')
      hash = mix64(hash ^ static_cast<unsigned char>(c));
  }
  return hash;
}

std::string hash_text(std::uint64_t hash) { return fmt::format("{:012x}", hash >> 16); }

}  // namespace lightrack::base
