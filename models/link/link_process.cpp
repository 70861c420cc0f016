// SPDX-License-Identifier: Apache-2.0
#include "models/link/link_process.h"

namespace lightrack::link {

link_process::link_process(const sc_core::sc_module_name& name, batch_runner& runner, i64 period_fs,
                           std::function<i64()> after_batch)
    : sc_module{name}, runner_{runner}, period_fs_{period_fs}, after_batch_{std::move(after_batch)} {
  SC_HAS_PROCESS(link_process);
  SC_METHOD(run_batch);
}

void link_process::run_batch() {
  const i64 limit = after_batch_();
  if (limit <= runner_.now()) {
    sc_core::sc_stop();
    return;
  }
  const i64 before = runner_.now();
  runner_.step(limit);
  for (const auto& listener : listeners_) listener();
  next_trigger(sc_core::sc_time::from_value(
      static_cast<sc_core::sc_time::value_type>((runner_.now() - before) * period_fs_)));
}

}  // namespace lightrack::link
