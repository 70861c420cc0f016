// SPDX-License-Identifier: Apache-2.0
// models/link/burst_send.cpp
// What a sender puts into its slots, as many at a time as stay equal: a replay, new flits, or NOPs.
#include <algorithm>

#include "models/link/burst_pair.h"

namespace lightrack::link {
void burst_pair::send(std::size_t e, i64 until) {
  burst_line& line = lines_[e];
  const i64 flit = line.grid.flit;
  burst_line& back = lines_[1 - e];
  while (line.next_d < until) {
    const i64 d = line.next_d;
    u64 most = std::min({line.left, max_burst, line.slots_until(until)});
    burst b;
    if (!line.naks.empty() || line.expected != line.next) [[unlikely]]
      start_replays(e, d, most);
    if (!back.requests.empty()) [[unlikely]] {
      b.asks = header_asks(line, back, d, most);
    }
    if (line.noisy) {
      const i64 word = d + line.tx_lat;
      const i64 last = word + flit * static_cast<i64>(most);
      if (const i64 error = line.first_error(word, last); error < last) [[unlikely]] {
        // Slots up to the one that is hit, or that alone.
        const auto clean = static_cast<u64>((error - word) >> line.grid.flit_log2());
        if (clean == 0) b.bad = spoiled(line, word, flit);
        most = std::max<u64>(1, clean);
      }
    }
    if (b.asks) [[unlikely]] {
      burst_request& r = back.requests.front();
      b.asked = r.number;
      ++line.sent.naks;
      if (r.sent) ++line.sent.nak_timeouts;
      r.sent = true;
      r.due = d + ends_[e].nak_timeout + 1;
    }
    if (line.replaying) [[unlikely]] {
      refresh_acked(e, d);
      line.pointer = std::max(line.pointer, line.acked);
      line.replaying = line.pointer < line.next;
    }
    i64 wake = never;
    if (line.replaying) [[unlikely]] {
      b.kind = burst_kind::data;
      b.number = line.pointer;
      b.count = send_repeated(e, d, most);
    } else {
      b.number = line.next;
      b.count = send_new(e, d, most, wake);
      if (b.count > 0) {
        b.kind = burst_kind::data;
      } else {
        b.count = wake <= d ? 1 : std::min(most, wake >= until ? most : line.slots_until(wake));
        line.sent.sent_nop += b.count;
      }
    }
    arrive(e, d, b);
    if (line.skip(b.count)) pass_marker(e, line.next_d - line.grid.marker);
  }
}

/// The header at d asks for a repetition of what `back` brings; else `most` ends before one that
/// does.
bool burst_pair::header_asks(const burst_line& ahead, burst_line& back, i64 d, u64& most) const {
  const auto over = [d](const burst_request& r) { return std::max(r.due, d) > r.until; };
  while (!back.requests.empty() && over(back.requests.front())) back.requests.pop();
  if (back.requests.empty()) return false;
  const burst_request& r = back.requests.front();
  if (r.due <= d) {
    most = 1;
    return true;
  }
  most = std::min(most, ahead.slots_until(r.due));
  return false;
}

/// Requests and expiries of the replay timer before d start replays; `most` ends at the next one.
void burst_pair::start_replays(std::size_t e, i64 d, u64& most) {
  burst_line& line = lines_[e];
  for (;;) {
    const i64 asked = line.naks.empty() ? never : line.naks.front().clock;
    const i64 expiry = replay_expiry(e);
    const i64 next = std::min(asked, expiry);
    if (next >= d) {
      if (next < never)
        most = std::min(most, static_cast<u64>((next - d) >> line.grid.flit_log2()) + 1);
      return;
    }
    if (expiry < asked) {
      refresh_acked(e, expiry);
      if (!start_replay(e, std::max(line.acked, line.expected), expiry, true)) return;
      continue;
    }
    const burst_nak nak = line.naks.front();
    line.naks.pop();
    const bool served = line.replay_number == nak.number &&
                        (line.replay_unsent || nak.clock - line.replay_clock < ends_[e].round_trip);
    if (nak.number >= line.next || nak.number < line.acked || served) continue;
    if (!start_replay(e, nak.number, nak.clock, false)) return;
  }
}

/// The clock at which the replay timer expires; never while all that was sent is accepted.
i64 burst_pair::replay_expiry(std::size_t e) const {
  const burst_line& line = lines_[e];
  if (line.expected >= line.next || line.replay_unsent || line.wire.empty()) return never;
  const burst_line& back = lines_[1 - e];
  const burst_cell& oldest = line.wire.front();
  // It restarted with the last flit freed, with the first one sent after that, and with a replay.
  i64 start = oldest.clock;
  start = std::max(start, line.replay_clock);
  start =
      std::max(start, back.grid.clock(back.first_header(line.last_accept + 1)) + back.to_verdict);
  return start + ends_[e].replay_timeout;
}

/// False where it is once too often: flits go on and retrain.
bool burst_pair::start_replay(std::size_t e, u64 number, i64 clock, bool by_timer) {
  burst_line& line = lines_[e];
  if (number > line.tries_at) {
    line.tries_at = number;
    line.replay_tries = 0;
  }
  if (line.replay_tries == end(e).config().replay_limit) {
    line.given_up = true;
    land_at_ = std::min(land_at_, clock + 2 * lookahead_);
    line.replay_unsent = true;
    return false;
  }
  ++line.replay_tries;
  ++line.sent.replays;
  if (by_timer) ++line.sent.replay_timeouts;
  line.acked = std::max(line.acked, number);
  line.replaying = true;
  line.pointer = line.replay_number = number;
  line.replay_unsent = true;
  record(e, clock, trace_event::replay, number, 0);
  return true;
}

u64 burst_pair::send_repeated(std::size_t e, i64 d, u64 most) {
  burst_line& line = lines_[e];
  if (line.replay_unsent) {
    line.replay_unsent = false;
    line.replay_clock = d;
    line.replay_number = line.pointer;
  }
  const u64 count = std::min(most, line.next - line.pointer);
  line.pointer += count;
  line.replaying = line.pointer < line.next;
  line.sent.sent_replay += count;
  return count;
}

u64 burst_pair::send_new(std::size_t e, i64 d, u64 most, i64& wake) {
  burst_line& line = lines_[e];
  const i64 flit = line.grid.flit;
  flit_source& source = *line.source;
  const std::array<i64, vc_count> ready{source.next_ready(0), source.next_ready(1)};
  if (ready[0] > d && ready[1] > d) {
    wake = std::min(ready[0], ready[1]);
    return 0;
  }
  i64 window_wake = never;
  const u64 window = window_left(e, d, window_wake);
  std::array<u64, vc_count> credit{};
  for (std::size_t vc = 0; vc < vc_count; ++vc) {
    if (ready[vc] > d) {
      wake = std::min(wake, ready[vc]);
    } else {
      credit[vc] = credit_left(e, vc, d, wake);
    }
  }
  const bool some_credit = credit[0] > 0 || credit[1] > 0;
  const bool credit_stall = (ready[0] <= d && credit[0] == 0) || (ready[1] <= d && credit[1] == 0);
  if (window == 0 || !some_credit) {
    if (window == 0) wake = std::min(wake, window_wake);
    // The same holds in all slots until something changes.
    const u64 slots = wake <= d ? 1 : std::min(most, wake >= never ? most : line.slots_until(wake));
    wake = d + flit * static_cast<i64>(slots);
    if (window == 0 && some_credit) line.sent.window_stalls += slots;
    if (window > 0) line.sent.credit_stalls += slots;
    return 0;
  }
  const std::size_t vc = credit[line.turn] > 0 ? line.turn : 1U - line.turn;
  const i64 other_ready = ready[1 - vc];
  u64 count = std::min({most, window, credit[vc]});
  if (other_ready <= d) {
    count = 1;
  } else if (other_ready < never) {
    count = std::min(count, line.slots_until(other_ready));
  }
  if (credit_stall) ++line.sent.credit_stalls;
  const u64 full = count > 1 ? source.full_flits(static_cast<int>(vc), d, count, flit) : 0;
  burst_cell cell{.clock = d, .vc = static_cast<u8>(vc)};
  if (full > 1) {
    count = full;
    flit_run& run = line.runs[line.next_run % burst_line::runs_kept];
    run = source.pop_full(static_cast<int>(vc), d, count, flit);
    cell.index = run.index;
    cell.run = line.next_run++;
    cell.of_run = true;
    cell.slots = slots_per_flit;
  } else {
    count = 1;
    const presented& shown = source.front(static_cast<int>(vc));
    cell.index = shown.payload.index;
    cell.slots = shown.slots;
    cell.poison = shown.poison;
    source.pop(static_cast<int>(vc), d);
  }
  cell.count = count;
  line.turn = static_cast<u8>(1 - vc);
  line.wire.push(cell);
  line.next += count;
  line.consumed[vc] += count;
  line.sent.sent_data += count;
  const u64 last = cell.index + count;
  if (last / max_burst != cell.index / max_burst) {
    // One record a burst, at the clock of its last flit.
    const u64 whole = last / max_burst * max_burst;
    record(e, d + flit * static_cast<i64>(whole - cell.index - 1), trace_event::accept,
           source.digest_of_run(static_cast<int>(vc), whole - max_burst, max_burst), cell.vc);
  }
  return count;
}

/// Takes note of what headers have acknowledged that the sender may use at d.
void burst_pair::refresh_acked(std::size_t e, i64 d) {
  burst_line& line = lines_[e];
  const burst_line& back = lines_[1 - e];
  const i64 header = d - back.to_verdict - (curve_.turn_clocks - 1);
  const u64 slots = back.headers(header);
  if (slots == 0) return;
  const i64 seen = back.grid.clock(slots - 1) - 1;  // verdicts that the last header shows
  while (!line.accepts.empty()) {
    burst_events& a = line.accepts.front();
    if (a.clock > seen) return;
    const u64 count =
        std::min(a.count, static_cast<u64>((seen - a.clock) >> line.grid.flit_log2()) + 1);
    line.acked = std::max(line.acked, a.first + count);
    if (count < a.count) return;
    line.accepts.pop();
  }
}

u64 burst_pair::window_left(std::size_t e, i64 d, i64& wake) {
  burst_line& line = lines_[e];
  const i64 flit = line.grid.flit;
  const auto window = static_cast<u64>(end(e).config().window);
  if (window_free_[e] && line.expected == line.next) return max_burst;
  if (line.next < line.acked + window) {
    // What was known before may do.
    const u64 left = line.acked + window - line.next;
    if (left >= 16) return left;
  }
  refresh_acked(e, d);
  if (line.next < line.acked + window) return line.acked + window - line.next;
  if (window == 0) return 0;
  // The flit whose acknowledgement opens the window.
  const u64 number = line.next - window;
  const burst_line& back = lines_[1 - e];
  for (u64 k = 0; k < line.accepts.size(); ++k) {
    const burst_events& a = line.accepts[k];
    if (number >= a.first + a.count) continue;
    const i64 verdict = a.clock + flit * static_cast<i64>(number - a.first);
    wake = back.grid.clock(back.first_header(verdict + 1)) + back.to_verdict +
           (curve_.turn_clocks - 1);
    break;
  }
  return 0;
}

u64 burst_pair::credit_left(std::size_t e, std::size_t vc, i64 d, i64& wake) {
  burst_line& line = lines_[e];
  const i64 flit = line.grid.flit;
  const burst_line& back = lines_[1 - e];
  if (credit_free_[e] && line.expected == line.next) return max_burst;
  const auto left = [&] {
    return line.granted[vc] > line.consumed[vc] ? line.granted[vc] - line.consumed[vc] : 0;
  };
  if (left() >= 16) return left();
  refresh_granted(e, vc, d);
  if (left() > 0) return left();
  const burst_ring<burst_events>& grants = line.grants[vc];
  const u64 number = line.consumed[vc];
  for (u64 k = 0; k < grants.size(); ++k) {
    const burst_events& g = grants[k];
    if (number >= g.first + g.count) continue;
    const u64 s = back.first_header(g.clock + flit * static_cast<i64>(number - g.first) + 1,
                                    static_cast<int>(vc));
    wake = std::min(wake, back.grid.clock(s) + back.to_verdict + (curve_.turn_clocks - 1));
    break;
  }
  return 0;
}

/// Takes note of the credits that the sender may use at d.
void burst_pair::refresh_granted(std::size_t e, std::size_t vc, i64 d) {
  burst_line& line = lines_[e];
  const burst_line& back = lines_[1 - e];
  const u64 slots =
      back.headers(d - back.to_verdict - (curve_.turn_clocks - 1), static_cast<int>(vc));
  if (slots == 0) return;
  burst_ring<burst_events>& grants = line.grants[vc];
  const i64 seen = back.grid.clock(slots - 1) - 1;
  while (!grants.empty() && grants.front().clock <= seen) {
    const burst_events& g = grants.front();
    const u64 count =
        std::min(g.count, static_cast<u64>((seen - g.clock) >> line.grid.flit_log2()) + 1);
    line.granted[vc] = std::max(line.granted[vc], g.first + count);
    if (count < g.count) break;
    grants.pop();
  }
}

}  // namespace lightrack::link
