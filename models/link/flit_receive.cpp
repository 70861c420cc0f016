// SPDX-License-Identifier: Apache-2.0
// models/link/flit_receive.cpp
// Verdicts on flits, believed markers, and delivery to the transaction side (12.3, 12.5).
#include "models/base/error.h"
#include "models/link/flit_codec.h"
#include "models/link/flit_endpoint.h"

namespace lightrack::link {

using pkg::state_e;
using pkg::verdict_e;

void flit_endpoint::judge(i64 v) {
  const framed_flit flit = framer_.take_flit();
  if (!in_state(state_e::active) && !in_state(state_e::init)) return;
  verdict_e verdict = verdict_e::bad;
  if (!flit.good) {
    ++counters_.received_bad;
  } else {
    const damaged_flit* damage = flit.damaged ? &framer_.damage() : nullptr;
    const u8 byte0 = damage != nullptr ? damage->ctrl_byte0 : ctrl_init;
    if (protocol_error(flit.header, byte0)) {
      verdict = verdict_e::protocol;
      ++counters_.received_protocol;
    } else {
      ++counters_.received_good;
      verdict = take_good(v, flit, byte0, damage != nullptr ? damage->init : flit.sent->init);
    }
  }
  trace_.add({.clock = v,
              .arg64 = flit.header,
              .arg8 = static_cast<u8>(verdict),
              .event = static_cast<u8>(trace_event::verdict)});
}

verdict_e flit_endpoint::take_good(i64 v, const framed_flit& flit, u8 ctrl_byte0,
                                   const init_fields& init) {
  const flit_header h = unpack_header(flit.header);
  const bool is_init = h.kind == kind_ctrl && ctrl_byte0 == ctrl_init;
  if (in_state(state_e::init)) {
    if (is_init) return take_init(v, init);
    if (!init_ok_) return verdict_e::ignored;
    enter_active(v);
  }
  take_acknowledge(v, h);
  const auto vc = static_cast<std::size_t>(h.crd_vc);
  if (signed_difference(h.crd, limit_[vc]) < 0) {
    ++counters_.crd_invalid;
  } else {
    limit_[vc] = h.crd;
  }
  if (h.kind == kind_data) return take_data(v, flit, h);
  if (is_init) {
    if (init.session != peer_ || init.peer != session_) reasons_ |= session_trouble;
    return verdict_e::init;
  }
  const int ahead = signed_difference(h.seq, expected_);
  if (ahead > 0) ask();
  if (ahead == 0) answered();
  return h.kind == kind_nop ? verdict_e::nop : verdict_e::ctrl;
}

void flit_endpoint::take_acknowledge(i64 v, const flit_header& h) {
  // A flit that goes at this very clock is not yet among those an acknowledgement may name.
  const int outstanding = retry_.unacknowledged() - (decided_ == decision::accepted ? 1 : 0);
  const int freed = retry_.freed_by(h.ack, outstanding);
  if (freed < 0) {
    ++counters_.ack_invalid;
    return;
  }
  if (freed > 0) {
    retry_.free(freed);
    restart_replay_timer(v);
    replay_tries_ = 0;
    retrain_tries_ = 0;
  }
  if (h.nak != 0 && freed < outstanding &&
      !retry_.just_replayed(v, round_trip_ * pkg::beats_per_flit))
    start_replay(false);
}

verdict_e flit_endpoint::take_data(i64 v, const framed_flit& flit, const flit_header& h) {
  const int ahead = signed_difference(h.seq, expected_);
  if (ahead < 0) {
    ++counters_.duplicates;
    return verdict_e::duplicate;
  }
  if (ahead > 0) {
    ++counters_.ahead;
    ask();
    return verdict_e::ahead;
  }
  answered();
  receive_buffer& buffer = held_[h.vc];
  if (buffer.held() >= config_.rx_depth) {
    ++counters_.rx_overflow;
    return verdict_e::overflow;
  }
  expected_ = (expected_ + 1) & number_mask;
  ++counters_.accepted;
  received_flit taken{.payload = flit.sent->payload, .slots = h.slots, .poison = h.poison != 0};
  if (!flit.damaged) [[likely]] {
    taken.digest = wiring_.far_source->digest(taken.payload);
  } else {
    const flit_header sent = unpack_header(flit.sent->header);
    const damaged_flit& damage = framer_.damage();
    taken.corrupt = damage.payload_differs || sent.kind != h.kind || sent.vc != h.vc ||
                    sent.slots != h.slots || sent.poison != h.poison;
    taken.digest = damage.payload_differs || sent.kind != kind_data
                       ? damage.digest
                       : wiring_.far_source->digest(taken.payload);
  }
  buffer.accept(v, taken);
  if (buffer.held() == 1) plan_delivery(h.vc);
  return verdict_e::accepted;
}

/// An INIT flit in state INIT.
verdict_e flit_endpoint::take_init(i64 v, const init_fields& init) {
  if (init.version != pkg::protocol_version) {
    reasons_ |= wrong_version;
    return verdict_e::init;
  }
  if (init.session != peer_) fresh_start(init.session);
  if (init.peer == session_) {
    seen_ = true;
    init_ok_ = true;
    const int freed = retry_.freed_by(init.ack & number_mask, retry_.unacknowledged());
    if (freed < 0) {
      ++counters_.ack_invalid;
    } else if (freed > 0) {
      retry_.free(freed);
      replay_tries_ = 0;
      retrain_tries_ = 0;
    }
    const std::array<int, vc_count> credits{init.crd0 & number_mask, init.crd1 & number_mask};
    for (std::size_t vc = 0; vc < vc_count; ++vc) {
      if (!limits_fresh_ && signed_difference(credits[vc], limit_[vc]) < 0) {
        ++counters_.crd_invalid;
      } else {
        limit_[vc] = static_cast<u16>(credits[vc]);
      }
    }
    limits_fresh_ = false;
    framer_.set_interval(init.marker_interval, v);
    if (init.echo != 0) {
      round_trip_ = (v - static_cast<i64>(init.echo) - i64{init.held} + pkg::beats_per_flit - 1) /
                    pkg::beats_per_flit;
      measure_timeouts();
    }
    if (init.seen != 0) enter_active(v);
  }
  far_stamp_ = init.stamp;
  far_stamp_clock_ = v;
  far_stamped_ = true;
  return verdict_e::init;
}

/// The far end has a session that we do not know: all numbers and credits begin anew.
void flit_endpoint::fresh_start(u32 session) {
  counters_.lost_tx += static_cast<u64>(retry_.unacknowledged());
  retry_.restart();
  expected_ = 0;
  for (std::size_t vc = 0; vc < vc_count; ++vc) {
    consumed_[vc] = 0;
    limit_[vc] = 0;
    grant_[vc] = static_cast<u16>((config_.rx_depth - held_[vc].held()) & number_mask);
  }
  limits_fresh_ = true;
  if (peer_ != 0) {
    raised_.new_session = true;
    irq_raised_ = true;
  }
  peer_ = session;
}

/// From the verdict at v on everything is treated as in ACTIVE; the state register follows at v
/// + 1.
void flit_endpoint::enter_active(i64 v) {
  reasons_ |= go_active;
  answered();
  if (retry_.unacknowledged() > 0) retry_.start_entry_replay();
  train_ = 0;
  replay_tries_ = 0;
  restart_replay_timer(v);
}

void flit_endpoint::ask() {
  if (requested_) return;
  requested_ = true;
  nak_due_ = true;
}
void flit_endpoint::answered() {
  requested_ = false;
  nak_due_ = false;
}

void flit_endpoint::see_marker(i64 n) {
  const framed_marker marker = framer_.take_marker(counters_);
  if (marker.three_missed && (in_state(state_e::active) || in_state(state_e::init)))
    reasons_ |= missed_markers;
  if (!marker.believed) return;
  trace_.add({.clock = n,
              .arg16 = marker.count,
              .arg8 = marker.flags,
              .event = static_cast<u8>(trace_event::marker_rx)});
  lanes_.believe(marker.flags >> 4);
  if ((marker.flags & flag_training) != 0 && in_state(state_e::active)) reasons_ |= far_training;
}

void flit_endpoint::plan_delivery(std::size_t vc) {
  const i64 valid = held_[vc].valid_from();
  deliver_at_[vc] = valid == never ? never : std::max(valid, sink_.ready_at(static_cast<int>(vc)));
}

/// Handshake at clock h.
void flit_endpoint::deliver(std::size_t vc, i64 h) {
  const received_flit& flit = held_[vc].front();
  trace_.add({.clock = h,
              .arg64 = flit.digest,
              .arg8 = static_cast<u8>(vc),
              .event = static_cast<u8>(trace_event::deliver)});
  sink_.take(static_cast<int>(vc), h, flit.payload, flit.slots, flit.poison, flit.corrupt);
  held_[vc].pop(h);
  grant_[vc] = (grant_[vc] + 1) & number_mask;
  if (ready_[1] == never) ports_changed();  // the sink may have offered read data
  plan_delivery(vc);
}

}  // namespace lightrack::link
