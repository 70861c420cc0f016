// SPDX-License-Identifier: Apache-2.0
// tb/bridge/model_clock.h
// A clock of a Verilated lr_endpoint, evaluated in two parts that each run once: what hangs on the
// ports, and the registers with what hangs on them. Model::eval() with the clock low and high runs
// the first part twice (docs/decisions/0006-one-evaluation-a-clock.md).
//
// Time:   ports set, settle(), outputs read, edge(). clk_i stays low; the edge is told to the
//         model by its trigger bits.
// Cost:   settle() is left out while no port has changed that an output hangs on.
// Not modelled: clk_i in waveforms; a build with them goes the long way (whole_clock).
#pragma once

#include <array>
#include <cstdint>

namespace lightrack::bridge {

/// Inputs, Triggers and Registers are the model's eval_ico, eval_triggers_vec__act and eval_nba.
template <class Root, auto Inputs, auto Triggers, auto Registers>
class model_clock {
 public:
  /// Out of reset, clk_i as it may be.
  void begin(Root& m) {
    m.clk_i = 0;
    m.__VicoTriggered[0] = 1;
    restored();
  }
  /// The model has other values than it had: nothing is settled.
  void restored() { settled_ = ~std::uint64_t{0}; }

  /// rx_word_i is looked at by registers and the search for markers only, tx_beat_i by registers.
  void settle(Root& m) {
    const std::uint64_t ports =
        static_cast<std::uint64_t>(m.signal_ok_i) | std::uint64_t{m.tx_slots_i} << 24 |
        std::uint64_t{m.tx_valid_i} << 32 | std::uint64_t{m.tx_poison_i} << 34 |
        std::uint64_t{m.rx_ready_i} << 36;
    const bool whole = m.psel_i != 0 || m.lr_endpoint__DOT__u_rx__DOT__search != 0;
    if (ports == settled_ && !whole) return;
    settled_ = whole ? ~std::uint64_t{0} : ports;
    Inputs(&m);
  }

  void edge(Root& m) {
    std::uint64_t& triggers =
        triggers_[m.lr_endpoint__DOT__u_csr__DOT__u_clock_gate__DOT__open_q & 1U];
    if (triggers == 0) [[unlikely]]
      triggers = rising(m);
    m.__VnbaTriggered[0] = triggers;
    Registers(&m);
    m.__VnbaTriggered[0] = 0;
  }

 private:
  /// What the model itself calls triggered by a rising clock; its registers stay as they are.
  static std::uint64_t rising(Root& m) {
    Triggers(&m);
    m.clk_i = 1;
    Inputs(&m);
    Triggers(&m);
    const std::uint64_t triggered = m.__VactTriggered[0];
    m.clk_i = 0;
    Inputs(&m);
    Triggers(&m);
    m.__VactTriggered[0] = 0;
    return triggered;
  }

  std::uint64_t settled_ = 0;
  std::array<std::uint64_t, 2> triggers_{};  ///< with the register block's clock shut, open
};

/// The same of the model's eval with the clock low, then high.
template <class Root, auto Evaluate>
class whole_clock {
 public:
  void begin(Root&) {}
  void restored() {}
  void settle(Root& m) {
    m.clk_i = 0;
    Evaluate(&m);
  }
  void edge(Root& m) {
    m.clk_i = 1;
    Evaluate(&m);
  }
};

}  // namespace lightrack::bridge
