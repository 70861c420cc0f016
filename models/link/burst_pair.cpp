// SPDX-License-Identifier: Apache-2.0
// models/link/burst_pair.cpp
// When flits go on their own and when both directions leap, and how far at once.
#include "models/link/burst_pair.h"

#include <algorithm>
#include <tuple>

#include "models/base/error.h"

namespace lightrack::link {
namespace {

constexpr i64 look_every = 256;  // clocks

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
    : curve_{curve},
      lines_{burst_line{wiring[1].receive, wiring[0].params.light_fec},
             burst_line{wiring[0].receive, wiring[1].params.light_fec}} {
  for (std::size_t e = 0; e < 2; ++e) {
    const endpoint_wiring& w = checked(wiring[e], curve);
    lines_[e].source = w.source;
    lines_[e].sink = wiring[1 - e].sink;
    ends_[e].flits = std::make_unique<flit_endpoint>(w);
  }
  step_ = std::min(lines_[0].channel.flight(), lines_[1].channel.flight());
}

void burst_pair::advance(i64 until) {
  for (burst_end& e : ends_) {
    e.replies.clear();
    e.irq_changes.clear();
  }
  while (now_ < until) leaping_ ? fly(until) : walk(until);
}

void burst_pair::set_lane_quality(std::size_t e, std::span<const lane_quality> changes) {
  end(e).set_lane_quality(changes);
  burst_line& line = lines_[1 - e];
  for (const lane_quality& q : changes) {
    line.channel.set_quality(q);
    line.noisy = line.noisy || q.ber > 0 || q.burst_rate > 0;
    line.forget_errors(q.from);
  }
  if (leaping_) lanes_change_ = std::min(lanes_change_, end(e).next_lane_change());
}

/// Leaps up to `until`, or less.
void burst_pair::fly(i64 until) {
  if (const i64 stop = std::min(until, landing()); stop > now_) {
    move(stop);
    now_ = stop;
    flush_records(now_);
  }
  if (landing() <= now_) land();
}

/// Flit endpoints go on, no longer than the fiber.
void burst_pair::walk(i64 until) {
  const i64 next = std::min({until, now_ + step_, next_look_ > now_ ? next_look_ : never});
  for (burst_end& e : ends_) {
    e.flits->advance(next);
    const auto replies = e.flits->csr_replies();
    e.replies.insert(e.replies.end(), replies.begin(), replies.end());
    const auto changes = e.flits->interrupt_changes();
    e.irq_changes.insert(e.irq_changes.end(), changes.begin(), changes.end());
  }
  for (std::size_t e = 0; e < 2; ++e)
    if (const auto slots = end(e).sent(); !slots.empty()) end(1 - e).receive(slots);
  now_ = next;
  if (now_ < next_look_) return;
  next_look_ = (now_ / look_every + 1) * look_every;
  if (ready_to_leap()) leaping_ = take_off();
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
      end = std::min<i64>(until, done_ + pkg::beats_per_flit * static_cast<i64>(max_burst));
      for (burst_line& line : lines_) {
        if (!line.noisy || line.next_d >= end) continue;
        const i64 from = line.next_d + line.tx_lat;
        const i64 error = line.first_error(from, end + line.tx_lat + line.grid.flit);
        // What comes after a slot that is hit needs deliveries and headers in step.
        end = std::min(end, std::max(done_ + lookahead_, error - line.tx_lat - line.grid.flit + 1));
      }
    }
    for (std::size_t e = 0; e < 2; ++e) deliver(e, end);
    for (std::size_t e = 0; e < 2; ++e) send(e, end);
    for (std::size_t e = 0; e < 2; ++e) deliver(e, end);
    done_ = end;
  }
}

/// What window and credits allow while every flit comes through at once.
void burst_pair::update_limits() {
  for (std::size_t e = 0; e < 2; ++e) {
    const burst_line& line = lines_[e];
    // From a flit to the use of its acknowledgement: both ways, the wait for a slot behind a
    // marker, and one slot of rounding.
    const i64 slot = std::max(lines_[0].grid.flit, lines_[1].grid.flit);
    const i64 way = lines_[0].to_verdict + lines_[1].to_verdict + curve_.turn_clocks +
                    line.grid.marker + 3 * slot;
    const i64 credits = way + curve_.deliver_clocks + slot;
    window_free_[e] = line.grid.flit * end(e).config().window >= way;
    credit_free_[e] = !line.sink->stalls();
    for (std::size_t vc = 0; vc < vc_count; ++vc) {
      // What was granted and not used yet, and what is on its way to be granted again.
      u64 depth = line.delivered[vc] - line.consumed[vc];
      for (const burst_ring<burst_cell>* cells : {&line.wire, &line.held[vc]})
        for (u64 k = 0; k < cells->size(); ++k)
          if ((*cells)[k].vc == vc) depth += (*cells)[k].count;
      credit_free_[e] = credit_free_[e] && line.grid.flit * static_cast<i64>(depth) >= credits;
    }
  }
  lookahead_ = std::min(lines_[0].to_verdict, lines_[1].to_verdict) + 1;
}

endpoint_counters burst_pair::counters(std::size_t e) const {
  endpoint_counters all = end(e).counters();
  if (!leaping_) return all;
  const endpoint_counters leap = leap_counters(e);
  for (const counter_place& p : counter_places()) p.in(all) += p.in(leap);
  return all;
}

/// Of the leap, as they stand at now_: flits whose verdict is still to come were moved already.
endpoint_counters burst_pair::leap_counters(std::size_t e) const {
  endpoint_counters all = sent_by(e).sent;
  const burst_line& in = received_by(e);
  for (const counter_place& p : counter_places()) p.in(all) += p.in(in.received);
  for (u64 k = in.accepts.size(); k-- > 0;) {
    const burst_events& a = in.accepts[k];
    const i64 ahead = a.clock + in.grid.flit * static_cast<i64>(a.count) - now_;
    if (ahead <= 0) break;
    all.accepted -= std::min(a.count, static_cast<u64>(ahead / in.grid.flit));
  }
  if (const u64 judged = in.grid.at_or_after(now_ - in.to_verdict); in.slot > judged) {
    const u64 bad = std::min(all.received_bad, in.bad_from(judged));
    all.received_bad -= bad;
    all.received_good -= std::min(all.received_good, in.slot - judged - bad);
  }
  return all;
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
    for (auto r = e.records.begin(); r != later; ++r) e.flits->trace().add(*r);
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
  void set_lane_quality(std::span<const lane_quality> changes) override {
    pair_->set_lane_quality(end_, changes);
  }
  void access_csr(const csr_access& access) override { pair_->end(end_).access_csr(access); }
  [[nodiscard]] std::span<const csr_reply> csr_replies() const override {
    return pair_->csr_replies(end_);
  }
  [[nodiscard]] bool interrupt() const override { return pair_->end(end_).interrupt(); }
  [[nodiscard]] std::span<const interrupt_change> interrupt_changes() const override {
    return pair_->interrupt_changes(end_);
  }
  [[nodiscard]] endpoint_counters counters() const override { return pair_->counters(end_); }
  [[nodiscard]] endpoint_status status() const override { return pair_->end(end_).status(); }
  [[nodiscard]] base::trace_buffer& trace() override { return pair_->end(end_).trace(); }
  [[nodiscard]] const base::trace_buffer& trace() const override {
    return std::as_const(*pair_).end(end_).trace();
  }

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
