// SPDX-License-Identifier: Apache-2.0
// models/link/flit_leap.cpp
// An endpoint that stands still while a burst pair leaps, and goes on at a later clock.
#include <algorithm>

#include "models/link/flit_endpoint.h"

namespace lightrack::link {

using pkg::state_e;

i64 flit_endpoint::settled_until() const {
  const bool busy = !in_state(state_e::active) || reasons_ != 0 || state_changed_ ||
                    replay_started_ || wake_ != never || quiet_at_ != never ||
                    quiesce_.standing() != 0 || retry_.replaying() || requested_ ||
                    header_injection_.armed() || irq_raised_ || first_slot_ ||
                    flits_since_marker_ >= interval_ || !framer_.steady() ||
                    (command_at_ != never && command_at_ >= now_) ||
                    (access_next_ < accesses_.size() && accesses_[access_next_].clock < now_) ||
                    channel_.injected_from(now_ - channel_.flight() - channel_.max_skew() - 64);
  return busy ? now_ : lanes_.next();
}

void flit_endpoint::tell(flit_standing& s) const {
  s.next_decision = next_decision_;
  s.since_marker = flits_since_marker_;
  s.interval = interval_;
  s.marker_interval = marker_interval_;
  s.marker_count = marker_count_;
  s.credit_vc = credit_vc_;
  s.turn = turn_;
  s.oldest = retry_.oldest();
  s.unacknowledged.clear();
  for (int k = 0; k < retry_.unacknowledged(); ++k)
    s.unacknowledged.push_back(retry_.at((s.oldest + k) & number_mask));
  s.consumed = consumed_;
  s.limit = limit_;
  s.credit_sent = credit_sent_;
  s.quiet = quiesce_.quiet();
  s.replay_tries = replay_tries_;
  s.expected = expected_;
  s.grant = grant_;
  for (std::size_t vc = 0; vc < vc_count; ++vc) {
    s.held[vc].clear();
    for (int k = 0; k < held_[vc].held(); ++k) s.held[vc].push_back(held_[vc][k]);
    s.port_free[vc] = held_[vc].port_free();
  }
  s.arriving.clear();
  const u64 pending = framer_.first_pending();
  s.pending = static_cast<std::size_t>(pending - slots_.head());
  for (u64 place = slots_.head(); place < slots_.tail(); ++place)
    s.arriving.push_back(slots_[place]);
  s.bip = framer_.bip();
  s.nak_timeout = nak_timeout_;
  s.replay_timeout = replay_timeout_;
  s.marker_lanes = registers_.tx.lanes;
  s.good = registers_.good;
}

void flit_endpoint::pass_marker(const std::array<u8, max_lanes>& wrong, u32 missed) {
  framer_.pass_marker(wrong, missed, counters_);
}

void flit_endpoint::resume(const flit_standing& s, i64 n) {
  now_ = n;
  sent_.clear();
  next_decision_ = s.next_decision;
  flits_since_marker_ = s.since_marker;
  interval_ = s.interval;
  marker_count_ = s.marker_count;
  shown_ = state_e::active;
  credit_vc_ = s.credit_vc;
  turn_ = s.turn;
  retry_.stand(s.oldest, s.unacknowledged, s.repeat_from);
  consumed_ = s.consumed;
  limit_ = s.limit;
  credit_sent_ = s.credit_sent;
  grant_ = s.grant;
  expected_ = s.expected;
  replay_tries_ = s.replay_tries;
  if (s.freed) retrain_tries_ = 0;
  if (s.replay_limit_reached) reasons_ |= replay_limit;
  answered();
  for (std::size_t vc = 0; vc < vc_count; ++vc) {
    held_[vc].stand(s.held[vc], s.port_free[vc]);
    plan_delivery(vc);
  }
  slots_.clear();
  for (const wire_slot& slot : s.arriving) slots_.push(slot);
  framer_.resume(s.arriving[s.pending].clock, s.flits_left);
  for (const counter_place& p : counter_places()) p.in(counters_) += p.in(s.counted);
  quiesce_.stand(s.quiet);
  last_good_ = n - 1;
  silence_at_ = last_good_ + silence_time_;
  replay_timer_ = n;
  timer_check_ = n;
}

}  // namespace lightrack::link
