// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "models/base/results.h"
#include "platforms/cli/commands.h"
#include "platforms/report/page.h"

namespace lightrack::cli {
namespace {

using nlohmann::json;

std::string read_file(const std::string& folder, const char* name) {
  std::ifstream in{folder + "/" + name};
  std::ostringstream text;
  if (in) text << in.rdbuf();
  if (!in)
    throw base::config_error(fmt::format(
        "{}/{}: cannot be read; allowed is a result folder that a run left", folder, name));
  return text.str();
}

json read_result(const std::string& folder) {
  json result = json::parse(read_file(folder, "result.json"), nullptr, false);
  if (result.is_discarded() || !result.contains("directions"))
    throw base::config_error(fmt::format(
        "{}/result.json: not the result of a run; allowed is a result folder that a run left",
        folder));
  return result;
}

std::string cell(const json& v) {
  if (v.is_null()) return "-";
  return v.is_number_float() ? fmt::format("{:.6g}", v.get<double>())
         : v.is_string()     ? v.get<std::string>()
                             : v.dump();
}

void print_difference(const json& a, const json& b) {
  const json flat_a = a.flatten();
  const json flat_b = b.flatten();
  for (const auto& [key, value] : flat_a.items()) {
    if (key == "/wall_s" || key == "/first_event_s") continue;
    const json other = flat_b.contains(key) ? flat_b[key] : json{};
    if (value != other)
      std::cout << fmt::format("{:<48}{:>20}{:>20}\n", key.substr(1), cell(value), cell(other));
  }
  for (const auto& [key, value] : flat_b.items())
    if (!flat_a.contains(key))
      std::cout << fmt::format("{:<48}{:>20}{:>20}\n", key.substr(1), "-", cell(value));
}

}  // namespace

int report_command(const std::vector<std::string>& folders, bool diff) {
  if (diff != (folders.size() == 2))
    throw base::config_error(fmt::format(
        "report: {} folders found; allowed is one DIR, or --diff DIR DIR", folders.size()));
  if (diff) {
    std::cout << fmt::format("{:<48}{:>20}{:>20}\n", "differs", "first", "second");
    print_difference(read_result(folders[0]), read_result(folders[1]));
    return exit_done;
  }
  std::cout << platforms::rebuild_page(folders[0]) << '\n';
  return exit_done;
}

}  // namespace lightrack::cli
