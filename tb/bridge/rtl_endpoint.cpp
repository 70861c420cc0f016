// SPDX-License-Identifier: Apache-2.0
#include "tb/bridge/rtl_endpoint.h"

#include <fmt/format.h>
#include <fnmatch.h>

#include <array>

#include "models/base/error.h"
#include "rtl/link_pkg.h"
#include "tb/bridge/built_set.h"

namespace lightrack::bridge {
namespace {

struct built {
  int lanes;
  build* plain;
  build* fst;
};
constexpr std::array<built, 3> built_set{{{16, make_endpoint_16, make_endpoint_16_fst},
                                          {8, make_endpoint_8, make_endpoint_8_fst},
                                          {4, make_endpoint_4, make_endpoint_4_fst}}};

void check_depth(const std::string& name, const char* what, int depth) {
  if (depth >= 1 && depth <= link::pkg::max_window) return;
  throw base::config_error(fmt::format("{}: {} {} is not built at rtl: 1 to {} are", name, what,
                                       depth, link::pkg::max_window));
}

}  // namespace

link::endpoint_factory rtl_factory(const rtl_options& options) {
  return [options](const link::endpoint_wiring& wiring) -> std::unique_ptr<link::endpoint> {
    check_depth(wiring.name, "link.replay_depth", wiring.params.replay_depth);
    check_depth(wiring.name, "link.rx_depth", wiring.params.rx_depth);
    for (const built& b : built_set) {
      if (b.lanes != wiring.params.lanes) continue;
      const bool waves = !options.fst_pattern.empty() &&
                         ::fnmatch(options.fst_pattern.c_str(), wiring.name.c_str(), 0) == 0;
      return (waves ? b.fst : b.plain)(wiring, options);
    }
    throw base::config_error(
        fmt::format("{}: link.lanes {} is not built at rtl: 4, 8 and 16 are "
                    "(no spares, no FEC)",
                    wiring.name, wiring.params.lanes));
  };
}

}  // namespace lightrack::bridge
