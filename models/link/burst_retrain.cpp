// SPDX-License-Identifier: Apache-2.0
// models/link/burst_retrain.cpp
// In and out of ACTIVE: training by flit endpoints, lost lanes, retrains, LINK_DOWN.
#include <algorithm>

#include "models/link/burst_pair.h"

namespace lightrack::link {
namespace {

using pkg::state_e;

// From the setup phase of the write of a retrain pulse to LOCK: two clocks to the register, one
// more.
constexpr i64 command_to_lock = pkg::csr_lat + 1;
// Beside twice the time that the first training took.
constexpr i64 bring_up_margin = 8192;

}  // namespace

void burst_pair::train(i64 until) {
  const i64 next = std::min(until, now_ + training_->step());
  for (std::size_t e = 0; e < 2; ++e) {
    burst_end& end = ends_[e];
    while (!end.accesses.empty() && end.accesses.front().clock < next) {
      if (first_training_) training_->end(e).access_csr(end.accesses.front());
      take_access(e);
    }
  }
  training_->advance(next);
  for (std::size_t e = 0; e < 2; ++e) {
    deliver(e, next);
    if (!first_training_) continue;
    for (const interrupt_change& c : training_->end(e).interrupt_changes()) {
      if (c.level == ends_[e].irq) continue;
      ends_[e].irq = c.level;
      ends_[e].irq_changes.push_back(c);
    }
  }
  now_ = next;
  if (training_->active_after(first_training_ ? 0 : departure_.clock)) take_over();
}

/// Both ends have been ACTIVE: from there on flits move in bursts.
void burst_pair::take_over() {
  const i64 trained_to = training_->now();
  std::array<i64, 2> active{};
  for (std::size_t e = 0; e < 2; ++e) active[e] = training_->active(e);
  for (std::size_t e = 0; e < 2; ++e) {
    burst_line& line = lines_[e];
    line.start(training_->grid(e), training_->parity(e), active[e]);
    line.to_verdict = curve_.verdict_clocks + line.delay + line.grid.flit - pkg::beats_per_flit;
    line.stop = line.deaf = never;
    line.requests.clear();
    line.naks.clear();
    line.accepts.clear();
    // INIT tells what has arrived and what was taken; all else goes again.
    line.acked = line.pointer = line.expected;
    line.replaying = line.replay_unsent = line.pointer < line.next;
    line.replay_tries = 0;
    line.last_accept = active[e];
    for (std::size_t vc = 0; vc < vc_count; ++vc) {
      line.granted[vc] = line.delivered[vc];
      line.grants[vc].clear();
    }
  }
  for (std::size_t e = 0; e < 2; ++e) {
    burst_end& end = ends_[e];
    const endpoint_status now = training_->end(e).status();
    const i64 first_active = end.status.active_since;
    const u32 session = end.status.session;
    const u32 peer = end.status.peer;
    const int retrain_tries = end.retrain_tries;
    end.status = now;
    end.status.state = static_cast<int>(state_e::active);
    end.status.cause = static_cast<int>(pkg::cause_e::normal);
    end.retrain_tries = retrain_tries;
    end.status.active_since = active[e];
    if (!first_training_) {
      end.status.active_since = first_active;
      end.status.session = session;
      end.status.peer = peer;
    }
    // NOPs since ACTIVE are slots of the lines now.
    endpoint_counters counted = training_->end(e).counters();
    for (const counter_place& p : counter_places()) p.in(counted) -= p.in(before_[e]);
    counted.sent_nop = 0;
    const burst_line& in = received_by(e);
    // Flits judged by now that the line counts again, or still on their way from before it does.
    const u64 judged = in.grid.at_or_after(trained_to - in.to_verdict);
    counted.received_good += in.slot;
    counted.received_good -= judged;
    for (const counter_place& p : counter_places()) p.in(end.trained) += p.in(counted);
    record(e, active[e], trace_event::state, 0, static_cast<u8>(state_e::active),
           static_cast<u16>(pkg::cause_e::normal));
  }
  done_ = std::min(active[0], active[1]);
  training_.reset();
  before_ = {};
  first_training_ = false;
  left_ = false;
  departure_ = {};
  lookahead_ = std::min(lines_[0].to_verdict, lines_[1].to_verdict) + 1;
  update_limits();
  plan_lane_loss();
}

/// Clocks from a training marker's D to the far end's departure from ACTIVE.
i64 burst_pair::marker_travel(std::size_t from) const {
  return pkg::tx_lat + lines_[from].grid.marker - 1 + lines_[from].delay + pkg::deskew_lat +
         pkg::marker_rx + 2;
}

/// The next lane to lose its light is known from the channel's events.
void burst_pair::plan_lane_loss() {
  for (std::size_t e = 0; e < 2; ++e) {
    const burst_line& line = lines_[e];
    if (!line.channel.has_events()) continue;
    for (int lane = 0; lane < line.channel.lanes(); ++lane) {
      // A lane that carries nothing may go and come as it likes.
      if ((ends_[1 - e].status.rx_lanes >> lane & 1) == 0) continue;
      const i64 since = done_ - line.delay;
      const i64 lost =
          line.channel.lane_lost(lane, since) ? since : line.channel.next_change(lane, since);
      if (lost >= never) continue;
      leave({.first = 1 - e,
             .clock = std::max(done_, lost + line.channel.flight() + line.channel.skew(lane)) + 1,
             .cause = static_cast<int>(pkg::cause_e::signal_lost)});
    }
  }
}

void burst_pair::leave(const departure& d) {
  if (d.clock >= departure_.clock) return;
  departure_ = d;
  departure_.other_clock = d.clock + marker_travel(d.first);
  burst_line& out = lines_[d.first];
  burst_line& in = lines_[1 - d.first];
  out.stop = in.deaf = departure_.clock;
  out.deaf = in.stop = departure_.other_clock;
}

/// Both ends are in LOCK, or one is down.
void burst_pair::start_training() {
  const std::size_t first = departure_.first;
  const std::size_t other = 1 - first;
  burst_end& asks = ends_[first];
  const burst_line& out = sent_by(first);
  ++ends_[other].trained.retrains;
  record(other, departure_.other_clock, trace_event::state, 0, static_cast<u8>(state_e::lock),
         static_cast<u16>(pkg::cause_e::far_training));
  raise(other, {.active_lost = true}, departure_.other_clock);
  if (out.expected > asks.tries_at) asks.retrain_tries = 0;
  asks.tries_at = out.expected;
  if (out.next > out.expected && asks.retrain_tries++ == asks.csr.config().retrain_limit) {
    go_down(first);
    return;
  }
  // A link without data that came up some time ago meets the same event at the same clock.
  const i64 rise = 2 * ends_[0].status.active_since + bring_up_margin;
  const i64 enable = std::max(wiring_[0].params.enable_clock, departure_.clock - rise);
  training_ = std::make_unique<burst_training>(wiring_);
  for (std::size_t e = 0; e < 2; ++e) {
    endpoint& end = training_->end(e);
    i64 clock = enable - pkg::beats_per_flit * static_cast<i64>(ends_[e].written.size());
    for (csr_access access : ends_[e].written) {
      access.clock = std::max<i64>(clock, 0);
      clock += pkg::beats_per_flit;
      end.access_csr(access);
    }
    end.access_csr({.clock = std::max(clock, enable),
                    .offset = csr::control::info.offset,
                    .value = csr::control{.enable = true}.to_word()});
  }
  if (departure_.cause != static_cast<int>(pkg::cause_e::signal_lost))
    training_->end(first).access_csr(
        {.clock = departure_.clock - command_to_lock,
         .offset = csr::control::info.offset,
         .value = csr::control{.enable = true, .retrain = true}.to_word()});
  training_->advance(now_);
  for (std::size_t e = 0; e < 2; ++e) before_[e] = training_->end(e).counters();
}

/// The end that asks has tried often enough: it goes dark, and the other finds no light.
void burst_pair::go_down(std::size_t e) {
  down_ = true;
  for (std::size_t k = 0; k < 2; ++k) {
    endpoint_status& s = ends_[k].status;
    s.state = static_cast<int>(k == e ? state_e::link_down : state_e::detect);
    s.cause = static_cast<int>(k == e ? pkg::cause_e::retrain_limit : pkg::cause_e::signal_lost);
    s.locked = 0;
    record(k, k == e ? departure_.clock : departure_.other_clock, trace_event::state, 0,
           static_cast<u8>(s.state), static_cast<u16>(s.cause));
  }
  raise(e, {.link_down = true}, departure_.clock);
  raise(1 - e, {.active_lost = true}, departure_.other_clock);
}

}  // namespace lightrack::link
