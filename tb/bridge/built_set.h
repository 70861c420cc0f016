// SPDX-License-Identifier: Apache-2.0
// tb/bridge/built_set.h
// The Verilated builds that rtl_factory picks from; rtl/CMakeLists.txt makes them.
#pragma once

#include <memory>

#include "tb/bridge/rtl_endpoint.h"

namespace lightrack::bridge {

using build = std::unique_ptr<link::endpoint>(const link::endpoint_wiring&, const rtl_options&);
build make_endpoint_16, make_endpoint_8, make_endpoint_4;
build make_endpoint_16_2_fec, make_endpoint_8_1_fec, make_endpoint_4_1;
build make_endpoint_16_fst, make_endpoint_8_fst, make_endpoint_4_fst, make_endpoint_16_2_fec_fst;

}  // namespace lightrack::bridge
