// SPDX-License-Identifier: Apache-2.0
#include "models/optics/lock_state.h"

#include <array>

namespace lightrack::optics {

std::string_view name_of(lock_state s) {
  constexpr std::array<std::string_view, 9> names{
      "OFF", "WAIT_LIGHT", "SWEEP", "ASSIGN", "FINE", "LOCKED", "TRACK", "RELOCK", "FAULT"};
  return names[static_cast<std::size_t>(s)];
}

std::string_view name_of(lock_fault f) {
  constexpr std::array<std::string_view, 4> names{"none", "no light", "no line in reach",
                                                  "line not found"};
  return names[static_cast<std::size_t>(f)];
}

void lock_rules::enter(ring_lock& r, lock_state s, time_fs t, time_fs due) {
  r.state = s;
  r.since = t;
  r.due = due;
  if (s != lock_state::fault) r.cause = lock_fault::none;
}

void lock_rules::fail(ring_lock& r, lock_fault cause, time_fs t) {
  enter(r, lock_state::fault, t);
  r.cause = cause;
  r.tries = 0;
  r.rounds = 0;
  ++r.faults;
}

void lock_rules::lose(ring_lock& r, time_fs t) const {
  ++r.losses;
  r.over = 0;
  r.tries = 0;
  enter(r, lock_state::relock, t, r.lit ? t + times_.fine : never);
}

void lock_rules::wait_or_fine(ring_lock& r, time_fs t) const {
  if (r.lit) {
    enter(r, lock_state::fine, t, t + times_.fine);
  } else {
    enter(r, lock_state::wait_light, t);
  }
}

lock_rules::need lock_rules::power_on(ring_lock& r, time_fs t) const {
  r.has_line = false;
  r.tries = 0;
  r.rounds = 0;
  r.over = 0;
  r.alarm = false;
  r.dark_since = r.lit ? never : t;
  enter(r, lock_state::wait_light, t);
  return r.lit ? need::sweep : need::nothing;
}

lock_rules::need lock_rules::light(ring_lock& r, bool lit, time_fs t) const {
  if (lit == r.lit) return need::nothing;
  r.lit = lit;
  if (!lit) {
    r.dark_since = t;
    return need::nothing;
  }
  r.dark_since = never;
  r.alarm = false;
  const bool waits = r.state == lock_state::wait_light ||
                     (r.state == lock_state::fault && r.cause == lock_fault::no_light);
  if (waits && !r.has_line) return need::sweep;
  if (waits) {
    r.tries = 0;
    wait_or_fine(r, t);
  } else if (r.state == lock_state::relock && r.due == never) {
    enter(r, lock_state::relock, t, t + times_.fine);
  }
  return need::nothing;
}

time_fs lock_rules::alarm_time(const ring_lock& r) const {
  const bool waits = r.state == lock_state::wait_light || r.state == lock_state::relock;
  return waits && r.dark_since != never && !r.alarm ? r.dark_since + times_.light_alarm : never;
}

void lock_rules::raise_alarm(ring_lock& r, time_fs t) const {
  r.alarm = true;
  ++r.alarms;
  fail(r, lock_fault::no_light, t);
}

void lock_rules::begin_sweep(ring_lock& r, time_fs t, time_fs end) const {
  ++r.sweeps;
  ++r.rounds;
  enter(r, lock_state::sweep, t, end);
}

void lock_rules::begin_assign(ring_lock& r, time_fs t) const {
  r.over = 0;
  enter(r, lock_state::assign, t, t + times_.assign);
}

void lock_rules::assigned(ring_lock& r, bool in_reach, time_fs dark_since, time_fs t) const {
  r.has_line = in_reach;
  r.tries = 0;
  if (!in_reach) return fail(r, lock_fault::no_line, t);
  r.lit = dark_since == never;
  r.dark_since = dark_since;
  if (r.lit) r.alarm = false;
  wait_or_fine(r, t);
}

lock_rules::need lock_rules::fine_ended(ring_lock& r, bool found, time_fs t) const {
  if (!r.lit) {
    if (r.state == lock_state::fine) {
      enter(r, lock_state::wait_light, t);
    } else {
      r.due = never;
    }
    return need::nothing;
  }
  if (found) {
    if (r.losses > r.relocks) ++r.relocks;
    r.tries = 0;
    r.rounds = 0;
    r.over = 0;
    enter(r, lock_state::locked, t);
    return need::nothing;
  }
  if (++r.tries < times_.fine_tries) {
    enter(r, r.state, t, t + times_.fine);
    return need::nothing;
  }
  r.tries = 0;
  if (r.rounds < times_.sweep_rounds) return need::sweep;
  fail(r, lock_fault::not_found, t);
  return need::nothing;
}

}  // namespace lightrack::optics
