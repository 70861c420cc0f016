// SPDX-License-Identifier: Apache-2.0
// models/link/burst_receive.cpp
// What a receiver makes of bursts: accepted, dropped, asked for again, and delivered.
#include <algorithm>

#include "models/link/burst_pair.h"
#include "models/link/crc16.h"
#include "models/link/light_fec.h"
#include "models/link/slot_errors.h"

namespace lightrack::link {
/// The wrong bits of a slot whose first word is sent at `word` make it bad.
bool burst_pair::spoiled(burst_line& line, i64 word, i64 clocks) {
  error_syndrome syndrome;
  fec_judge corrector;
  bool hit = false;
  line.channel.errors_in(word, clocks, [&](int lane, int bit) {
    const auto l = static_cast<std::size_t>(lane);
    line.bip[l] ^= static_cast<u8>(1U << (bit % 8));
    if (line.place[l] < 0) return;
    hit = true;
    const int place = flit_bit(line.width, line.place[l], bit);
    line.fec ? corrector.flip(place) : syndrome.flip(place);
  });
  // An undetected error is taken as found.
  if (!hit || !line.fec) return hit;
  const fec_result& fixed = corrector.decide();
  for (std::size_t g = 0; g < fec_group_count; ++g)
    line.received.fec_corrected[g] += fixed.mask[g] != 0 ? 1 : 0;
  return !corrector.good();
}

/// A marker decided at d goes by.
void burst_pair::pass_marker(std::size_t e, i64 d) {
  burst_line& line = lines_[e];
  marker_damage damage;
  u32 missed = 0;
  const i64 word = d + line.tx_lat;
  if (line.first_error(word, word + line.grid.marker) < word + line.grid.marker) {
    line.channel.errors_in(word, line.grid.marker, [&damage](int lane, int bit) {
      damage.wrong[static_cast<std::size_t>(lane)][static_cast<std::size_t>(bit / 32)] ^=
          u32{1} << (bit % 32);
    });
    for (int l = 0; l < line.channel.phys(); ++l) {
      const auto k = static_cast<std::size_t>(l);
      if (!damage.stands(l) || (damage.wrong[k][2] & 0xFFFF) != 0) missed |= u32{1} << l;
      line.bip[k] ^= static_cast<u8>(damage.wrong[k][2] >> 16);
    }
  }
  end(1 - e).pass_marker(line.bip, missed);
  line.bip = {};
}

void burst_pair::arrive(std::size_t e, i64 d, const burst& b) {
  burst_line& line = lines_[e];
  const i64 flit = line.grid.flit;
  if (b.bad) [[unlikely]] {
    line.note_bad_slot(line.grid.at_or_after(d));
    line.received.received_bad += b.count;
    return;
  }
  i64 v = d + line.to_verdict;
  line.received.received_good += b.count;
  if (b.asks) [[unlikely]]
    lines_[1 - e].naks.push({.clock = v, .number = b.asked});
  if (b.number > line.expected) [[unlikely]] {
    if (b.kind == burst_kind::data) line.received.ahead += b.count;
    ask(line, v);
    return;
  }
  if (b.kind == burst_kind::nop) {
    if (b.number == line.expected) answered(line, v);
    return;
  }
  const u64 again = std::min(b.count, line.expected - b.number);
  line.received.duplicates += again;
  v += flit * static_cast<i64>(again);
  if (again < b.count) accept(line, b.count - again, v);
}

void burst_pair::accept(burst_line& line, u64 count, i64 v) {
  const i64 flit = line.grid.flit;
  answered(line, v);
  // What was accepted a round trip and a marker ago is acknowledged, whether somebody looks or not.
  const i64 old = v - lines_[0].to_verdict - lines_[1].to_verdict - line.grid.marker - 4 * flit;
  while (line.accepts.size() > 4) {
    const burst_events& a = line.accepts.front();
    if (a.clock + flit * static_cast<i64>(a.count) > old) break;
    line.acked = std::max(line.acked, a.first + a.count);
    line.accepts.pop();
  }
  add_events(line.accepts, {.first = line.expected, .count = count, .clock = v}, flit);
  line.expected += count;
  line.last_accept = v + flit * static_cast<i64>(count - 1);
  line.received.accepted += count;
  while (count > 0) {
    burst_cell& sent = line.wire.front();
    const u64 moved = std::min(count, sent.count);
    burst_cell& here = line.held[sent.vc].push(sent);
    here.count = moved;
    here.clock = v;
    sent.index += moved;
    sent.clock += flit * static_cast<i64>(moved);
    sent.count -= moved;
    if (sent.count == 0) line.wire.pop();
    count -= moved;
    v += flit * static_cast<i64>(moved);
  }
}

void burst_pair::ask(burst_line& line, i64 v) {
  if (!line.requests.empty() && line.requests.back().until == never) return;
  line.requests.push({.due = v + 1, .number = line.expected});
}

void burst_pair::answered(burst_line& line, i64 v) {
  if (!line.requests.empty() && line.requests.back().until == never) line.requests.back().until = v;
}

/// Flits of end e's line were taken at h, h + 4, ...
void burst_pair::grant(std::size_t e, std::size_t vc, u64 count, i64 h) {
  burst_line& line = lines_[e];
  const i64 flit = line.grid.flit;
  burst_ring<burst_events>& grants = line.grants[vc];
  // Nobody sends before done_, so what was taken this long before it is known there.
  const i64 old = done_ - lines_[1 - e].to_verdict - line.grid.marker - 6 * flit;
  while (grants.size() > 4) {
    const burst_events& g = grants.front();
    if (g.clock + flit * static_cast<i64>(g.count) > old) break;
    line.granted[vc] = std::max(line.granted[vc], g.first + g.count);
    grants.pop();
  }
  add_events(grants, {.first = line.delivered[vc], .count = count, .clock = h}, flit);
  line.delivered[vc] += count;
}

/// Handshakes at the receiver of what end e sends, before `until`.
void burst_pair::deliver(std::size_t e, i64 until) {
  burst_line& line = lines_[e];
  const i64 flit = line.grid.flit;
  flit_sink& sink = *line.sink;
  constexpr i64 beats = pkg::beats_per_flit;  // a delivery takes as long at any width
  for (std::size_t vc = 0; vc < vc_count; ++vc) {
    burst_ring<burst_cell>& held = line.held[vc];
    while (!held.empty()) {
      burst_cell& cell = held.front();
      const int port = static_cast<int>(vc);
      const i64 h =
          std::max({cell.clock + curve_.deliver_clocks, line.port_free[vc], sink.ready_at(port)});
      if (h >= until) break;
      // Flits come slot by slot; those that had to wait go one by one unless that is as fast.
      const i64 pitch = flit == beats || h == cell.clock + curve_.deliver_clocks ? flit : 0;
      const u64 count =
          pitch == 0 ? 1
                     : std::min({cell.count,
                                 static_cast<u64>((until - h + pitch - 1) >> line.grid.flit_log2()),
                                 sink.until_stall(port)});
      const u64 index = cell.index;
      if (cell.of_run) {
        const flit_run& run = line.run_of(cell);
        sink.take_run(port, h, run, index - run.index, count);
      } else {
        sink.take(port, h, {.vc = cell.vc, .index = index}, cell.slots, cell.poison, false);
      }
      line.port_free[vc] = h + pitch * static_cast<i64>(count - 1) + beats;
      grant(e, vc, count, h);
      if ((index + count) / max_burst != index / max_burst) {
        const u64 whole = (index + count) / max_burst * max_burst;
        record(1 - e, h + pitch * static_cast<i64>(whole - index - 1), trace_event::deliver,
               line.source->digest_of_run(port, whole - max_burst, max_burst), cell.vc);
      }
      cell.index += count;
      cell.count -= count;
      cell.clock += flit * static_cast<i64>(count);
      if (cell.count == 0) held.pop();
    }
  }
}

}  // namespace lightrack::link
