// SPDX-License-Identifier: Apache-2.0
// models/link/burst_pair.cpp
// How far both directions may move at once, and the registers between.
#include "models/link/burst_pair.h"

#include <algorithm>
#include <tuple>

#include "models/base/error.h"

namespace lightrack::link {
namespace {

constexpr i64 flit = pkg::beats_per_flit;

const endpoint_wiring& checked(const endpoint_wiring& w, const service_curve& curve) {
  if (w.source == nullptr || w.sink == nullptr)
    throw base::config_error{w.name + ": a burst endpoint needs a source and a sink."};
  if (w.params.lanes != w.receive.lanes || w.params.lanes != curve.lanes)
    throw base::config_error{w.name + ": link.lanes is " + std::to_string(w.params.lanes) +
                             ", its channel has " + std::to_string(w.receive.lanes) +
                             " and its service curve " + std::to_string(curve.lanes) +
                             "; all three must be equal."};
  return w;
}

}  // namespace

burst_pair::burst_pair(const std::array<endpoint_wiring, 2>& wiring, const service_curve& curve)
    : wiring_{checked(wiring[0], curve), checked(wiring[1], curve)},
      curve_{curve},
      ends_{burst_end{curve.lanes}, burst_end{curve.lanes}},
      lines_{burst_line{wiring[1].receive}, burst_line{wiring[0].receive}},
      training_{std::make_unique<burst_training>(wiring)} {
  for (std::size_t e = 0; e < 2; ++e) {
    lines_[e].source = wiring_[e].source;
    lines_[e].sink = wiring_[1 - e].sink;
    lines_[e].to_verdict = curve_.verdict_clocks + lines_[e].delay;
  }
  lookahead_ = std::min(lines_[0].to_verdict, lines_[1].to_verdict) + 1;
}

void burst_pair::advance(i64 until) {
  for (burst_end& e : ends_) {
    e.replies.clear();
    e.irq_changes.clear();
  }
  while (now_ < until) {
    if (training_ != nullptr) {
      train(until);
      continue;
    }
    if (down_) {
      for (std::size_t e = 0; e < 2; ++e) deliver(e, until);
      now_ = until;
      take_accesses(until);
      continue;
    }
    i64 next = std::min(until, next_access());
    if (departure_.clock < never) next = std::min(next, std::max(departure_.clock, now_ + 1));
    if (left_) next = std::min(until, std::max(departure_.other_clock, now_ + 1));
    move(next);
    now_ = next;
    take_accesses(now_);
    if (!left_ && now_ >= departure_.clock) {
      left_ = true;
      burst_end& end = ends_[departure_.first];
      end.status.state = static_cast<int>(pkg::state_e::lock);
      end.status.cause = departure_.cause;
      ++end.trained.retrains;
      record(departure_.first, departure_.clock, trace_event::state, 0,
             static_cast<u8>(pkg::state_e::lock), static_cast<u16>(departure_.cause));
      raise(departure_.first, {.active_lost = true}, departure_.clock);
    }
    if (left_ && now_ >= departure_.other_clock) start_training();
  }
  flush_records(until);
}

/// Nothing that one direction does can matter to the other before an error does.
bool burst_pair::calm() const {
  for (std::size_t e = 0; e < 2; ++e) {
    const burst_line& line = lines_[e];
    if (!line.requests.empty() || !line.naks.empty() || line.replaying ||
        line.expected != line.next || !credit_free_[e] || line.source->may_read() ||
        line.source->next_ready(1) < never)
      return false;
  }
  return true;
}

void burst_pair::move(i64 until) {
  while (done_ < until) {
    i64 end = std::min(until, done_ + lookahead_);
    if (calm()) {
      end = std::min<i64>(until, done_ + flit * static_cast<i64>(max_burst));
      // What comes after the first flit that nobody hears needs deliveries and headers in step.
      if (departure_.clock < never)
        end = std::min(end, std::max(done_ + lookahead_, departure_.clock - lookahead_));
      for (burst_line& line : lines_) {
        if (!line.noisy || line.next_d >= end) continue;
        const i64 from = line.next_d + pkg::tx_lat;
        const i64 error = line.first_error(from, end + pkg::tx_lat + line.grid.flit);
        // So does what comes after a slot that is hit.
        end = std::min(end, std::max(done_ + lookahead_, error - pkg::tx_lat - line.grid.flit + 1));
      }
    }
    for (std::size_t e = 0; e < 2; ++e) deliver(e, end);
    for (std::size_t e = 0; e < 2; ++e) send(e, end);
    for (std::size_t e = 0; e < 2; ++e) deliver(e, end);
    done_ = end;
  }
}

/// The clock at which the effects of the next register access are seen.
i64 burst_pair::next_access() const {
  i64 next = never;
  for (const burst_end& e : ends_)
    if (!e.accesses.empty()) next = std::min(next, e.accesses.front().clock + 2);
  return std::max(next, now_ + 1);
}

void burst_pair::take_accesses(i64 until) {
  for (std::size_t e = 0; e < 2; ++e)
    while (!ends_[e].accesses.empty() && ends_[e].accesses.front().clock + 2 <= until)
      take_access(e);
}

void burst_pair::take_access(std::size_t e) {
  burst_end& end = ends_[e];
  const csr_access access = end.accesses.front();
  end.accesses.pop();
  if (!access.write) {
    const endpoint_status s = status(e);
    bool ok = false;
    const u32 value = end.csr.read(access.offset,
                                   {.state = s.state,
                                    .cause = s.cause,
                                    .locked = s.locked,
                                    .good = s.locked,
                                    .round_trip = s.round_trip,
                                    .session = s.session,
                                    .peer = s.peer},
                                   ok);
    end.replies.push_back(
        {.clock = access.clock, .offset = access.offset, .value = value, .error = !ok});
    return;
  }
  const write_effect effect = end.csr.write(access.offset, access.value, access.strobe);
  end.replies.push_back({.clock = access.clock, .offset = access.offset, .error = !effect.ok});
  if (effect.snapshot) end.csr.take_snapshot(counters(e));
  if (effect.ok && (access.offset & ~3U) != csr::control::info.offset)
    end.written.push_back(access);
  if (training_ == nullptr && !down_) {
    if (!end.csr.config().enable)
      throw base::model_error{wiring_[e].name +
                              ": control.enable was cleared; a burst endpoint cannot be reset, use "
                              "flit or rtl for it."};
    if (effect.retrain)
      leave({.first = e,
             .clock = access.clock + 3,
             .cause = static_cast<int>(pkg::cause_e::command)});
  }
  update_limits();
  raise(e, {}, access.clock + 2);
}

void burst_pair::raise(std::size_t e, const csr::irq_status& what, i64 clock) {
  burst_end& end = ends_[e];
  end.csr.raise(what);
  if (end.csr.interrupt() == end.irq) return;
  end.irq = !end.irq;
  end.irq_changes.push_back({.clock = clock, .level = end.irq});
}

/// What window and credits allow while every flit comes through at once.
void burst_pair::update_limits() {
  for (std::size_t e = 0; e < 2; ++e) {
    burst_end& end = ends_[e];
    // From a flit to the use of its acknowledgement: both ways, the wait for a slot behind a
    // marker, and one slot of rounding.
    const i64 slot = std::max(lines_[0].grid.flit, lines_[1].grid.flit);
    const i64 way = lines_[0].to_verdict + lines_[1].to_verdict + curve_.turn_clocks +
                    lines_[e].grid.marker + 3 * slot;
    const i64 credits = way + curve_.deliver_clocks + slot;
    window_free_[e] = lines_[e].grid.flit * end.csr.config().window >= way;
    credit_free_[e] =
        !lines_[e].sink->stalls() && flit * ends_[1 - e].csr.config().rx_depth >= credits;
    const i64 trip = end.status.round_trip;
    const i64 by_formula = trip + std::max<i64>((trip + 3) / 4, slot);
    const auto clocks = [&](i64 chosen) {
      return flit * (chosen == 0 ? by_formula : std::max(chosen, trip));
    };
    end.nak_timeout = clocks(end.csr.config().nak_timeout);
    end.replay_timeout = clocks(end.csr.config().replay_timeout);
  }
}

endpoint_counters burst_pair::counters(std::size_t e) const {
  endpoint_counters all = ends_[e].trained;
  if (training_ != nullptr) {
    const endpoint_counters training = training_->end(e).counters();
    for (const counter_place& p : counter_places()) p.in(all) += p.in(training)-p.in(before_[e]);
  }
  for (const counter_place& p : counter_places())
    p.in(all) += p.in(sent_by(e).sent) + p.in(received_by(e).received);
  // Flits whose verdict is still to come were moved already.
  const burst_line& in = received_by(e);
  for (u64 k = in.accepts.size(); k-- > 0;) {
    const burst_events& a = in.accepts[k];
    const i64 ahead = a.clock + in.grid.flit * static_cast<i64>(a.count) - now_;
    if (ahead <= 0) break;
    all.accepted -= std::min(a.count, static_cast<u64>(ahead / in.grid.flit));
  }
  if (training_ == nullptr && !down_ && now_ < in.deaf) {
    const u64 judged = in.grid.at_or_after(now_ - in.to_verdict);
    if (in.slot > judged) all.received_good -= std::min(all.received_good, in.slot - judged);
  }
  return all;
}

endpoint_status burst_pair::status(std::size_t e) const {
  endpoint_status s = ends_[e].status;
  if (training_ == nullptr) return s;
  const endpoint_status now = training_->end(e).status();
  s.state = now.state;
  s.cause = now.cause;
  s.locked = now.locked;
  if (!first_training_) return s;
  s.session = now.session;
  s.peer = now.peer;
  s.round_trip = now.round_trip;
  s.active_since = now.active_since;
  return s;
}

void burst_pair::record(std::size_t e, i64 clock, trace_event event, u64 arg64, u8 arg8,
                        u16 arg16) {
  ends_[e].records.push_back({.clock = clock,
                              .arg64 = arg64,
                              .arg16 = arg16,
                              .arg8 = arg8,
                              .event = static_cast<u8>(event)});
}

/// Records are made burst by burst and direction by direction; the trace has them in order of
/// clocks.
void burst_pair::flush_records(i64 until) {
  for (burst_end& e : ends_) {
    if (e.records.empty()) continue;
    std::ranges::stable_sort(e.records, [](const auto& a, const auto& b) {
      return std::tie(a.clock, a.event, a.arg8) < std::tie(b.clock, b.event, b.arg8);
    });
    const auto later = std::ranges::find_if(
        e.records, [until](const base::trace_record& r) { return r.clock >= until; });
    for (auto r = e.records.begin(); r != later; ++r) e.trace.add(*r);
    e.records.erase(e.records.begin(), later);
  }
}

namespace {

/// One end of a pair; the first moves both.
class burst_endpoint final : public endpoint {
 public:
  burst_endpoint(std::shared_ptr<burst_pair> pair, std::size_t end)
      : pair_{std::move(pair)}, end_{end} {}

  void advance(i64 until) override {
    if (end_ == 0) pair_->advance(until);
  }
  [[nodiscard]] i64 now() const override { return pair_->now(); }
  [[nodiscard]] std::span<const wire_slot> sent() const override { return {}; }
  void receive(std::span<const wire_slot> slots) override {
    if (!slots.empty())
      throw base::model_error{"A burst endpoint takes no slots: its pair moves the flits."};
  }
  void access_csr(const csr_access& access) override { pair_->access_csr(end_, access); }
  [[nodiscard]] std::span<const csr_reply> csr_replies() const override {
    return pair_->csr_replies(end_);
  }
  [[nodiscard]] bool interrupt() const override { return pair_->interrupt(end_); }
  [[nodiscard]] std::span<const interrupt_change> interrupt_changes() const override {
    return pair_->interrupt_changes(end_);
  }
  [[nodiscard]] endpoint_counters counters() const override { return pair_->counters(end_); }
  [[nodiscard]] endpoint_status status() const override { return pair_->status(end_); }
  [[nodiscard]] base::trace_buffer& trace() override { return pair_->trace(end_); }
  [[nodiscard]] const base::trace_buffer& trace() const override { return pair_->trace(end_); }

 private:
  std::shared_ptr<burst_pair> pair_;
  std::size_t end_;
};

}  // namespace

burst_ends make_burst_ends(const endpoint_wiring& west, const endpoint_wiring& east,
                           const service_curve& curve) {
  const auto pair = std::make_shared<burst_pair>(std::array<endpoint_wiring, 2>{west, east}, curve);
  return {.west = std::make_unique<burst_endpoint>(pair, 0),
          .east = std::make_unique<burst_endpoint>(pair, 1)};
}

}  // namespace lightrack::link
