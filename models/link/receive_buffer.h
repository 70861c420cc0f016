// SPDX-License-Identifier: Apache-2.0
// models/link/receive_buffer.h
// Flits of one virtual channel that were accepted and wait for the transaction side.
//
// Time:   valid from acceptance + DeliverLat on, and 4 clocks after the handshake before.
// Cost:   a ring, no allocation.
#pragma once

#include <algorithm>
#include <array>
#include <span>

#include "models/link/types.h"
#include "rtl/link_pkg.h"

namespace lightrack::link {

struct received_flit {
  payload_ref payload{};
  u64 digest = 0;
  i64 valid = 0;  ///< first clock at which the port may show it
  u8 slots = 0;
  bool poison = false;
  bool corrupt = false;
};

class receive_buffer {
 public:
  [[nodiscard]] int held() const { return static_cast<int>(tail_ - head_); }
  [[nodiscard]] const received_flit& front() const { return ring_[head_ % ring_.size()]; }
  /// Clock from which front() is valid at the port; never if nothing is held.
  [[nodiscard]] i64 valid_from() const {
    return head_ == tail_ ? never : std::max(front().valid, free_);
  }

  /// Accepted by the verdict at clock v; the caller fills in the rest.
  received_flit& accept(i64 v) {
    received_flit& flit = ring_[tail_++ % ring_.size()];
    flit.valid = v + pkg::deliver_lat;
    return flit;
  }
  /// front() was handed over at clock h.
  void pop(i64 h) {
    ++head_;
    free_ = h + pkg::beats_per_flit;
  }
  void clear() { head_ = tail_; }
  /// The kth that is held, from front().
  [[nodiscard]] const received_flit& operator[](int k) const {
    return ring_[(head_ + static_cast<u64>(k)) % ring_.size()];
  }
  /// First clock at which the port may show another flit.
  [[nodiscard]] i64 port_free() const { return free_; }
  /// As after a leap: holds these.
  void stand(std::span<const received_flit> flits, i64 port_free) {
    clear();
    for (const received_flit& flit : flits) ring_[tail_++ % ring_.size()] = flit;
    free_ = port_free;
  }

 private:
  std::array<received_flit, 512> ring_{};
  u64 head_ = 0;
  u64 tail_ = 0;
  i64 free_ = 0;
};

}  // namespace lightrack::link
