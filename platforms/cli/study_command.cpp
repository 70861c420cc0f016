// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <iostream>
#include <nlohmann/json.hpp>

#include "models/link/flit_endpoint.h"
#include "platforms/cli/commands.h"
#include "platforms/link/study_link.h"

namespace lightrack::cli {
namespace {

int list_studies(bool json) {
  if (json) {
    std::cout << nlohmann::json{{"studies",
                                 {{{"name", "link"},
                                   {"answers", platforms::study_link_summary()}}}}}
                     .dump(2)
              << '\n';
  } else {
    std::cout << fmt::format("link  {}\n", platforms::study_link_summary());
  }
  return exit_done;
}

}  // namespace

int study_command(const std::string& name, bool list, const common_options& o) {
  if (list) return list_studies(o.json);
  if (name != "link") {
    const std::string near = base::nearest_name(name, std::vector<std::string>{"link"});
    throw base::config_error(fmt::format(
        "study {}: no such study{}; allowed is link, 'lightrack study --list' says what it answers",
        name, near.empty() ? "" : ", nearest is link"));
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
