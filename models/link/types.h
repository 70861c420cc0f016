// SPDX-License-Identifier: Apache-2.0
// models/link/types.h
// What travels on a fiber and what an endpoint is told: plain values that every fidelity shares.
#pragma once

#include <array>
#include <cstdint>
#include <limits>

namespace lightrack::link {

using i64 = std::int64_t;
using u8 = std::uint8_t;
using u16 = std::uint16_t;
using u32 = std::uint32_t;
using u64 = std::uint64_t;

/// A clock that never comes.
inline constexpr i64 never = std::numeric_limits<i64>::max() / 4;
inline constexpr int vc_count = 2;

/// Most physical lanes of a direction: 16 and two spares.
inline constexpr int max_lanes = 18;

/// The bits of all physical lanes of one clock: lane l at bits [l * lane_bits +: lane_bits], 32
/// bits an element. The widest (4 lanes and 2 spares of 128 bits) fills it; `lane_word_size` says
/// how many elements a link uses.
using lane_word = std::array<u32, 24>;
/// The bits of one clock at full width, without spares.
using beat_word = std::array<u32, 16>;
[[nodiscard]] constexpr int lane_word_size(int lanes, int spares) {
  return 16 / lanes * (lanes + spares);
}

/// What one clock of a transmitter puts on the fiber.
struct sent_word {
  lane_word word{};
  bool light = false;
};

/// Names the payload of one flit: its stream is (direction, vc), `index` counts its flits from 0.
/// The bytes are made only when asked for (`flit_source::fill`).
struct payload_ref {
  u8 vc = 0;
  u64 index = 0;
  friend bool operator==(const payload_ref&, const payload_ref&) = default;
};

/// The payload of a CTRL flit (docs/link-layer.md, section 2); those of QUIESCE use `crd0` and
/// `crd1` alone.
struct init_fields {
  u8 ctrl = 1;  ///< pkg::ctrl_e
  u8 version = 1;
  u8 seen = 0;
  u32 session = 0;
  u32 peer = 0;
  u16 crd0 = 0;
  u16 crd1 = 0;
  u16 marker_interval = 0;
  u16 ack = 0;
  u64 stamp = 0;
  u64 echo = 0;
  u32 held = 0;
  friend bool operator==(const init_fields&, const init_fields&) = default;
};

enum class slot_kind : u8 {
  marker,
  flit,
  altered,  ///< a flit whose header was hit by injection
  quiet,    ///< QUIESCE: zero words from `clock` until the next slot; may cut the slot before
  dark,     ///< the light goes out at `clock` and stays out until the next slot
  injection,  ///< no slot: `words` lit words from `clock` on have a bit of one lane inverted;
              ///< `clock` may lie before that of the slot ahead of it
};

/// One slot on one direction of a fiber, in transmit order. Bits are made only where RTL is at the
/// other end or an error must be judged.
struct wire_slot {
  i64 clock = 0;  ///< transmit clock of the first lane word (the decision D + TxLat); `dark`: first
                  ///< dark clock
  slot_kind kind = slot_kind::flit;
  u8 flags = 0;      ///< marker: flags byte
  u8 good_byte = 0;  ///< marker: bitmap byte
  u8 shift = 0;      ///< flit: lasts 4 << shift clocks
  u16 count = 0;     ///< marker: marker count
  u32 lanes = 0;   ///< marker: physical lanes that carry a logical one, the lowest logical lane 0;
                   ///< a flit lies on those of the marker before it
  u64 header = 0;  ///< flit: 48 header bits as in lr_link_pkg::header_t
  payload_ref payload{};  ///< DATA
  init_fields init{};     ///< CTRL
  u64 header_mask = 0;    ///< altered: the bits of `header` that were turned
  /// An injection reuses fields that it does not have.
  [[nodiscard]] int injected_lane() const { return flags; }
  [[nodiscard]] int injected_bit() const { return good_byte; }
  [[nodiscard]] int injected_words() const { return count; }
};

/// The numbers an endpoint is configured with; those with a CSR are written there. Times in clocks
/// or flit times.
struct endpoint_params {
  int lanes = 16;                 ///< 4, 8, 16
  int spares = 0;                 ///< 0, 1, 2
  bool light_fec = false;         ///< both ends alike
  int replay_depth = 256;         ///< 1..511; with `window` it makes the CSR window = min of both
  int rx_depth = 256;             ///< 1..511
  int window = 511;               ///< 1..511
  int marker_interval = 4096;     ///< 64..4096 flits
  int marker_interval_bad = 256;  ///< likewise, where a lane is bad
  u32 lanes_off = 0;              ///< receive lanes not to be used, bit per physical lane
  i64 lane_wait_clocks = 16384;
  i64 quiesce_after = 0;  ///< flit times, 0 = never
  int replay_limit = 8;
  int retrain_limit = 4;
  int train_limit = 4;
  i64 nak_timeout = 0;     ///< flit times, 0 = by formula
  i64 replay_timeout = 0;  ///< flit times, 0 = by formula
  i64 lock_min_clocks = 16384;
  i64 detect_timeout_clocks = 1562500;
  i64 lock_timeout_clocks = 312500;
  i64 map_timeout_clocks = 78125;
  i64 deskew_timeout_clocks = 78125;
  i64 init_timeout_clocks = 78125;
  i64 enable_clock = 256;  ///< APB setup phase of the write that sets `enable`
};

/// The counters of an endpoint, in the names and order of rtl/link.rdl.
struct endpoint_counters {
  u64 sent_nop = 0;
  u64 sent_data = 0;    ///< first-time DATA
  u64 sent_replay = 0;  ///< repeated DATA
  u64 sent_ctrl = 0;
  u64 received_good = 0;  ///< verdicts other than bad and protocol, in INIT and ACTIVE
  u64 received_bad = 0;
  u64 received_protocol = 0;
  u64 accepted = 0;
  u64 duplicates = 0;
  u64 ahead = 0;
  u64 replays = 0;
  u64 naks = 0;
  u64 replay_timeouts = 0;  ///< replays started by the timer
  u64 nak_timeouts = 0;     ///< requests repeated by the timer
  u64 retrains = 0;
  u64 train_timeouts = 0;
  u64 credit_stalls = 0;
  u64 window_stalls = 0;
  u64 ack_invalid = 0;
  u64 crd_invalid = 0;
  u64 rx_overflow = 0;
  u64 lost_tx = 0;
  u64 lost_rx = 0;
  u64 quiesces = 0;
  u64 wakes = 0;                       ///< first wake markers sent
  std::array<u64, 3> fec_corrected{};  ///< by group
  std::array<u64, max_lanes> bip_errors{};
  std::array<u64, max_lanes> markers_missed{};
  friend bool operator==(const endpoint_counters&, const endpoint_counters&) = default;
};

/// What a user sees of an endpoint's state.
struct endpoint_status {
  int state = 7;       ///< pkg::state_e
  int cause = 0;       ///< pkg::cause_e of the last change
  i64 round_trip = 0;  ///< flit times, 0 = not measured
  u32 session = 0;
  u32 peer = 0;
  u32 locked = 0;    ///< bit per physical lane
  u32 good = 0;      ///< likewise
  u32 tx_lanes = 0;  ///< physical lanes that carry a logical one
  u32 rx_lanes = 0;
  int tx_shift = 0;  ///< 0 full, 1 half, 2 quarter width
  int rx_shift = 0;
  i64 active_since = -1;  ///< first clock of the first ACTIVE, -1 before
  friend bool operator==(const endpoint_status&, const endpoint_status&) = default;
};

}  // namespace lightrack::link
