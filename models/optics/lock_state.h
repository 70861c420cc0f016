// SPDX-License-Identifier: Apache-2.0
// models/optics/lock_state.h
// How one ring comes to its line and holds it: states, their times, and what it counts.
//
//   OFF -> WAIT_LIGHT -> SWEEP -> ASSIGN -> FINE -> LOCKED <-> TRACK -> RELOCK -> FAULT
//
//   sweep     the coarse steps of the heater show the lines; the bus says when, for rings of one
//   bus
//             may have to wait for each other
//   fine      a slope search; it fails if the line is further than a linewidth away or out of reach
//   track     holds, but is further off than the lock window
//   relock    lost: fine searches, then sweep, assignment and fine lock again
//   fault     no light for the time of the alarm, no line in reach, or not found; light that comes
//             back, or a hop of the bus, gives it another try
//
// A ring in the dark searches nothing. The alarm for missing light counts from the moment the line
// went dark, or from power-on, and is longer than the ramp of a laser.
// Faults: none of its own. Cost: period() is on the path of every ring and period.
//   ring_lock r;  lock_rules rules{times};  rules.power_on(r, 0);  rules.light(r, true, 5 * ms);
#pragma once

#include <cstdint>
#include <string_view>

#include "models/optics/thermal.h"

namespace lightrack::optics {

enum class lock_state : std::uint8_t {
  off,
  wait_light,
  sweep,
  assign,
  fine,
  locked,
  track,
  relock,
  fault
};
enum class lock_fault : std::uint8_t { none, no_light, no_line, not_found };

/// As in the list above: "WAIT_LIGHT".
[[nodiscard]] std::string_view name_of(lock_state s);
/// "no light", "no line in reach", "line not found".
[[nodiscard]] std::string_view name_of(lock_fault f);

struct lock_times {
  time_fs light_alarm = 600 * ms;
  time_fs sweep_step = 10 * us;
  int sweep_steps = 256;
  time_fs assign = 100 * us;
  time_fs fine = 200 * us;
  int lol_periods = 3;
  int fine_tries = 3;
  int sweep_rounds = 3;  ///< sweeps without a lock before FAULT

  /// Of one ring.
  [[nodiscard]] constexpr time_fs sweep() const { return sweep_steps * sweep_step; }
};

struct ring_lock {
  lock_state state = lock_state::off;
  lock_fault cause = lock_fault::none;
  std::uint8_t tries = 0;   ///< fine searches that failed in a row
  std::uint8_t rounds = 0;  ///< sweeps since it last held
  std::uint8_t over = 0;    ///< control periods in a row over the threshold
  bool lit = false;         ///< light on its line; on any line of the bus while it has none
  bool has_line = false;
  bool alarm = false;  ///< missing light
  std::uint32_t losses = 0;
  std::uint32_t relocks = 0;  ///< locks after a loss
  std::uint32_t sweeps = 0;
  std::uint32_t faults = 0;
  std::uint32_t alarms = 0;
  time_fs due = never;         ///< end of a state that takes a time
  time_fs dark_since = never;  ///< never while there is light
  time_fs since = 0;           ///< the state stands from here

  [[nodiscard]] bool holds() const {
    return state == lock_state::locked || state == lock_state::track;
  }
};

class lock_rules {
 public:
  explicit lock_rules(const lock_times& times) : times_{times} {}
  [[nodiscard]] const lock_times& times() const { return times_; }

  /// What the bus has to do for the ring.
  enum class need : std::uint8_t { nothing, sweep };

  need power_on(ring_lock& r, time_fs t) const;
  /// Light on the line of the ring came or went. Loss of lock follows from period().
  need light(ring_lock& r, bool lit, time_fs t) const;
  /// When the alarm for missing light is due; never while there is light.
  [[nodiscard]] time_fs alarm_time(const ring_lock& r) const;
  /// Raises the alarm and gives up; only after alarm_time().
  void raise_alarm(ring_lock& r, time_fs t) const;

  void begin_sweep(ring_lock& r, time_fs t, time_fs end) const;
  /// At the end of a sweep, or when the whole bus hops.
  void begin_assign(ring_lock& r, time_fs t) const;
  /// The bus has a line for it, or none in reach; `dark_since` of that line, never if it is lit.
  void assigned(ring_lock& r, bool in_reach, time_fs dark_since, time_fs t) const;
  /// A fine search has ended, in FINE or RELOCK.
  need fine_ended(ring_lock& r, bool found, time_fs t) const;
  /// A ring that holds, once a control period. True if the lock was lost by it.
  bool period(ring_lock& r, bool over_threshold, bool in_window, time_fs t) const {
    if (!over_threshold) {
      r.over = 0;
      const lock_state now = in_window ? lock_state::locked : lock_state::track;
      if (now != r.state) enter(r, now, t);
      return false;
    }
    if (++r.over < times_.lol_periods) return false;
    lose(r, t);
    return true;
  }

 private:
  static void enter(ring_lock& r, lock_state s, time_fs t, time_fs due = never);
  static void fail(ring_lock& r, lock_fault cause, time_fs t);
  void lose(ring_lock& r, time_fs t) const;
  void wait_or_fine(ring_lock& r, time_fs t) const;

  lock_times times_;
};

}  // namespace lightrack::optics
