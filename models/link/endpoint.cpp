// SPDX-License-Identifier: Apache-2.0
// models/link/endpoint.cpp
// The register writes that bring an endpoint of any fidelity up.
#include "models/link/endpoint.h"

#include <algorithm>

#include "models/base/error.h"
#include "rtl/link_csr.h"

namespace lightrack::link {

void endpoint::transfer(base::checkpoint&) {
  throw base::config_error{"checkpoint: an end of this fidelity cannot be saved."};
}

void endpoint::set_lane_quality(std::span<const lane_quality> changes) {
  if (!changes.empty())
    throw base::model_error{"lane_quality: an end of this fidelity cannot follow the light."};
}

std::vector<csr_access> configuration_writes(const endpoint_params& p) {
  constexpr i64 write_spacing = 4;
  std::vector<csr_access> writes;
  const auto put = [&writes](const auto& value) {
    writes.push_back({.clock = static_cast<i64>(writes.size()) * write_spacing,
                      .offset = value.info.offset,
                      .value = value.to_word()});
  };
  put(csr::window{.flits = static_cast<u16>(std::min(p.replay_depth, p.window))});
  put(csr::rx_depth{.flits = static_cast<u16>(p.rx_depth)});
  put(csr::marker_interval{.flits = static_cast<u16>(p.marker_interval)});
  put(csr::nak_timeout{.flit_times = static_cast<u16>(p.nak_timeout)});
  put(csr::replay_timeout{.flit_times = static_cast<u16>(p.replay_timeout)});
  put(csr::limits{.replay_limit = static_cast<u8>(p.replay_limit),
                  .retrain_limit = static_cast<u8>(p.retrain_limit),
                  .train_limit = static_cast<u8>(p.train_limit)});
  put(csr::detect_timeout_clocks{.clocks = static_cast<u32>(p.detect_timeout_clocks)});
  put(csr::lock_timeout_clocks{.clocks = static_cast<u32>(p.lock_timeout_clocks)});
  put(csr::map_timeout_clocks{.clocks = static_cast<u32>(p.map_timeout_clocks)});
  put(csr::deskew_timeout_clocks{.clocks = static_cast<u32>(p.deskew_timeout_clocks)});
  put(csr::init_timeout_clocks{.clocks = static_cast<u32>(p.init_timeout_clocks)});
  put(csr::lock_min_clocks{.clocks = static_cast<u32>(p.lock_min_clocks)});
  put(csr::lane_wait_clocks{.clocks = static_cast<u32>(p.lane_wait_clocks)});
  put(csr::lanes_off{.lanes = p.lanes_off});
  put(csr::marker_interval_bad{.flits = static_cast<u16>(p.marker_interval_bad)});
  if (p.quiesce_after != 0)
    put(csr::quiesce_after{.flit_times = static_cast<u32>(p.quiesce_after)});
  writes.push_back({.clock = p.enable_clock,
                    .offset = csr::control::info.offset,
                    .value = csr::control{.enable = true}.to_word()});
  return writes;
}

}  // namespace lightrack::link
