// SPDX-License-Identifier: Apache-2.0
// tb/bridge/foreign_endpoint.h
// link::endpoint over link RTL of any making, by an adapter that knows its ports (link_adapter.h).
//
// Time:   a clock is as in verilated_endpoint: inputs, evaluation with the clock low, outputs,
//         evaluation with it high. Accept and deliver are recorded in the clock in which a flit is
//         complete at its port.
// Faults: delivered bytes that differ from the far source's are counted by the sink as corrupt. A
//         failed assertion of the RTL, or a flit for a channel that the RTL has not, is a
//         base::model_error.
// Cost:   a copy of each word and flit more than verilated_endpoint; no allocation in a clock.
// Not modelled: slots, so the far end must be RTL of the same making; registers but `control`;
//         records other than accept, deliver and state; checkpoints; waveforms.
//   link::endpoint_factory make = bridge::foreign_factory<my_adapter>();
#pragma once

#include <fmt/format.h>
#include <verilated.h>

#include <array>
#include <cstring>
#include <memory>
#include <string>

#include "models/link/trace_events.h"
#include "tb/bridge/foreign_control.h"
#include "tb/bridge/link_adapter.h"
#include "tb/bridge/payload_port.h"

namespace lightrack::bridge {

template <link_adapter Adapter>
class foreign_endpoint final : public link::endpoint {
  static_assert(Adapter::vcs >= 1 && Adapter::vcs <= link::vc_count);

 public:
  explicit foreign_endpoint(const link::endpoint_wiring& wiring)
      : name_{wiring.name},
        source_{wiring.source},
        channel_{wiring.receive},
        receiver_{channel_},
        transmit_{transmit_port{wiring.source, 0}, transmit_port{wiring.source, 1}},
        flits_in_{link::flit_store{channel_.flight()}, link::flit_store{channel_.flight()}},
        deliver_{receive_port{wiring.sink, wiring.far_source, 0},
                 receive_port{wiring.sink, wiring.far_source, 1}},
        context_{std::make_unique<VerilatedContext>()} {
    Verilated::threadContextp(context_.get());  // the runtime asks for it in many places
    context_->threads(1);
    context_->fatalOnError(false);
    context_->assertOn(true);
    rtl_ = std::make_unique<Adapter>(*context_, wiring);
  }
  ~foreign_endpoint() override { Verilated::threadContextp(context_.get()); }

  void advance(link::i64 until) override {
    if (far_.words == nullptr)
      throw base::config_error(fmt::format("{}: {} speaks lane words: its far end must be RTL too",
                                           name_, Adapter::name));
    Verilated::threadContextp(context_.get());
    control_.begin_batch();
    for (; now_ < until; ++now_) clock();
    for (int vc = Adapter::vcs; vc < link::vc_count; ++vc)
      if (source_ != nullptr && source_->next_ready(vc) < now_)
        throw base::model_error(
            fmt::format("{}: a flit waits for VC{}, which {} has not", name_, vc, Adapter::name));
    if (context_->gotError())
      throw base::model_error(
          fmt::format("{}: an assertion of the RTL failed before clock {}", name_, now_));
  }
  [[nodiscard]] link::i64 now() const override { return now_; }

  [[nodiscard]] std::span<const link::wire_slot> sent() const override { return {}; }
  void receive(std::span<const link::wire_slot>) override {
    for (receive_port& port : deliver_) port.see_far();
  }
  void set_lane_quality(std::span<const link::lane_quality> changes) override {
    for (const link::lane_quality& q : changes) channel_.set_quality(q);
    receiver_.look_again();
  }
  [[nodiscard]] link::word_input words_in() override {
    return {.words = &receiver_.fiber(), .flits = flits_in_.data()};
  }
  void send_words(const link::word_input& far) override {
    far_ = far;
    const bool words = far.words != nullptr;
    for (std::size_t vc = 0; vc < link::vc_count; ++vc) {
      transmit_[vc].fill_into(words ? &far.flits[vc] : nullptr);
      deliver_[vc].compare_with(words ? &flits_in_[vc] : nullptr);
    }
  }

  void access_csr(const link::csr_access& access) override { control_.push(access, now_); }
  [[nodiscard]] std::span<const link::csr_reply> csr_replies() const override {
    return control_.replies();
  }
  [[nodiscard]] bool interrupt() const override { return false; }

  [[nodiscard]] link::endpoint_counters counters() const override {
    if constexpr (has_counters<Adapter>) return rtl_->counters();
    return {};
  }
  [[nodiscard]] link::endpoint_status status() const override {
    return {.state = static_cast<int>(state_), .active_since = active_since_};
  }
  [[nodiscard]] base::trace_buffer& trace() override { return trace_; }
  [[nodiscard]] const base::trace_buffer& trace() const override { return trace_; }

 private:
  void clock() {
    const u32 signal = receiver_.receive(word_.data());
    rtl_->word_in(word_.data(), signal);
    control_.step(now_);
    rtl_->control(control_.enable(), control_.restart());
    for (int vc = 0; vc < Adapter::vcs; ++vc) {
      rtl_->offer(vc, offered(vc));
      rtl_->ready(vc, deliver_[static_cast<std::size_t>(vc)].ready(now_));
    }
    rtl_->low();
    far_.words->put(now_, rtl_->word_out(), rtl_->light());
    if constexpr (has_slips<Adapter>) receiver_.slip(rtl_->slips());
    for (int vc = 0; vc < Adapter::vcs; ++vc)
      if (rtl_->taken(vc))
        add(link::trace_event::accept, vc, transmit_[static_cast<std::size_t>(vc)].handshake(now_));
    for (int vc = 0; vc < Adapter::vcs; ++vc)
      if (const port_flit* flit = rtl_->delivered(vc))
        add(link::trace_event::deliver, vc, deliver(vc, *flit));
    follow_state(rtl_->state());
    rtl_->high();
  }

  const port_flit* offered(int vc) {
    transmit_port& port = transmit_[static_cast<std::size_t>(vc)];
    port_flit& flit = offered_[static_cast<std::size_t>(vc)];
    const bool stood = port.valid();
    port.load(now_);
    if (!port.valid()) return nullptr;
    if (!stood)
      flit = {.payload = link::payload_of(port.image().bytes),
              .slots = port.slots(),
              .poison = port.poison()};
    return &flit;
  }

  /// The digest of what was delivered: that of the flit sent, or of the bytes themselves if they
  /// differ.
  u64 deliver(int vc, const port_flit& flit) {
    receive_port& port = deliver_[static_cast<std::size_t>(vc)];
    link::flit_store::image image;
    std::memcpy(image.bytes.data() + 6, flit.payload.data(), 120);
    std::memcpy(image.bytes.data() + 128, flit.payload.data() + 120, 120);
    const u64 digest = port.handshake(now_, beat_of(image, 0), flit.slots, flit.poison);
    u64 wrong = 0;
    for (int beat = 1; port.follows(); ++beat) wrong = port.follow(beat_of(image, beat));
    return wrong != 0 ? wrong : digest;
  }

  void follow_state(link::pkg::state_e state) {
    if (state == state_) [[likely]]
      return;
    state_ = state;
    if (active_since_ < 0 && state == link::pkg::state_e::active) active_since_ = now_;
    add(link::trace_event::state, static_cast<int>(state), 0);
  }
  void add(link::trace_event event, int arg8, u64 arg64) {
    trace_.add({.clock = now_,
                .arg64 = arg64,
                .arg8 = static_cast<u8>(arg8),
                .event = static_cast<u8>(event)});
  }

  std::string name_;
  const link::flit_source* source_;
  link::receive_channel channel_;
  link::word_receiver receiver_;
  link::word_input far_;
  std::array<transmit_port, link::vc_count> transmit_;
  std::array<port_flit, link::vc_count> offered_;
  std::array<link::flit_store, link::vc_count> flits_in_;  ///< filled by the far end
  std::array<receive_port, link::vc_count> deliver_;
  foreign_control control_;
  std::unique_ptr<VerilatedContext> context_;
  std::unique_ptr<Adapter> rtl_;
  base::trace_buffer trace_;
  link::lane_word word_{};
  link::i64 now_ = 0;
  link::i64 active_since_ = -1;
  link::pkg::state_e state_ = link::pkg::state_e::reset;
};

template <link_adapter Adapter>
[[nodiscard]] link::endpoint_factory foreign_factory() {
  return [](const link::endpoint_wiring& wiring) -> std::unique_ptr<link::endpoint> {
    Adapter::check(wiring);
    return std::make_unique<foreign_endpoint<Adapter>>(wiring);
  };
}

}  // namespace lightrack::bridge
