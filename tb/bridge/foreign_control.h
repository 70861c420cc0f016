// SPDX-License-Identifier: Apache-2.0
// tb/bridge/foreign_control.h
// The register accesses of a scenario at an end that has no registers: `control` is turned into two
// wires, all else is answered as what is not there.
//
// Time:   a write is on the wires at clock + CsrLat, as in our RTL.
#pragma once

#include <fmt/format.h>

#include <span>
#include <vector>

#include "models/base/error.h"
#include "models/link/endpoint.h"
#include "rtl/link_csr.h"
#include "rtl/link_pkg.h"

namespace lightrack::bridge {

class foreign_control {
 public:
  void push(const link::csr_access& access, link::i64 now) {
    if (access.clock < now || (!queue_.empty() && access.clock < queue_.back().clock + 4))
      throw base::model_error(
          fmt::format("register access at clock {} comes too late", access.clock));
    queue_.push_back(access);
  }
  void begin_batch() { replies_.clear(); }
  [[nodiscard]] std::span<const link::csr_reply> replies() const { return replies_; }

  /// Called at each clock.
  void step(link::i64 clock) {
    restart_ = false;
    if (head_ == queue_.size() || clock < queue_[head_].clock + link::pkg::csr_lat) [[likely]]
      return;
    const link::csr_access& access = queue_[head_++];
    const bool known = access.write && access.offset == link::csr::control::info.offset;
    if (known && (access.strobe & 1) != 0) {
      const auto value = link::csr::control::from_word(access.value);
      enable_ = value.enable;
      restart_ = value.retrain;
    }
    replies_.push_back({.clock = access.clock, .offset = access.offset, .error = !known});
  }
  [[nodiscard]] bool enable() const { return enable_; }
  [[nodiscard]] bool restart() const { return restart_; }  ///< for one clock

 private:
  std::vector<link::csr_access> queue_;
  std::size_t head_ = 0;
  std::vector<link::csr_reply> replies_;
  bool enable_ = false;
  bool restart_ = false;
};

}  // namespace lightrack::bridge
