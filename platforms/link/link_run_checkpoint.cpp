// SPDX-License-Identifier: Apache-2.0
// platforms/link/link_run_checkpoint.cpp
// A run under way, saved and loaded. What the setup makes (parts, generators, clocks at which
// figures are taken, the light) is made again; the rest is here.
#include "platforms/link/link_run.h"

namespace lightrack::platforms {

void link_run::transfer(base::checkpoint& c) {
  c.part("run");
  c.values(active_, last_progress_, last_delivered_, west_.last, east_.last, west_.widen_at,
           east_.widen_at);
  c.list(counts_);
  if (c.loads() && active_ >= 0) start_traffic();
  for (end* e : {&west_, &east_}) e->source->transfer(c);
  for (end* e : {&west_, &east_}) e->sink->transfer(c);
  runner_->transfer(c);
  if (c.loads() && plant_) replay_light();
}

/// Between two batches, before anything is made of the last one.
void link_run::save_if_due(bool stopped) {
  const link_save& wanted = options_.save;
  if (wanted.file.empty() || saved_ >= 0) return;
  const i64 now = runner_->now();
  const bool reached =
      wanted.after_active >= 0 && active_ >= 0 && now >= active_ + wanted.after_active;
  if (!reached && !stopped) return;
  base::checkpoint c{setup_.saved_hash(), setup_.effective_toml};
  transfer(c);
  c.write(wanted.file);
  saved_ = now;
}

}  // namespace lightrack::platforms
