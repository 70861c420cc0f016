// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <iostream>
#include <nlohmann/json.hpp>

#include "models/link/flit_endpoint.h"
#include "platforms/cli/commands.h"
#include "platforms/light/light_config.h"
#include "platforms/light/study_lock.h"
#include "platforms/link/study_link.h"

namespace lightrack::cli {
namespace {

const std::vector<std::string> studies{"link", "lock"};

std::string summary_of(const std::string& name) {
  return name == "lock" ? platforms::study_lock_summary() : platforms::study_link_summary();
}

int list_studies(bool json) {
  nlohmann::json all = nlohmann::json::array();
  for (const std::string& name : studies) {
    all.push_back({{"name", name}, {"answers", summary_of(name)}});
    if (!json) std::cout << fmt::format("{}  {}\n", name, summary_of(name));
  }
  if (json) std::cout << nlohmann::json{{"studies", all}}.dump(2) << '\n';
  return exit_done;
}

int study_lock(const common_options& o) {
  if (o.verify > 0)
    throw base::config_error(
        "--verify: study lock has no link to repeat at rtl; allowed for study link");
  platforms::lock_study_options study{.config = platforms::light_config(),
                                      .jobs = o.threads(),
                                      .quick = o.quick,
                                      .out = o.out,
                                      .command = o.typed,
                                      .json = o.json,
                                      .quiet = o.quiet,
                                      .stop = &interrupted()};
  common_options keys = o;
  keys.quick = false;  // a quick study has fewer points of its own
  apply(keys, study.config);
  catch_interrupts();
  return platforms::run_study_lock(study);
}

}  // namespace

int study_command(const std::string& name, bool list, const common_options& o) {
  if (list) return list_studies(o.json);
  if (name == "lock") return study_lock(o);
  if (name != "link") {
    const std::string near = base::nearest_name(name, studies);
    throw base::config_error(fmt::format(
        "study {}: no such study{}; allowed are {}, 'lightrack study --list' says what they answer",
        name, near.empty() ? "" : ", nearest is " + near, fmt::join(studies, " and ")));
  }
  platforms::study_options study{
      .config = platforms::link_config(),
      .factories = {.flit = link::make_flit_endpoint, .rtl = rtl_endpoints()},
      .jobs = o.threads(),
      .quick = o.quick,
      .verify = o.verify,
      .out = o.out,
      .command = o.typed,
      .json = o.json,
      .quiet = o.quiet,
      .stop = &interrupted()};
  common_options keys = o;
  keys.quick = false;  // a quick study has fewer points and times of its own
  apply(keys, study.config);
  catch_interrupts();
  return platforms::run_study_link(study);
}

}  // namespace lightrack::cli
