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
  int spares;
  bool light_fec;
  build* plain;
  build* fst;  ///< null: not built
};
constexpr std::array<built, 6> built_set{
    {{16, 0, false, make_endpoint_16, make_endpoint_16_fst},
     {8, 0, false, make_endpoint_8, make_endpoint_8_fst},
     {4, 0, false, make_endpoint_4, make_endpoint_4_fst},
     {16, 2, true, make_endpoint_16_2_fec, make_endpoint_16_2_fec_fst},
     {8, 1, true, make_endpoint_8_1_fec, nullptr},
     {4, 1, false, make_endpoint_4_1, nullptr}}};

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
      const link::endpoint_params& p = wiring.params;
      if (b.lanes != p.lanes || b.spares != p.spares || b.light_fec != p.light_fec) continue;
      const bool waves = !options.fst_pattern.empty() &&
                         ::fnmatch(options.fst_pattern.c_str(), wiring.name.c_str(), 0) == 0;
      if (waves && b.fst == nullptr) {
        throw base::config_error(
            fmt::format("{}: waveforms are built at rtl for 4, 8 and 16 lanes without spares and "
                        "light FEC, and "
                        "for 16 + 2 with it",
                        wiring.name));
      }
      return (waves ? b.fst : b.plain)(wiring, options);
    }
    throw base::config_error(
        fmt::format("{}: {} lanes, {} spares, light FEC {} is not built at rtl: 4, 8, 16 lanes "
                    "alone, 16 + 2 and 8 + 1 with light FEC, 4 + 1 without are",
                    wiring.name, wiring.params.lanes, wiring.params.spares,
                    wiring.params.light_fec ? "on" : "off"));
  };
}

}  // namespace lightrack::bridge
