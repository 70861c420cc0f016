// SPDX-License-Identifier: Apache-2.0
// models/link/link_process.h
// The SystemC shell around a batch runner: one self-timed method that wakes once a batch.
//
// Time:   at simulated time t the endpoints stand at clock t / period, or up to one batch ahead of
//         it for nobody looks sooner. Time resolution must be 1 fs.
// Faults: the kernel would turn an exception into a report of its own and lose its type; so what an
//         endpoint or listener throws stops the kernel, and rethrow_failure() gives it back.
// Cost:   one timed event a batch (150 to 300 ns of host time against some 100 us of a busy RTL
//         pair).
//   link_process process{"link", runner, 640'000, next_limit};
//   sc_core::sc_start();  process.rethrow_failure();
#pragma once

#include <exception>
#include <functional>
#include <systemc>
#include <utility>
#include <vector>

#include "models/link/batch_runner.h"

namespace lightrack::link {

SC_MODULE(link_process) {
 public:
  /// `period_fs` of the link clock. Before the first and after each batch `after_batch` is asked
  /// for the clock to stop at; a value that is not past the runner's clock ends the process and
  /// stops the kernel. Throws base::model_error where the kernel's time resolution is not 1 fs.
  link_process(const sc_core::sc_module_name& name, batch_runner& runner, i64 period_fs,
               std::function<i64()> after_batch);

  /// Called after each batch, still at the simulated time of its first clock; what an endpoint
  /// reported for the batch can be read then.
  void on_batch(std::function<void()> listener) { listeners_.push_back(std::move(listener)); }
  [[nodiscard]] const batch_runner& runner() const { return runner_; }
  [[nodiscard]] i64 period_fs() const { return period_fs_; }

  /// Throws what stopped the process, if something did; to be called when sc_start() returns.
  void rethrow_failure() {
    if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
  }

 private:
  void run_batch();
  void step();

  batch_runner& runner_;
  i64 period_fs_;
  std::function<i64()> after_batch_;
  std::vector<std::function<void()>> listeners_;
  std::exception_ptr failure_;
};

}  // namespace lightrack::link
