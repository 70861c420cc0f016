// SPDX-License-Identifier: Apache-2.0
// models/link/flit_endpoint.h
// One end of a link, flit by flit: the twin of the RTL endpoint that decides the same at the same
// clocks.
//
// Time:   docs/link-layer.md, section 12. Events are taken in order of their clocks; clocks without
// one are skipped. Faults: wrong bits judged by linearity, lost lanes, skew, bit offsets, sessions,
// all limits and timeouts. Cost:   no allocation, virtual call or map a flit;
// docs/models/flit_endpoint.md has the figure. Not modelled: bytes (made only where undetected
// errors hit them).
//   auto west = make_flit_endpoint({.name = "link0.west", .params = p, .receive = c, .source = &s,
//   .sink = &k,
//                                   .far_source = &t});
#pragma once

#include <memory>
#include <vector>

#include "models/link/endpoint.h"
#include "models/link/flit_standing.h"
#include "models/link/lane_bank.h"
#include "models/link/link_csr_file.h"
#include "models/link/link_registers.h"
#include "models/link/packer.h"
#include "models/link/quiesce.h"
#include "models/link/receive_buffer.h"
#include "models/link/retry_buffer.h"
#include "models/link/slot_errors.h"
#include "models/link/slot_framer.h"
#include "models/link/slot_queue.h"
#include "models/link/trace_events.h"

namespace lightrack::link {

/// Throws base::config_error where a part is missing or a parameter out of range.
[[nodiscard]] std::unique_ptr<endpoint> make_flit_endpoint(const endpoint_wiring& wiring);

class flit_endpoint final : public endpoint {
 public:
  explicit flit_endpoint(const endpoint_wiring& wiring);

  void advance(i64 until) override;
  [[nodiscard]] i64 idle_until() const override;
  void skip(i64 until) override;
  [[nodiscard]] i64 now() const override { return now_; }
  [[nodiscard]] std::span<const wire_slot> sent() const override { return sent_; }
  void receive(std::span<const wire_slot> slots) override;
  void set_lane_quality(std::span<const lane_quality> changes) override;
  void transfer(base::checkpoint& c) override;
  void access_csr(const csr_access& access) override;
  [[nodiscard]] std::span<const csr_reply> csr_replies() const override { return replies_; }
  [[nodiscard]] bool interrupt() const override;
  [[nodiscard]] std::span<const interrupt_change> interrupt_changes() const override {
    return irq_changes_;
  }
  [[nodiscard]] endpoint_counters counters() const override { return counters_; }
  [[nodiscard]] endpoint_status status() const override;
  [[nodiscard]] base::trace_buffer& trace() override { return trace_; }
  [[nodiscard]] const base::trace_buffer& trace() const override { return trace_; }

  // For a pair that leaps (flit_leap.cpp).
  /// The clock before which nothing is due but slots and deliveries as they are in ACTIVE, register
  /// accesses that are still to come left aside; now() where there is more.
  [[nodiscard]] i64 settled_until() const;
  /// Setup clock of the next register access; never if none is known.
  [[nodiscard]] i64 next_access() const {
    return access_next_ < accesses_.size() ? accesses_[access_next_].clock : never;
  }
  /// The next clock at which the light of a lane changes, as far as is known; never if none does.
  [[nodiscard]] i64 next_lane_change() const { return lanes_.next(); }
  [[nodiscard]] const link_config& config() const { return config_; }
  void tell(flit_standing& s) const;
  /// A marker was passed over, with these wrong BIP bits; lanes of `missed` had none that stands.
  void pass_marker(const std::array<u8, max_lanes>& wrong, u32 missed);
  /// Goes on at clock n.
  void resume(const flit_standing& s, i64 n);

 private:
  /// Reasons to leave a state that arose in the clock under way, most urgent first in ACTIVE.
  enum reason : u32 {
    missed_markers = 1,
    far_training = 2,
    replay_limit = 4,
    session_trouble = 8,
    retrain_command = 16,
    wrong_version = 32,
    go_active = 64,
    silent = 128,
    stop_here = 256,  ///< own quiesce marker sent, or the far end's believed
    far_wake = 512,
  };
  /// What was decided at D, for its trace records.
  enum class decision : u8 { none, marker, flit, ctrl, accepted };

  /// A good flit: as sent, and what undetected errors made of it.
  struct received {
    const wire_slot* sent = nullptr;
    u64 header = 0;
    const damaged_flit* damage = nullptr;
    [[nodiscard]] u8 ctrl_byte0() const {
      return damage != nullptr ? damage->ctrl_byte0 : sent->init.ctrl;
    }
    [[nodiscard]] bool is_init() const {
      return (header & 7) == kind_ctrl && ctrl_byte0() == ctrl_init;
    }
    [[nodiscard]] const init_fields& init() const {
      return damage != nullptr ? damage->init : sent->init;
    }
  };

  void process(i64 n);
  void process_rare(i64 n, bool slow);
  /// The verdict and the marker of clock n; there is one.
  void take_framed(i64 n) {
    do {
      if (framer_.flit_is_next()) [[likely]] {
        judge(n);
      } else {
        take_other(n);
      }
    } while (n == framer_.next());
  }
  void take_other(i64 n);
  [[nodiscard]] i64 next_slow() const;
  void notice(i64 clock) { slow_next_ = std::min(slow_next_, clock); }

  // Transmit (flit_transmit.cpp).
  void decide(i64 n);
  void send_marker(i64 n, u8 flags);
  void send_init(i64 n);
  void send_nop(i64 n);
  void send_ctrl(i64 n, pkg::ctrl_e what);
  void send_due_marker(i64 n);
  void decide_at_rest(i64 n, bool due);
  [[nodiscard]] bool send_rest_marker(i64 n);
  [[nodiscard]] bool send_rest_flit(i64 n);
  void count_quiet(i64 n);
  [[nodiscard]] bool offered(i64 n) const { return ready_[0] <= n || ready_[1] <= n; }
  void send_repeated(i64 n);
  [[nodiscard]] bool send_new(i64 n);
  [[nodiscard]] u64 header_fields();
  wire_slot& put_flit(i64 n, u64 header);
  void trace_decision(i64 n);
  void ports_changed();

  // Receive (flit_receive.cpp).
  void judge(i64 v);
  void trace_verdict(i64 v, pkg::verdict_e verdict, u64 header, u8 fec = 0);
  [[nodiscard]] pkg::verdict_e take_training(i64 v, const received& flit);
  [[nodiscard]] pkg::verdict_e take_active(i64 v, const received& flit);
  [[nodiscard]] pkg::verdict_e take_init(i64 v, const init_fields& init);
  [[nodiscard]] pkg::verdict_e take_data(i64 v, const received& flit, int ahead);
  void take_acknowledge(i64 v, int ack, bool nak);
  void fresh_start(u32 session);
  void enter_active(i64 v);
  void see_marker(i64 n, const framed_marker& marker);
  void take_rest(i64 v, const received& flit);
  void receive_special(const wire_slot& s);
  void ask();
  void answered();
  void deliver(std::size_t vc, i64 h);
  void plan_delivery(std::size_t vc);

  // Timers and states (train_state.cpp).
  void start_replay(bool by_timer);
  void expire(i64 n);
  void listen(i64 n);
  void wake_up(i64 n, bool answer);
  void restart_replay_timer(i64 n);
  void measure_timeouts();
  void change_state(i64 n);
  [[nodiscard]] bool time_out(i64 n, i64 timeout);
  void start_over(i64 n);
  void retrain(i64 n, pkg::cause_e cause, bool own_wish);
  void go(i64 n, pkg::state_e to, pkg::cause_e cause);
  void enter_lock(i64 e);
  void forget_lanes();
  void clear_for_reset();
  void plan_deadline(i64 n);

  // Registers (flit_endpoint.cpp).
  [[nodiscard]] bool access_due(i64 n) const;
  void read_register(i64 n);
  void end_clock(i64 n);

  [[nodiscard]] bool in_state(pkg::state_e s) const { return registers_.state == s; }

  endpoint_wiring wiring_;
  base::trace_buffer trace_;
  endpoint_counters counters_;
  receive_channel channel_;
  slot_queue slots_;
  slot_errors errors_;
  link_csr_file csr_;
  const link_config& config_;
  link_registers registers_;
  lane_bank lanes_;
  slot_framer framer_;
  quiesce quiesce_;
  header_injection header_injection_;
  flit_source& source_;
  flit_sink& sink_;
  int marker_clocks_;
  i64 tx_lat_;           ///< decision to first lane word
  i64 flit_clocks_ = 4;  ///< of a flit sent

  i64 now_ = 0;
  i64 slow_next_ = never;  ///< the next clock at which anything but D, a slot or a delivery is due
  i64 wake_ = never;       ///< registers that change conditions stand from here on
  i64 deadline_ = never;   ///< the next time-based condition of the state
  u32 reasons_ = 0;
  bool state_changed_ = false;  ///< registers_.enter has its record still to be written
  bool replay_started_ = false;
  int train_ = 0;
  int replay_tries_ = 0;
  int retrain_tries_ = 0;
  i64 active_since_ = -1;
  i64 last_good_ = 0;       ///< clock of the last good verdict
  i64 silence_at_ = never;  ///< no silence is judged before
  i64 quiet_at_ = never;    ///< zero words begin TxLat later
  i64 wake_from_ = 0;       ///< no slot is decided before: the quiesce marker goes out whole
  bool stop_sent_ = false;  ///< the quiesce marker was decided in this clock
  bool far_lit_ = false;

  // Transmit.
  std::vector<wire_slot> sent_;
  i64 next_decision_ = never;
  bool first_slot_ = false;
  pkg::state_e shown_ = pkg::state_e::detect;  ///< state in the last marker
  int flits_since_marker_ = 0;
  int interval_ = 0;            ///< flits that follow the last marker
  int marker_interval_ = 4096;  ///< latched on entering INIT
  u16 marker_count_ = 0;
  decision decided_ = decision::none;
  retry_buffer retry_;
  std::array<u16, vc_count> consumed_{};
  std::array<u16, vc_count> limit_{};
  std::array<u16, vc_count> grant_{};
  static constexpr u16 none_sent = 0xFFFF;
  std::array<u16, vc_count> credit_sent_{none_sent, none_sent};
  std::array<i64, vc_count> ready_{never, never};  ///< source_.next_ready()
  u8 credit_vc_ = 0;
  u8 turn_ = 0;  ///< the VC that is asked first

  // Receive.
  int expected_ = 0;
  bool requested_ = false;
  bool nak_due_ = false;
  bool limits_fresh_ = false;
  bool seen_ = false;
  bool init_ok_ = false;
  u32 session_ = 0;
  u32 peer_ = 0;
  u64 far_stamp_ = 0;
  i64 far_stamp_clock_ = 0;
  bool far_stamped_ = false;
  std::array<receive_buffer, vc_count> held_;
  std::array<i64, vc_count> deliver_at_{never, never};

  // Timers, in clocks.
  i64 round_trip_ = 0;  ///< flit times
  i64 nak_timeout_ = 0;
  i64 replay_timeout_ = 0;
  i64 ask_time_ = 0;      ///< T1
  i64 silence_time_ = 0;  ///< T2
  i64 replay_timer_ = 0;
  i64 request_timer_ = 0;
  i64 timer_check_ = never;  ///< no timer expires before

  // Registers.
  std::vector<csr_access> accesses_;
  std::size_t access_next_ = 0;
  i64 command_at_ = never;  ///< clock of the retrain pulse
  std::vector<csr_reply> replies_;
  csr::irq_status raised_{};
  bool irq_raised_ = false;
  bool irq_level_ = false;
  bool irq_before_ = false;
  i64 irq_since_ = 0;
  std::vector<interrupt_change> irq_changes_;  ///< of this batch
};

}  // namespace lightrack::link
