// SPDX-License-Identifier: Apache-2.0
#include "platforms/link/fidelity_error.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <fstream>

#include "models/base/error.h"
#include "models/base/units.h"

namespace lightrack::platforms {
namespace {

constexpr std::string_view header = "fidelity,lanes,throughput_percent,latency_ns,scenarios,git";

template <class Number>
Number field(std::string_view text, const std::string& place, std::string_view column) {
  Number value{};
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc{} || end != text.data() + text.size())
    throw base::config_error(
        fmt::format("{}: {} = '{}': no number; allowed is a number", place, column, text));
  return value;
}

fidelity_error parse_row(std::string_view line, const std::string& place) {
  std::array<std::string_view, 6> cells;
  std::size_t count = 0;
  for (std::size_t from = 0; from <= line.size(); ++count) {
    const std::size_t comma = std::min(line.find(',', from), line.size());
    if (count < cells.size()) cells[count] = line.substr(from, comma - from);
    from = comma + 1;
  }
  if (count != cells.size())
    throw base::config_error(
        fmt::format("{}: {} columns found; allowed are 6: {}", place, count, header));
  return {.fidelity = std::string{cells[0]},
          .lanes = field<int>(cells[1], place, "lanes"),
          .throughput_percent = field<double>(cells[2], place, "throughput_percent"),
          .latency_ns = field<double>(cells[3], place, "latency_ns"),
          .scenarios = field<int>(cells[4], place, "scenarios"),
          .git = std::string{cells[5]}};
}

}  // namespace

std::string fidelity_table_file() {
  const char* const given = std::getenv("LIGHTRACK_FIDELITY_TABLE");
  return given != nullptr ? given : LIGHTRACK_FIDELITY_TABLE_FILE;
}

std::vector<fidelity_error> read_fidelity_table(const std::string& file) {
  std::vector<fidelity_error> rows;
  std::ifstream in{file};
  int number = 0;
  for (std::string line; std::getline(in, line);)
    if (++number > 1 && !line.empty())
      rows.push_back(parse_row(line, fmt::format("{}:{}", file, number)));
  return rows;
}

void record_fidelity_error(const std::string& file, const fidelity_error& row) {
  std::vector<fidelity_error> rows = read_fidelity_table(file);
  std::erase_if(rows, [&](const fidelity_error& r) {
    return r.fidelity == row.fidelity && r.lanes == row.lanes;
  });
  rows.push_back(row);
  std::ranges::sort(rows, [](const fidelity_error& a, const fidelity_error& b) {
    return std::pair{a.fidelity, a.lanes} < std::pair{b.fidelity, b.lanes};
  });
  std::ofstream out{file};
  out << header << '\n';
  for (const fidelity_error& r : rows)
    out << fmt::format("{},{},{},{},{},{}\n", r.fidelity, r.lanes,
                       base::number_text(r.throughput_percent), base::number_text(r.latency_ns),
                       r.scenarios, r.git);
  out.close();
  if (!out)
    throw base::config_error(
        fmt::format("{}: cannot be written; allowed is a file that this user can write", file));
}

std::optional<fidelity_error> find_fidelity_error(const std::vector<fidelity_error>& table,
                                                  const std::string& fidelity, int lanes) {
  for (const fidelity_error& r : table)
    if (r.fidelity == fidelity && r.lanes == lanes) return r;
  return std::nullopt;
}

}  // namespace lightrack::platforms
