// SPDX-License-Identifier: Apache-2.0
// tests/link/register_endpoint.h
// An endpoint that is registers and a script, exact to the clock: what stands behind the bus in
// tests of the bus. Enabled, it is in DETECT, and there raises no_light each detect_timeout_clocks
// if it is dark; else it is ACTIVE after 500 clocks. A retrain takes 300 clocks. In ACTIVE it
// counts a NOP each 4 clocks.
#pragma once

#include <gtest/gtest.h>

#include <deque>
#include <vector>

#include "models/link/endpoint.h"
#include "models/link/link_csr_file.h"
#include "rtl/link_pkg.h"

namespace lightrack::link {

class register_endpoint : public endpoint {
 public:
  explicit register_endpoint(bool dark = false) : dark_{dark} {}

  void advance(i64 until) override {
    replies_.clear();
    changes_.clear();
    for (; now_ < until; ++now_) clock();
  }
  [[nodiscard]] i64 now() const override { return now_; }
  [[nodiscard]] std::span<const wire_slot> sent() const override { return {}; }
  void receive(std::span<const wire_slot>) override {}
  void access_csr(const csr_access& access) override {
    EXPECT_GE(access.clock, now_);
    EXPECT_GE(access.clock, last_setup_ + 4);
    last_setup_ = access.clock;
    accesses_.push_back(access);
  }
  [[nodiscard]] std::span<const csr_reply> csr_replies() const override { return replies_; }
  [[nodiscard]] bool interrupt() const override { return level_; }
  [[nodiscard]] std::span<const interrupt_change> interrupt_changes() const override {
    return changes_;
  }
  [[nodiscard]] endpoint_counters counters() const override { return counters_; }
  [[nodiscard]] endpoint_status status() const override { return {.state = live_.state}; }
  [[nodiscard]] base::trace_buffer& trace() override { return trace_; }
  [[nodiscard]] const base::trace_buffer& trace() const override { return trace_; }

 private:
  /// One clock on the values registered before it; events are seen at the next.
  void clock() {
    if (level_ != file_.interrupt()) {
      level_ = !level_;
      changes_.push_back({now_, level_});
    }
    if (effect_.snapshot) file_.take_snapshot(counters_);
    csr::irq_status events{};
    live_values next = live_;
    const bool enable = file_.config().enable;
    if (!enable) {
      next.state = 7;
    } else if (live_.state == 7) {
      next.state = 0;
      entered_ = now_ + 1;
    } else if (live_.state == 5 && effect_.retrain) {
      next.state = 1;
      entered_ = now_ + 1;
      events.active_lost = true;
    } else if (dark_) {
      events.no_light =
          (now_ - entered_) % file_.config().detect_timeout_clocks == 0 && now_ > entered_;
    } else if (live_.state != 5 && now_ - entered_ == (live_.state == 0 ? 500 : 300)) {
      next.state = 5;
    }
    if (live_.state == 5 && now_ % 4 == 0) ++counters_.sent_nop;
    effect_ = {};
    if (!accesses_.empty() && accesses_.front().clock + 1 == now_) access(accesses_.front());
    file_.raise(events);
    live_ = next;
  }
  void access(const csr_access& a) {
    csr_reply reply{.clock = a.clock, .offset = a.offset};
    bool ok = false;
    if (a.write) {
      effect_ = file_.write(a.offset, a.value, a.strobe);
      ok = effect_.ok;
    } else {
      reply.value = file_.read(a.offset, live_, ok);
    }
    reply.error = !ok;
    replies_.push_back(reply);
    accesses_.pop_front();
  }

  bool dark_;
  link_csr_file file_{16};
  live_values live_{};
  write_effect effect_{};
  endpoint_counters counters_{};
  i64 now_ = 0;
  i64 entered_ = 0;
  i64 last_setup_ = -4;
  bool level_ = false;
  std::deque<csr_access> accesses_;
  std::vector<csr_reply> replies_;
  std::vector<interrupt_change> changes_;
  base::trace_buffer trace_;
};

}  // namespace lightrack::link
