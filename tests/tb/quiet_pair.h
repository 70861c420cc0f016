// SPDX-License-Identifier: Apache-2.0
// tests/tb/quiet_pair.h
// Two RTL ends to be led by a test: registers written at will, words hit on the way, records looked
// at.
//
//   quiet_pair p{quiet(16)};  p.run_until_both(state_e::active, 20'000);  p.write(side::west, ...);
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "models/link/trace_events.h"
#include "models/link/word_fiber.h"
#include "rtl/link_csr.h"
#include "rtl/link_pkg.h"
#include "tb/bridge/rtl_endpoint.h"
#include "tb/verify/pair_run.h"

namespace lightrack::verify {

using link::trace_event;
using link::pkg::cause_e;
using link::pkg::state_e;

/// Words of which every bit arrives inverted: first and last transmit clock.
struct hit {
  i64 first;
  i64 last;
};

/// Two RTL ends on one meter of fiber, up from about clock 2,000 on, without traffic.
class quiet_pair {
 public:
  explicit quiet_pair(scenario s) : s_{std::move(s)} {
    pair_ = std::make_unique<link_pair>(
        s_, factories{.west = bridge::rtl_factory(), .east = bridge::rtl_factory()});
    runner_ = std::make_unique<link::batch_runner>(std::vector{pair_->link()}, 1);
    pair_->west().trace().keep(true);
    pair_->east().trace().keep(true);
  }

  std::vector<hit> to_west, to_east;  ///< to be filled before the clocks they name

  [[nodiscard]] i64 now() const { return runner_->now(); }
  void run_to(i64 clock) {
    while (now() < clock) {
      const i64 from = now();
      runner_->step(clock);
      spoil(*west().words_in().words, to_west, from);
      spoil(*east().words_in().words, to_east, from);
    }
  }
  void run_until_both(state_e state, i64 limit) {
    while (!(west().status().state == static_cast<int>(state) &&
             east().status().state == static_cast<int>(state))) {
      ASSERT_LT(now(), limit) << "west " << west().status().state << " east "
                              << east().status().state << ", wanted " << link::pkg::name_of(state);
      run_to(now() + 1);
    }
  }
  [[nodiscard]] link::endpoint& west() { return pair_->west(); }
  [[nodiscard]] link::endpoint& east() { return pair_->east(); }
  [[nodiscard]] end_result result(side who) const { return pair_->result(who, runner_->now()); }
  void write(side who, u32 offset, u32 value) {
    (who == side::west ? west() : east())
        .access_csr({.clock = now(), .offset = offset, .value = value});
    run_to(now() + 4);
  }
  void retrain(side who) {
    write(who, link::csr::control::info.offset,
          link::csr::control{.enable = true, .retrain = true}.to_word());
  }
  /// The next CTRL that this end sends is no flit to the other: a reserved header bit stands.
  void spoil_next_ctrl(side who, u32 count = 1) {
    write(who, link::csr::inject_header_hi::info.offset, 0x8000);
    write(who, link::csr::inject_flits::info.offset,
          link::csr::inject_flits{.count = static_cast<u8>(count), .ctrl = true}.to_word());
  }
  u32 read(side who, u32 offset) {
    link::endpoint& end = who == side::west ? west() : east();
    end.access_csr({.clock = now(), .offset = offset, .write = false});
    run_to(now() + 4);
    for (const link::csr_reply& reply : end.csr_replies())
      if (reply.offset == offset) return reply.value;
    ADD_FAILURE() << "no answer in time";
    return 0;
  }
  [[nodiscard]] std::vector<base::trace_record> records(side who, trace_event event,
                                                        i64 from = 0) const {
    std::vector<base::trace_record> list;
    for (const base::trace_record& r : result(who).records)
      if (r.event == static_cast<u8>(event) && r.clock >= from) list.push_back(r);
    return list;
  }
  /// Flags of the markers sent from a clock on.
  [[nodiscard]] std::vector<int> markers(side who, i64 from) const {
    std::vector<int> flags;
    for (const base::trace_record& r : records(who, trace_event::marker_tx, from))
      flags.push_back(r.arg8);
    return flags;
  }

 private:
  /// What was sent since `from` is still on its way.
  void spoil(link::word_fiber& fiber, const std::vector<hit>& hits, i64 from) {
    for (const hit& h : hits)
      for (i64 clock = std::max(from, h.first); clock < std::min(now(), h.last + 1); ++clock) {
        fiber.touched(clock);
        for (int i = 0; i < 16; ++i) fiber.word(clock)[i] = ~fiber.word(clock)[i];
      }
  }

  scenario s_;
  std::unique_ptr<link_pair> pair_;
  std::unique_ptr<link::batch_runner> runner_;
};

inline scenario quiet(int lanes) {
  scenario s;
  s.name = "quiet";
  s.lanes = lanes;
  s.length_m = 1;
  s.params.rx_depth = 16;
  s.west.load = s.east.load = 0;
  return s;
}

}  // namespace lightrack::verify
