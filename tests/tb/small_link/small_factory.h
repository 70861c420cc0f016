// SPDX-License-Identifier: Apache-2.0
// tests/tb/small_link/small_factory.h
// Ends made of small_link.sv, sound or with a planted fault.
#pragma once

#include "models/link/endpoint.h"

namespace lightrack::bridge {

/// As in small_link_rx.sv.
enum class small_fault { none, any_number, any_crc, forgets_at_restart, keeps_credit };

[[nodiscard]] link::endpoint_factory small_factory(small_fault fault = small_fault::none);

}  // namespace lightrack::bridge
