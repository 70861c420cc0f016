// SPDX-License-Identifier: Apache-2.0
// platforms/link/link_run_light.cpp
// The light of a run: stepped between batches, at the clocks at which it may change, and nowhere
// else; what changed goes to the end that receives it.
#include <algorithm>
#include <bit>

#include "platforms/link/link_run.h"
#include "rtl/link_csr.h"
#include "rtl/link_pkg.h"

namespace lightrack::platforms {

namespace {

constexpr i64 widen_after = 64;  // clocks for which a lane has light before it is asked for

}  // namespace

using package::time_fs;

void link_run::start_light() {
  plant_ = build_plant(setup_.light);
  light_result_.to_east = light_at_start(*plant_, light_to_east);
  light_result_.to_west = light_at_start(*plant_, light_to_west);
  tell_light();
}

void link_run::tell_light() {
  std::vector<link::lane_quality> changes;
  for (const int direction : {light_to_east, light_to_west}) {
    changes.clear();
    for (const package::light_change& c : plant_->changes())
      if (c.direction == direction) changes.push_back(c.quality);
    if (changes.empty()) continue;
    const bool to_east = direction == light_to_east;
    end& receiver = to_east ? east_ : west_;
    receiver.endpoint->set_lane_quality(changes);
    for (const link::lane_quality& q : changes)
      if (q.present) receiver.widen_at = q.from + light_.flight() + light_.max_skew() + widen_after;
    (to_east ? light_result_.to_east : light_result_.to_west).changes += changes.size();
  }
  plant_->clear_changes();
}

void link_run::replay_light() {
  for (;;) {
    const time_fs t = plant_->next_time();
    if (t == optics::never) return;
    const i64 clock = (t + setup_.clock_fs - 1) / setup_.clock_fs;
    if (clock >= runner_->now()) return;
    plant_->step(clock * setup_.clock_fs);
    for (const package::light_change& c : plant_->changes())
      ++(c.direction == light_to_east ? light_result_.to_east : light_result_.to_west).changes;
    plant_->clear_changes();
  }
}

void link_run::widen(end& e) {
  if (runner_->now() < e.widen_at) return;
  e.widen_at = link::never;
  const link::endpoint_status s = e.endpoint->status();
  const bool narrow = std::popcount(s.good) < setup_.endpoint.lanes;
  if (s.state != static_cast<int>(link::pkg::state_e::active) || !narrow) return;
  e.endpoint->access_csr({.clock = runner_->now(),
                          .offset = link::csr::control::info.offset,
                          .value = link::csr::control{.enable = true, .retrain = true}.to_word()});
}

void link_run::follow_light() {
  widen(west_);
  widen(east_);
  const time_fs now = runner_->now() * setup_.clock_fs;
  if (plant_->next_time() > now) return;
  plant_->step(now);
  tell_light();
}

i64 link_run::light_limit() const {
  const time_fs t = plant_->next_time();
  const i64 light = t == optics::never ? link::never : (t + setup_.clock_fs - 1) / setup_.clock_fs;
  return std::max(runner_->now() + 1, std::min({light, west_.widen_at, east_.widen_at}));
}

// A pause of the light is no lack of progress while rings are at it, or an event is still to come
// for a direction that is dark.
bool link_run::light_comes_back() const {
  for (const int direction : {light_to_east, light_to_west}) {
    bool dark = false;
    for (int l = 0; l < plant_->port(direction).params().lanes; ++l)
      dark = dark || !plant_->port(direction).lane(l).present;
    if (dark && (plant_->recovers(direction) || plant_->events_left())) return true;
  }
  return false;
}

link_light_result link_run::light_result() const {
  link_light_result r = light_result_;
  r.to_east.end = lanes_of(*plant_, light_to_east);
  r.to_west.end = lanes_of(*plant_, light_to_west);
  const time_fs now = runner_->now() * setup_.clock_fs;
  const end_counts west = count(west_);
  const end_counts east = count(east_);
  r.west = light_end(*plant_, 0, now, west.popped, west.sink.flits);
  r.east = light_end(*plant_, 1, now, east.popped, east.sink.flits);
  return r;
}

}  // namespace lightrack::platforms
