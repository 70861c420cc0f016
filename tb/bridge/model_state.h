// SPDX-License-Identifier: Apache-2.0
// tb/bridge/model_state.h
// The registers of a Verilated model in a checkpoint.
//
// A Verilated root is pointers to packages, then plain values (registers, memories, ports), then
// its own pointers; this RTL has nothing in it that owns memory. Its values are saved as they lie.
// Verilator's own --savable leaves the evaluation as it is too, but does not compile with the
// structures of the register block.
//
// Faults: a model of another size is refused; one of the same size but another RTL is told apart
//         by the configuration of the checkpoint only.
#pragma once

#include "models/base/checkpoint.h"
#include "models/base/error.h"

namespace lightrack::bridge {

template <class Root>
void transfer_model(base::checkpoint& c, Root& root) {
  auto* const begin = reinterpret_cast<char*>(&root);
  auto* const end = reinterpret_cast<char*>(&root.vlSymsp);
  const auto mine = static_cast<std::uint64_t>(end - begin);
  std::uint64_t size = mine;
  c.value(size);
  if (size != mine)
    throw base::config_error("checkpoint: not restored, it was saved with another RTL.");
  if constexpr (requires { root.__PVT__lr_link_csr_pkg; }) {
    auto* const package = root.__PVT__lr_link_csr_pkg;  // an address of this process
    root.__PVT__lr_link_csr_pkg = nullptr;
    c.bytes(begin, mine);
    root.__PVT__lr_link_csr_pkg = package;
  } else {
    c.bytes(begin, mine);
  }
}

}  // namespace lightrack::bridge
