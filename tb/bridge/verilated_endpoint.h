// SPDX-License-Identifier: Apache-2.0
// tb/bridge/verilated_endpoint.h
// The body of an RTL end, one class over every Verilated build of lr_endpoint.
//
// Time:   a clock is: inputs set, outputs of this clock settled, ports read, registers take the
//         next clock's values.
// Cost:   the model is evaluated in parts, without what Model::eval() puts around them
//         (model_clock.h); power_on() goes the long way, for that initializes.
//         The loop touches plain arrays; words, replies and slots reuse their memory from batch to
//         batch. In QUIESCE no clock is evaluated once the model was seen to come back to the same
//         state (model_rest.h) and while neither words, registers nor flits reach it.
#pragma once

#include <verilated.h>

#include <cstring>
#include <memory>
#include <vector>

#include "models/link/packer.h"
#include "tb/bridge/csr_port.h"
#include "tb/bridge/live_registers.h"
#include "tb/bridge/model_clock.h"
#include "tb/bridge/model_rest.h"
#include "tb/bridge/model_state.h"
#include "tb/bridge/payload_port.h"
#include "tb/bridge/rtl_coverage.h"
#include "tb/bridge/rtl_endpoint.h"
#include "tb/bridge/slot_port.h"
#include "tb/bridge/trace_writer.h"
#include "tb/bridge/waveform.h"

namespace lightrack::bridge {

/// Waveform is `no_waveform` or `fst_waveform<Model>`; only the second knows that models can be
/// traced.
/// Evaluation is `model_clock` or, with waveforms, `whole_clock`; Inside knows the model's values
/// (endpoint.cpp.in).
template <class Model, class Evaluation, class Inside, class Waveform, int Lanes>
class verilated_endpoint final : public link::endpoint {
 public:
  verilated_endpoint(const link::endpoint_wiring& wiring, const rtl_options& options)
      : name_{wiring.name},
        channel_{wiring.receive},
        receiver_{channel_},
        slots_{wiring.params, wiring.far_source},
        transmit_{transmit_port{wiring.source, 0}, transmit_port{wiring.source, 1}},
        flits_in_{link::flit_store{channel_.flight()}, link::flit_store{channel_.flight()}},
        deliver_{receive_port{wiring.sink, wiring.far_source, 0},
                 receive_port{wiring.sink, wiring.far_source, 1}},
        context_{std::make_unique<VerilatedContext>()},
        may_rest_{options.skip_quiet && !Waveform::records} {
    Verilated::threadContextp(context_.get());  // the runtime asks for it in many places
    context_->threads(1);
    context_->fatalOnError(false);
    context_->assertOn(options.assertions);
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
    interrupts_.clear();
    csr_.begin_batch();
    if (far_.words != nullptr) {
      run<true>(until);
    } else {
      slots_.begin_batch();
      run<false>(until);
      slots_.end_batch();
    }
    if (context_->gotError()) {
      throw base::model_error(
          fmt::format("{}: an assertion of the RTL failed before clock {}", name_, now_));
    }
  }
  [[nodiscard]] link::i64 now() const override { return now_; }
  [[nodiscard]] link::i64 idle_until() const override {
    if (!rest_.resting() || !receiver_.far_rests()) return now_;
    link::i64 until = std::min(
        {disturbed_at_, csr_.next(), transmit_[0].empty_until(), transmit_[1].empty_until()});
    if (far_.words == nullptr && slots_.far_rests_until() < link::never)
      until = std::min(until, slots_.far_rests_until() + channel_.flight());
    return std::max(until, now_);
  }
  void skip(link::i64 until) override {
    interrupts_.clear();
    csr_.begin_batch();
    slots_.begin_batch();
    pass(until);
  }

  [[nodiscard]] std::span<const link::wire_slot> sent() const override {
    return far_.words != nullptr ? std::span<const link::wire_slot>{} : slots_.sent();
  }
  void receive(std::span<const link::wire_slot> slots) override {
    if (!slots.empty()) {
      slots_.received(slots);
      for (const link::wire_slot& s : slots)
        if (s.kind >= link::slot_kind::quiet || !far_lit_) [[unlikely]]
          receive_special(s);
    }
    for (receive_port& port : deliver_) port.see_far();
  }
  void set_lane_quality(std::span<const link::lane_quality> changes) override {
    if (changes.empty()) return;
    for (const link::lane_quality& q : changes) channel_.set_quality(q);
    receiver_.look_again();
    disturbed_at_ = receiver_.disturbed_at();
  }
  [[nodiscard]] link::word_input words_in() override {
    return {.words = &receiver_.fiber(), .flits = flits_in_.data()};
  }
  void send_words(const link::word_input& far) override {
    far_ = far;
    const bool words = far.words != nullptr;  // then the far end writes its words here too
    for (std::size_t vc = 0; vc < link::vc_count; ++vc) {
      transmit_[vc].fill_into(words ? &far.flits[vc] : nullptr);
      deliver_[vc].compare_with(words ? &flits_in_[vc] : nullptr);
    }
  }

  void transfer(base::checkpoint& c) override {
    Verilated::threadContextp(context_.get());
    wake();
    c.part(name_ + ", rtl");
    if (transfer_model(c, Inside::values(*model_->rootp))) {
      evaluation_.begin(*model_->rootp);  // the file may come from a build that evaluates otherwise
      Inside::settle(model_->rootp);
    }
    evaluation_.restored();
    channel_.transfer(c);
    slots_.transfer(c);
    c.values(now_, active_since_, handshakes_, interrupt_, moved_, far_lit_);
    receiver_.transfer(c);
    for (link::flit_store& flits : flits_in_) flits.transfer(c);
    for (transmit_port& port : transmit_) port.transfer(c);
    for (receive_port& port : deliver_) port.transfer(c);
    csr_.transfer(c);
    trace_.transfer(c);
    still_for_ = 0;
    disturbed_at_ = 0;
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
  /// Where the ports live: the model's own are references to them.
  using root = std::remove_pointer_t<decltype(Model::rootp)>;

  void power_on() {
    Model& m = *model_;
    m.rst_ni = 0;
    for (int edge = 0; edge < 4; ++edge) {
      m.clk_i = edge & 1;
      m.eval();
    }
    m.rst_ni = 1;
    evaluation_.begin(*m.rootp);
  }

  /// Words: the far end is RTL too.
  template <bool Words>
  void run(link::i64 until) {
    while (now_ < until) {
      if (rest_.resting()) [[unlikely]] {
        if (const link::i64 quiet = std::min(idle_until(), until); quiet > now_) {
          pass(quiet);
          continue;
        }
        wake();
      }
      if (may_rest_ && in_quiesce()) [[unlikely]] {
        doze<Words>();
        continue;
      }
      do {
        clock<Words>();
        ++now_;
      } while (now_ < until && !(may_rest_ && in_quiesce()));
    }
  }

  /// A clock of QUIESCE that is evaluated, and a look at whether more of them must be.
  template <bool Words>
  void doze() {
    if (now_ >= disturbed_at_) disturbed_at_ = receiver_.disturbed_at();
    bool still = receiver_.far_rests() && now_ < disturbed_at_ && now_ < csr_.next();
    for (unsigned vc = 0; vc < link::vc_count; ++vc)
      still = still && transmit_[vc].empty_until() > now_ && !deliver_[vc].follows() &&
              deliver_[vc].ready(now_);
    clock<Words>();
    const bool silent = outputs_rest(*model_->rootp);
    if constexpr (Words) {
      if (silent && in_quiesce()) {
        far_.words->rest(now_ + 1);
      } else {
        far_.words->stir();
      }
    }
    ++now_;
    still_for_ = still && silent ? still_for_ + 1 : 0;
    if (still_for_ == 0) probe_after_ = settled;
    if (still_for_ < probe_after_) return;
    const auto rests = [this](const root& m) { return outputs_rest(m); };
    if (!rest_.probe(*model_->rootp, evaluation_, rests)) probe_after_ *= 2;
    if (rest_.resting()) still_for_ = 0;
  }

  /// Moves now_ on without evaluation; the model rests.
  void pass(link::i64 until) {
    rest_.rest(until - now_);
    if (far_.words != nullptr) {
      far_.words->put_rest(now_, until);
    } else {
      slots_.rest(until, until - channel_.flight());
      receiver_.push_rest(until - channel_.flight());
    }
    receiver_.rest(until);
    now_ = until;
    if (disturbed_at_ <= now_) disturbed_at_ = receiver_.disturbed_at();
  }
  void wake() {
    if (rest_.resting()) rest_.wake(*model_->rootp, evaluation_);
  }

  [[nodiscard]] bool in_quiesce() const {
    return model_->rootp->lr_endpoint__DOT__u_train__DOT__state_q ==
           static_cast<unsigned>(link::pkg::state_e::quiesce);
  }
  /// After a clock: in the next one zero words with light go, and there is nothing to tell.
  [[nodiscard]] bool outputs_rest(const root& m) const {
    link::u32 bits = 0;
    for (std::size_t k = 0; k < sizeof m.tx_word_o / sizeof bits; ++k) bits |= m.tx_word_o[k];
    const trace_port port{&m.trace_o[0]};
    return bits == 0 && m.tx_light_o != 0 && m.slip_o == 0 && m.irq_o == interrupt_ &&
           !port.usual() && !port.rare();
  }

  template <bool Words>
  void clock() {
    root& m = *model_->rootp;
    receive_word<Words>(m);
    csr_.drive(m, now_);
    load_transmit(m);
    m.rx_ready_i = static_cast<CData>(deliver_[0].ready(now_) | deliver_[1].ready(now_) << 1);
    evaluation_.settle(m);
    waveform_->low(now_);

    if (m.slip_o != 0) receiver_.slip(m.slip_o);
    send_word<Words>(m);
    const link::csr_access* const done = csr_.sample(m, now_);
    if (interrupt_ != (m.irq_o != 0)) [[unlikely]] {
      interrupt_ = m.irq_o != 0;
      interrupts_.push_back({.clock = now_, .level = interrupt_});
    }
    move_payload(m);
    trace_clock(m);

    evaluation_.edge(m);
    waveform_->high(now_);
    csr_.release(m);
    if constexpr (!Words) {
      slots_.headers_left(now_, m.lr_endpoint__DOT__u_tx__DOT__u_inject__DOT__flits_q);
      if (done != nullptr && done->write) slots_.written(now_, *done);
    }
  }

  /// What the channel must know of a slot.
  void receive_special(const link::wire_slot& s) {
    if (s.kind == link::slot_kind::injection) {
      channel_.inject(s);
    } else {
      far_lit_ = s.kind != link::slot_kind::dark;
      channel_.light(s.clock, far_lit_);
    }
    receiver_.look_again();
    disturbed_at_ = receiver_.disturbed_at();
  }

  template <bool Words>
  [[gnu::always_inline]] void receive_word(root& m) {
    if constexpr (!Words) {
      link::sent_word sent;
      while (receiver_.pushed() <= now_ - channel_.flight()) {
        if (slots_.far_rests()) [[unlikely]] {
          receiver_.fiber().rest(receiver_.pushed());
        } else {
          receiver_.fiber().stir();
        }
        sent.light = slots_.next_word(sent.word);
        receiver_.push(sent);
      }
    }
    m.signal_ok_i = static_cast<std::remove_reference_t<decltype(m.signal_ok_i)>>(
        receiver_.receive(&m.rx_word_i[0]));
  }

  template <bool Words>
  void send_word(root& m) {
    const bool light = m.tx_light_o != 0;
    if constexpr (Words) {
      far_.words->put(now_, &m.tx_word_o[0], light);
    } else {
      link::lane_word word{};
      std::memcpy(word.data(), &m.tx_word_o[0], sizeof m.tx_word_o);
      slots_.sent_word(word, light);
    }
  }

  [[gnu::always_inline]] void load_transmit(root& m) {
    bool changed = handshakes_ != 0;  // a valid has fallen
    for (unsigned vc = 0; vc < link::vc_count; ++vc) {
      transmit_port& port = transmit_[vc];
      if (!port.load(now_)) continue;
      std::memcpy(&m.tx_beat_i[vc * 16], port.beat(), beat_size);
      changed = true;
    }
    if (!changed) return;
    m.tx_valid_i = static_cast<CData>(transmit_[0].valid() | transmit_[1].valid() << 1);
    m.tx_slots_i = static_cast<CData>(transmit_[0].slots() | transmit_[1].slots() << 4);
    m.tx_poison_i = static_cast<CData>(transmit_[0].poison() | transmit_[1].poison() << 1);
  }

  [[nodiscard]] const u8* delivered_beat(const root& m, unsigned vc) const {
    return reinterpret_cast<const u8*>(&m.rx_beat_o[vc * 16]);
  }

  void follow_payload(const root& m) {
    for (unsigned vc = 0; vc < link::vc_count; ++vc)
      moved_.wrong[vc] = deliver_[vc].follows() ? deliver_[vc].follow(delivered_beat(m, vc)) : 0;
  }
  /// Handshakes of this clock, and beats that follow earlier ones.
  [[gnu::always_inline]] void move_payload(root& m) {
    if (deliver_[0].follows() || deliver_[1].follows()) follow_payload(m);
    const unsigned accepted = m.tx_valid_i & m.tx_ready_o;
    const unsigned delivered = m.rx_valid_o & m.rx_ready_i;
    handshakes_ = accepted | delivered << 2;
    if (handshakes_ == 0) return;
    for (unsigned vc = 0; vc < link::vc_count; ++vc) {
      if ((accepted >> vc & 1) != 0) moved_.accepted = transmit_[vc].handshake(now_);
      if ((delivered >> vc & 1) != 0) {
        moved_.delivered[vc] = deliver_[vc].handshake(
            now_, delivered_beat(m, vc), static_cast<u8>(m.rx_slots_o >> (4 * vc) & 0xF),
            (m.rx_poison_o >> vc & 1) != 0);
      }
    }
  }

  [[gnu::always_inline]] void trace_clock(const root& m) {
    const trace_port port{&m.trace_o[0]};
    if (!port.usual() && !port.rare() && (handshakes_ | moved_.wrong[0] | moved_.wrong[1]) == 0)
      return;
    const u64 told = port.handshakes();
    if (told != (((handshakes_ & 3) != 0) | (handshakes_ >> 2 << 1))) [[unlikely]] {
      throw base::model_error(
          fmt::format("{}: clock {}: trace says accept {} deliver {}, the ports say {} and {}",
                      name_, now_, told & 1, told >> 1, handshakes_ & 3, handshakes_ >> 2));
    }
    using port_t = link::pkg::trace;
    if (active_since_ < 0 && port.template get<&port_t::state_valid>() != 0 &&
        port.template get<&port_t::state>() == static_cast<u64>(link::pkg::state_e::active)) {
      active_since_ = now_;
    }
    trace_.write(now_, port, moved_);
    moved_.wrong = {};
  }

  std::string name_;
  link::receive_channel channel_;
  link::word_receiver receiver_;
  slot_port slots_;
  link::word_input far_;
  std::array<transmit_port, link::vc_count> transmit_;
  std::array<link::flit_store, link::vc_count> flits_in_;  ///< filled by a far end in words
  std::array<receive_port, link::vc_count> deliver_;
  csr_port csr_;
  std::unique_ptr<VerilatedContext> context_;
  std::unique_ptr<Model> model_;
  std::unique_ptr<Waveform> waveform_;
  Evaluation evaluation_;
  trace_writer trace_;
  moved_payload moved_;  ///< digests of the handshakes of this clock, else of older ones
  std::vector<link::interrupt_change> interrupts_;
  /// Clocks without change at inputs and outputs before a probe: longer than the rings of words.
  static constexpr link::i64 settled = 64;
  bool may_rest_;
  model_rest<root, Evaluation> rest_;
  link::i64 still_for_ = 0;
  link::i64 probe_after_ = settled;
  link::i64 disturbed_at_ = 0;  ///< no wrong bit or event of a lane arrives before

  link::i64 now_ = 0;
  link::i64 active_since_ = -1;
  unsigned handshakes_ = 0;
  bool interrupt_ = false;
  bool far_lit_ = false;  ///< as of the last slot received
};

}  // namespace lightrack::bridge
