// SPDX-License-Identifier: Apache-2.0
// models/link/burst_land.cpp
// What flit endpoints find when a leap is over: numbers, credits, buffers, and each slot that is on
// its way, header by header.
#include <algorithm>
#include <vector>

#include "models/link/burst_pair.h"
#include "models/link/flit_codec.h"

namespace lightrack::link {
namespace {

// Lanes that search anew look that far back.
constexpr i64 look_back = 64;
constexpr i64 longest_window = pkg::max_window;

/// How many of the events up to a total had happened before a clock; clocks rise from question to
/// question.
class history {
 public:
  history(const burst_ring<burst_events>& events, u64 total, i64 pitch)
      : events_{events}, later_{0}, total_{total}, pitch_{pitch} {
    for (u64 k = 0; k < events.size(); ++k) later_ += events[k].count;
  }
  [[nodiscard]] u64 before(i64 clock) {
    for (; next_ < events_.size(); ++next_) {
      const burst_events& e = events_[next_];
      if (e.clock + pitch_ * static_cast<i64>(e.count - 1) >= clock) {
        const u64 past =
            e.clock >= clock ? 0 : static_cast<u64>((clock - e.clock + pitch_ - 1) / pitch_);
        return total_ - later_ + std::min(past, e.count);
      }
      later_ -= e.count;
    }
    return total_;
  }

 private:
  const burst_ring<burst_events>& events_;
  u64 next_ = 0;
  u64 later_;
  u64 total_;
  i64 pitch_;
};

u16 wire_number(u64 number) { return static_cast<u16>(number & number_mask); }

stored_flit stored(const burst_cell& cell, u64 k, u64 number) {
  return {.payload = {.vc = cell.vc, .index = cell.index + k},
          .header = kind_data | u64{cell.vc} << 3 | u64{wire_number(number)} << 4 |
                    u64{cell.slots} << 26 | u64{cell.poison} << 30};
}

/// Flits of a run are asked for one by one from now on.
void keep_records(const burst_line& line, const burst_cell& cell) {
  if (!cell.of_run) return;
  const flit_run& run = line.run_of(cell);
  line.source->keep_records(cell.vc, run, cell.index - run.index, cell.count);
}

}  // namespace

void burst_pair::land() {
  leapt_ += now_ - took_off_;
  flush_records(never);
  for (std::size_t e = 0; e < 2; ++e) {
    refresh_acked(e, now_);
    for (std::size_t vc = 0; vc < vc_count; ++vc) refresh_granted(e, vc, now_);
    ends_[e].standing.counted = leap_counters(e);
  }
  for (std::size_t e = 0; e < 2; ++e) tell_stream(e);
  for (std::size_t e = 0; e < 2; ++e) tell_sender(e);
  for (std::size_t e = 0; e < 2; ++e) end(e).resume(ends_[e].standing, now_);
  leaping_ = false;
  next_look_ = ((now_ + look_back) / 256 + 1) * 256;
}

void burst_pair::tell_sender(std::size_t e) {
  const burst_line& line = lines_[e];
  const burst_line& back = lines_[1 - e];
  flit_standing& s = ends_[e].standing;
  const bool in_lead = line.slot < line.grid.lead;
  s.interval = static_cast<int>(in_lead ? static_cast<u64>(s.interval) : line.grid.interval);
  s.since_marker = s.interval - static_cast<int>(line.left);
  s.next_decision = line.next_d;
  s.marker_count = line.marker_count;
  if (line.behind_marker() && line.next_d - line.grid.marker >= now_) {
    // The marker is still to be decided.
    s.next_decision -= line.grid.marker;
    s.since_marker = s.interval;
    --s.marker_count;
  }
  s.credit_vc = static_cast<u8>((line.slot + line.parity) & 1);
  s.turn = line.turn;
  s.oldest = wire_number(line.acked);
  s.repeat_from = line.expected < line.next ? wire_number(line.expected) : -1;
  s.replay_tries = line.replay_tries;
  s.replay_limit_reached = line.given_up;
  s.freed = line.acked > line.acked_before;
  for (std::size_t vc = 0; vc < vc_count; ++vc) {
    s.consumed[vc] = wire_number(line.consumed[vc]);
    s.limit[vc] = wire_number(line.granted[vc]);
    history grants{back.grants[vc], back.delivered[vc], back.grid.flit};
    // The last header that spoke of it is the last slot or the one before.
    const u64 ago = s.credit_vc == vc ? 2 : 1;
    s.credit_sent[vc] = wire_number(grants.before(line.grid.clock(line.slot - ago)));
    s.grant[vc] = wire_number(back.delivered[vc]);
  }
  const i64 after = end(e).config().quiesce_after;
  s.quiet = after == 0 ? 0 : std::min(quiet_for(e), after - 1);
}

/// The marker that goes before a slot.
wire_slot burst_pair::marker_before(std::size_t e, u64 slot) const {
  const burst_line& line = lines_[e];
  const flit_standing& s = ends_[e].standing;
  const u64 later = line.grid.markers(line.slot) - line.grid.markers(slot);
  const auto count = static_cast<u16>(line.marker_count - 1 - later);
  return {.clock = line.grid.clock(slot) - line.grid.marker + line.tx_lat,
          .kind = slot_kind::marker,
          .flags = static_cast<u8>(static_cast<unsigned>(pkg::state_e::active) << 4),
          .good_byte = static_cast<u8>(s.good >> (8 * (count % 3))),
          .count = count,
          .lanes = s.marker_lanes};
}

/// The slots of end e that its far end has not judged, and a few more; the flits that are in them,
/// held at the far end, or lost.
void burst_pair::tell_stream(std::size_t e) {
  burst_line& line = lines_[e];
  const burst_line& back = lines_[1 - e];
  flit_standing& s = ends_[e].standing;
  flit_standing& far = ends_[1 - e].standing;
  const i64 flit = line.grid.flit;

  struct flying {
    i64 verdict;
    stored_flit stored;
  };
  std::vector<flying> air;
  for (std::size_t vc = 0; vc < vc_count; ++vc) {
    far.held[vc].clear();
    far.port_free[vc] = line.port_free[vc];
    for (u64 k = 0; k < line.held[vc].size(); ++k) {
      const burst_cell& cell = line.held[vc][k];
      keep_records(line, cell);
      for (u64 j = 0; j < cell.count; ++j) {
        const i64 verdict = cell.clock + flit * static_cast<i64>(j);
        const stored_flit f = stored(cell, j, 0);
        if (verdict >= now_) {
          air.push_back({verdict, f});
        } else {
          far.held[vc].push_back({.payload = f.payload,
                                  .digest = line.source->digest(f.payload),
                                  .valid = verdict + curve_.deliver_clocks,
                                  .slots = cell.slots,
                                  .poison = cell.poison});
        }
      }
    }
  }
  std::ranges::sort(air, {}, &flying::verdict);
  u64 number = line.expected - air.size();
  far.expected = wire_number(number);

  // What is accepted but not known to be so is a duplicate wherever it goes again: any payload
  // does.
  s.unacknowledged.clear();
  for (u64 k = line.acked; k < number; ++k)
    s.unacknowledged.push_back({.header = kind_data | u64{wire_number(k)} << 4 | u64{1} << 26});
  for (std::size_t k = 0; k < air.size(); ++k) {
    air[k].stored.header |= u64{wire_number(number + k)} << 4;
    s.unacknowledged.push_back(air[k].stored);
  }
  u64 lost = line.expected;
  for (u64 k = 0; k < line.wire.size(); ++k) {
    const burst_cell& cell = line.wire[k];
    keep_records(line, cell);
    for (u64 j = 0; j < cell.count; ++j) s.unacknowledged.push_back(stored(cell, j, lost++));
  }

  // Slots: those that were on their way at take-off, then those of the leap.
  const i64 oldest = now_ - line.to_verdict - look_back;
  std::vector<wire_slot>& slots = far.arriving;
  slots.clear();
  for (const wire_slot& slot : line.launched)
    if (slot.clock - line.tx_lat >= oldest) slots.push_back(slot);
  history acknowledged{back.accepts, back.expected, back.grid.flit};
  std::array<history, vc_count> granted{history{back.grants[0], back.delivered[0], back.grid.flit},
                                        history{back.grants[1], back.delivered[1], back.grid.flit}};
  auto next = air.begin();
  while (next != air.end() && next->verdict < line.grid.clock(line.take_off) + line.to_verdict) {
    ++next;
    ++number;
  }
  for (u64 k = std::max(line.take_off, line.grid.at_or_after(oldest)); k < line.slot; ++k) {
    if (k > line.take_off && line.grid.marker_before(k)) slots.push_back(marker_before(e, k));
    const i64 d = line.grid.clock(k);
    const auto vc = static_cast<u8>((k + line.parity) & 1);
    const u64 fields = u64{wire_number(acknowledged.before(d) - 1)} << 14 | u64{vc} << 31 |
                       u64{wire_number(granted[vc].before(d))} << 32;
    wire_slot slot{.clock = d + line.tx_lat,
                   .shift = static_cast<u8>(flit == 4   ? 0
                                            : flit == 8 ? 1
                                                        : 2)};
    if (next != air.end() && next->verdict <= d + line.to_verdict) {
      slot.header = next->stored.header | fields;
      slot.payload = next->stored.payload;
      ++next;
      ++number;
    } else {
      slot.header = kind_nop | u64{wire_number(number)} << 4 | fields;
    }
    slots.push_back(slot);
  }
  if (line.behind_marker() && line.next_d - line.grid.marker < now_)
    slots.push_back(marker_before(e, line.slot));

  far.pending = 0;
  while (far.pending + 1 < slots.size() &&
         (slots[far.pending].kind == slot_kind::marker ||
          slots[far.pending].clock - line.tx_lat + line.to_verdict < now_))
    ++far.pending;
  far.flits_left = 0;
  bool marker = false;
  for (std::size_t k = far.pending; k < slots.size() && !marker; ++k) {
    marker = slots[k].kind == slot_kind::marker;
    far.flits_left += marker ? 0 : 1;
  }
  const bool due = line.behind_marker() && line.next_d - line.grid.marker >= now_;
  if (!marker && !due) far.flits_left += static_cast<int>(line.left);
}

}  // namespace lightrack::link
