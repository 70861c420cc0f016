// SPDX-License-Identifier: Apache-2.0
// models/link/link_process.h
// The SystemC shell around a batch runner: one self-timed method that wakes once a batch.
//
// Time:   at simulated time t the endpoints stand at clock t / period, or up to one batch ahead of it for nobody looks sooner.
// Cost:   one timed event a batch (150 to 300 ns of host time against some 100 us of a busy RTL pair).
#pragma once

#include <functional>
#include <systemc>
#include <utility>
#include <vector>

#include "models/link/batch_runner.h"

namespace lightrack::link {

SC_MODULE(link_process) {
 public:
  /// `period` of the link clock in femtoseconds. After each batch `after_batch` is asked for the clock to stop at;
  /// a value that is not past the runner's clock ends the process and stops the kernel.
  link_process(const sc_core::sc_module_name& name, batch_runner& runner, i64 period_fs,
               std::function<i64()> after_batch);

  /// Called after each batch, still at the simulated time of its first clock; what an endpoint reported for the batch
  /// can be read then.
  void on_batch(std::function<void()> listener) { listeners_.push_back(std::move(listener)); }
  [[nodiscard]] const batch_runner& runner() const { return runner_; }
  [[nodiscard]] i64 period_fs() const { return period_fs_; }

 private:
  void run_batch();

  batch_runner& runner_;
  i64 period_fs_;
  std::function<i64()> after_batch_;
  std::vector<std::function<void()>> listeners_;
};

}  // namespace lightrack::link
