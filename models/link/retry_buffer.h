// SPDX-License-Identifier: Apache-2.0
// models/link/retry_buffer.h
// Go-back-N of the transmitter: numbers, the flits not yet acknowledged, and the replay under way.
//
// Time:   plain values; the endpoint calls at the clock at which hardware would act.
// Cost:   a ring by number, no allocation.
#pragma once

#include <array>
#include <span>

#include "models/link/types.h"

namespace lightrack::link {

inline constexpr int number_mask = 1023;
/// a - b of two 10-bit numbers that lie at most 511 apart.
[[nodiscard]] constexpr int signed_difference(int a, int b) {
  return (((a - b) & number_mask) ^ 512) - 512;
}

/// What stays the same in every transmission of a DATA flit.
struct stored_flit {
  payload_ref payload{};
  u64 header = 0;  ///< kind, vc, seq, slots and poison; all else zero
};

class retry_buffer {
 public:
  [[nodiscard]] int oldest() const { return oldest_; }
  [[nodiscard]] int next() const { return next_; }
  [[nodiscard]] int unacknowledged() const { return (next_ - oldest_) & number_mask; }
  /// A replay is pending or under way.
  [[nodiscard]] bool replaying() const { return replaying_; }
  /// Its first flit is still to be sent.
  [[nodiscard]] bool first_unsent() const { return replaying_ && first_unsent_; }
  /// What NOP and CTRL show as `seq`.
  [[nodiscard]] int number_to_come() const { return replaying_ ? pointer_ : next_; }

  /// Takes the flit that is sent as number next().
  void store(const stored_flit& flit) {
    flits_[static_cast<std::size_t>(next_)] = flit;
    next_ = (next_ + 1) & number_mask;
  }
  /// The flit that the replay repeats now, at clock d.
  const stored_flit& repeat(i64 d) {
    if (first_unsent_) {
      first_unsent_ = false;
      number_unsent_ = false;
      first_clock_ = d;
      if (entry_) number_ = pointer_;
    }
    const stored_flit& flit = flits_[static_cast<std::size_t>(pointer_)];
    pointer_ = (pointer_ + 1) & number_mask;
    replaying_ = pointer_ != next_;
    return flit;
  }

  /// Flits that `ack` would free, or -1 where it is outside the window of `sent` flits.
  [[nodiscard]] int freed_by(int ack, int sent) const {
    const int d = (ack - oldest_ + 1) & number_mask;
    return d <= sent ? d : -1;
  }
  void free(int count) {
    oldest_ = (oldest_ + count) & number_mask;
    if (!replaying_) return;
    if (signed_difference(pointer_, oldest_) < 0) pointer_ = oldest_;
    replaying_ = pointer_ != next_;
  }
  /// A replay that counts: its number is remembered at once.
  void start_replay() {
    pointer_ = oldest_;
    replaying_ = true;
    first_unsent_ = true;
    entry_ = false;
    number_ = oldest_;
    number_unsent_ = true;
  }
  /// The one on entering ACTIVE: its number is remembered when its first flit goes.
  void start_entry_replay() {
    pointer_ = oldest_;
    replaying_ = true;
    first_unsent_ = true;
    entry_ = true;
  }
  /// True while a request for oldest() is taken as served: the last replay began there, and its
  /// first flit is unsent or was sent less than `clocks` before `n`.
  [[nodiscard]] bool just_replayed(i64 n, i64 clocks) const {
    return number_ == oldest_ && (number_unsent_ || n - first_clock_ < clocks);
  }
  void stop_replay() { replaying_ = false; }
  /// The flit of a number that is not yet acknowledged.
  [[nodiscard]] const stored_flit& at(int number) const {
    return flits_[static_cast<std::size_t>(number)];
  }
  /// As after a leap: these flits are not acknowledged; they go again from number `repeat_from` on
  /// (-1: none does).
  void stand(int oldest, std::span<const stored_flit> flits, int repeat_from) {
    oldest_ = next_ = oldest;
    for (const stored_flit& flit : flits) store(flit);
    start_entry_replay();
    pointer_ = repeat_from;
    replaying_ = repeat_from >= 0 && repeat_from != next_;
    number_ = -1;
    number_unsent_ = false;
  }

  /// Numbers begin anew; flits not acknowledged are dropped.
  void restart() {
    oldest_ = 0;
    next_ = 0;
    replaying_ = false;
  }
  void reset() {
    restart();
    number_ = -1;
    number_unsent_ = false;
  }

 private:
  std::array<stored_flit, number_mask + 1> flits_{};
  int oldest_ = 0;
  int next_ = 0;
  int pointer_ = 0;
  bool replaying_ = false;
  bool first_unsent_ = false;
  int number_ = -1;  ///< at which the last replay began
  bool number_unsent_ = false;
  bool entry_ = false;
  i64 first_clock_ = 0;
};

}  // namespace lightrack::link
