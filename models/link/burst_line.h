// SPDX-License-Identifier: Apache-2.0
// models/link/burst_line.h
// One direction of a link that leaps: what its sender has sent, and what its receiver has made of
// it. Plain data; burst_pair works on it.
#pragma once

#include <array>
#include <vector>

#include "models/link/burst_ring.h"
#include "models/link/channel.h"
#include "models/link/packer.h"
#include "models/link/slot_grid.h"

namespace lightrack::link {

/// Flits of one VC with consecutive numbers and names: a part of a run of full ones, or a single
/// one.
struct burst_cell {
  u64 index = 0;  ///< name of the first that is left
  u64 count = 0;  ///< that are left
  i64 clock = 0;  ///< D of the first that is left; once accepted its verdict; the others follow
                  ///< slot by slot
  u32 run = 0;  ///< number of the run in burst_line::runs
  u8 vc = 0;
  u8 slots = 0;
  bool poison = false;
  bool of_run = false;
};

/// `count` events, a slot apart, that concern numbers [first, first + count).
struct burst_events {
  u64 first = 0;
  u64 count = 0;
  i64 clock = 0;
};

/// The receiver asks for a repetition: a header with `nak` is due.
struct burst_request {
  i64 due = 0;        ///< earliest D
  i64 until = never;  ///< clock at which the flit came: last D that may still ask
  u64 number = 0;
  bool sent = false;
};
struct burst_nak {
  i64 clock = 0;  ///< verdict at the sender of the data
  u64 number = 0;
};

/// Adds an event to those at the end of a list, where it goes on as they do.
inline void add_events(burst_ring<burst_events>& list, const burst_events& e, i64 pitch) {
  if (!list.empty()) {
    burst_events& last = list.back();
    if (last.clock + pitch * static_cast<i64>(last.count) == e.clock) {
      last.count += e.count;
      return;
    }
  }
  list.push(e);
}

struct burst_line {
  burst_line(const channel_params& p, bool light_fec) : channel{p}, fec{light_fec} {
    noisy = p.burst_rate > 0;
    for (const double ber : p.ber) noisy = noisy || ber > 0;
    delay = channel.flight() + channel.max_skew();
    tx_lat = pkg::tx_lat + (fec ? pkg::fec_tx_lat : 0);
  }

  flit_source* source = nullptr;
  flit_sink* sink = nullptr;
  receive_channel channel;
  bool fec;
  bool noisy = false;
  i64 delay = 0;       ///< flight and largest skew
  i64 tx_lat = 0;      ///< from D to the first word
  i64 to_verdict = 0;  ///< from D to the verdict

  // Slots.
  slot_grid grid{};
  u64 parity = 0;    ///< slot s speaks of the credits of VC (s + parity) mod 2
  u64 take_off = 0;  ///< the first that was decided in the leap
  u64 slot = 0;      ///< the next to be decided, its clock, and slots before the next marker
  i64 next_d = never;
  u64 left = 0;
  u16 marker_count = 0;                        ///< of the next marker
  std::vector<wire_slot> launched{};           ///< on their way at take-off
  std::array<signed char, max_lanes> place{};  ///< logical lane of a physical one; -1: none
  int width = 16;
  std::array<u8, max_lanes> bip{};  ///< parity of wrong bits since the last marker

  // Sender: flits are numbered without wrapping; modulo 1024 the numbers are those on the wire.
  u64 next = 0;
  u64 acked = 0;  ///< known to be accepted as of the last look
  u64 acked_before = 0;
  bool replaying = false;
  u64 pointer = 0;
  u64 replay_number = ~0ULL;  ///< at which the last replay began
  i64 replay_clock = 0;       ///< D of its first flit
  bool replay_unsent = false;
  int replay_tries = 0;
  bool given_up = false;  ///< once too often: flits go on, and retrain
  u64 tries_at = 0;       ///< oldest number when they were counted
  u8 turn = 0;
  std::array<u64, vc_count> consumed{};
  std::array<u64, vc_count> granted{};  ///< credits known here, ever; likewise modulo 1024
  burst_ring<burst_nak> naks;

  // On the way and at the receiver.
  static constexpr u32 runs_kept = 2048;  ///< more than a window and the buffers hold
  std::vector<flit_run> runs = std::vector<flit_run>(runs_kept);
  u32 next_run = 0;
  burst_ring<burst_cell> wire;  ///< sent, not accepted
  u64 expected = 0;
  i64 last_accept = -1;              ///< verdict of the last flit accepted
  burst_ring<burst_events> accepts;  ///< not known to be acknowledged
  burst_ring<burst_request> requests;
  std::array<burst_ring<burst_cell>, vc_count> held;
  std::array<i64, vc_count> port_free{};
  std::array<u64, vc_count> delivered{};  ///< credits granted, ever
  std::array<burst_ring<burst_events>, vc_count> grants;

  endpoint_counters sent{};      ///< what the sender counts
  endpoint_counters received{};  ///< what the receiver counts; those include slots whose verdict is
                                 ///< still to come

  [[nodiscard]] u64 slots_until(i64 clock) const {
    return static_cast<u64>((clock - next_d + grid.flit - 1) >> grid.flit_log2());
  }
  [[nodiscard]] const flit_run& run_of(const burst_cell& c) const {
    return runs[c.run % runs_kept];
  }
  /// True if a marker was passed.
  bool skip(u64 slots) {
    slot += slots;
    left -= slots;
    next_d += grid.flit * static_cast<i64>(slots);
    if (left != 0) return false;
    next_d += grid.marker;
    left = grid.interval;
    ++marker_count;
    return true;
  }
  /// The last thing passed was a marker of the leap.
  [[nodiscard]] bool behind_marker() const { return left == grid.interval && slot > take_off; }
  void forget_errors() {
    bad_slots_.fill(~0ULL);
    forget_errors(0);
  }
  /// Wrong bits from a clock on may be others.
  void forget_errors(i64 from) {
    if (error_at_ >= from) error_at_ = -1;
    clean_to_ = std::min(clean_to_, from);
  }
  /// Slots up to and with the last good one that was decided by `clock` and, where vc >= 0, speaks
  /// of the credits of vc; 0 if there is none.
  [[nodiscard]] u64 headers(i64 clock, int vc = -1) const {
    u64 slots = grid.at_or_after(clock + 1);
    while (slots > 0 && !speaks(slots - 1, vc)) --slots;
    return slots;
  }
  /// The first such slot that is decided at `clock` or later, as far as errors are known.
  [[nodiscard]] u64 first_header(i64 clock, int vc = -1) const {
    u64 s = grid.at_or_after(clock);
    while (!speaks(s, vc)) ++s;
    return s;
  }
  void note_bad_slot(u64 s) { bad_slots_[bad_count_++ % bad_slots_.size()] = s; }
  /// Bad ones among the slots from `s` on, as far back as they are known.
  [[nodiscard]] u64 bad_from(u64 s) const {
    u64 count = 0;
    for (const u64 bad : bad_slots_) count += bad != ~0ULL && bad >= s ? 1 : 0;
    return count;
  }
  /// First clock with a wrong bit in [from, until), or one >= until; `from` must not go backwards.
  [[nodiscard]] i64 first_error(i64 from, i64 until) {
    if (error_at_ >= from) return error_at_;
    if (clean_to_ >= until) return clean_to_;
    clean_to_ = channel.next_error_clock(from > clean_to_ ? from : clean_to_, until);
    if (clean_to_ < until) error_at_ = clean_to_;
    return clean_to_;
  }

 private:
  [[nodiscard]] bool speaks(u64 s, int vc) const {
    if (vc >= 0 && ((s + parity) & 1) != static_cast<u64>(vc)) return false;
    if (!noisy) return true;
    for (const u64 bad : bad_slots_)
      if (bad == s) return false;
    return true;
  }

  /// The last ones: more than a round trip has at an error rate with which a link can live.
  std::array<u64, 32> bad_slots_{};
  u64 bad_count_ = 0;
  i64 error_at_ = -1;
  i64 clean_to_ = 0;
};

}  // namespace lightrack::link
