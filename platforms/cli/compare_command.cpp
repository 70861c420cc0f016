// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <iostream>

#include "platforms/cli/commands.h"
#include "platforms/link/compare_link.h"
#include "platforms/link/link_platform.h"

namespace lightrack::cli {

int compare_command(const std::string& what, const compare_choice& choice,
                    const common_options& o) {
  if (what != "link")
    throw base::config_error(fmt::format("compare {}: no such comparison; allowed is link", what));
  if (!o.set.empty() || !o.config_file.empty() || !o.time.empty() || !o.fidelity.empty())
    throw base::config_error(
        "compare link: --set, --config, --time and --fidelity found; allowed are its scenarios as "
        "they are, "
        "chosen by --scenario and --pairing");
  base::config config = platforms::link_config();
  apply(o, config);
  return platforms::run_compare_link(
      {.list = choice.list,
       .scenario = choice.scenario,
       .pairing = choice.pairing,
       .faults = choice.faults,
       .record = choice.record,
       .jobs = o.jobs,
       .json = o.json,
       .quiet = o.quiet,
       .seed = static_cast<std::uint64_t>(config.integer("sim.seed")),
       .fst_directory = o.out},
      std::cout, std::cerr);
}

}  // namespace lightrack::cli
