// SPDX-License-Identifier: Apache-2.0
// tests/link/chain_endpoint.h
// An endpoint for tests of who runs endpoints: what it sends depends on all that has reached it,
// clock by clock, so that a batch that is too long, a hand-over that is lost or late, or a race
// changes its state for good.
#pragma once

#include <algorithm>
#include <deque>
#include <stdexcept>
#include <string>
#include <vector>

#include "models/base/random.h"
#include "models/link/endpoint.h"

namespace lightrack::link {

class chain_endpoint : public endpoint {
 public:
  chain_endpoint(u64 seed, i64 flight, bool words = false)
      : state_{seed}, flight_{flight}, words_{words}, fiber_{2 * flight + 2, 16, 1} {}

  /// advance() throws at this clock.
  i64 fails_at = never;
  std::string failure = "failed";

  [[nodiscard]] u64 state() const { return state_; }
  [[nodiscard]] bool in_words() const { return far_.words != nullptr; }
  /// Slots or words that came after their time.
  [[nodiscard]] int late() const { return late_; }
  [[nodiscard]] i64 longest_batch() const { return longest_; }

  void advance(i64 until) override {
    slots_.clear();
    longest_ = std::max(longest_, until - now_);
    for (; now_ < until; ++now_) {
      if (now_ >= fails_at) throw std::runtime_error{failure};
      while (!arriving_.empty() && arriving_.front().clock + flight_ <= now_) {
        state_ = base::mix64(state_ ^ arriving_.front().header);
        arriving_.pop_front();
      }
      if (in_words()) {
        if (now_ >= flight_ && fiber_.lit(now_ - flight_) != 1) ++late_;
        state_ = base::mix64(state_ ^ fiber_.word(now_ - flight_)[0]);
        fiber_.lit(now_ - flight_) = 0;
      }
      state_ = base::mix64(state_ + 1);
      if (in_words()) {
        const lane_word word{static_cast<u32>(state_)};
        far_.words->put(now_, word.data(), true);
      } else if (state_ % 3 == 0) {
        slots_.push_back({.clock = now_, .header = state_});
      }
    }
  }
  [[nodiscard]] i64 now() const override { return now_; }
  [[nodiscard]] std::span<const wire_slot> sent() const override { return slots_; }
  void receive(std::span<const wire_slot> slots) override {
    for (const wire_slot& s : slots) take(s);
  }
  [[nodiscard]] word_input words_in() override {
    return words_ ? word_input{.words = &fiber_, .flits = flits_.data()} : word_input{};
  }
  void send_words(const word_input& far) override { far_ = far; }
  void access_csr(const csr_access&) override {}
  [[nodiscard]] std::span<const csr_reply> csr_replies() const override { return {}; }
  [[nodiscard]] bool interrupt() const override { return false; }
  [[nodiscard]] endpoint_counters counters() const override { return {}; }
  [[nodiscard]] endpoint_status status() const override { return {}; }
  [[nodiscard]] base::trace_buffer& trace() override { return trace_; }
  [[nodiscard]] const base::trace_buffer& trace() const override { return trace_; }

 private:
  void take(const wire_slot& s) {
    if (s.clock + flight_ < now_) ++late_;
    arriving_.push_back(s);
  }

  u64 state_;
  i64 flight_;
  bool words_;
  word_fiber fiber_;
  std::array<flit_store, vc_count> flits_{flit_store{flight_}, flit_store{flight_}};
  word_input far_;
  i64 now_ = 0;
  i64 longest_ = 0;
  int late_ = 0;
  std::deque<wire_slot> arriving_;
  std::vector<wire_slot> slots_;
  base::trace_buffer trace_;
};

}  // namespace lightrack::link
