// SPDX-License-Identifier: Apache-2.0
// models/link/injection.h
// Wrong bits made on purpose: in headers before CRC and FEC, and in words of a lane (13.5).
//
// Time:   the sender arms in the clock at which the register stands; its lane injections go with
//         the slots as `slot_kind::injection` and meet the receiver's judgement through its
//         channel, so any batch size and any mix of fidelities sees the same bits.
// Cost:   nothing while nothing was armed.
#pragma once

#include <algorithm>
#include <vector>

#include "models/base/checkpoint.h"
#include "models/link/types.h"

namespace lightrack::link {

/// Which headers of a transmitter are hit.
class header_injection {
 public:
  /// `kinds` bit k: flits of kind k are hit.
  void arm(int count, u32 kinds) {
    left_ = count;
    kinds_ = kinds;
  }
  [[nodiscard]] bool armed() const { return left_ > 0; }
  /// True where this header is hit; it uses up one of the count.
  [[nodiscard]] bool take(u64 header) {
    if (left_ == 0 || (kinds_ >> (header & 7) & 1) == 0) return false;
    --left_;
    return true;
  }

 private:
  int left_ = 0;
  u32 kinds_ = 0;
};

/// What a transmitter's lane injection does to the words of its direction, seen by the receiver.
/// Clocks are the transmitter's. Dark words are not hit and use up no count.
class lane_injection {
 public:
  /// Words from clock `from` on have `bit` of `lane` inverted, `words` of them; replaces what was
  /// armed before.
  void arm(i64 from, int lane, int bit, i64 words);
  /// The light comes or goes at `clock`; all changes must be told, in order.
  void light(i64 clock, bool on);

  [[nodiscard]] bool none() const { return spans_.empty(); }
  /// The first clock >= from of a word that is hit; never if there is none.
  [[nodiscard]] i64 next(i64 from) const;
  /// Calls visit(lane, bit) for the words of [first, first + clocks); bit counts from the first
  /// word's bit 0.
  template <class Visit>
  void visit(i64 first, i64 clocks, int lane_bits, Visit&& visit) const {
    for (const span& s : spans_)
      for (i64 clock = std::max(first, s.from); clock < std::min(first + clocks, s.until); ++clock)
        visit(s.lane, static_cast<int>((clock - first) * lane_bits) + s.bit);
  }

  void transfer(base::checkpoint& c) {
    auto& [spans, open, lane, bit, left, lit, lit_since, dark_since] = *this;
    c.list(spans);
    c.values(open, lane, bit, left, lit, lit_since, dark_since);
  }

 private:
  struct span {
    i64 from = 0;
    i64 until = 0;
    int lane = 0;
    int bit = 0;
  };
  void begin(i64 from);
  void end(i64 clock);

  std::vector<span> spans_;  ///< the last is the one under way, if any is
  bool open_ = false;        ///< the last span may still be cut short
  int lane_ = 0;
  int bit_ = 0;
  i64 left_ = 0;  ///< words still to be hit when the light comes back
  bool lit_ = false;
  i64 lit_since_ = 0;
  i64 dark_since_ = 0;
};

}  // namespace lightrack::link
