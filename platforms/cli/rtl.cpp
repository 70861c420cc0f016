// SPDX-License-Identifier: Apache-2.0
// platforms/cli/rtl.cpp
// Where the RTL comes in: platforms know tb, and pass its factory down.
#include "platforms/cli/commands.h"

#ifdef LIGHTRACK_WITH_RTL
#include "tb/bridge/rtl_endpoint.h"
#endif

namespace lightrack::cli {

link::endpoint_factory rtl_endpoints([[maybe_unused]] const std::string& fst_pattern,
                                     [[maybe_unused]] const std::string& fst_folder) {
#ifdef LIGHTRACK_WITH_RTL
  bridge::rtl_options options;
  options.fst_pattern = fst_pattern;
  options.fst_directory = fst_folder;
  return bridge::rtl_factory(options);
#else
  return {};
#endif
}

}  // namespace lightrack::cli
