// SPDX-License-Identifier: Apache-2.0
// models/link/flit_endpoint.cpp
// The clocks at which something happens, taken in order, and the registers as the bus sees them.
//
// D reads registers as they stand at its clock and so runs before the verdict of the same clock
// changes them; its trace records still follow the verdict's. Everything rare (training, registers,
// timers, state changes) hides behind one compare with slow_next_.
#include "models/link/flit_endpoint.h"

#include <algorithm>

#include "models/base/error.h"

namespace lightrack::link {

using pkg::state_e;

std::unique_ptr<endpoint> make_flit_endpoint(const endpoint_wiring& wiring) {
  return std::make_unique<flit_endpoint>(wiring);
}

namespace {

const endpoint_wiring& checked(const endpoint_wiring& w) {
  if (w.source == nullptr || w.sink == nullptr || w.far_source == nullptr)
    throw base::config_error{w.name +
                             ": a flit endpoint needs a source, a sink and the far end's source."};
  if (w.params.lanes != w.receive.lanes)
    throw base::config_error{w.name + ": link.lanes is " + std::to_string(w.params.lanes) +
                             ", its channel has " + std::to_string(w.receive.lanes) + "."};
  if (w.params.spares != w.receive.spares)
    throw base::config_error{w.name + ": link.spares is " + std::to_string(w.params.spares) +
                             ", its channel has " + std::to_string(w.receive.spares) + "."};
  return w;
}

}  // namespace

flit_endpoint::flit_endpoint(const endpoint_wiring& wiring)
    : wiring_{checked(wiring)},
      channel_{wiring.receive},
      slots_{wiring.params.lanes},
      errors_{channel_, wiring.params.lanes},
      csr_{wiring.params.lanes, wiring.params.spares, wiring.params.light_fec},
      config_{csr_.config()},
      lanes_{channel_, slots_, errors_, registers_, config_},
      framer_{channel_,
              slots_,
              errors_,
              lanes_,
              registers_,
              wiring.far_source,
              wiring.params.light_fec},
      source_{*wiring.source},
      sink_{*wiring.sink},
      marker_clocks_{marker_clocks(wiring.params.lanes)},
      tx_lat_{pkg::tx_lat + (wiring.params.light_fec ? pkg::fec_tx_lat : 0)} {
  measure_timeouts();
}

void flit_endpoint::receive(std::span<const wire_slot> slots) {
  if (slots.empty()) return;
  // A long flit, its decoding, a lane's skew and a faked deskew depth reach back by less than 96
  // clocks.
  slots_.drop_before(now_ - channel_.flight() - channel_.max_skew() - 96);
  const u64 first = slots_.tail();
  bool changed = false;
  for (const wire_slot& s : slots) {
    if (s.kind >= slot_kind::quiet || !far_lit_) [[unlikely]] {
      receive_special(s);
      changed = true;
      if (s.kind == slot_kind::injection) continue;
    }
    slots_.push(s);
  }
  lanes_.received(first);
  framer_.received(changed);
}

void flit_endpoint::set_lane_quality(std::span<const lane_quality> changes) {
  if (changes.empty()) return;
  for (const lane_quality& q : changes) channel_.set_quality(q);
  lanes_.light_planned();
}

/// What the channel must know of a slot, or what changes words that were received before.
void flit_endpoint::receive_special(const wire_slot& s) {
  if (s.kind == slot_kind::injection) {
    channel_.inject(s);
    errors_.forget();
    return;
  }
  if (s.kind == slot_kind::quiet) slots_.cut(s.clock);
  far_lit_ = s.kind != slot_kind::dark;
  channel_.light(s.clock, far_lit_);
}

void flit_endpoint::access_csr(const csr_access& access) { accesses_.push_back(access); }

bool flit_endpoint::interrupt() const { return now_ - 1 >= irq_since_ ? irq_level_ : irq_before_; }

endpoint_status flit_endpoint::status() const {
  return {.state = static_cast<int>(registers_.state),
          .cause = static_cast<int>(registers_.cause),
          .round_trip = round_trip_,
          .session = session_,
          .peer = peer_,
          .locked = lanes_.locked(),
          .good = registers_.good,
          .tx_lanes = registers_.mapped() ? registers_.tx.lanes : 0,
          .rx_lanes = registers_.mapped() ? registers_.rx.lanes : 0,
          .tx_shift = registers_.mapped() ? registers_.tx.shift : 0,
          .rx_shift = registers_.mapped() ? registers_.rx.shift : 0,
          .active_since = active_since_};
}

void flit_endpoint::advance(i64 until) {
  sent_.clear();
  replies_.clear();
  irq_changes_.clear();
  ports_changed();
  if (in_state(state_e::quiesce)) plan_deadline(now_ - 1);
  if (access_next_ == accesses_.size()) {
    accesses_.clear();
    access_next_ = 0;
  }
  slow_next_ = next_slow();
  for (;;) {
    const i64 next_d = next_decision_;
    const i64 framed = framer_.next();
    const i64 n = std::min(std::min(std::min(next_d, framed), slow_next_),
                           std::min(deliver_at_[0], deliver_at_[1]));
    if (n >= until) break;
    if (n >= slow_next_ || !in_state(state_e::active)) [[unlikely]] {
      process(n);
      continue;
    }
    if (n == next_d) decide(n);
    if (n == framed) take_framed(n);
    if (n == next_d) trace_decision(n);
    if (n == deliver_at_[0]) deliver(0, n);
    if (n == deliver_at_[1]) deliver(1, n);
    if (replay_started_ || reasons_ != 0) [[unlikely]]
      process_rare(n, false);
  }
  now_ = until;
}

i64 flit_endpoint::idle_until() const {
  if (next_decision_ != never) return now_;
  i64 next = std::min({framer_.next(), next_slow(), deliver_at_[0], deliver_at_[1]});
  if (in_state(state_e::quiesce))
    next = std::min({next, source_.next_ready(0), source_.next_ready(1)});
  return std::max(next, now_);
}

void flit_endpoint::skip(i64 until) {
  sent_.clear();
  replies_.clear();
  irq_changes_.clear();
  now_ = until;
}

i64 flit_endpoint::next_slow() const {
  const i64 access = access_next_ < accesses_.size() ? accesses_[access_next_].clock + 1 : never;
  return std::min({lanes_.next(), access, deadline_, wake_, timer_check_, silence_at_, quiet_at_,
                   framer_.hunted_at(), quiesce_.next_expiry(ask_time_)});
}

/// A clock of training, or one at which something rare is due.
void flit_endpoint::process(i64 n) {
  const bool slow = n >= slow_next_;
  if (slow) [[unlikely]] {
    if (n >= lanes_.next()) {
      const bool aligned = lanes_.aligned();
      lanes_.step(n);
      if (lanes_.aligned() && !aligned) framer_.start(lanes_.deskew());
    }
    if (n == quiet_at_) {
      if (in_state(state_e::quiesce) && next_decision_ == never)
        sent_.push_back({.clock = n + tx_lat_, .kind = slot_kind::quiet});
      quiet_at_ = never;
    }
    read_register(n);
    if (n == command_at_) reasons_ |= retrain_command;
  }
  if (n == next_decision_) decide(n);
  if (n == framer_.next()) take_framed(n);
  if (n == framer_.hunted_at()) see_marker(n, framer_.take_hunted());
  if (decided_ != decision::none) trace_decision(n);
  if (n == deliver_at_[0]) deliver(0, n);
  if (n == deliver_at_[1]) deliver(1, n);
  process_rare(n, slow);
}

/// A marker, or a flit whose verdict is still to come.
void flit_endpoint::take_other(i64 n) {
  if (framer_.marker_is_next()) {
    see_marker(n, framer_.take_marker(counters_));
  } else {
    framer_.take_in();
  }
}

/// Timers, states and registers, after everything that the clock's flits have done.
void flit_endpoint::process_rare(i64 n, bool slow) {
  if (slow && n >= timer_check_) expire(n);
  if (slow) quiesce_.expire(n, ask_time_);
  if (n >= silence_at_) listen(n);
  if (replay_started_) {
    trace_.add({.clock = n, .event = static_cast<u8>(trace_event::replay)});
    replay_started_ = false;
  }
  if (state_changed_) {
    trace_.add({.clock = n,
                .arg16 = static_cast<u16>(registers_.cause),
                .arg8 = static_cast<u8>(registers_.state),
                .event = static_cast<u8>(trace_event::state)});
    state_changed_ = false;
  }
  if (lanes_.lock_changed(n))
    trace_.add({.clock = n, .arg32 = lanes_.locked(), .event = static_cast<u8>(trace_event::lock)});
  if (n >= wake_) wake_ = never;
  change_state(n);
  end_clock(n);
  plan_deadline(n);
  slow_next_ = next_slow();
}

bool flit_endpoint::access_due(i64 n) const {
  return access_next_ < accesses_.size() && accesses_[access_next_].clock + 1 == n;
}

/// The access phase of a read shows the registers of its clock.
void flit_endpoint::read_register(i64 n) {
  if (!access_due(n) || accesses_[access_next_].write) return;
  const csr_access& read = accesses_[access_next_++];
  bool ok = false;
  const endpoint_status seen = status();
  const u32 value = csr_.read(read.offset,
                              {.state = seen.state,
                               .cause = seen.cause,
                               .cause_state = static_cast<int>(registers_.left),
                               .locked = seen.locked,
                               .good = seen.good,
                               .tx_lanes = seen.tx_lanes,
                               .rx_lanes = seen.rx_lanes,
                               .tx_shift = seen.tx_shift,
                               .rx_shift = seen.rx_shift,
                               .round_trip = seen.round_trip,
                               .session = seen.session,
                               .peer = seen.peer,
                               .ber = framer_.ber()},
                              ok);
  replies_.push_back({.clock = read.clock, .offset = read.offset, .value = value, .error = !ok});
}

/// What the bus writes in clock n and the events of clock n reach the registers together, to stand
/// at n + 1.
void flit_endpoint::end_clock(i64 n) {
  const bool write = access_due(n);
  if (!write && !irq_raised_) return;
  if (write) {
    const csr_access& a = accesses_[access_next_++];
    const write_effect effect = csr_.write(a.offset, a.value, a.strobe);
    replies_.push_back({.clock = a.clock, .offset = a.offset, .error = !effect.ok});
    if (effect.retrain) command_at_ = n + 1;
    if (effect.inject_header) {
      const auto flits = csr_.written<csr::inject_flits>();
      header_injection_.arm(flits.count,
                            u32{flits.nop} | u32{flits.data} << 1 | u32{flits.ctrl} << 2);
    }
    if (effect.inject_lane) {
      const auto lane = csr_.written<csr::inject_lane>();
      sent_.push_back({.clock = n + 2,
                       .kind = slot_kind::injection,
                       .flags = lane.lane,
                       .good_byte = lane.position,
                       .count = lane.words});
    }
    if (config_.quiesce_after == 0) quiesce_.busy_slot();
    if (effect.snapshot) csr_.take_snapshot(counters_);
    measure_timeouts();
    timer_check_ = n + 1;
    wake_ = n + 1;
  }
  csr_.raise(raised_);
  raised_ = {};
  irq_raised_ = false;
  if (const bool level = csr_.interrupt(); level != irq_level_) {
    irq_before_ = irq_level_;
    irq_level_ = level;
    irq_since_ = n + 1;
    irq_changes_.push_back({.clock = n + 1, .level = level});
  }
}

}  // namespace lightrack::link
