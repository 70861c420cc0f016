// SPDX-License-Identifier: Apache-2.0
// tb/bridge/slot_port.h
// The lane side of an RTL end whose far end is a flit model: words to slots and back.
//
// Time:   a marker's slot is settled when its last word has left, up to 3 clocks after its first
//         one. At the end of a batch that is early enough for all that reads it (nothing acts
//         before a slot's last word), with one exception: light. So the first marker of a stream,
//         whose content is fixed by 12.1 and 12.4 (state DETECT, training, count 0, no lane good),
//         is handed over at once.
#pragma once

#include <algorithm>
#include <span>
#include <vector>

#include "models/base/error.h"
#include "models/link/stream_codec.h"
#include "tb/bridge/injection_port.h"

namespace lightrack::bridge {

class slot_port {
 public:
  slot_port(const link::endpoint_params& params, const link::flit_source* far_source)
      : from_slots_{params.lanes, far_source, params.light_fec, params.spares},
        to_slots_{params.lanes, params.spares},
        injection_{params} {}

  void begin_batch() {
    to_slots_.clear();
    sent_.clear();
  }
  void sent_word(link::lane_word& word, bool light) {
    const link::i64 clock = to_slots_.clock();
    if (light != light_) [[unlikely]] {
      if (light) light_on_ = clock;
      injection_.light(clock, light);
      light_ = light;
    }
    injection_.word(clock, word, to_slots_);
    to_slots_.push(word, light);
  }
  /// After the edge of a clock: headers that the RTL will still hit.
  void headers_left(link::i64 clock, int left) { injection_.headers(clock, left, to_slots_); }
  /// A register write whose access phase was this clock.
  void written(link::i64 clock, const link::csr_access& access) {
    injection_.written(clock, access);
  }
  void end_batch() {
    std::span<const link::wire_slot> settled = to_slots_.slots();
    if (foretold_ && !settled.empty()) {
      if (settled.front().kind != link::slot_kind::dark) {  // else the light went out within it
        check_foretold(settled.front());
        settled = settled.subspan(1);
      }
      foretold_ = false;
    }
    sent_.assign(settled.begin(), settled.end());
    if (light_ && !foretold_ && to_slots_.settled_until() == light_on_) {
      sent_.push_back(first_marker());
      foretold_ = true;
      const std::vector<link::wire_slot> held = to_slots_.take_held();
      sent_.insert(sent_.end(), held.begin(), held.end());
    }
  }
  [[nodiscard]] std::span<const link::wire_slot> sent() const { return sent_; }

  void received(std::span<const link::wire_slot> slots) { from_slots_.push(slots); }
  bool next_word(link::lane_word& word) { return from_slots_.next(word); }
  void transfer(base::checkpoint& c) {
    auto& [from_slots, to_slots, injection, sent, light_on, light, foretold] = *this;
    from_slots.transfer(c);
    to_slots.transfer(c);
    injection.transfer(c);
    c.values(light_on, light, foretold);
  }

  /// The words that next_word() has to give are zero and lit, up to this clock.
  [[nodiscard]] bool far_rests() const { return from_slots_.rests(); }
  [[nodiscard]] link::i64 far_rests_until() const { return from_slots_.rests_until(); }
  /// Both directions rest: this end sends zero words up to clock `sent`, the far end up to `made`.
  void rest(link::i64 sent, link::i64 made) {
    to_slots_.rest(sent);
    from_slots_.rest(made);
  }

 private:
  [[nodiscard]] link::wire_slot first_marker() const {
    return {.clock = light_on_, .kind = link::slot_kind::marker, .flags = link::flag_training};
  }
  void check_foretold(const link::wire_slot& real) const {
    const link::wire_slot told = first_marker();
    if (real.clock == told.clock && real.kind == told.kind && real.flags == told.flags &&
        real.count == told.count && real.good_byte == told.good_byte)
      return;
    throw base::model_error("the first marker of a stream of light is not DETECT's with count 0");
  }

  link::slots_to_words from_slots_;
  link::words_to_slots to_slots_;
  injection_port injection_;
  std::vector<link::wire_slot> sent_;
  link::i64 light_on_ = -1;
  bool light_ = false;
  bool foretold_ = false;
};

}  // namespace lightrack::bridge
