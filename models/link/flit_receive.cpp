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
  if (in_state(state_e::active)) [[likely]] {
    if (const wire_slot* flit = framer_.take_clean_flit(); flit != nullptr) [[likely]] {
      // Nobody sends what this would reject, but words from RTL may hold anything.
      const bool wrong = protocol_error(flit->header, flit->init.ctrl);
      const verdict_e verdict =
          wrong ? verdict_e::protocol : take_active(v, {.sent = flit, .header = flit->header});
      ++(wrong ? counters_.received_protocol : counters_.received_good);
      if (!wrong) [[likely]] {
        last_good_ = v;
        framer_.end_hunt(v + 1);
      }
      trace_verdict(v, verdict, flit->header, 0);
      return;
    }
  }
  const framed_flit flit = framer_.take_flit();
  if (!in_state(state_e::active) && !in_state(state_e::init)) return;
  for (std::size_t g = 0; g < counters_.fec_corrected.size(); ++g)
    counters_.fec_corrected[g] += flit.corrected >> g & 1U;
  verdict_e verdict = verdict_e::bad;
  if (!flit.good) {
    ++counters_.received_bad;
    if (in_state(state_e::active)) {
      framer_.hunt(v + 1);
      notice(framer_.hunted_at());
    }
  } else {
    received r{.sent = flit.sent, .header = flit.header};
    if (flit.damaged) r.damage = &framer_.damage();
    if (protocol_error(flit.header, r.ctrl_byte0())) {
      verdict = verdict_e::protocol;
      ++counters_.received_protocol;
    } else {
      verdict = in_state(state_e::init) ? take_training(v, r) : take_active(v, r);
      ++counters_.received_good;
      last_good_ = v;
      framer_.end_hunt(v + 1);
    }
  }
  trace_verdict(v, verdict, flit.header, flit.corrected);
}

void flit_endpoint::trace_verdict(i64 v, verdict_e verdict, u64 header, u8 fec) {
  trace_.add({.clock = v,
              .arg64 = header,
              .arg16 = fec,
              .arg8 = static_cast<u8>(verdict),
              .event = static_cast<u8>(trace_event::verdict)});
}

/// A good flit in INIT.
verdict_e flit_endpoint::take_training(i64 v, const received& flit) {
  if (flit.is_init()) return take_init(v, flit.init());
  if (!init_ok_) return verdict_e::ignored;
  enter_active(v);
  return take_active(v, flit);
}

verdict_e flit_endpoint::take_active(i64 v, const received& flit) {
  const u64 header = flit.header;
  const auto number = [header](int low) { return static_cast<int>(header >> low & number_mask); };
  // Numbers of another session would free flits that never arrived.
  if (flit.is_init() && (flit.init().session != peer_ || flit.init().peer != session_)) {
    reasons_ |= session_trouble;
    return verdict_e::init;
  }
  take_acknowledge(v, number(14), (header >> 24 & 1) != 0);
  u16& limit = limit_[header >> 31 & 1];
  if (signed_difference(number(32), limit) < 0) [[unlikely]] {
    ++counters_.crd_invalid;
  } else {
    limit = static_cast<u16>(number(32));
  }
  const int ahead = signed_difference(number(4), expected_);
  if ((header & 7) == kind_data) return take_data(v, flit, ahead);
  if (flit.is_init()) return verdict_e::init;
  if ((header & 7) == kind_ctrl) take_rest(v, flit);
  if (ahead > 0) ask();
  if (ahead == 0) answered();
  return (header & 7) == kind_nop ? verdict_e::nop : verdict_e::ctrl;
}

/// A request to rest or an answer to one, in ACTIVE.
void flit_endpoint::take_rest(i64 v, const received& flit) {
  const std::array<int, vc_count> credits{flit.init().crd0 & number_mask,
                                          flit.init().crd1 & number_mask};
  for (std::size_t vc = 0; vc < vc_count; ++vc) {
    if (signed_difference(credits[vc], limit_[vc]) < 0) {
      ++counters_.crd_invalid;
    } else {
      limit_[vc] = static_cast<u16>(credits[vc]);
    }
  }
  switch (static_cast<pkg::ctrl_e>(flit.ctrl_byte0())) {
    case pkg::ctrl_e::quiesce_request:
      quiesce_.requested(v);
      break;
    case pkg::ctrl_e::quiesce_yes:
      quiesce_.said_yes(v);
      break;
    case pkg::ctrl_e::quiesce_no:
      quiesce_.said_no(v);
      break;
    case pkg::ctrl_e::init:
      break;
  }
}

void flit_endpoint::take_acknowledge(i64 v, int ack, bool nak) {
  // A flit that goes at this very clock is not yet among those an acknowledgement may name.
  const int outstanding = retry_.unacknowledged() - (decided_ == decision::accepted ? 1 : 0);
  const int freed = retry_.freed_by(ack, outstanding);
  if (freed < 0) [[unlikely]] {
    ++counters_.ack_invalid;
    return;
  }
  if (freed > 0) {
    retry_.free(freed);
    restart_replay_timer(v);
    replay_tries_ = 0;
    retrain_tries_ = 0;
  }
  if (nak && freed < outstanding && !retry_.just_replayed(v, round_trip_ * pkg::beats_per_flit))
    start_replay(false);
}

verdict_e flit_endpoint::take_data(i64 v, const received& flit, int ahead) {
  if (quiesce_.standing() != 0) [[unlikely]]
    quiesce_.data_received(v);
  if (ahead != 0) [[unlikely]] {
    if (ahead < 0) {
      ++counters_.duplicates;
      return verdict_e::duplicate;
    }
    ++counters_.ahead;
    ask();
    return verdict_e::ahead;
  }
  answered();
  const std::size_t vc = flit.header >> 3 & 1;
  receive_buffer& buffer = held_[vc];
  if (buffer.held() >= config_.rx_depth) [[unlikely]] {
    ++counters_.rx_overflow;
    return verdict_e::overflow;
  }
  expected_ = (expected_ + 1) & number_mask;
  ++counters_.accepted;
  received_flit& taken = buffer.accept(v);
  taken.payload = flit.sent->payload;
  taken.slots = static_cast<u8>(flit.header >> 26 & 15);
  taken.poison = (flit.header >> 30 & 1) != 0;
  if (flit.damage == nullptr) [[likely]] {
    taken.digest = wiring_.far_source->digest(taken.payload);
    taken.corrupt = false;
  } else {
    const u64 offered = flit.sent->header ^ flit.sent->header_mask;
    const bool payload_differs = flit.damage->payload_differs || (offered & 7) != kind_data;
    taken.digest =
        payload_differs ? flit.damage->digest : wiring_.far_source->digest(taken.payload);
    // kind, vc, slots and poison are what a delivery shows of a header.
    constexpr u64 delivered_fields = 0xF | u64{0x1F} << 26;
    taken.corrupt = payload_differs || ((flit.header ^ offered) & delivered_fields) != 0;
  }
  if (buffer.held() == 1) plan_delivery(vc);
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
  credit_sent_ = {none_sent, none_sent};
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

void flit_endpoint::see_marker(i64 n, const framed_marker& marker) {
  if (marker.three_missed && (in_state(state_e::active) || in_state(state_e::init)))
    reasons_ |= missed_markers;
  if (!marker.believed) return;
  trace_.add({.clock = n,
              .arg16 = marker.count,
              .arg8 = marker.flags,
              .event = static_cast<u8>(trace_event::marker_rx)});
  const bool training = (marker.flags & flag_training) != 0;
  const bool wake = !training && (marker.flags & flag_wake) != 0;
  // The high bits of a wake marker count those that follow.
  lanes_.believe_flags(wake ? static_cast<u8>(static_cast<unsigned>(state_e::active) << 4)
                            : marker.flags);
  if (in_state(state_e::quiesce)) {
    if (training) reasons_ |= far_training;
    if (wake) reasons_ |= far_wake;
  } else if (in_state(state_e::active)) {
    if (training) reasons_ |= far_training;
    if (wake) quiesce_.wake_seen(n, (marker.flags & flag_wake_answer) != 0);
    if (!training && !wake && (marker.flags & flag_quiesce) != 0) {
      if (quiesce_.yes_stands(n)) reasons_ |= stop_here;
      framer_.hunt(n + 1);
      notice(framer_.hunted_at());
    }
  }
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
