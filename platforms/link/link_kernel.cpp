// SPDX-License-Identifier: Apache-2.0
#include "platforms/link/link_kernel.h"

#include <cstdlib>
#include <stdexcept>
#include <utility>

#include "models/base/error.h"
#include "models/link/link_process.h"

// The program has a main of its own; the kernel's library asks for this name all the same.
int sc_main(int, char**) { return 0; }

namespace lightrack::platforms {

void run_under_kernel(link::batch_runner& runner, link::i64 clock_fs,
                      const std::function<link::i64()>& limit) {
  static bool used = false;
  if (std::exchange(used, true)) throw std::logic_error("the SystemC kernel runs once a process");
  setenv("SYSTEMC_DISABLE_COPYRIGHT_MESSAGE", "1", 1);
  sc_core::sc_set_time_resolution(1, sc_core::SC_FS);

  link::link_process process{"link0", runner, clock_fs, limit};
  try {
    sc_core::sc_start();
  } catch (const sc_core::sc_report& report) {
    throw base::model_error(report.get_msg());
  }
  process.rethrow_failure();
}

}  // namespace lightrack::platforms
