// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <toml++/toml.h>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "models/base/results.h"
#include "platforms/cli/commands.h"
#include "platforms/cli/diff_page.h"
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

json read_config(const std::string& folder) {
  json flat = json::object();
  std::string section;
  std::istringstream lines{read_file(folder, "config.toml")};
  const toml::table table = toml::parse(lines);
  const std::function<void(const toml::table&, const std::string&)> walk =
      [&](const toml::table& t, const std::string& prefix) {
        for (const auto& [key, node] : t) {
          const std::string name = prefix + std::string{key.str()};
          if (const auto* inner = node.as_table()) {
            walk(*inner, name + ".");
          } else {
            std::ostringstream value;
            node.visit([&value](const auto& v) { value << v; });
            flat[name] = value.str();
          }
        }
      };
  walk(table, "");
  return flat;
}

compared_run read_run(const std::string& folder) {
  std::string name = std::filesystem::path{folder}.lexically_normal().filename().string();
  if (name.empty()) name = folder;
  return {.name = name, .result = read_result(folder), .config = read_config(folder)};
}

int compare_two(const std::vector<std::string>& folders, const std::string& out) {
  const compared_run first = read_run(folders[0]);
  const compared_run second = read_run(folders[1]);
  const std::string command = fmt::format("lightrack report --diff {} {}", folders[0], folders[1]);
  std::cout << difference_sentence(first, second) << '\n';
  json keys = first.config;
  keys.update(second.config);
  for (const auto& [key, unused] : keys.items()) {
    const std::string a = first.config.value(key, "-");
    const std::string b = second.config.value(key, "-");
    if (a != b) std::cout << fmt::format("  {:<40} {} -> {}\n", key, a, b);
  }
  const base::result_folder folder{
      out.empty() ? fmt::format("lightrack-out/diff-{}-{}", first.name, second.name) : out};
  diff_page(first, second, command).write(folder);
  std::cout << folder.file("report.html") << '\n';
  return exit_done;
}

}  // namespace

int report_command(const std::vector<std::string>& folders, bool diff, const std::string& out) {
  if (diff != (folders.size() == 2))
    throw base::config_error(fmt::format(
        "report: {} folders found; allowed is one DIR, or --diff DIR DIR", folders.size()));
  if (!diff && !out.empty())
    throw base::config_error("report: --out goes with --diff only; a page is built in its folder");
  if (diff) return compare_two(folders, out);
  std::cout << platforms::rebuild_page(folders[0]) << '\n';
  return exit_done;
}

}  // namespace lightrack::cli
