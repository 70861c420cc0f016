// SPDX-License-Identifier: Apache-2.0
// models/base/units.h
// Quantities that a user writes: "0.5 km", "10us", or a bare number in the unit of its key.
//
// Faults: text that is no number, or has another dimension, is an error with a text that says what
// is allowed.
//   base::quantity("0.5 km", "m").value == 500
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lightrack::base {

struct quantity_result {
  std::optional<double> value;  ///< in the unit asked for
  std::string problem;          ///< why there is none, such as "a mass cannot stand for m"
};

/// Reads a number with an optional unit and gives it in `unit`. Powers of ten convert without
/// rounding of their own.
[[nodiscard]] quantity_result quantity(std::string_view text, std::string_view unit);

/// Units of the same dimension as `unit`, for a sentence: "fs, ps, ns, us, ms, s, h"; empty if none
/// is known.
[[nodiscard]] std::string units_like(std::string_view unit);

/// Shortest text that reads back as the same number; whole numbers without a point.
[[nodiscard]] std::string number_text(double value);

/// A time with the unit that reads best: "640 fs", "12.5 us".
[[nodiscard]] std::string time_text(double nanoseconds);

}  // namespace lightrack::base
