// SPDX-License-Identifier: Apache-2.0
// models/link/burst_retrain.cpp
// In and out of ACTIVE: training by flit endpoints, lost lanes, retrains, LINK_DOWN.
#include <algorithm>

#include "models/link/burst_pair.h"

namespace lightrack::link {
namespace {

using pkg::state_e;

// From the setup phase of the write that enables one end to LOCK at the other, beside flight and
// skew: two clocks to the register, one to DETECT, TxLat, one to LOCK.
constexpr i64 enable_to_far_lock = 4 + pkg::tx_lat;

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
  if (training_->done()) take_over();
}

/// Both ends have been ACTIVE: from there on flits move in bursts.
void burst_pair::take_over() {
  const i64 trained_to = training_->now();
  std::array<i64, 2> active{};
  for (std::size_t e = 0; e < 2; ++e) active[e] = training_->end(e).status().active_since;
  for (std::size_t e = 0; e < 2; ++e) {
    burst_line& line = lines_[e];
    line.start(training_->grid(e), training_->parity(e), active[e]);
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
    if (!first_training_) {
      end.status.active_since = first_active;
      end.status.session = session;
      end.status.peer = peer;
    }
    // NOPs since ACTIVE are slots of the lines now.
    endpoint_counters counted = training_->end(e).counters();
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
  first_training_ = false;
  left_ = false;
  departure_ = {};
  update_limits();
  plan_lane_loss();
}

/// Clocks from a training marker's D to the far end's departure from ACTIVE.
i64 burst_pair::marker_travel(std::size_t from) const {
  return pkg::tx_lat + lines_[from].grid.marker - 1 + lines_[from].delay + pkg::deskew_lat +
         pkg::marker_rx + 1;
}

/// The next lane to lose its light is known from the channel's events.
void burst_pair::plan_lane_loss() {
  for (std::size_t e = 0; e < 2; ++e) {
    const burst_line& line = lines_[e];
    if (!line.channel.has_events()) continue;
    for (int lane = 0; lane < line.channel.lanes(); ++lane) {
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
  if (out.next > out.expected || out.expected > out.tries_at) {
    if (out.expected > asks.tries_at) asks.retrain_tries = 0;
    asks.tries_at = out.expected;
    if (out.next > out.expected) ++asks.retrain_tries;
  }
  std::array<endpoint_wiring, 2> wiring = wiring_;
  for (std::size_t e = 0; e < 2; ++e) {
    // Lanes that kept their light keep their place; one that lost it is lit until LOCK is entered,
    // and comes back with the offset of its next light.
    channel_params& light = wiring[e].receive;
    const receive_channel& channel = received_by(e).channel;
    const i64 lock = e == first ? departure_.clock : departure_.other_clock;
    light.offset_bits.assign(static_cast<std::size_t>(light.lanes), 0);
    for (lane_event& event : light.events) {
      const i64 arrival = event.clock + channel.flight();
      if (event.what != lane_change::lose || arrival > lock + 64 || arrival < lock - 64) continue;
      event.clock = lock - channel.flight() + 64;
      for (int lane = 0; lane < light.lanes; ++lane)
        if (event.lane < 0 || event.lane == lane)
          light.offset_bits[static_cast<std::size_t>(lane)] =
              channel.offset(lane, ends_[e].lights[static_cast<std::size_t>(lane)]++);
    }
  }
  training_ = std::make_unique<burst_training>(wiring);
  for (std::size_t e = 0; e < 2; ++e) {
    endpoint& end = training_->end(e);
    i64 clock = 0;
    for (csr_access access : ends_[e].written) {
      access.clock = clock;
      clock += pkg::beats_per_flit;
      end.access_csr(access);
    }
    const i64 far_lock = e == first ? departure_.other_clock : departure_.clock;
    end.access_csr({.clock = far_lock - lines_[e].delay - enable_to_far_lock,
                    .offset = csr::control::info.offset,
                    .value = csr::control{.enable = true}.to_word()});
  }
  training_->advance(now_);
}

}  // namespace lightrack::link
