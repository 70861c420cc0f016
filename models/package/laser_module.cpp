// SPDX-License-Identifier: Apache-2.0
#include "models/package/laser_module.h"

#include <fmt/format.h>

#include <algorithm>

#include "models/base/error.h"

namespace lightrack::package {

laser_module::laser_module(const optics::laser_module_params& p, const optics::laser_diode& diode,
                           const optics::laser_state& lane, int lines, int ports)
    : params_{p}, lines_{lines}, diode_w_{diode.electrical_mw(lane.bias_ma) * 1e-3} {
  const int copies = (ports + p.ports_per_lane - 1) / p.ports_per_lane;
  if (copies * lines != p.lanes)
    throw base::config_error(
        fmt::format("a laser module of {} lanes contradicts {} ports of {} wavelengths, {} ports a "
                    "lane; allowed are {} lanes",
                    p.lanes, ports, lines, p.ports_per_lane, copies * lines));
  on_.assign(static_cast<std::size_t>(p.lanes), true);
}

int laser_module::lanes_on() const {
  return powered_ ? static_cast<int>(std::count(on_.begin(), on_.end(), true)) : 0;
}

void laser_module::set_lane(int lane, bool on) {
  if (lane < 0 || lane >= lanes())
    throw base::config_error(
        fmt::format("laser lane {} is not there; allowed are 0 to {}", lane, lanes() - 1));
  on_[static_cast<std::size_t>(lane)] = on;
}

laser_parts_w laser_module::power_w() const {
  if (!powered_) return {};
  return {
      .diodes = lanes_on() * diode_w_, .cooler = params_.cooler_w, .control = params_.control_w};
}

}  // namespace lightrack::package
