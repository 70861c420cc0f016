// SPDX-License-Identifier: Apache-2.0
// models/link/burst_leap.cpp
// When a pair may leap, until when, and how both directions begin where the flit endpoints stand.
#include <algorithm>

#include "models/link/burst_pair.h"
#include "models/link/flit_codec.h"

namespace lightrack::link {
namespace {

constexpr i64 shortest_leap = 256;  // clocks; a shorter one costs more than it saves
constexpr i64 shortest_quiet = 16;  // flit times of quiesce_after with which leaps are worth it
constexpr u64 base_number = 1 << 20;

u64 count_of(int now, int since) { return static_cast<u64>((now - since) & number_mask); }

bool plain_marker(const wire_slot& s) {
  return s.flags == static_cast<u8>(static_cast<unsigned>(pkg::state_e::active) << 4) ||
         s.flags == static_cast<u8>(static_cast<unsigned>(pkg::state_e::init) << 4);
}

/// Nothing is on its way that a leap does not know.
bool plain(const flit_standing& s) {
  for (std::size_t k = s.pending; k < s.arriving.size(); ++k) {
    const wire_slot& slot = s.arriving[k];
    if (slot.kind == slot_kind::marker ? !plain_marker(slot) : slot.kind != slot_kind::flit)
      return false;
    if (slot.kind == slot_kind::flit && (slot.header & 7) == kind_ctrl &&
        slot.init.ctrl != ctrl_init)
      return false;
  }
  return s.pending < s.arriving.size();
}

}  // namespace

bool burst_pair::ready_to_leap() const {
  for (const burst_end& e : ends_) {
    if (e.flits->settled_until() < now_ + shortest_leap) return false;
    if (const i64 after = e.flits->config().quiesce_after; after != 0 && after < shortest_quiet)
      return false;
  }
  return true;
}

bool burst_pair::take_off() {
  lanes_change_ = never;
  for (burst_end& e : ends_) {
    e.flits->tell(e.standing);
    if (!plain(e.standing)) return false;
    // A side that is about to ask for a rest may go on by flits.
    if (const i64 after = e.flits->config().quiesce_after;
        after != 0 && 2 * e.standing.quiet > after)
      return false;
    lanes_change_ = std::min(lanes_change_, e.flits->settled_until());
  }
  done_ = took_off_ = now_;
  land_at_ = never;
  for (std::size_t e = 0; e < 2; ++e) set_up(e);
  for (std::size_t e = 0; e < 2; ++e) take_launched(e);
  update_limits();
  return true;
}

void burst_pair::set_up(std::size_t e) {
  burst_end& end = ends_[e];
  burst_line& line = lines_[e];
  const flit_standing& s = end.standing;
  const flit_standing& far = ends_[1 - e].standing;
  const endpoint_status status = end.flits->status();
  end.nak_timeout = s.nak_timeout;
  end.replay_timeout = s.replay_timeout;
  end.round_trip = status.round_trip * pkg::beats_per_flit;
  end.quiet_since = now_ - pkg::beats_per_flit * s.quiet;

  const i64 flit = i64{pkg::beats_per_flit} << status.tx_shift;
  line.to_verdict = curve_.verdict_clocks + line.delay + flit - pkg::beats_per_flit;
  // The slots begin before the leap, so that headers on their way are on the grid, too.
  const auto before = static_cast<u64>(line.to_verdict / flit + 4);
  const auto since = static_cast<u64>(s.since_marker);
  line.slot = line.take_off = since + before;
  line.grid = {.first = s.next_decision - flit * static_cast<i64>(line.slot),
               .lead = static_cast<u64>(s.interval) + before,
               .interval = static_cast<u64>(s.marker_interval),
               .marker = curve_.marker_clocks,
               .flit = flit};
  line.parity = (s.credit_vc + line.slot) & 1;
  line.next_d = s.next_decision;
  line.left = line.grid.before_marker(line.slot);
  line.marker_count = s.marker_count;
  line.launched = far.arriving;
  const u32 lanes = ends_[1 - e].flits->status().rx_lanes;
  line.width = 0;
  for (int l = 0; l < max_lanes; ++l) {
    const bool used = (lanes >> l & 1) != 0;
    line.place[static_cast<std::size_t>(l)] = static_cast<signed char>(used ? line.width++ : -1);
  }
  line.bip = far.bip;
  line.forget_errors();

  line.acked = line.acked_before = base_number + static_cast<u64>(s.oldest);
  line.next = line.acked + s.unacknowledged.size();
  line.expected = line.acked + count_of(far.expected, s.oldest);
  line.replaying = line.replay_unsent = line.given_up = false;
  line.pointer = line.next;
  line.replay_number = ~0ULL;
  line.replay_clock = now_;
  line.replay_tries = s.replay_tries;
  line.tries_at = line.acked;
  line.turn = s.turn;
  line.last_accept = line.next > line.acked ? now_ - 1 : -1;
  line.sent = line.received = {};
  line.naks.clear();
  line.requests.clear();
  line.accepts.clear();
  // What is not known at the sender happened just now, flit by flit.
  const auto lately = [&](u64 first, u64 count) {
    return burst_events{
        .first = first, .count = count, .clock = now_ - 1 - flit * static_cast<i64>(count - 1)};
  };
  if (line.expected > line.acked) line.accepts.push(lately(line.acked, line.expected - line.acked));
  line.wire.clear();
  for (u64 number = line.expected; number < line.next; ++number) {
    const stored_flit& f = s.unacknowledged[number - line.acked];
    line.wire.push({.index = f.payload.index,
                    .count = 1,
                    .clock = now_,
                    .vc = f.payload.vc,
                    .slots = static_cast<u8>(f.header >> 26 & 15),
                    .poison = (f.header >> 30 & 1) != 0});
  }
  for (std::size_t vc = 0; vc < vc_count; ++vc) {
    line.consumed[vc] = base_number + s.consumed[vc];
    line.granted[vc] =
        base_number + s.consumed[vc] +
        static_cast<u64>(std::max(signed_difference(s.limit[vc], s.consumed[vc]), 0));
    line.delivered[vc] = line.granted[vc] + count_of(far.grant[vc], s.limit[vc]);
    line.grants[vc].clear();
    if (line.delivered[vc] > line.granted[vc])
      line.grants[vc].push(lately(line.granted[vc], line.delivered[vc] - line.granted[vc]));
    line.held[vc].clear();
    for (const received_flit& f : far.held[vc])
      line.held[vc].push({.index = f.payload.index,
                          .count = 1,
                          .clock = f.valid - curve_.deliver_clocks,
                          .vc = static_cast<u8>(vc),
                          .slots = f.slots,
                          .poison = f.poison});
    line.port_free[vc] = far.port_free[vc];
  }
}

/// Verdicts on what was on its way.
void burst_pair::take_launched(std::size_t e) {
  burst_line& line = lines_[e];
  burst_line& back = lines_[1 - e];
  for (std::size_t k = ends_[1 - e].standing.pending; k < line.launched.size(); ++k) {
    const wire_slot& s = line.launched[k];
    const i64 d = s.clock - line.tx_lat;
    if (s.kind == slot_kind::marker) {
      pass_marker(e, d);
      continue;
    }
    const flit_header h = unpack_header(s.header);
    burst b{.count = 1, .number = line.expected};
    b.bad = line.noisy && !line.channel.clean(s.clock, line.grid.flit) &&
            spoiled(line, s.clock, line.grid.flit);
    if (h.kind != kind_ctrl)
      b.number +=
          static_cast<u64>(signed_difference(h.seq, static_cast<int>(line.expected & number_mask)));
    if (h.kind == kind_data) b.kind = burst_kind::data;
    b.asks = h.nak != 0;
    b.asked = back.acked + count_of(h.ack + 1, static_cast<int>(back.acked & number_mask));
    arrive(e, d, b);
  }
}

/// The end of the leap, as far as is known now.
i64 burst_pair::landing() const {
  i64 until = std::min(lanes_change_, land_at_);
  for (std::size_t e = 0; e < 2; ++e) {
    until = std::min({until, end(e).next_access(), before_rest(e)});
  }
  return until;
}

/// The clock from which end e has nothing to do as far as known at now_: all is acknowledged, and
/// the credits of what was delivered there are sent.
i64 burst_pair::quiet_from(std::size_t e) const {
  const burst_line& line = sent_by(e);
  const burst_line& in = received_by(e);
  if (line.expected < line.next || line.replaying || !in.requests.empty() || !in.held[0].empty() ||
      !in.held[1].empty() ||
      std::min(line.source->next_ready(0), line.source->next_ready(1)) <= now_)
    return now_;
  i64 from = ends_[e].quiet_since;
  if (line.last_accept >= 0)
    from = std::max(from, in.grid.clock(in.first_header(line.last_accept + 1)) + in.to_verdict +
                              curve_.turn_clocks - 1);
  for (std::size_t vc = 0; vc < vc_count; ++vc) {
    const i64 delivered = in.port_free[vc] - pkg::beats_per_flit;
    if (delivered < took_off_) continue;
    u64 slot = line.grid.at_or_after(delivered + 1);
    slot += ((slot + line.parity) & 1) ^ vc;
    from = std::max(from, line.grid.clock(slot) + 1);
  }
  return from;
}

/// Flit times that end e has been quiet.
i64 burst_pair::quiet_for(std::size_t e) const {
  const burst_line& line = sent_by(e);
  const u64 first = line.grid.at_or_after(quiet_from(e));
  if (first >= line.slot) return 0;
  return static_cast<i64>(line.slot - first) * line.grid.flit / pkg::beats_per_flit;
}

/// The last clock before end e may ask for a rest, as far as is known.
i64 burst_pair::before_rest(std::size_t e) const {
  const i64 after = end(e).config().quiesce_after;
  if (after == 0) return never;
  const burst_line& line = sent_by(e);
  const i64 slots = after * pkg::beats_per_flit / line.grid.flit;
  i64 from = quiet_from(e);
  // Full flits that wait keep both ends busy, that which sends and that which grants credits.
  for (const burst_line& l : lines_)
    if (const u64 full = l.source->full_flits(0, l.next_d, max_burst, l.grid.flit); full > 0)
      from = std::max(from, l.grid.clock(l.slot + full));
  return line.grid.clock(line.grid.at_or_after(from) + static_cast<u64>(slots)) -
         2 * line.grid.flit;
}

}  // namespace lightrack::link
