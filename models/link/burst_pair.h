// SPDX-License-Identifier: Apache-2.0
// models/link/burst_pair.h
// Both ends of a link at burst fidelity: two flit endpoints that leap over the stretches in which
// nothing but flits happens, up to 1,024 of them at a time, by the clocks of a service curve.
//
// Time:   in a leap flits are accepted, judged and delivered at clocks that slots, markers, window,
//         credits and replays give them, in closed form where nothing disturbs them. Training,
//         QUIESCE, resets, register accesses, injection and lost lanes are flit's own. A pair is
//         one piece of work: no batch is limited by its fiber, and none changes a result.
// Faults: in a leap wrong bits of the channel's own error process, each judged by light FEC and
//         CRC, and what they cost in replays; all else ends the leap.
// Cost:   nothing a flit while writes of one size fill every slot; some 50 ns a flit, replay or
//         change of a flow otherwise; some 10 us a leap.
// Not modelled: payload bytes and undetected errors in a leap, three missed markers there, and the
//         BIP of the interval in which a leap ends.
#pragma once

#include <array>
#include <memory>
#include <vector>

#include "models/base/trace.h"
#include "models/link/burst_line.h"
#include "models/link/endpoint.h"
#include "models/link/flit_endpoint.h"
#include "models/link/service_curve.h"
#include "models/link/trace_events.h"

namespace lightrack::link {

class burst_pair {
 public:
  static constexpr u64 max_burst = 1024;  ///< flits
  /// Ends 0 and 1. Throws base::config_error where they do not belong together.
  burst_pair(const std::array<endpoint_wiring, 2>& wiring, const service_curve& curve);

  void advance(i64 until);
  [[nodiscard]] i64 now() const { return now_; }

  [[nodiscard]] flit_endpoint& end(std::size_t e) { return *ends_[e].flits; }
  [[nodiscard]] const flit_endpoint& end(std::size_t e) const { return *ends_[e].flits; }
  [[nodiscard]] std::span<const csr_reply> csr_replies(std::size_t e) const {
    return ends_[e].replies;
  }
  [[nodiscard]] std::span<const interrupt_change> interrupt_changes(std::size_t e) const {
    return ends_[e].irq_changes;
  }
  [[nodiscard]] endpoint_counters counters(std::size_t e) const;
  /// As endpoint::set_lane_quality, of the light that comes to end e.
  void set_lane_quality(std::size_t e, std::span<const lane_quality> changes);
  /// Clocks that were leapt over so far.
  [[nodiscard]] i64 leapt() const { return leapt_ + (leaping_ ? now_ - took_off_ : 0); }

 private:
  struct burst_end {
    std::unique_ptr<flit_endpoint> flits;
    std::vector<csr_reply> replies{};
    std::vector<interrupt_change> irq_changes{};
    std::vector<base::trace_record> records{};  ///< of clocks that are not over
    flit_standing standing{};
    i64 nak_timeout = 0;  ///< clocks, as is the next
    i64 replay_timeout = 0;
    i64 round_trip = 0;   ///< clocks
    i64 quiet_since = 0;  ///< at take-off: nothing to do since then, if that is before it
  };

  // burst_pair.cpp: the whole link.
  void fly(i64 until);
  void walk(i64 until);
  void move(i64 until);
  [[nodiscard]] bool calm() const;
  [[nodiscard]] endpoint_counters leap_counters(std::size_t e) const;
  void flush_records(i64 until);
  void update_limits();
  void record(std::size_t e, i64 clock, trace_event event, u64 arg64, u8 arg8, u16 arg16 = 0);

  // burst_leap.cpp: from flits to a leap, and back.
  [[nodiscard]] bool ready_to_leap() const;
  [[nodiscard]] bool take_off();
  void set_up(std::size_t e);
  void take_launched(std::size_t e);
  [[nodiscard]] i64 landing() const;
  [[nodiscard]] i64 quiet_from(std::size_t e) const;
  [[nodiscard]] i64 quiet_for(std::size_t e) const;
  [[nodiscard]] i64 before_rest(std::size_t e) const;

  // burst_land.cpp: what flit endpoints find after a leap.
  void land();
  void tell_sender(std::size_t e);
  void tell_receiver(std::size_t e);
  void tell_stream(std::size_t e);
  [[nodiscard]] u64 first_slot_in_flight(std::size_t e) const;
  [[nodiscard]] wire_slot marker_before(std::size_t e, u64 slot) const;

  // burst_send.cpp: one direction's sender.
  void send(std::size_t e, i64 until);
  void pass_slots(std::size_t e, u64 count);
  [[nodiscard]] bool header_asks(const burst_line& ahead, burst_line& back, i64 d, u64& most) const;
  void start_replays(std::size_t e, i64 d, u64& most);
  [[nodiscard]] i64 replay_expiry(std::size_t e) const;
  [[nodiscard]] bool start_replay(std::size_t e, u64 number, i64 clock, bool by_timer);
  u64 send_repeated(std::size_t e, i64 d, u64 most);
  /// Sends up to `most`; 0 if a NOP stands in the slot, then `wake` is the next clock to look
  /// again.
  u64 send_new(std::size_t e, i64 d, u64 most, i64& wake);
  [[nodiscard]] u64 window_left(std::size_t e, i64 d, i64& wake);
  [[nodiscard]] u64 credit_left(std::size_t e, std::size_t vc, i64 d, i64& wake);
  void refresh_acked(std::size_t e, i64 d);
  void refresh_granted(std::size_t e, std::size_t vc, i64 d);

  // burst_receive.cpp: one direction's receiver.
  enum class burst_kind : u8 { nop, data };
  struct burst {
    burst_kind kind = burst_kind::nop;
    bool bad = false;
    bool asks = false;
    u64 count = 0;
    u64 number = 0;  ///< of the first flit; of a NOP the one to come
    u64 asked = 0;
  };
  [[nodiscard]] static bool spoiled(burst_line& line, i64 word, i64 clocks);
  void pass_marker(std::size_t e, i64 d);
  void arrive(std::size_t e, i64 d, const burst& b);
  void accept(burst_line& line, u64 count, i64 v);
  void ask(burst_line& line, i64 v);
  void answered(burst_line& line, i64 v);
  void grant(std::size_t e, std::size_t vc, u64 count, i64 h);
  void deliver(std::size_t e, i64 until);

  [[nodiscard]] burst_line& sent_by(std::size_t e) { return lines_[e]; }
  [[nodiscard]] const burst_line& sent_by(std::size_t e) const { return lines_[e]; }
  [[nodiscard]] const burst_line& received_by(std::size_t e) const { return lines_[1 - e]; }

  service_curve curve_;
  std::array<burst_end, 2> ends_;
  std::array<burst_line, 2> lines_;  ///< line e is sent by end e
  bool leaping_ = false;
  i64 now_ = 0;
  i64 step_ = 1;       ///< clocks that flit endpoints may go without an exchange
  i64 next_look_ = 0;  ///< when to leap is asked at these clocks only, whatever a batch is
  i64 done_ = 0;       ///< clocks up to which both directions were moved
  i64 land_at_ = never;
  i64 lanes_change_ = never;
  i64 took_off_ = 0;
  i64 leapt_ = 0;
  i64 lookahead_ = 1;
  std::array<bool, 2> window_free_{};  ///< the window cannot close while all goes well
  std::array<bool, 2> credit_free_{};
};

/// Two endpoints that share a pair: the first one's advance() moves both, so the other's costs
/// nothing and each may be called by its own thread. What is asked of either is valid once both
/// were advanced. They exchange no slots, and no batch is limited by the fiber between them.
struct burst_ends {
  std::unique_ptr<endpoint> west;
  std::unique_ptr<endpoint> east;
};
[[nodiscard]] burst_ends make_burst_ends(const endpoint_wiring& west, const endpoint_wiring& east,
                                         const service_curve& curve);

}  // namespace lightrack::link
