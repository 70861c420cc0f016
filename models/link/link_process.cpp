// SPDX-License-Identifier: Apache-2.0
// models/link/link_process.cpp
// One SystemC event a batch.
#include "models/link/link_process.h"

#include "models/base/error.h"

namespace lightrack::link {

link_process::link_process(const sc_core::sc_module_name& name, batch_runner& runner, i64 period_fs,
                           std::function<i64()> after_batch)
    : sc_module{name},
      runner_{runner},
      period_fs_{period_fs},
      after_batch_{std::move(after_batch)} {
  if (sc_core::sc_get_time_resolution() != sc_core::sc_time{1, sc_core::SC_FS})
    throw base::model_error{std::string{this->name()} + ": the time resolution is " +
                            sc_core::sc_get_time_resolution().to_string() + ", it must be 1 fs."};
  // The kernel says on stdout that it was stopped; stdout belongs to results.
  sc_core::sc_report_handler::set_actions("/OSCI/SystemC", sc_core::SC_INFO,
                                          sc_core::SC_DO_NOTHING);
  SC_HAS_PROCESS(link_process);
  SC_METHOD(run_batch);
}

void link_process::run_batch() {
  try {
    step();
  } catch (...) {
    failure_ = std::current_exception();
    sc_core::sc_stop();
  }
}

void link_process::step() {
  // A restored runner stands at a clock that the kernel has still to come to.
  const auto reached = static_cast<sc_core::sc_time::value_type>(runner_.now() * period_fs_);
  if (const auto now = sc_core::sc_time_stamp().value(); now < reached) {
    next_trigger(sc_core::sc_time::from_value(reached - now));
    return;
  }
  const i64 limit = after_batch_();
  const i64 before = runner_.now();
  if (limit <= before) {
    sc_core::sc_stop();
    return;
  }
  runner_.step(limit);
  for (const auto& listener : listeners_) listener();
  next_trigger(sc_core::sc_time::from_value(
      static_cast<sc_core::sc_time::value_type>((runner_.now() - before) * period_fs_)));
}

}  // namespace lightrack::link
