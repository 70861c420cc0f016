// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <iostream>
#include <nlohmann/json.hpp>

#include "models/link/flit_endpoint.h"
#include "platforms/cli/commands.h"
#include "platforms/light/light_config.h"
#include "platforms/light/study_budget.h"
#include "platforms/light/study_lock.h"
#include "platforms/link/study_fec.h"
#include "platforms/link/study_link.h"

namespace lightrack::cli {
namespace {

struct known_study {
  const char* name;
  std::string answers;
  int (*run)(const common_options&);
};

int on_links(const common_options& o, int (*run)(const platforms::study_options&)) {
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
  return run(study);
}

int study_link(const common_options& o) { return on_links(o, platforms::run_study_link); }
int study_fec(const common_options& o) { return on_links(o, platforms::run_study_fec); }

int study_budget(const common_options& o) {
  if (o.verify > 0)
    throw base::config_error(
        "--verify: study budget simulates no link that RTL could run; allowed is study link");
  platforms::light_study_options study{.config = platforms::light_config(),
                                       .quick = o.quick,
                                       .out = o.out,
                                       .command = o.typed,
                                       .json = o.json,
                                       .quiet = o.quiet};
  apply_to_light(o, study.config);
  return platforms::run_study_budget(study);
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
  apply_to_light(o, study.config);
  catch_interrupts();
  return platforms::run_study_lock(study);
}

const std::vector<known_study>& studies() {
  static const std::vector<known_study> all{
      {"link", platforms::study_link_summary(), study_link},
      {"budget", platforms::study_budget_summary(), study_budget},
      {"fec", platforms::study_fec_summary(), study_fec},
      {"lock", platforms::study_lock_summary(), study_lock},
  };
  return all;
}

int list_studies(bool json) {
  nlohmann::json list = nlohmann::json::array();
  for (const known_study& s : studies()) {
    list.push_back({{"name", s.name}, {"answers", s.answers}});
    if (!json) std::cout << fmt::format("{:<8}{}\n", s.name, s.answers);
  }
  if (json) std::cout << nlohmann::json{{"studies", list}}.dump(2) << '\n';
  return exit_done;
}

}  // namespace

int study_command(const std::string& name, bool list, const common_options& o) {
  if (list) return list_studies(o.json);
  std::vector<std::string> names;
  for (const known_study& s : studies()) {
    if (name == s.name) return s.run(o);
    names.emplace_back(s.name);
  }
  const std::string near = base::nearest_name(name, names);
  throw base::config_error(fmt::format(
      "study {}: no such study{}; allowed are {}, 'lightrack study --list' says what each answers",
      name, near.empty() ? "" : ", nearest is " + near, fmt::join(names, ", ")));
}

}  // namespace lightrack::cli
