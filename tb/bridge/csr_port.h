// SPDX-License-Identifier: Apache-2.0
// tb/bridge/csr_port.h
// Register accesses as APB transfers at their clocks.
//
// Time:   setup phase at the access's clock, access phase from the next one on until pready; the
//         answer is that clock's.
// Cost:   one compare a clock while nothing is due.
#pragma once

#include <fmt/format.h>

#include <span>
#include <vector>

#include "models/base/error.h"
#include "models/link/endpoint.h"

namespace lightrack::bridge {

class csr_port {
 public:
  void push(const link::csr_access& access, link::i64 now) {
    if (access.clock < now || access.clock < least_) {
      throw base::model_error(
          fmt::format("register access at clock {}: now is {}, and the one "
                      "before allows {} at the earliest",
                      access.clock, now, least_));
    }
    least_ = access.clock + 4;
    if (head_ == queue_.size()) {
      queue_.clear();
      head_ = 0;
    }
    queue_.push_back(access);
    if (next_ == link::never) next_ = queue_[head_].clock;
  }

  /// Accesses under way and to come.
  void transfer(base::checkpoint& c) {
    c.list(queue_);
    c.values(head_, next_, least_, release_);
  }

  void begin_batch() { replies_.clear(); }
  [[nodiscard]] std::span<const link::csr_reply> replies() const { return replies_; }

  /// Setup clock of the next access, or of the one under way.
  [[nodiscard]] link::i64 next() const { return next_; }

  template <class Model>
  void drive(Model& m, link::i64 clock) {
    if (clock < next_) [[likely]]
      return;
    const link::csr_access& access = queue_[head_];
    m.psel_i = 1;
    m.penable_i = clock > access.clock;
    m.pwrite_i = access.write;
    m.paddr_i = static_cast<link::u16>(access.offset & 0xFFF);
    m.pwdata_i = access.value;
    m.pstrb_i = access.write ? access.strobe : 0;
  }

  /// After the clock's outputs have settled. Returns the access that is done with this clock.
  template <class Model>
  const link::csr_access* sample(Model& m, link::i64 clock) {
    if (clock <= next_ || !m.pready_o) [[likely]]
      return nullptr;
    const link::csr_access& access = queue_[head_];
    replies_.push_back({.clock = access.clock,
                        .offset = access.offset,
                        .value = access.write ? 0 : m.prdata_o,
                        .error = m.pslverr_o != 0});
    ++head_;
    next_ = head_ < queue_.size() ? queue_[head_].clock : link::never;
    release_ = true;
    return &access;
  }

  /// After the clock edge.
  template <class Model>
  void release(Model& m) {
    if (!release_) [[likely]]
      return;
    release_ = false;
    m.psel_i = 0;
    m.penable_i = 0;
    m.pwrite_i = 0;
    m.pstrb_i = 0;
  }

 private:
  std::vector<link::csr_access> queue_;
  std::size_t head_ = 0;
  link::i64 next_ = link::never;  ///< setup clock of the access at the head
  link::i64 least_ = 0;
  bool release_ = false;
  std::vector<link::csr_reply> replies_;
};

}  // namespace lightrack::bridge
