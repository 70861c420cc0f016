// SPDX-License-Identifier: Apache-2.0
// tests/tb/small_link/small_adapter.h
// small_link.sv as the bench wants it: one channel, 8 beats of 256 bits a flit, no registers; two
// pulses become counters.
#pragma once

#include <Vsmall_link.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>

#include "models/base/error.h"
#include "tb/bridge/link_adapter.h"
#include "tests/tb/small_link/small_factory.h"

namespace lightrack::bridge {

template <small_fault Fault>
class small_adapter {
 public:
  static constexpr const char* name = "small_link";
  static constexpr int vcs = 1;

  static void check(const link::endpoint_wiring& wiring) {
    const link::channel_params& c = wiring.receive;
    const auto zero = [](int value) { return value == 0; };
    if (wiring.params.lanes != 4 || wiring.params.spares != 0 || wiring.params.light_fec ||
        c.offset_bits.empty() || !std::ranges::all_of(c.offset_bits, zero) ||
        !std::ranges::all_of(c.skew_words, zero))
      throw base::config_error(
          fmt::format("{}: small_link has 4 lanes without spares or FEC, on a channel with "
                      "offset_bits and skew_words 0",
                      wiring.name));
  }

  small_adapter(VerilatedContext& context, const link::endpoint_wiring& wiring)
      : model_{std::make_unique<Vsmall_link>(&context, wiring.name.c_str())} {
    Vsmall_link& m = *model_;
    m.fault_i = static_cast<CData>(Fault);
    m.rst_ni = 0;
    for (int edge = 0; edge < 4; ++edge) {
      m.clk_i = edge & 1;
      m.eval();
    }
    m.rst_ni = 1;
  }
  ~small_adapter() { model_->final(); }

  void word_in(const link::u32* word, link::u32 signal_ok) {
    std::memcpy(&model_->lane_rx_i[0], word, 64);
    model_->signal_ok_i = static_cast<CData>(signal_ok);
  }
  void control(bool enable, bool restart) {
    model_->enable_i = enable;
    model_->restart_i = restart;
  }

  void offer(int, const port_flit* flit) {
    model_->tx_valid_i = flit != nullptr;
    if (flit == nullptr) return;
    put(*flit, tx_beat_);
    model_->tx_user_i = static_cast<CData>(flit->slots | flit->poison << 4);
  }
  bool taken(int) {
    if (!model_->tx_valid_i || !model_->tx_ready_o) return false;
    tx_beat_ = (tx_beat_ + 1) % beats;
    return tx_beat_ == 0;
  }

  void ready(int, bool level) { model_->rx_ready_i = level; }
  const port_flit* delivered(int) {
    if (!model_->rx_valid_o || !model_->rx_ready_i) return nullptr;
    std::memcpy(received_.payload.data() + beat_bytes * rx_beat_, &model_->rx_data_o[0],
                bytes_of(rx_beat_));
    rx_beat_ = (rx_beat_ + 1) % beats;
    if (rx_beat_ != 0) return nullptr;
    received_.slots = model_->rx_user_o & 0xF;
    received_.poison = (model_->rx_user_o >> 4 & 1) != 0;
    return &received_;
  }

  void low() {
    model_->clk_i = 0;
    model_->eval();
    counters_.received_bad += model_->bad_flit_o;
    counters_.replays += model_->replay_o;
  }
  void high() {
    model_->clk_i = 1;
    model_->eval();
  }

  const link::u32* word_out() { return &model_->lane_tx_o[0]; }
  [[nodiscard]] bool light() const { return model_->light_o; }
  [[nodiscard]] link::pkg::state_e state() const {
    using link::pkg::state_e;
    constexpr std::array states{state_e::reset, state_e::lock, state_e::init, state_e::active};
    return states[model_->state_o];
  }
  [[nodiscard]] link::endpoint_counters counters() const { return counters_; }

 private:
  static constexpr std::size_t beats = 8;
  static constexpr std::size_t beat_bytes = 32;
  /// Of a flit's 240 bytes; the last beat is half full.
  static constexpr std::size_t bytes_of(std::size_t beat) {
    return std::min(beat_bytes, link::payload_size - beat_bytes * beat);
  }
  void put(const port_flit& flit, std::size_t beat) {
    std::array<link::u8, beat_bytes> bytes{};
    std::memcpy(bytes.data(), flit.payload.data() + beat_bytes * beat, bytes_of(beat));
    std::memcpy(&model_->tx_data_i[0], bytes.data(), beat_bytes);
  }

  std::unique_ptr<Vsmall_link> model_;
  std::size_t tx_beat_ = 0;
  std::size_t rx_beat_ = 0;
  port_flit received_;
  link::endpoint_counters counters_;
};

}  // namespace lightrack::bridge
