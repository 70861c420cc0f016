// SPDX-License-Identifier: Apache-2.0
// models/link/lane_bank.cpp
// Light, slips and marker hits of each lane, in order of their clocks; deskew and majorities are in
// lane_majority.cpp.
#include "models/link/lane_bank.h"

#include <algorithm>
#include <bit>
#include <string>

#include "models/base/error.h"

namespace lightrack::link {
namespace {

constexpr i64 longest_slot = 16;  // a flit at a quarter of the width

}  // namespace

lane_bank::lane_bank(receive_channel& channel, const slot_queue& slots, slot_errors& errors,
                     const link_registers& registers, const link_config& config)
    : channel_{channel},
      slots_{slots},
      errors_{errors},
      registers_{registers},
      config_{config},
      count_{channel.phys()},
      marker_clocks_{marker_clocks(channel.lanes())},
      all_{lane_mask(channel.phys())},
      lanes_(static_cast<std::size_t>(channel.phys())) {
  for (int l = 0; l < count_; ++l) {
    const i64 delay = channel.flight() + channel.skew(l);
    auto same = std::ranges::find(groups_, delay, &group::delay);
    if (same == groups_.end()) same = groups_.insert(groups_.end(), {.delay = delay});
    same->lanes |= u32{1} << l;
    plan_light(l);
  }
  std::ranges::sort(groups_, {}, &group::delay);
  schedule(-1);
}

void lane_bank::received(u64 first) {
  bool changed = false;
  for (u64 place = first; place < slots_.tail(); ++place) {
    const bool on = slots_[place].kind != slot_kind::dark;
    if (on == light_) continue;
    light_ = on;
    lights_.push_back({.clock = slots_[place].clock, .on = on});
    changed = true;
  }
  if (changed)
    for (int l = 0; l < count_; ++l) plan_light(l);
  if (!looking_ && !changed) return;
  if (looking_)
    for (group& g : groups_)
      if (g.clock == never || slots_[g.place].kind == slot_kind::quiet) plan(g);
  schedule(last_);
}

void lane_bank::light_planned() {
  for (int l = 0; l < count_; ++l) plan_light(l);
  schedule(last_);
}

void lane_bank::step(i64 n) {
  if (n == registers_at_) move_registers(n);
  if (n >= next_light_) {
    take_light(n);
    follow(n);
  }
  if (n == dark_at_) locked_next_ = 0;
  if (n >= next_slip_) slip(n);
  if (looking_)
    for (group& g : groups_)
      if (g.clock == n) look(g, n);
  schedule(n);
}

/// What was decided in the clock before stands from now on.
void lane_bank::move_registers(i64 n) {
  if (n == align_at_) {
    aligned_ = true;
    align_at_ = never;
  }
  if (locked_ != locked_next_) {
    locked_ = locked_next_;
    lock_changed_at_ = n;
    fresh_ = true;
  }
  fallen_ = fallen_next_;
  if (other_next_ != state_unknown) believe_flags(static_cast<u8>(other_next_));
  other_next_ = fresh_ && !aligned_ ? majority() : state_unknown;
  fresh_ = false;
  far_[0] = far_[1];
  // What would be registered in DESKEW is dropped.
  if (registers_.state == pkg::state_e::map) far_[1] = far_[2];
  far_[2] = far_[1];
}

void lane_bank::plan_light(int l) {
  lane& a = at(l);
  const i64 light = a.light < lights_.size() ? lights_[a.light].clock : never;
  const i64 lost = channel_.has_events() ? channel_.next_change(l, a.seen) : never;
  const i64 sent = std::min(light, lost);
  a.change = sent == never ? never : sent + channel_.flight() + channel_.skew(l);
  if (a.change <= last_)
    throw base::model_error{"lane_bank: light of lane " + std::to_string(l) + " changed at clock " +
                            std::to_string(a.change) + ", which was simulated already (now " +
                            std::to_string(last_) + ")."};
}

void lane_bank::take_light(i64 n) {
  for (int l = 0; l < count_; ++l) {
    lane& a = at(l);
    if (a.change != n) continue;
    const i64 sent = n - channel_.flight() - channel_.skew(l);
    while (a.light < lights_.size() && lights_[a.light].clock <= sent) ++a.light;
    a.seen = sent;
    plan_light(l);
    const u32 bit = u32{1} << l;
    const bool lit = a.light > 0 && lights_[a.light - 1].on;
    const bool now = lit && !(channel_.has_events() && channel_.lane_lost(l, sent));
    if (now == ((signal_ & bit) != 0)) continue;
    signal_ ^= bit;
    a.run = 0;
    if (now) {
      a.offset = channel_.offset(l, a.lights++);
      a.search = n;
    } else {
      locked_next_ &= ~bit;
      fallen_next_ |= bit;
    }
  }
  update_in_place();
}

void lane_bank::update_in_place() {
  in_place_ = 0;
  for (int l = 0; l < count_; ++l)
    if ((signal_ >> l & 1) != 0 && at(l).offset == 0) in_place_ |= u32{1} << l;
}

void lane_bank::slip(i64 n) {
  if (!searching()) return;
  for (u32 left = signal_ & ~locked_next_; left != 0; left &= left - 1) {
    lane& a = at(std::countr_zero(left));
    if (a.run != 0 || n != a.search + pkg::search_markers * marker_clocks_) continue;
    a.offset = (a.offset == 0 ? lane_bits(channel_.lanes()) : a.offset) - 1;
    a.search = n + 1 + pkg::slip_settle;
  }
  update_in_place();
}

void lane_bank::look(group& g, i64 n) {
  const wire_slot& s = slots_[g.place];
  u32 lanes = lit_ && !aligned_ ? g.lanes & in_place_ : 0;
  if (!searching()) lanes &= locked_next_;
  if (s.kind == slot_kind::marker) {
    const marker_damage* damage = lanes != 0 ? errors_.of(g.place, s.clock) : nullptr;
    for (u32 left = lanes; left != 0; left &= left - 1) {
      const int l = std::countr_zero(left);
      if ((locked_next_ >> l & 1) == 0 && n - marker_clocks_ + 1 < at(l).search) continue;
      if (damage == nullptr || damage->stands(l)) {
        hit(l, s, damage, n);
      } else {
        miss(l, n);
      }
    }
  } else {
    for (u32 left = lanes; left != 0; left &= left - 1) miss(std::countr_zero(left), n);
  }
  ++g.piece;
  plan(g);
}

void lane_bank::hit(int l, const wire_slot& s, const marker_damage* damage, i64 n) {
  lane& a = at(l);
  const u32 bit = u32{1} << l;
  a.misses = 0;
  if ((locked_next_ & bit) == 0) {
    if (++a.run < pkg::lock_hits) return;
    locked_next_ |= bit;
    a.run = 0;
  }
  take_fields(l,
              damage != nullptr ? damage->fields(l, s)
                                : marker_fields{.logical = logical_lane(s.lanes, l),
                                                .flags = s.flags,
                                                .count = s.count,
                                                .good_byte = s.good_byte},
              s, n);
}

/// A marker was due for the lane and did not come, or its phase passed with none.
void lane_bank::miss(int l, i64 n) {
  lane& a = at(l);
  const u32 bit = u32{1} << l;
  if ((locked_next_ & bit) != 0) {
    if (!misses_count(n) || ++a.misses < pkg::lock_misses) return;
    locked_next_ &= ~bit;
    a.misses = 0;
    a.search = n + 1;
  } else if (a.run > 0) {
    a.run = 0;
    a.search = n + 1;
  }
}

bool lane_bank::misses_count(i64 n) const {
  switch (registers_.state) {
    case pkg::state_e::lock:
      return n - registers_.enter >= config_.lock_min_clocks;
    case pkg::state_e::map:
      return true;
    case pkg::state_e::deskew:
      return !aligned_;
    default:
      return false;
  }
}

void lane_bank::set_lit(bool lit, i64 e) {
  lit_ = lit;
  if (lit) {
    for (lane& a : lanes_) {
      a.search = e;
      a.run = 0;
    }
  } else {
    dark_at_ = e;
    aligned_ = false;
    align_at_ = never;
    other_next_ = state_unknown;
    fresh_ = false;
  }
  schedule(e - 1);
}

void lane_bank::enter_lock(i64 e) {
  aligned_ = false;
  align_at_ = never;
  target_on_ = false;
  noted_ = 0;
  heard_ = 0;
  fresh_ = false;
  other_state_ = state_unknown;
  other_aligned_ = false;
  other_next_ = state_unknown;
  far_ = {};
  for (int l = 0; l < count_; ++l) {
    lane& a = at(l);
    a.misses = 0;
    if ((locked_next_ >> l & 1) != 0) continue;
    // A lane that settles goes on settling.
    a.search = std::max(a.search, e);
    a.run = 0;
  }
  schedule(e - 1);
}

void lane_bank::enter_map(i64 e) {
  bitmap_run_ = 0;
  fallen_ = fallen_next_ = 0;
  fresh_ = true;
  schedule(e - 1);
}

/// Puts all groups to the first look at clock `from` or later.
void lane_bank::seek(i64 from) {
  for (group& g : groups_) {
    g.place = slots_.find(from - g.delay - longest_slot);
    g.piece = 0;
    plan(g);
    while (g.clock < from) {
      ++g.piece;
      plan(g);
    }
  }
}

/// The clock of the group's next look: the end of the next marker length of the stream.
void lane_bank::plan(group& g) {
  for (; g.place < slots_.tail(); ++g.place, g.piece = 0) {
    const wire_slot& s = slots_[g.place];
    if (s.kind == slot_kind::dark || (g.piece + 1) * marker_clocks_ > slots_.length(s)) continue;
    if (s.kind == slot_kind::quiet && g.place + 1 < slots_.tail() &&
        s.clock + (g.piece + 1) * marker_clocks_ > slots_[g.place + 1].clock)
      continue;
    g.clock = s.clock + (g.piece + 1) * marker_clocks_ - 1 + g.delay;
    return;
  }
  g.clock = never;
}

/// Looks at the stream from clock `from` on if a lane has a reason to.
void lane_bank::follow(i64 from) {
  const bool look = lit_ && signal_ != 0 && !aligned_;
  if (look && !looking_) seek(from);
  looking_ = look;
}

void lane_bank::schedule(i64 n) {
  last_ = n;
  follow(n + 1);
  next_look_ = never;
  if (looking_)
    for (const group& g : groups_) next_look_ = std::min(next_look_, g.clock);
  next_slip_ = never;
  if (lit_ && searching()) {
    for (u32 left = signal_ & ~locked_next_; left != 0; left &= left - 1) {
      const lane& a = at(std::countr_zero(left));
      if (a.run == 0)
        next_slip_ = std::min(next_slip_, a.search + pkg::search_markers * marker_clocks_);
    }
  }
  next_light_ = never;
  for (const lane& a : lanes_) next_light_ = std::min(next_light_, a.change);
  registers_at_ = align_at_;
  if (locked_ != locked_next_ || fallen_ != fallen_next_ || fresh_ ||
      other_next_ != state_unknown || far_[0] != far_[1] || far_[1] != far_[2])
    registers_at_ = n + 1;
  if (dark_at_ <= n) dark_at_ = never;
  next_ = std::min({next_look_, next_slip_, next_light_, registers_at_, dark_at_});
}

void lane_bank::transfer(base::checkpoint& c) {
  // Each member by name: one more does not compile until it is saved, or known to be made anew.
  auto& [channel, slots, errors, registers, config, count, marker_clocks, all, lanes, groups,
         lights, light, lit, dark_at, looking, signal, in_place, locked, locked_next,
         lock_changed_at, heard, fresh, other_state, other_next, other_aligned, far, bitmap_run,
         bitmap_hits, target_on, target, target_set, noted, noted_clock, noted_word, align_at,
         aligned, fallen, fallen_next, deskewed, last, next_light, next_slip, next_look,
         registers_at, next] = *this;
  c.part("lanes");
  c.list(lanes);
  c.list(groups);
  c.list(lights);
  c.values(light, lit, dark_at, looking, signal, in_place, locked, locked_next, lock_changed_at,
           heard, fresh, other_state, other_next, other_aligned, far, bitmap_run, bitmap_hits,
           target_on, target, target_set, noted, noted_clock, noted_word, align_at, aligned, fallen,
           fallen_next, deskewed, last, next_light, next_slip, next_look, registers_at, next);
}

}  // namespace lightrack::link
