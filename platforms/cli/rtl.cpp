// SPDX-License-Identifier: Apache-2.0
// platforms/cli/rtl.cpp
// Where the RTL comes in: platforms know tb, and pass its factory down.
#include "platforms/cli/commands.h"
#include "tb/bridge/rtl_endpoint.h"

namespace lightrack::cli {

link::endpoint_factory rtl_endpoints(const std::string& fst_pattern,
                                     const std::string& fst_folder) {
  bridge::rtl_options options;
  options.fst_pattern = fst_pattern;
  options.fst_directory = fst_folder;
  return bridge::rtl_factory(options);
}

}  // namespace lightrack::cli
