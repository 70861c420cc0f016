// SPDX-License-Identifier: Apache-2.0
// models/link/slot_queue.h
// The slots of the far end that are in flight or still looked at, found by their place in the
// stream.
//
// Time:   places count all slots ever received; a slot is kept as long as a reader may come back to
// its clock. Cost:   one copy a slot; grows by doubling and never shrinks.
#pragma once

#include <span>
#include <vector>

#include "models/base/checkpoint.h"
#include "models/link/marker.h"
#include "models/link/types.h"

namespace lightrack::link {

class slot_queue {
 public:
  explicit slot_queue(int lanes) : marker_clocks_{marker_clocks(lanes)} {}

  [[nodiscard]] u64 head() const { return head_; }
  [[nodiscard]] u64 tail() const { return tail_; }
  [[nodiscard]] const wire_slot& operator[](u64 place) const { return ring_[place & mask_]; }
  /// Clocks that a slot lasts if nothing cuts it; a dark or quiet one lasts until the next.
  [[nodiscard]] i64 length(const wire_slot& s) const {
    if (s.kind == slot_kind::marker) return marker_clocks_;
    return s.kind <= slot_kind::altered ? i64{4} << s.shift : never;
  }
  /// Place of the first slot that begins at `clock` or later; tail() if none does yet.
  [[nodiscard]] u64 find(i64 clock) const {
    u64 low = head_;
    for (u64 high = tail_; low < high;) {
      const u64 middle = low + (high - low) / 2;
      if ((*this)[middle].clock < clock) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  void push(const wire_slot& s) {
    if (tail_ - head_ > mask_) [[unlikely]]
      grow();
    ring_[tail_++ & mask_] = s;
  }
  /// A quiet slot comes at `clock`: one that it cuts short holds nothing that a receiver could take
  /// and is quiet as well.
  void cut(i64 clock) {
    if (tail_ == head_) return;
    wire_slot& before = ring_[(tail_ - 1) & mask_];
    if (before.kind <= slot_kind::altered && before.clock + length(before) > clock)
      before.kind = slot_kind::quiet;
  }
  void clear() { head_ = tail_; }
  /// Forgets the slots that begin before `clock`.
  void drop_before(i64 clock) {
    while (head_ < tail_ && (*this)[head_].clock < clock) ++head_;
  }
  void transfer(base::checkpoint& c) {
    auto& [marker_length, ring, mask, head, tail] = *this;
    c.list(ring);
    c.values(mask, head, tail);
  }

 private:
  void grow() {
    std::vector<wire_slot> larger(2 * ring_.size());
    for (u64 place = head_; place < tail_; ++place)
      larger[place & (larger.size() - 1)] = (*this)[place];
    ring_ = std::move(larger);
    mask_ = ring_.size() - 1;
  }

  int marker_clocks_;
  std::vector<wire_slot> ring_ = std::vector<wire_slot>(256);
  u64 mask_ = 255;
  u64 head_ = 0;
  u64 tail_ = 0;
};

}  // namespace lightrack::link
