// SPDX-License-Identifier: Apache-2.0
#include "models/base/units.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>

namespace lightrack::base {
namespace {

struct unit_row {
  std::string_view name;
  std::string_view dimension;
  double factor;  // times ten to the power below
  int exponent;
};

constexpr std::array units{
    unit_row{"fs", "time", 1, -15},
    unit_row{"ps", "time", 1, -12},
    unit_row{"ns", "time", 1, -9},
    unit_row{"us", "time", 1, -6},
    unit_row{"ms", "time", 1, -3},
    unit_row{"s", "time", 1, 0},
    unit_row{"h", "time", 3.6, 3},
    unit_row{"nm", "length", 1, -9},
    unit_row{"um", "length", 1, -6},
    unit_row{"mm", "length", 1, -3},
    unit_row{"cm", "length", 1, -2},
    unit_row{"m", "length", 1, 0},
    unit_row{"km", "length", 1, 3},
    unit_row{"b/s", "rate", 1, 0},
    unit_row{"kb/s", "rate", 1, 3},
    unit_row{"Mb/s", "rate", 1, 6},
    unit_row{"Gb/s", "rate", 1, 9},
    unit_row{"Tb/s", "rate", 1, 12},
    unit_row{"bit/s", "rate", 1, 0},
    unit_row{"Gbit/s", "rate", 1, 9},
    unit_row{"B", "data size", 1, 0},
    unit_row{"kB", "data size", 1, 3},
    unit_row{"MB", "data size", 1, 6},
    unit_row{"GB", "data size", 1, 9},
    unit_row{"KiB", "data size", 1024, 0},
    unit_row{"MiB", "data size", 1048576, 0},
    unit_row{"GiB", "data size", 1073741824, 0},
    unit_row{"Hz", "frequency", 1, 0},
    unit_row{"kHz", "frequency", 1, 3},
    unit_row{"MHz", "frequency", 1, 6},
    unit_row{"GHz", "frequency", 1, 9},
    unit_row{"THz", "frequency", 1, 12},
    unit_row{"mW", "power", 1, -3},
    unit_row{"W", "power", 1, 0},
    unit_row{"kW", "power", 1, 3},
    unit_row{"ns/m", "delay per length", 1, -9},
    unit_row{"us/km", "delay per length", 1, -9},
    unit_row{"ps/m", "delay per length", 1, -12},
    unit_row{"1", "ratio", 1, 0},
    unit_row{"%", "ratio", 1, -2},
    unit_row{"bits", "number of bits", 1, 0},
    unit_row{"bit", "number of bits", 1, 0},
    unit_row{"flits", "number of flits", 1, 0},
    unit_row{"flit", "number of flits", 1, 0},
    unit_row{"words", "number of words", 1, 0},
    unit_row{"word", "number of words", 1, 0},
    unit_row{"clocks", "number of clocks", 1, 0},
    unit_row{"clock", "number of clocks", 1, 0},
    unit_row{"dB", "loss", 1, 0},
    unit_row{"dBm", "power level", 1, 0},
    unit_row{"K", "temperature", 1, 0},
    unit_row{"kg", "mass", 1, 0},
    unit_row{"g", "mass", 1, -3},
    unit_row{"V", "voltage", 1, 0},
    unit_row{"mV", "voltage", 1, -3},
};

const unit_row* find_unit(std::string_view name) {
  for (const unit_row& u : units)
    if (u.name == name) return &u;
  return nullptr;
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

double scaled(double value, int exponent) {
  const double power = std::pow(10.0, std::abs(exponent));  // exact up to 10^22
  return exponent < 0 ? value / power : value * power;
}

}  // namespace

quantity_result quantity(std::string_view text, std::string_view unit) {
  text = trim(text);
  std::string_view digits = text;
  if (!digits.empty() && digits.front() == '+') digits.remove_prefix(1);
  double value = 0;
  const auto [rest, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (failed != std::errc{} || !std::isfinite(value))
    return {{}, fmt::format("'{}' is no number", text)};
  const std::string_view name =
      trim({rest, static_cast<std::size_t>(digits.data() + digits.size() - rest)});
  if (name.empty() || name == unit) return {value, {}};
  const unit_row* from = find_unit(name);
  const unit_row* to = find_unit(unit);
  if (from == nullptr) return {{}, fmt::format("'{}' is no unit that is known", name)};
  if (to == nullptr || from->dimension != to->dimension)
    return {{}, fmt::format("'{}' is a {}, which the key is not", name, from->dimension)};
  return {scaled(value * (from->factor / to->factor), from->exponent - to->exponent), {}};
}

std::string units_like(std::string_view unit) {
  const unit_row* wanted = find_unit(unit);
  std::string list;
  if (wanted == nullptr) return list;
  for (const unit_row& u : units) {
    if (u.dimension != wanted->dimension) continue;
    if (!list.empty()) list += ", ";
    list += u.name;
  }
  return list;
}

std::string number_text(double value) {
  if (std::floor(value) == value && std::abs(value) < 1e15) return fmt::format("{:.0f}", value);
  return fmt::format("{}", value);
}

std::string time_text(double nanoseconds) {
  const double size = std::abs(nanoseconds);
  if (size >= 1e9) return fmt::format("{:.4g} s", nanoseconds / 1e9);
  if (size >= 1e6) return fmt::format("{:.4g} ms", nanoseconds / 1e6);
  if (size >= 1e3) return fmt::format("{:.4g} us", nanoseconds / 1e3);
  return fmt::format("{:.4g} ns", nanoseconds);
}

}  // namespace lightrack::base
