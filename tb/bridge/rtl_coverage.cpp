// SPDX-License-Identifier: Apache-2.0
#include "tb/bridge/rtl_coverage.h"

#include <fmt/format.h>
#include <unistd.h>
#include <verilated.h>
#include <verilated_cov.h>

#include <atomic>
#include <cstdlib>

namespace lightrack::bridge {

void write_rtl_coverage([[maybe_unused]] VerilatedContext& context) {
#ifdef LIGHTRACK_COVERAGE
  static std::atomic<int> files{0};
  if (const char* folder = std::getenv("LIGHTRACK_RTL_COVERAGE"))
    context.coveragep()->write(fmt::format("{}/{}_{}.dat", folder, ::getpid(), files++));
#endif
}

}  // namespace lightrack::bridge
