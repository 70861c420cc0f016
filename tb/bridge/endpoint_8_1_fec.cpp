// SPDX-License-Identifier: Apache-2.0
#include <Vendpoint_8_1_fec.h>
#include <Vendpoint_8_1_fec___024root.h>

#include "tb/bridge/built_set.h"
#include "tb/bridge/verilated_endpoint.h"

// Defined in the Verilated model, which declares it in its own sources only.
void Vendpoint_8_1_fec___024root___eval(Vendpoint_8_1_fec___024root* root);

namespace lightrack::bridge {

std::unique_ptr<link::endpoint> make_endpoint_8_1_fec(const link::endpoint_wiring& wiring,
                                                      const rtl_options& options) {
  return std::make_unique<
      verilated_endpoint<Vendpoint_8_1_fec, Vendpoint_8_1_fec___024root___eval, no_waveform, 8>>(
      wiring, options);
}

}  // namespace lightrack::bridge
