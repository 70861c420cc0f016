// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "platforms/cli/commands.h"

namespace lightrack::cli {

int study_command(const std::string& name, bool, const common_options&) {
  throw base::config_error(fmt::format("study {}: no study is built in; allowed are none", name));
}

int compare_command(const std::string& what, bool, const std::string&, const std::string&, bool,
                    const common_options&) {
  throw base::config_error(
      fmt::format("compare {}: no comparison is built in; allowed are none", what));
}

}  // namespace lightrack::cli
