// SPDX-License-Identifier: Apache-2.0
#include <Vendpoint_4_1.h>
#include <Vendpoint_4_1___024root.h>

#include "tb/bridge/built_set.h"
#include "tb/bridge/verilated_endpoint.h"

// Defined in the Verilated model, which declares it in its own sources only.
void Vendpoint_4_1___024root___eval(Vendpoint_4_1___024root* root);

namespace lightrack::bridge {

std::unique_ptr<link::endpoint> make_endpoint_4_1(const link::endpoint_wiring& wiring,
                                                  const rtl_options& options) {
  return std::make_unique<
      verilated_endpoint<Vendpoint_4_1, Vendpoint_4_1___024root___eval, no_waveform, 4>>(wiring,
                                                                                         options);
}

}  // namespace lightrack::bridge
