// SPDX-License-Identifier: Apache-2.0
#include <Vendpoint_16_2_fec.h>
#include <Vendpoint_16_2_fec___024root.h>

#include "tb/bridge/built_set.h"
#include "tb/bridge/verilated_endpoint.h"

// Defined in the Verilated model, which declares it in its own sources only.
void Vendpoint_16_2_fec___024root___eval(Vendpoint_16_2_fec___024root* root);

namespace lightrack::bridge {

std::unique_ptr<link::endpoint> make_endpoint_16_2_fec(const link::endpoint_wiring& wiring,
                                                       const rtl_options& options) {
  return std::make_unique<
      verilated_endpoint<Vendpoint_16_2_fec, Vendpoint_16_2_fec___024root___eval, no_waveform, 16>>(
      wiring, options);
}

}  // namespace lightrack::bridge
