// SPDX-License-Identifier: Apache-2.0
// tests/tb/watched_end.h
// An end of any fidelity that counts the clocks it was spared, or is spared none.
#pragma once

#include <memory>
#include <utility>

#include "models/link/endpoint.h"

namespace lightrack::verify {

class watched_end final : public link::endpoint {
 public:
  /// `skipped` gets the clocks passed over by the runner; null: the runner is told of no idle time.
  watched_end(std::unique_ptr<link::endpoint> end, link::i64* skipped)
      : end_{std::move(end)}, skipped_{skipped} {}

  void advance(link::i64 until) override { end_->advance(until); }
  [[nodiscard]] link::i64 idle_until() const override {
    return skipped_ != nullptr ? end_->idle_until() : end_->now();
  }
  void skip(link::i64 until) override {
    *skipped_ += until - end_->now();
    end_->skip(until);
  }
  [[nodiscard]] link::i64 now() const override { return end_->now(); }
  [[nodiscard]] std::span<const link::wire_slot> sent() const override { return end_->sent(); }
  void receive(std::span<const link::wire_slot> slots) override { end_->receive(slots); }
  void set_lane_quality(std::span<const link::lane_quality> changes) override {
    end_->set_lane_quality(changes);
  }
  [[nodiscard]] link::word_input words_in() override { return end_->words_in(); }
  void send_words(const link::word_input& far) override { end_->send_words(far); }
  void transfer(base::checkpoint& c) override { end_->transfer(c); }
  void access_csr(const link::csr_access& access) override { end_->access_csr(access); }
  [[nodiscard]] std::span<const link::csr_reply> csr_replies() const override {
    return end_->csr_replies();
  }
  [[nodiscard]] bool interrupt() const override { return end_->interrupt(); }
  [[nodiscard]] std::span<const link::interrupt_change> interrupt_changes() const override {
    return end_->interrupt_changes();
  }
  [[nodiscard]] link::endpoint_counters counters() const override { return end_->counters(); }
  [[nodiscard]] link::endpoint_status status() const override { return end_->status(); }
  [[nodiscard]] base::trace_buffer& trace() override { return end_->trace(); }
  [[nodiscard]] const base::trace_buffer& trace() const override {
    return std::as_const(*end_).trace();
  }

 private:
  std::unique_ptr<link::endpoint> end_;
  link::i64* skipped_;
};

}  // namespace lightrack::verify
