// SPDX-License-Identifier: Apache-2.0
// tb/bridge/injection_port.h
// What an RTL end injects, told apart from what it sends: a flit end opposite must know both.
//
// The registers are followed write by write, as the flit model has them; which headers are hit is
// seen at the counter of the RTL (13.5).
//
// Time:   calls bear the clock under way, in the order of a clock: light(), word(), then after the
//         clock edge headers(), then written().
// Cost:   a compare or two a clock while nothing was injected.
#pragma once

#include "models/link/injection.h"
#include "models/link/link_csr_file.h"
#include "models/link/stream_codec.h"

namespace lightrack::bridge {

class injection_port {
 public:
  explicit injection_port(const link::endpoint_params& p)
      : registers_{p.lanes, p.spares, p.light_fec},
        phys_{p.lanes + p.spares},
        lane_bits_{link::lane_bits(p.lanes)},
        elements_{link::lane_elements(p.lanes)},
        tx_lat_{link::pkg::tx_lat + (p.light_fec ? link::pkg::fec_tx_lat : 0)} {}

  /// The transmitter's light changes at `clock`.
  void light(link::i64 clock, bool on) { lane_.light(clock, on); }
  /// Takes the inverted bits out of the word of `clock`; an injection that begins there goes to
  /// `slots`.
  void word(link::i64 clock, link::lane_word& word, link::words_to_slots& slots) {
    if (clock == armed_.clock) [[unlikely]]
      arm_lane(slots);
    if (lane_.none()) [[likely]]
      return;
    lane_.visit(clock, 1, lane_bits_, [&](int lane, int bit) {
      word[static_cast<std::size_t>(lane * elements_ + bit / 32)] ^= link::u32{1} << (bit % 32);
    });
  }
  /// `left` = headers that the RTL will still hit, after the edge of `clock`.
  void headers(link::i64 clock, int left, link::words_to_slots& slots) {
    if (left_ == 0) [[likely]]
      return;
    if (left != left_) slots.alter(clock + tx_lat_, registers_.config().inject_mask);
    left_ = left;
  }
  /// A register write whose access phase is `clock`.
  void written(link::i64 clock, const link::csr_access& a) {
    const link::write_effect effect = registers_.write(a.offset, a.value, a.strobe);
    if (effect.inject_header) left_ = registers_.written<link::csr::inject_flits>().count;
    if (!effect.inject_lane) return;
    const auto lane = registers_.written<link::csr::inject_lane>();
    armed_ = {.clock = clock + 2,
              .kind = link::slot_kind::injection,
              .flags = lane.lane,
              .good_byte = lane.position,
              .count = lane.words};
  }

  void transfer(base::checkpoint& c) {
    auto& [registers, lane, armed, phys, lane_bits, elements, tx_lat, left] = *this;
    lane.transfer(c);
    c.values(registers, armed, left);
  }

 private:
  void arm_lane(link::words_to_slots& slots) {
    const bool there = armed_.injected_lane() < phys_ && armed_.injected_bit() < lane_bits_;
    lane_.arm(armed_.clock, armed_.injected_lane(), armed_.injected_bit(),
              there ? armed_.injected_words() : 0);
    slots.inject(armed_);
    armed_.clock = -1;
  }

  link::link_csr_file registers_;
  link::lane_injection lane_;
  link::wire_slot armed_{.clock = -1};
  int phys_;
  int lane_bits_;
  int elements_;
  link::i64 tx_lat_;
  int left_ = 0;
};

}  // namespace lightrack::bridge
