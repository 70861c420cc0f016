// SPDX-License-Identifier: Apache-2.0
// models/link/burst_ring.h
// First in, first out, in a ring that grows by doubling and never shrinks.
#pragma once

#include <utility>
#include <vector>

#include "models/link/types.h"

namespace lightrack::link {

template <class Value>
class burst_ring {
 public:
  [[nodiscard]] bool empty() const { return head_ == tail_; }
  [[nodiscard]] u64 size() const { return tail_ - head_; }
  [[nodiscard]] Value& front() { return ring_[head_ & mask_]; }
  [[nodiscard]] const Value& front() const { return ring_[head_ & mask_]; }
  [[nodiscard]] Value& back() { return ring_[(tail_ - 1) & mask_]; }
  [[nodiscard]] const Value& back() const { return ring_[(tail_ - 1) & mask_]; }
  /// The kth from the front.
  [[nodiscard]] const Value& operator[](u64 k) const { return ring_[(head_ + k) & mask_]; }
  Value& push(const Value& value) {
    if (size() > mask_) [[unlikely]]
      grow();
    return ring_[tail_++ & mask_] = value;
  }
  void pop() { ++head_; }
  void clear() { head_ = tail_; }

 private:
  void grow() {
    std::vector<Value> larger(2 * ring_.size());
    for (u64 k = head_; k < tail_; ++k) larger[k & (larger.size() - 1)] = ring_[k & mask_];
    ring_ = std::move(larger);
    mask_ = ring_.size() - 1;
  }

  std::vector<Value> ring_ = std::vector<Value>(8);
  u64 mask_ = 7;
  u64 head_ = 0;
  u64 tail_ = 0;
};

}  // namespace lightrack::link
