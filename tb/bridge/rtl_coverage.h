// SPDX-License-Identifier: Apache-2.0
// tb/bridge/rtl_coverage.h
// Coverage data of Verilated models: one file an instance, named by process and number.
#pragma once

class VerilatedContext;

namespace lightrack::bridge {

/// In the coverage build, writes what this context has counted into the folder that the environment
/// names in LIGHTRACK_RTL_COVERAGE; elsewhere, or without that name, nothing.
void write_rtl_coverage(VerilatedContext& context);

}  // namespace lightrack::bridge
