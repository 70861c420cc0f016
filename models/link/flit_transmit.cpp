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
  if (due) {
    send_marker(n);
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

void flit_endpoint::send_marker(i64 n) {
  const state_e state = registers_.state;
  const auto code = static_cast<unsigned>(state);
  const bool aligned = state == state_e::deskew && lanes_.aligned();
  sent_.push_back(
      {.clock = n + tx_lat_,
       .kind = slot_kind::marker,
       .flags = static_cast<u8>(code << 4 | (state < state_e::init ? flag_training : 0U) |
                                (aligned ? flag_aligned : 0U)),
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
  credit_vc_ ^= 1;
  return fields;
}

wire_slot& flit_endpoint::put_flit(i64 n, u64 header) {
  if (nak_due_) [[unlikely]] {
    nak_due_ = false;
    request_timer_ = n;
    timer_check_ = std::min(timer_check_, n + nak_timeout_);
    slow_next_ = std::min(slow_next_, timer_check_);
    ++counters_.naks;
  }
  decided_ = decision::flit;
  wire_slot& slot = sent_.emplace_back();
  slot.clock = n + tx_lat_;
  slot.shift = static_cast<u8>(registers_.tx.shift);
  slot.header = header;
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
  ++counters_.sent_ctrl;
}

void flit_endpoint::send_nop(i64 n) {
  put_flit(n, kind_nop | static_cast<u64>(retry_.number_to_come()) << 4 | header_fields());
  ++counters_.sent_nop;
}

void flit_endpoint::send_repeated(i64 n) {
  if (retry_.first_unsent()) restart_replay_timer(n);
  const stored_flit& flit = retry_.repeat(n);
  put_flit(n, flit.header | u64{1} << 25 | header_fields()).payload = flit.payload;
  ++counters_.sent_replay;
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
  return true;
}

void flit_endpoint::trace_decision(i64 n) {
  const wire_slot& slot = sent_.back();
  if (decided_ == decision::marker) {
    trace_.add({.clock = n,
                .arg16 = slot.count,
                .arg8 = slot.flags,
                .event = static_cast<u8>(trace_event::marker_tx)});
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
