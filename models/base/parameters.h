// SPDX-License-Identifier: Apache-2.0
// models/base/parameters.h
// What can be configured: each parameter declared once, next to the model that uses it.
//
//   known.add({.name = "fiber.length", .unit = "m", .type = value_type::number, .standard = "20",
//              .min = 0.5, .max = 2000, .evidence = "assumed", .note = "engineering choice"});
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lightrack::base {

enum class value_type { number, integer, choice, text };
enum class value_shape {
  scalar,
  list,  ///< one value, or a list of values
  rows,  ///< a list of rows with the columns below; a row is a list of all its columns or a table
};

struct parameter_column {
  std::string name{};
  std::string unit{};
  value_type type = value_type::number;
  std::string standard{};  ///< empty: must be given
  std::optional<double> min{};
  std::optional<double> max{};
  std::vector<std::string> choices{};
};

struct parameter {
  std::string name{};  ///< a name that ends in ".INSTANCE" stands for any number of keys, one an
                       ///< instance pattern
  std::string unit{};  ///< "1" for a ratio, "enum", "count", ...
  value_type type = value_type::number;
  value_shape shape = value_shape::scalar;
  std::string standard{};  ///< default, written as in TOML without quotes; empty: none
  std::optional<double> min{};
  std::optional<double> max{};
  std::vector<double> values{};  ///< of a number: the only ones allowed, if any
  std::vector<std::string> choices{};  ///< of a choice; of a number: words allowed instead
  std::vector<parameter_column> columns{};
  std::string evidence{};
  std::string note{};
  bool output = false;  ///< a figure that follows from others: listed, never set
  bool hashed = true;   ///< part of the configuration hash

  [[nodiscard]] bool family() const { return name.ends_with(".INSTANCE"); }
  [[nodiscard]] std::string_view stem() const {
    return std::string_view{name}.substr(0, name.size() - 8);
  }
};

/// "a number of m, 0.5 to 2000", "one of none, light, rs544": for sentences and tables.
[[nodiscard]] std::string allowed_text(const parameter& p);
[[nodiscard]] std::string range_text(const parameter& p);

/// The candidate that is fewest edits away, if it is near enough to be a typo; else empty.
[[nodiscard]] std::string nearest_name(std::string_view name,
                                       std::span<const std::string> candidates);

class parameter_set {
 public:
  /// A name that is there already is a mistake of ours and throws std::logic_error.
  void add(parameter p);
  [[nodiscard]] std::span<const parameter> all() const { return all_; }
  /// The declaration that a key belongs to, families included; null if there is none.
  [[nodiscard]] const parameter* find(std::string_view key) const;
  [[nodiscard]] std::string nearest(std::string_view key) const;

 private:
  std::vector<parameter> all_;
};

}  // namespace lightrack::base
