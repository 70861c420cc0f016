// SPDX-License-Identifier: Apache-2.0
// tb/bridge/verilated_endpoint.h
// The body of an RTL end, one class over every Verilated build of lr_endpoint.
//
// Time:   a clock is: inputs set, evaluation with the clock low (outputs of this clock settle),
//         ports read, evaluation with the clock high (registers take the next clock's values).
// Cost:   the loop touches plain arrays; words, replies and slots reuse their memory from batch to
//         batch.
#pragma once

#include <verilated.h>

#include <cstring>
#include <memory>
#include <vector>

#include "models/link/packer.h"
#include "tb/bridge/csr_port.h"
#include "tb/bridge/live_registers.h"
#include "tb/bridge/payload_port.h"
#include "tb/bridge/rtl_coverage.h"
#include "tb/bridge/rtl_endpoint.h"
#include "tb/bridge/slot_port.h"
#include "tb/bridge/trace_writer.h"
#include "tb/bridge/waveform.h"

namespace lightrack::bridge {

/// Waveform is `no_waveform` or `fst_waveform<Model>`; only the second knows that models can be
/// traced.
template <class Model, class Waveform, int Lanes>
class verilated_endpoint final : public link::endpoint {
 public:
  verilated_endpoint(const link::endpoint_wiring& wiring, const rtl_options& options)
      : name_{wiring.name},
        channel_{wiring.receive},
        receiver_{channel_},
        slots_{Lanes, wiring.far_source},
        transmit_{transmit_port{wiring.source, 0}, transmit_port{wiring.source, 1}},
        deliver_{receive_port{wiring.sink, wiring.far_source, 0},
                 receive_port{wiring.sink, wiring.far_source, 1}},
        context_{std::make_unique<VerilatedContext>()} {
    Verilated::threadContextp(context_.get());  // the runtime asks for it in many places
    context_->threads(1);
    context_->fatalOnError(false);
    context_->assertOn(true);
    if (options.power_on_seed != 0) {
      context_->randReset(2);
      context_->randSeed(options.power_on_seed);
    }
    Waveform::prepare(*context_, options);
    model_ = std::make_unique<Model>(context_.get(), wiring.name.c_str());
    waveform_ = std::make_unique<Waveform>(*model_, wiring, options);
    power_on();
  }
  ~verilated_endpoint() override {
    Verilated::threadContextp(context_.get());
    model_->final();
    write_rtl_coverage(*context_);
  }

  void advance(link::i64 until) override {
    Verilated::threadContextp(context_.get());
    sent_count_ = 0;
    if (const auto clocks = static_cast<std::size_t>(until - now_); clocks > sent_words_.size())
      sent_words_.resize(clocks);
    interrupts_.clear();
    csr_.begin_batch();
    if (!words_) slots_.begin_batch();
    while (now_ < until) {
      clock();
      ++now_;
    }
    if (!words_) slots_.end_batch();
    if (context_->gotError()) {
      throw base::model_error(
          fmt::format("{}: an assertion of the RTL failed before clock {}", name_, now_));
    }
  }
  [[nodiscard]] link::i64 now() const override { return now_; }

  [[nodiscard]] std::span<const link::wire_slot> sent() const override {
    return words_ ? std::span<const link::wire_slot>{} : slots_.sent();
  }
  void receive(std::span<const link::wire_slot> slots) override {
    slots_.received(slots);
    for (receive_port& port : deliver_) port.see_far();
  }
  [[nodiscard]] bool can_exchange_words() const override { return true; }
  void exchange_words(bool on) override { words_ = on; }
  [[nodiscard]] std::span<const link::sent_word> sent_words() const override {
    return {sent_words_.data(), sent_count_};
  }
  void receive_words(std::span<const link::sent_word> words) override {
    for (const link::sent_word& word : words) receiver_.push(word);
    for (receive_port& port : deliver_) port.see_far();
  }

  void access_csr(const link::csr_access& access) override { csr_.push(access, now_); }
  [[nodiscard]] std::span<const link::csr_reply> csr_replies() const override {
    return csr_.replies();
  }
  [[nodiscard]] bool interrupt() const override { return interrupt_; }
  [[nodiscard]] std::span<const link::interrupt_change> interrupt_changes() const override {
    return interrupts_;
  }
  [[nodiscard]] link::endpoint_counters counters() const override { return live_counters(*model_); }
  [[nodiscard]] link::endpoint_status status() const override {
    link::endpoint_status s = live_status(*model_);
    s.active_since = active_since_;
    return s;
  }
  [[nodiscard]] base::trace_buffer& trace() override { return trace_.buffer(); }
  [[nodiscard]] const base::trace_buffer& trace() const override { return trace_.buffer(); }

 private:
  void power_on() {
    Model& m = *model_;
    m.rst_ni = 0;
    for (int edge = 0; edge < 4; ++edge) {
      m.clk_i = edge & 1;
      m.eval();
    }
    m.rst_ni = 1;
  }

  void clock() {
    Model& m = *model_;
    receive_word(m);
    csr_.drive(m, now_);
    load_transmit(m);
    m.rx_ready_i = static_cast<CData>(deliver_[0].ready(now_) | deliver_[1].ready(now_) << 1);
    m.clk_i = 0;
    m.eval();
    waveform_->low(now_);

    if (m.slip_o != 0) receiver_.slip(m.slip_o);
    send_word(m);
    csr_.sample(m, now_);
    if (interrupt_ != (m.irq_o != 0)) [[unlikely]] {
      interrupt_ = m.irq_o != 0;
      interrupts_.push_back({.clock = now_, .level = interrupt_});
    }
    trace_clock(m, move_payload(m));

    m.clk_i = 1;
    m.eval();
    waveform_->high(now_);
    csr_.release(m);
  }

  void receive_word(Model& m) {
    if (!words_) {
      link::sent_word sent;
      while (receiver_.pushed() <= now_ - channel_.flight()) {
        sent.light = slots_.next_word(sent.word);
        receiver_.push(sent);
      }
    }
    const link::u32 signal = receiver_.receive(word_);
    std::memcpy(&m.rx_word_i[0], word_.data(), sizeof m.rx_word_i);
    m.signal_ok_i = static_cast<std::remove_reference_t<decltype(m.signal_ok_i)>>(signal);
  }

  void send_word(Model& m) {
    const bool light = m.tx_light_o != 0;
    if (words_) {
      link::sent_word& sent = sent_words_[sent_count_++];
      std::memcpy(sent.word.data(), &m.tx_word_o[0], sizeof m.tx_word_o);
      sent.light = light;
    } else {
      link::lane_word word{};
      std::memcpy(word.data(), &m.tx_word_o[0], sizeof m.tx_word_o);
      slots_.sent_word(word, light);
    }
  }

  void load_transmit(Model& m) {
    for (unsigned vc = 0; vc < link::vc_count; ++vc) {
      transmit_port& port = transmit_[vc];
      if (port.load(now_)) std::memcpy(&m.tx_beat_i[vc * 16], port.beat(), beat_size);
    }
    m.tx_valid_i = static_cast<CData>(transmit_[0].valid() | transmit_[1].valid() << 1);
    m.tx_slots_i = static_cast<CData>(transmit_[0].slots() | transmit_[1].slots() << 4);
    m.tx_poison_i = static_cast<CData>(transmit_[0].poison() | transmit_[1].poison() << 1);
  }

  [[nodiscard]] moved_payload move_payload(Model& m) {
    moved_payload moved;
    const unsigned accepted = m.tx_valid_i & m.tx_ready_o;
    const unsigned delivered = m.rx_valid_o & m.rx_ready_i;
    for (unsigned vc = 0; vc < link::vc_count; ++vc) {
      const auto* beat = reinterpret_cast<const u8*>(&m.rx_beat_o[vc * 16]);
      moved.wrong[vc] = deliver_[vc].follow(beat);
      if ((accepted >> vc & 1) != 0) moved.accepted = transmit_[vc].handshake(now_);
      if ((delivered >> vc & 1) != 0) {
        moved.delivered[vc] =
            deliver_[vc].handshake(now_, beat, static_cast<u8>(m.rx_slots_o >> (4 * vc) & 0xF),
                                   (m.rx_poison_o >> vc & 1) != 0);
      }
    }
    handshakes_ = accepted | delivered << 2;
    return moved;
  }

  void trace_clock(const Model& m, const moved_payload& moved) {
    const trace_port port{&m.trace_o[0]};
    if (port.silent() && (handshakes_ | moved.wrong[0] | moved.wrong[1]) == 0) return;
    using port_t = link::pkg::trace;
    const u64 accept = port.template get<&port_t::accept>();
    const u64 deliver = port.template get<&port_t::deliver>();
    if (accept != ((handshakes_ & 3) != 0) || deliver != handshakes_ >> 2) [[unlikely]] {
      throw base::model_error(
          fmt::format("{}: clock {}: trace says accept {} deliver {}, the ports say {} and {}",
                      name_, now_, accept, deliver, handshakes_ & 3, handshakes_ >> 2));
    }
    if (active_since_ < 0 && port.template get<&port_t::state_valid>() != 0 &&
        port.template get<&port_t::state>() == static_cast<u64>(link::pkg::state_e::active)) {
      active_since_ = now_;
    }
    trace_.write(now_, port, moved);
  }

  std::string name_;
  link::receive_channel channel_;
  link::word_receiver receiver_;
  slot_port slots_;
  std::array<transmit_port, link::vc_count> transmit_;
  std::array<receive_port, link::vc_count> deliver_;
  csr_port csr_;
  std::unique_ptr<VerilatedContext> context_;
  std::unique_ptr<Model> model_;
  std::unique_ptr<Waveform> waveform_;
  trace_writer trace_;
  std::vector<link::sent_word> sent_words_;  ///< of the longest batch; the first sent_count_ count
  std::size_t sent_count_ = 0;
  std::vector<link::interrupt_change> interrupts_;
  link::lane_word word_{};
  link::i64 now_ = 0;
  link::i64 active_since_ = -1;
  unsigned handshakes_ = 0;
  bool words_ = false;
  bool interrupt_ = false;
};

}  // namespace lightrack::bridge
