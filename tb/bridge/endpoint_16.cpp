// SPDX-License-Identifier: Apache-2.0
#include <Vendpoint_16.h>
#include <Vendpoint_16___024root.h>

#include "tb/bridge/built_set.h"
#include "tb/bridge/verilated_endpoint.h"

namespace lightrack::bridge {

std::unique_ptr<link::endpoint> make_endpoint_16(const link::endpoint_wiring& wiring,
                                                 const rtl_options& options) {
  return std::make_unique<verilated_endpoint<Vendpoint_16, no_waveform, 16>>(wiring, options);
}

}  // namespace lightrack::bridge
