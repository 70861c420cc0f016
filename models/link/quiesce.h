// SPDX-License-Identifier: Apache-2.0
// models/link/quiesce.h
// How a side asks for a rest, answers, stops and wakes: the rules of docs/link-layer.md, section
// 13.3, without lanes and flits.
//
// Time:   calls bear the clock at which they happen and take effect from the next clock on. In one
//         clock the transmit decision (`next`, `*_sent`, `idle_slot`) is told first, for it reads
//         registers; then verdicts and markers, whose effects it overrides; then `expire`.
// Faults: lost requests, answers and markers, by the timers T1 and T2 of the endpoint.
// Cost:   `standing()` is one byte that is zero while a link works; all else is rare.
//   quiesce rest; rest.idle_slot(n, true, 1, 16); if (rest.next() == quiesce::slot::request) ...
#pragma once

#include "models/link/marker.h"
#include "models/link/types.h"

namespace lightrack::link {

class quiesce {
 public:
  /// What a slot must carry, most urgent first; between `stop` and `answer` an interval's marker
  /// goes.
  enum class slot : u8 { none, wake, stop, answer, request };

  /// Zero: a transmit decision need not ask further.
  [[nodiscard]] u8 standing() const { return flags_; }
  [[nodiscard]] slot next() const {
    if (has(wake_waits | wake_goes)) return slot::wake;
    if (has(stop)) return slot::stop;
    if (has(answer)) return slot::answer;
    return has(request) ? slot::request : slot::none;
  }
  /// No new DATA may be taken.
  [[nodiscard]] bool holds_data() const { return has(asks | says_yes); }
  [[nodiscard]] bool asking() const { return has(asks); }
  /// Own yes stands, as registered at clock n: one sent at n does not count yet.
  [[nodiscard]] bool yes_stands(i64 n) const { return (registered(n) & says_yes) != 0; }
  [[nodiscard]] bool waking() const { return has(wake_waits | wake_goes); }
  [[nodiscard]] i64 quiet() const { return quiet_; }

  // Transmit decisions at clock n.
  /// A NOP goes; `idle` says that nothing is offered, unacknowledged, requested, held or owed.
  /// `flit_times` is what the slot lasts; `after` is quiesce_after.
  void idle_slot(i64 n, bool idle, int flit_times, i64 after);
  /// A flit that is no idle NOP goes.
  void busy_slot() { quiet_ = 0; }
  void request_sent(i64 n);
  /// Returns true for yes; `free` says that nothing is offered or unacknowledged.
  [[nodiscard]] bool answer_sent(i64 n, bool free);
  struct wake_marker {
    u8 flags = 0;
    bool first = false;
  };
  [[nodiscard]] wake_marker wake_sent(i64 n);

  // Verdicts and believed markers at clock n.
  void requested(i64 n) { change(n, answer, 0); }
  void said_yes(i64 n) {
    if ((registered(n) & asks) != 0) change(n, stop, asks | request);
  }
  void said_no(i64 n) { change(n, 0, asks | request); }
  void data_received(i64 n) { change(n, 0, asks | request | says_yes); }
  /// In ACTIVE.
  void wake_seen(i64 n, bool is_answer);

  /// A wake begins to wait: own need, silence, or an answer.
  void start_wake(bool is_answer) {
    flags_ = (flags_ & ~(asks | request | says_yes | stop)) | wake_waits;
    answers_wake_ = is_answer;
  }
  /// The next clock at which a timer may expire; never if none runs.
  [[nodiscard]] i64 next_expiry(i64 t1) const;
  void expire(i64 n, i64 t1);
  /// ACTIVE is left.
  void clear();
  /// As after a leap in which nothing stood: so many flit times were quiet.
  void stand(i64 quiet) {
    clear();
    quiet_ = quiet;
  }

 private:
  enum : u8 {
    asks = 1,
    request = 2,  ///< one is pending
    answer = 4,
    says_yes = 8,
    stop = 16,
    wake_waits = 32,
    wake_goes = 64,
  };
  [[nodiscard]] bool has(int flags) const { return (flags_ & flags) != 0; }
  [[nodiscard]] u8 registered(i64 n) const { return n == decided_at_ ? before_ : flags_; }
  /// What the decision at clock n does to the flags.
  void decide(i64 n, int set, int clear);
  /// What a verdict at clock n does to them: a decision of the same clock comes after it.
  void change(i64 n, int set, int clear);

  u8 flags_ = 0;
  u8 before_ = 0;  ///< flags before the decision at decided_at_
  u8 set_ = 0;
  u8 clear_ = 0;
  i64 decided_at_ = -1;
  i64 quiet_ = 0;  ///< flit times
  int asked_ = 0;
  i64 ask_timer_ = 0;
  i64 yes_timer_ = 0;
  int wakes_left_ = 0;
  bool answers_wake_ = false;
};

}  // namespace lightrack::link
