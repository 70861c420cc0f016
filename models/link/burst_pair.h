// SPDX-License-Identifier: Apache-2.0
// models/link/burst_pair.h
// Both ends of a link at burst fidelity: up to 1,024 flits move at once, by the clocks of a service
// curve.
//
// Time:   flits are accepted, judged and delivered at clocks that slots, markers, window, credits
//         and replays give them, in closed form where nothing disturbs them. A pair is one piece
//         of work: no batch is limited by its fiber, and none changes a result.
// Faults: wrong bits of the channel's own error process cost a replay each; lost lanes, the retrain
//         pulse and the retry limits cost a training, which flit endpoints do (burst_training).
// Cost:   nothing a flit while writes of one size fill every slot; some 50 ns a flit, replay or
// change
//         of a flow otherwise.
// Not modelled: payload bytes, undetected errors, BIP and missed markers in ACTIVE, a header that
// is
//         lost on its way back unless it asks for a replay, RESET by register after the first
//         ACTIVE.
#pragma once

#include <array>
#include <memory>
#include <vector>

#include "models/base/trace.h"
#include "models/link/burst_line.h"
#include "models/link/burst_training.h"
#include "models/link/endpoint.h"
#include "models/link/link_csr_file.h"
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

  void access_csr(std::size_t e, const csr_access& access) { ends_[e].accesses.push(access); }
  [[nodiscard]] std::span<const csr_reply> csr_replies(std::size_t e) const {
    return ends_[e].replies;
  }
  [[nodiscard]] bool interrupt(std::size_t e) const { return ends_[e].irq; }
  [[nodiscard]] std::span<const interrupt_change> interrupt_changes(std::size_t e) const {
    return ends_[e].irq_changes;
  }
  [[nodiscard]] endpoint_counters counters(std::size_t e) const;
  [[nodiscard]] endpoint_status status(std::size_t e) const;
  [[nodiscard]] base::trace_buffer& trace(std::size_t e) { return ends_[e].trace; }
  [[nodiscard]] const base::trace_buffer& trace(std::size_t e) const { return ends_[e].trace; }

 private:
  struct burst_end {
    explicit burst_end(int lanes) : csr{lanes} {}
    link_csr_file csr;
    burst_ring<csr_access> accesses;
    std::vector<csr_access> written;  ///< but for `control`: what a later training starts from
    std::vector<csr_reply> replies;
    bool irq = false;
    std::vector<interrupt_change> irq_changes;
    base::trace_buffer trace;
    std::vector<base::trace_record> records;  ///< of clocks that are not over
    endpoint_status status{};                 ///< in ACTIVE, and what outlasts a training
    endpoint_counters trained{};              ///< by trainings that are over
    i64 nak_timeout = 0;                      ///< clocks, as is the next
    i64 replay_timeout = 0;
    int retrain_tries = 0;
    u64 tries_at = 0;
  };
  /// Why and when a side leaves ACTIVE; the other follows.
  struct departure {
    std::size_t first = 0;
    i64 clock = never;        ///< first clock in LOCK
    i64 other_clock = never;  ///< of the other end
    int cause = 0;
    bool own_wish = true;
  };

  // burst_pair.cpp: the whole link.
  void move(i64 until);
  [[nodiscard]] bool calm() const;
  [[nodiscard]] i64 next_access() const;
  void take_accesses(i64 until);
  void take_access(std::size_t e);
  void raise(std::size_t e, const csr::irq_status& what, i64 clock);
  void flush_records(i64 until);
  void update_limits();
  void record(std::size_t e, i64 clock, trace_event event, u64 arg64, u8 arg8, u16 arg16 = 0);

  // burst_send.cpp: one direction's sender.
  void send(std::size_t e, i64 until);
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
  void arrive(std::size_t e, i64 d, burst b);
  void accept(burst_line& line, u64 count, i64 v);
  void ask(burst_line& line, i64 v);
  void answered(burst_line& line, i64 v);
  void grant(std::size_t e, std::size_t vc, u64 count, i64 h);
  void deliver(std::size_t e, i64 until);

  // burst_retrain.cpp: in and out of ACTIVE.
  void train(i64 until);
  void take_over();
  void plan_lane_loss();
  void leave(const departure& d);
  void start_training();
  void go_down(std::size_t e);
  [[nodiscard]] i64 marker_travel(std::size_t from) const;

  [[nodiscard]] burst_line& sent_by(std::size_t e) { return lines_[e]; }
  [[nodiscard]] const burst_line& sent_by(std::size_t e) const { return lines_[e]; }
  [[nodiscard]] const burst_line& received_by(std::size_t e) const { return lines_[1 - e]; }

  std::array<endpoint_wiring, 2> wiring_;
  service_curve curve_;
  std::array<burst_end, 2> ends_;
  std::array<burst_line, 2> lines_;  ///< line e is sent by end e
  std::unique_ptr<burst_training> training_;
  bool first_training_ = true;
  std::array<endpoint_counters, 2> before_{};  ///< of the training, before the side left ACTIVE
  departure departure_{};
  bool left_ = false;  ///< the first side has left ACTIVE, its state shows it
  bool down_ = false;  ///< LINK_DOWN without a training
  i64 now_ = 0;
  i64 done_ = 0;  ///< clocks up to which both directions were moved
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
