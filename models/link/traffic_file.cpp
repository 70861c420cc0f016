// SPDX-License-Identifier: Apache-2.0
// models/link/traffic_file.cpp
// Traffic from a CSV file: `time_ns,source,destination,operation,address,bytes`, one request a
// line.
#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string_view>

#include "models/base/error.h"
#include "models/link/traffic.h"

namespace lightrack::link {
namespace {

constexpr std::array<std::string_view, 6> columns = {"time_ns",   "source",  "destination",
                                                     "operation", "address", "bytes"};
constexpr std::string_view header = "time_ns,source,destination,operation,address,bytes";
constexpr i64 fs_per_ns = 1'000'000;
constexpr std::size_t fs_digits = 6;

using fields = std::array<std::string_view, columns.size()>;

class line_reader {
 public:
  line_reader(const std::string& file, std::size_t line) : file_{file}, line_{line} {}

  [[noreturn]] void refuse(std::string_view column, std::string_view found,
                           std::string_view allowed) const {
    throw base::config_error{file_ + ":" + std::to_string(line_) + ": " + std::string{column} +
                             ": '" + std::string{found} + "' found, " + std::string{allowed} +
                             " allowed."};
  }

  [[nodiscard]] fields split(std::string_view line) const {
    fields found;
    std::size_t count = 0;
    for (std::string_view rest = line;; ++count) {
      const std::size_t comma = rest.find(',');
      if (count < found.size()) found[count] = trim(rest.substr(0, comma));
      if (comma == std::string_view::npos) break;
      rest.remove_prefix(comma + 1);
    }
    if (count + 1 != columns.size())
      refuse("line", std::to_string(count + 1) + " columns", "exactly 6 are");
    return found;
  }

  [[nodiscard]] static std::string_view trim(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t\r");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
  }

  // Decimal nanoseconds, read exactly: femtoseconds are the grid of simulated time.
  [[nodiscard]] i64 femtoseconds(std::string_view text) const {
    constexpr std::string_view allowed = "a decimal from 0 to 1e9 with at most 6 decimals is";
    const std::size_t point = std::min(text.find('.'), text.size());
    const auto whole = number<u64>(text.substr(0, point), 10);
    std::string decimals{point < text.size() ? text.substr(point + 1) : std::string_view{"0"}};
    if (!whole || *whole > fs_per_ns * 1000 || decimals.empty() || decimals.size() > fs_digits)
      refuse(columns[0], text, allowed);
    decimals.resize(fs_digits, '0');
    const auto fraction = number<u64>(decimals, 10);
    if (!fraction) refuse(columns[0], text, allowed);
    return static_cast<i64>(*whole) * fs_per_ns + static_cast<i64>(*fraction);
  }

  [[nodiscard]] operation op(std::string_view text) const {
    if (text == "read") return operation::read;
    if (text == "write") return operation::write;
    if (text == "message") return operation::message;
    if (text == "atomic") return operation::atomic;
    refuse(columns[3], text, "read, write, message or atomic is");
  }

  [[nodiscard]] u64 address(std::string_view text) const {
    const bool hex = text.starts_with("0x") || text.starts_with("0X");
    const auto value = hex ? number<u64>(text.substr(2), 16) : number<u64>(text, 10);
    if (!value) refuse(columns[4], text, "a 64-bit number, decimal or 0x hexadecimal, is");
    return *value;
  }

  [[nodiscard]] u32 bytes(std::string_view text) const {
    const auto value = number<u32>(text, 10);
    if (!value || *value < 1 || *value > max_request_bytes)
      refuse(columns[5], text, "1 to " + std::to_string(max_request_bytes) + " is");
    return *value;
  }

  [[nodiscard]] std::string name(std::size_t column, std::string_view text) const {
    if (text.empty()) refuse(columns[column], text, "the name of an endpoint is");
    return std::string{text};
  }

 private:
  template <typename Value>
  [[nodiscard]] static std::optional<Value> number(std::string_view text, int base) {
    Value value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
    if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return {};
    return value;
  }

  const std::string& file_;
  std::size_t line_;
};

}  // namespace

std::vector<traffic_row> read_traffic_csv(std::istream& in, const std::string& file, i64 clock_fs) {
  std::vector<traffic_row> rows;
  std::string line;
  std::getline(in, line);
  if (line_reader::trim(line) != header)
    line_reader{file, 1}.refuse("header", line_reader::trim(line),
                                "only '" + std::string{header} + "' is");
  for (std::size_t number = 2; std::getline(in, line); ++number) {
    if (line_reader::trim(line).empty()) continue;
    const line_reader reader{file, number};
    const fields f = reader.split(line);
    const i64 time_fs = reader.femtoseconds(f[0]);
    rows.push_back({.clock = (time_fs + clock_fs - 1) / clock_fs,
                    .source = reader.name(1, f[1]),
                    .destination = reader.name(2, f[2]),
                    .op = reader.op(f[3]),
                    .address = reader.address(f[4]),
                    .bytes = reader.bytes(f[5])});
  }
  std::ranges::stable_sort(rows, {}, &traffic_row::clock);
  return rows;
}

}  // namespace lightrack::link
