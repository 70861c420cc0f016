// SPDX-License-Identifier: Apache-2.0
#include <Vendpoint_8_fst.h>
#include <Vendpoint_8_fst___024root.h>

#include "tb/bridge/built_set.h"
#include "tb/bridge/verilated_endpoint.h"

namespace lightrack::bridge {

std::unique_ptr<link::endpoint> make_endpoint_8_fst(const link::endpoint_wiring& wiring,
                                                    const rtl_options& options) {
  return std::make_unique<verilated_endpoint<Vendpoint_8_fst, fst_waveform, 8>>(wiring, options);
}

}  // namespace lightrack::bridge
