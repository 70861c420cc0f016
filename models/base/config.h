// SPDX-License-Identifier: Apache-2.0
// models/base/config.h
// The configuration of one run: declared defaults, a TOML file, and `--set key=value`, checked as
// it is read.
//
// Faults: every mistake throws config_error: one sentence with file, line, key, what was found and
// what is allowed. Order:  a default gives way to what a profile implies, that to a file, and that
// to the command line.
//   base::config c{known};  c.load("run.toml");  c.set("link.lanes=8");  c.integer("link.lanes");
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "models/base/error.h"
#include "models/base/parameters.h"

namespace lightrack::base {

enum class value_origin { standard, implied, file, command_line };

class config {
 public:
  explicit config(std::shared_ptr<const parameter_set> known);

  /// Reads a TOML file, or TOML text that is named `file` in messages.
  void load(const std::string& file);
  void parse(std::string_view toml, const std::string& file);
  /// One `--set` of the command line; `option` names it in messages. Another value for a key that
  /// was set before is refused.
  void set(std::string_view assignment, std::string_view option = "--set");
  /// What a profile or a formula says: holds unless file or command line say otherwise.
  void imply(std::string_view key, double value);
  void imply(std::string_view key, std::string_view value);

  [[nodiscard]] bool given(std::string_view key) const;
  [[nodiscard]] double number(std::string_view key) const;
  [[nodiscard]] std::int64_t integer(std::string_view key) const;
  [[nodiscard]] std::string text(std::string_view key) const;
  /// One value or a list as a list; empty where a word stands or nothing is said.
  [[nodiscard]] std::vector<double> numbers(std::string_view key) const;
  /// Rows as objects with one member a column.
  [[nodiscard]] std::vector<nlohmann::json> rows(std::string_view key) const;
  /// Keys of a family that were given and their texts: {"link0.west", "rtl"}.
  [[nodiscard]] std::vector<std::pair<std::string, std::string>> family(
      std::string_view name) const;

  /// Throws: "FILE:LINE: KEY = FOUND: `why`", for rules that concern more than one key.
  [[noreturn]] void refuse(std::string_view key, std::string_view why) const;

  [[nodiscard]] const parameter_set& known() const { return *known_; }
  /// All values in force as TOML, by group; reads back as the same configuration.
  [[nodiscard]] std::string toml() const;
  /// 64 bits over all values in force that count (parameter::hashed).
  [[nodiscard]] std::uint64_t hash() const;

 private:
  struct entry {
    nlohmann::json value;
    value_origin origin = value_origin::standard;
    std::string place;  ///< "run.toml:3", "--set"
  };
  void put(std::string_view key, const nlohmann::json& raw, value_origin origin,
           const std::string& place);
  [[nodiscard]] const entry* find(std::string_view key) const;
  [[nodiscard]] const entry& at(std::string_view key) const;

  std::shared_ptr<const parameter_set> known_;
  std::map<std::string, entry, std::less<>> entries_;
};

/// Twelve hex digits that name a configuration in paths and rows.
[[nodiscard]] std::string hash_text(std::uint64_t hash);

}  // namespace lightrack::base
