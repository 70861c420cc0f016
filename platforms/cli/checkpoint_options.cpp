// SPDX-License-Identifier: Apache-2.0
#include "platforms/cli/checkpoint_options.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <map>
#include <sstream>

#include "models/base/error.h"
#include "models/base/units.h"

namespace lightrack::cli {
namespace {

/// "table.key" and its value, of TOML as base::config writes it.
std::map<std::string, std::string> values_of(const std::string& toml) {
  std::map<std::string, std::string> values;
  std::istringstream in{toml};
  std::string table;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with('[')) table = line.substr(1, line.find(']') - 1) + ".";
    const std::size_t equals = line.find(" = ");
    if (equals == std::string::npos) continue;
    const std::string value = line.substr(equals + 3);
    values[table + line.substr(0, equals)] = value.substr(0, value.find("  # "));  // no unit
  }
  return values;
}

}  // namespace

platforms::link_save save_of(const common_options& o, const platforms::link_setup& setup) {
  platforms::link_save save{.file = o.save, .ends_run = o.save_only};
  if (o.save.empty()) return save;
  const std::filesystem::path folder = std::filesystem::absolute(o.save).parent_path();
  if (std::filesystem::is_directory(o.save) || ::access(folder.c_str(), W_OK | X_OK) != 0)
    throw base::config_error(fmt::format(
        "--save {}: cannot be written; allowed is a file in a folder that is there", o.save));
  if (o.save_at.empty()) return save;
  const base::quantity_result at = base::quantity(o.save_at, "us");
  const double run_us = static_cast<double>(setup.time) * setup.clock_ns() / 1e3;
  if (!at.value)
    throw base::config_error(
        fmt::format("--save-at {}: {}; allowed is a time in {}, a bare number is in us", o.save_at,
                    at.problem, base::units_like("us")));
  if (!(*at.value >= 0 && *at.value < run_us))
    throw base::config_error(
        fmt::format("--save-at {}: not in the run; allowed is a time from 0 to less than {} us, "
                    "when the run ends",
                    o.save_at, base::number_text(run_us)));
  save.after_active =
      static_cast<link::i64>(std::ceil(*at.value * 1e9 / static_cast<double>(setup.clock_fs)));
  return save;
}

void refuse_other_values(const std::string& file, const std::string& saved,
                         const std::string& here) {
  std::map<std::string, std::string> before = values_of(saved);
  for (const auto& [key, value] : values_of(here))
    if (before[key] != value)
      throw base::config_error(fmt::format(
          "{}: not restored, it was saved with {} = {}, here it is {}; allowed are options that "
          "change no value",
          file, key, before[key].empty() ? "nothing" : before[key], value));
}

}  // namespace lightrack::cli
