// SPDX-License-Identifier: Apache-2.0
// models/base/config_value.h
// One value of a configuration: read from TOML, and checked against its declaration.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/base/parameters.h"

namespace lightrack::base {

struct checked_value {
  nlohmann::json
      value;  ///< in the key's unit: number, integer, text, list of these, or rows as objects
  std::string problem;  ///< why not, without key and place
};
[[nodiscard]] checked_value check_value(const parameter& p, const nlohmann::json& raw);

/// What a user wrote, short enough for a sentence.
[[nodiscard]] std::string found_text(const nlohmann::json& raw);

struct file_value {
  std::string key;
  nlohmann::json value;
  int line = 0;
};
/// The keys of a TOML text with their lines. Throws config_error if it is not TOML.
[[nodiscard]] std::vector<file_value> parse_toml(std::string_view text, const std::string& file);
/// A lone TOML value; nothing if the text is not one.
[[nodiscard]] std::optional<nlohmann::json> toml_value(std::string_view text);

}  // namespace lightrack::base
