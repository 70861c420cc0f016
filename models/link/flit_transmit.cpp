// SPDX-License-Identifier: Apache-2.0
// models/link/flit_transmit.cpp
// What stands in the slot decided at clock D, from the registers as they stand at D (12.1).
#include "models/link/flit_codec.h"
#include "models/link/flit_endpoint.h"

namespace lightrack::link {

using pkg::state_e;

void flit_endpoint::decide(i64 n) {
  const state_e state = registers_.state;
  const bool due = first_slot_ || state < state_e::init || flits_since_marker_ >= interval_ ||
                   (state != shown_ && !(shown_ == state_e::init && state == state_e::active));
  if (quiesce_.standing() != 0) [[unlikely]] {
    decide_at_rest(n, due);
    return;
  }
  if (due) {
    send_due_marker(n);
    return;
  }
  next_decision_ = n + flit_clocks_;
  ++flits_since_marker_;
  if (state == state_e::init) {
    send_init(n);
  } else if (retry_.replaying()) {
    send_repeated(n);
  } else if (!send_new(n)) {
    send_nop(n);
  }
}

/// In ACTIVE, while something of QUIESCE stands.
void flit_endpoint::decide_at_rest(i64 n, bool due) {
  if (send_rest_marker(n)) return;
  if (due) {
    send_due_marker(n);
    return;
  }
  next_decision_ = n + flit_clocks_;
  ++flits_since_marker_;
  if (send_rest_flit(n)) return;
  if (retry_.replaying()) {
    send_repeated(n);
  } else if (quiesce_.holds_data() || !send_new(n)) {
    send_nop(n);
  }
}

void flit_endpoint::send_due_marker(i64 n) {
  const state_e state = registers_.state;
  const bool aligned = state == state_e::deskew && lanes_.aligned();
  send_marker(n, static_cast<u8>(static_cast<unsigned>(state) << 4 |
                                 (state < state_e::init ? flag_training : 0U) |
                                 (aligned ? flag_aligned : 0U)));
}

void flit_endpoint::send_marker(i64 n, u8 flags) {
  const state_e state = registers_.state;
  sent_.push_back({.clock = n + tx_lat_,
                   .kind = slot_kind::marker,
                   .flags = flags,
                   .good_byte = static_cast<u8>(registers_.good >> (8 * (marker_count_ % 3))),
                   .count = marker_count_,
                   .lanes = state >= state_e::deskew ? registers_.tx.lanes : 0});
  decided_ = decision::marker;
  next_decision_ = n + marker_clocks_;
  ++marker_count_;
  shown_ = state;
  first_slot_ = false;
  flits_since_marker_ = 0;
  interval_ = state == state_e::init ? static_cast<int>(pkg::init_interval) : marker_interval_;
}

/// What every header has: acknowledgement, request and credit.
u64 flit_endpoint::header_fields() {
  const u64 fields = static_cast<u64>((expected_ - 1) & number_mask) << 14 | u64{nak_due_} << 24 |
                     u64{credit_vc_} << 31 | u64{grant_[credit_vc_]} << 32;
  credit_sent_[credit_vc_] = grant_[credit_vc_];
  credit_vc_ ^= 1;
  return fields;
}

/// A marker that wakes the far end or lets it rest, where one is due (13.3).
bool flit_endpoint::send_rest_marker(i64 n) {
  switch (quiesce_.next()) {
    case quiesce::slot::wake: {
      const quiesce::wake_marker wake = quiesce_.wake_sent(n);
      if (wake.first) ++counters_.wakes;
      send_marker(n, wake.flags);
      return true;
    }
    case quiesce::slot::stop:
      send_marker(n, static_cast<u8>(static_cast<unsigned>(state_e::active) << 4 | flag_quiesce));
      stop_sent_ = true;
      reasons_ |= stop_here;
      return true;
    default:
      return false;
  }
}

/// An answer or a request, where one is pending.
bool flit_endpoint::send_rest_flit(i64 n) {
  switch (quiesce_.next()) {
    case quiesce::slot::answer: {
      const bool yes = quiesce_.answer_sent(n, !offered(n) && retry_.unacknowledged() == 0);
      send_ctrl(n, yes ? pkg::ctrl_e::quiesce_yes : pkg::ctrl_e::quiesce_no);
      notice(quiesce_.next_expiry(ask_time_));
      return true;
    }
    case quiesce::slot::request:
      quiesce_.request_sent(n);
      send_ctrl(n, pkg::ctrl_e::quiesce_request);
      notice(quiesce_.next_expiry(ask_time_));
      return true;
    default:
      return false;
  }
}

void flit_endpoint::send_ctrl(i64 n, pkg::ctrl_e what) {
  wire_slot& slot =
      put_flit(n, kind_ctrl | static_cast<u64>(retry_.number_to_come()) << 4 | header_fields());
  slot.init = {.ctrl = static_cast<u8>(what), .crd0 = grant_[0], .crd1 = grant_[1]};
  decided_ = decision::ctrl;
  ++counters_.sent_ctrl;
}

/// A NOP goes in ACTIVE: is there nothing at all to do?
void flit_endpoint::count_quiet(i64 n) {
  const bool idle = !offered(n) && retry_.unacknowledged() == 0 && !requested_ &&
                    held_[0].held() == 0 && held_[1].held() == 0 && credit_sent_ == grant_;
  quiesce_.idle_slot(n, idle, 1 << registers_.tx.shift, config_.quiesce_after);
}

wire_slot& flit_endpoint::put_flit(i64 n, u64 header) {
  if (nak_due_) [[unlikely]] {
    nak_due_ = false;
    request_timer_ = n;
    timer_check_ = std::min(timer_check_, n + nak_timeout_);
    notice(timer_check_);
    ++counters_.naks;
  }
  decided_ = decision::flit;
  wire_slot& slot = sent_.emplace_back();
  slot.clock = n + tx_lat_;
  slot.shift = static_cast<u8>(registers_.tx.shift);
  slot.header = header;
  if (header_injection_.armed() && header_injection_.take(header)) [[unlikely]] {
    slot.kind = slot_kind::altered;
    slot.header_mask = config_.inject_mask;
    slot.header ^= slot.header_mask;
  }
  return slot;
}

void flit_endpoint::send_init(i64 n) {
  wire_slot& slot =
      put_flit(n, kind_ctrl | static_cast<u64>(retry_.number_to_come()) << 4 | header_fields());
  slot.init = {.version = static_cast<u8>(pkg::protocol_version),
               .seen = static_cast<u8>(seen_),
               .session = session_,
               .peer = peer_,
               .crd0 = grant_[0],
               .crd1 = grant_[1],
               .marker_interval = static_cast<u16>(marker_interval_),
               .ack = static_cast<u16>((expected_ - 1) & number_mask),
               .stamp = static_cast<u64>(n),
               .echo = far_stamp_,
               .held = far_stamped_ ? static_cast<u32>(n - far_stamp_clock_) : 0};
  decided_ = decision::ctrl;
  ++counters_.sent_ctrl;
}

void flit_endpoint::send_nop(i64 n) {
  if (config_.quiesce_after != 0) count_quiet(n);
  put_flit(n, kind_nop | static_cast<u64>(retry_.number_to_come()) << 4 | header_fields());
  ++counters_.sent_nop;
}

void flit_endpoint::send_repeated(i64 n) {
  if (retry_.first_unsent()) restart_replay_timer(n);
  const stored_flit& flit = retry_.repeat(n);
  put_flit(n, flit.header | u64{1} << 25 | header_fields()).payload = flit.payload;
  ++counters_.sent_replay;
  quiesce_.busy_slot();
}

/// A new DATA flit if a VC has one, with credit and window; counts the stalls of those that have
/// none.
bool flit_endpoint::send_new(i64 n) {
  const bool valid[vc_count] = {ready_[0] <= n, ready_[1] <= n};
  if (!valid[0] && !valid[1]) return false;
  const auto credit = [this](std::size_t vc) {
    return signed_difference(limit_[vc], consumed_[vc]) > 0;
  };
  const bool credits[vc_count] = {credit(0), credit(1)};
  const bool window = retry_.unacknowledged() < config_.window;
  if (!window) {
    if ((valid[0] && credits[0]) || (valid[1] && credits[1])) ++counters_.window_stalls;
    return false;
  }
  if ((valid[0] && !credits[0]) || (valid[1] && !credits[1])) ++counters_.credit_stalls;
  u8 vc = turn_;
  if (!valid[vc] || !credits[vc]) {
    vc ^= 1;
    if (!valid[vc] || !credits[vc]) return false;
  }
  turn_ = vc ^ 1;
  const presented& flit = source_.front(vc);
  if (retry_.unacknowledged() == 0) restart_replay_timer(n);
  const stored_flit stored{.payload = flit.payload,
                           .header = kind_data | u64{vc} << 3 |
                                     static_cast<u64>(retry_.next()) << 4 | u64{flit.slots} << 26 |
                                     u64{flit.poison} << 30};
  source_.pop(vc, n);
  ready_[vc] = source_.next_ready(vc);
  retry_.store(stored);
  consumed_[vc] = (consumed_[vc] + 1) & number_mask;
  put_flit(n, stored.header | header_fields()).payload = stored.payload;
  decided_ = decision::accepted;
  ++counters_.sent_data;
  quiesce_.busy_slot();
  return true;
}

void flit_endpoint::trace_decision(i64 n) {
  const wire_slot& slot = sent_.back();
  if (decided_ == decision::marker) {
    trace_.add({.clock = n,
                .arg16 = slot.count,
                .arg8 = slot.flags,
                .event = static_cast<u8>(trace_event::marker_tx)});
  } else if (decided_ == decision::ctrl) {
    trace_.add({.clock = n,
                .arg64 = slot.header,
                .arg8 = slot.init.ctrl,
                .event = static_cast<u8>(trace_event::flit_tx)});
  } else {
    trace_.add({.clock = n, .arg64 = slot.header, .event = static_cast<u8>(trace_event::flit_tx)});
    if (decided_ == decision::accepted)
      trace_.add({.clock = n,
                  .arg64 = source_.digest(slot.payload),
                  .arg8 = slot.payload.vc,
                  .event = static_cast<u8>(trace_event::accept)});
  }
  decided_ = decision::none;
}

/// Something was offered to the source or taken from it.
void flit_endpoint::ports_changed() { ready_ = {source_.next_ready(0), source_.next_ready(1)}; }

}  // namespace lightrack::link
