// SPDX-License-Identifier: Apache-2.0
// models/link/csr_socket.h
// The SystemC border of an endpoint's registers: a TLM target socket in front of its APB port, and
// its interrupt.
//
// Time:   `latency` clocks each way. A transaction that comes at clock c has its setup phase at c +
// latency (accesses are
//         at least 4 clocks apart), APB takes CsrLat clocks, and the answer comes latency clocks
//         later. The interrupt follows the endpoint's line by latency clocks. So batches up to
//         `latency` long change nothing; a longer one is refused before time zero. Time resolution
//         must be 1 fs.
// Faults: what APB cannot do is answered with a TLM error at once, an address without a register
// with an address error
//         at the answer's time; both are counted, nothing aborts. Writes to read-only bits are
//         ignored without error.
//         An endpoint whose line moves without a named change is a base::model_error, not a lost
//         interrupt.
// Not modelled: DMI and debug access, since a register is read at a clock.
//   csr_socket csr{"csr", process, *west, {.latency = 157, .first_clock = 260}};
//   cpu.bus.bind(csr.bus);
#pragma once

#include <tlm_utils/simple_target_socket.h>
#include <deque>
#include <systemc>
#include <tlm>

#include "models/link/endpoint.h"
#include "models/link/link_process.h"

namespace lightrack::link {

struct csr_socket_params {
  i64 latency = 157;  ///< clocks each way
  i64 first_clock =
      0;  ///< no setup phase before this; lies after the platform's own register writes
};

struct csr_socket_counters {
  u64 reads = 0;
  u64 writes = 0;
  u64 refused = 0;   ///< answered with an error at once
  u64 unmapped = 0;  ///< no register at the address
};

class csr_socket final : public sc_core::sc_module {
 public:
  tlm_utils::simple_target_socket<csr_socket> bus{"bus"};
  /// May stay unbound.
  sc_core::sc_port<sc_core::sc_signal_inout_if<bool>, 1, sc_core::SC_ZERO_OR_MORE_BOUND> irq{"irq"};

  /// `process` runs the batches of `target`; both outlive the socket.
  csr_socket(const sc_core::sc_module_name& name, link_process& process, endpoint& target,
             const csr_socket_params& params);

  [[nodiscard]] const csr_socket_counters& counters() const { return counters_; }
  /// Saves or loads counters and interrupts on their way, in simulation. Throws base::config_error
  /// while an access is under way: what waits for it is a thread of the kernel.
  void transfer(base::checkpoint& c);

 private:
  struct access_under_way {
    i64 setup = 0;
    bool answered = false;
    csr_reply reply{};
  };
  void transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay);
  [[nodiscard]] access_under_way perform(const csr_access& wanted);
  void collect();
  void check_interrupt() const;
  void deliver_interrupt();
  [[nodiscard]] sc_core::sc_time time_of(i64 clock) const;

  endpoint& target_;
  i64 period_fs_;
  csr_socket_params params_;
  i64 next_setup_;
  std::deque<access_under_way> under_way_;
  std::deque<interrupt_change> changes_;  ///< not yet delivered
  bool delivered_level_ = false;
  sc_core::sc_event change_due_{"change_due"};
  csr_socket_counters counters_;
};

}  // namespace lightrack::link
