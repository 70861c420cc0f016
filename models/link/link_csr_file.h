// SPDX-License-Identifier: Apache-2.0
// models/link/link_csr_file.h
// The registers of one endpoint as the bus sees them, for models that are not RTL. What is
// writable, cleared by writing 1 or pulsed comes from rtl/link.rdl alone.
//
// Time:   none of its own; the endpoint calls at the clock at which hardware would act. For an
// access with its setup
//         phase at n: read() shows the values of n + 1; write() acts at n + 1 and its effects are
//         seen at n + 2.
// Faults: an address without a register is answered with ok = false, like PSLVERR; nothing changes.
// Cost:   `config` is plain members and may be read in hot code; accesses are rare.
#pragma once

#include <array>

#include "models/link/types.h"
#include "rtl/link_csr.h"

namespace lightrack::link {

/// What hardware shows through read-only registers at the clock of a read.
struct live_values {
  int state = 7;  ///< pkg::state_e
  int cause = 0;  ///< pkg::cause_e
  int cause_state = 0;
  u32 locked = 0;  ///< bit per lane
  u32 good = 0;    ///< bit per lane
  u32 tx_lanes = 0;
  u32 rx_lanes = 0;
  int tx_shift = 0;
  int rx_shift = 0;
  i64 round_trip = 0;  ///< flit times
  u32 session = 0;
  u32 peer = 0;
  std::array<u32, max_lanes> ber{};  ///< register ber_estimate
};

/// What a write asks of the endpoint besides its new configuration, at the clock at which its
/// effects are seen.
struct write_effect {
  bool ok = false;             ///< a register answers at this address
  bool retrain = false;        ///< the retrain pulse, one clock
  bool inject_header = false;  ///< inject_flits was written: arm it
  bool inject_lane = false;    ///< inject_lane was written: arm it
  bool snapshot = false;  ///< call take_snapshot() with the counters as they stand at that clock
};

/// The registers that steer an endpoint, in the ranges that it works with.
struct link_config {
  bool enable = false;
  int window = 0;           ///< 0 to 511; 0 sends no DATA
  int rx_depth = 0;         ///< 0 to 511; 0 grants nothing
  int marker_interval = 0;  ///< 64 to 4096, the nearest of them to what was written
  i64 nak_timeout = 0;      ///< flit times as written; 0 is by formula
  i64 replay_timeout = 0;   ///< flit times as written; 0 is by formula
  int replay_limit = 0;
  int retrain_limit = 0;
  int train_limit = 0;
  int marker_interval_bad = 0;  ///< likewise
  u32 lanes_off = 0;
  i64 quiesce_after = 0;  ///< flit times; 0 is never
  i64 lane_wait_clocks = 0;
  u64 inject_mask = 0;  ///< of 48 header bits
  i64 detect_timeout_clocks = 0;
  i64 lock_timeout_clocks = 0;
  i64 map_timeout_clocks = 0;
  i64 deskew_timeout_clocks = 0;
  i64 init_timeout_clocks = 0;
  i64 lock_min_clocks = 0;
  friend bool operator==(const link_config&, const link_config&) = default;
};

class link_csr_file {
 public:
  /// All registers at their reset values, as after power-on.
  explicit link_csr_file(int lanes, int spares = 0, bool light_fec = false);

  /// `offset` in bytes; its two low bits are ignored, as the APB side of the RTL does.
  /// In one clock call write() before raise(): an event wins over a clear.
  write_effect write(u32 offset, u32 value, u8 strobe);
  /// `ok` is false, and the value 0, where nothing answers.
  [[nodiscard]] u32 read(u32 offset, const live_values& live, bool& ok) const;

  /// A register as it was written last.
  template <class Register>
  [[nodiscard]] Register written() const {
    return Register::from_word(word<Register>());
  }
  /// As of the last write; the reference stays good.
  [[nodiscard]] const link_config& config() const { return config_; }

  /// Sets the interrupt status of the events that are true.
  void raise(const csr::irq_status& events) { word<csr::irq_status>() |= events.to_word(); }
  /// Level of the interrupt line.
  [[nodiscard]] bool interrupt() const {
    return (word<csr::irq_status>() & word<csr::irq_enable>()) != 0;
  }

  /// Copies the counters to the shadow that is read, each at most 2^32 - 1.
  void take_snapshot(const endpoint_counters& counters);

 private:
  template <class Register>
  [[nodiscard]] u32& word() {
    return words_[Register::info.offset / 4];
  }
  template <class Register>
  [[nodiscard]] u32 word() const {
    return words_[Register::info.offset / 4];
  }
  void update_config();

  std::array<u32, csr::size / 4> words_{};  ///< storage and counter shadow, by address
  link_config config_;
};

/// One counter's place on the bus and in the model. Arrays come one element at a time.
struct counter_place {
  u32 offset = 0;
  u64 endpoint_counters::*scalar = nullptr;  ///< null where `array` is used
  std::array<u64, max_lanes> endpoint_counters::*array = nullptr;
  std::size_t index = 0;  ///< of `array`, or of fec_corrected where neither is set
  [[nodiscard]] u64& in(endpoint_counters& counters) const {
    if (scalar != nullptr) return counters.*scalar;
    return array != nullptr ? (counters.*array)[index] : counters.fec_corrected[index];
  }
  [[nodiscard]] u64 in(const endpoint_counters& counters) const {
    if (scalar != nullptr) return counters.*scalar;
    return array != nullptr ? (counters.*array)[index] : counters.fec_corrected[index];
  }
};
[[nodiscard]] std::span<const counter_place> counter_places();

}  // namespace lightrack::link
