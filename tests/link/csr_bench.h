// SPDX-License-Identifier: Apache-2.0
// tests/link/csr_bench.h
// A bench in SystemC: two endpoints run in batches, a register socket in front of the west one, and
// a master that a test writes as firmware would be written. SystemC elaborates once a process: one
// bench a test.
#pragma once

#include <gtest/gtest.h>
#include <tlm_utils/simple_initiator_socket.h>

#include <functional>
#include <utility>

#include "models/link/csr_socket.h"
#include "rtl/link_csr.h"

namespace lightrack::link {

inline constexpr i64 bench_period_fs = 640000;

/// Runs a script in a thread of the simulation.
class csr_master final : public sc_core::sc_module {
 public:
  tlm_utils::simple_initiator_socket<csr_master> bus{"bus"};
  std::function<void(csr_master&)> script;

  explicit csr_master(const sc_core::sc_module_name& name) : sc_module{name} {
    SC_HAS_PROCESS(csr_master);
    SC_THREAD(run);
  }
  tlm::tlm_response_status access(tlm::tlm_command command, u64 address, u32& data,
                                  unsigned char* enables = nullptr, unsigned length = 4) {
    tlm::tlm_generic_payload payload;
    payload.set_command(command);
    payload.set_address(address);
    payload.set_data_ptr(reinterpret_cast<unsigned char*>(&data));
    payload.set_data_length(length);
    payload.set_streaming_width(length);
    payload.set_byte_enable_ptr(enables);
    payload.set_byte_enable_length(enables != nullptr ? 4 : 0);
    payload.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
    sc_core::sc_time delay;
    bus->b_transport(payload, delay);
    EXPECT_EQ(delay, sc_core::SC_ZERO_TIME);
    return payload.get_response_status();
  }
  template <class Register>
  Register read() {
    u32 word = 0;
    EXPECT_EQ(access(tlm::TLM_READ_COMMAND, Register::info.offset, word), tlm::TLM_OK_RESPONSE);
    return Register::from_word(word);
  }
  template <class Register>
  void write(const Register& value) {
    u32 word = value.to_word();
    EXPECT_EQ(access(tlm::TLM_WRITE_COMMAND, Register::info.offset, word), tlm::TLM_OK_RESPONSE);
  }
  [[nodiscard]] bool done() const { return done_; }

 private:
  void run() {
    script(*this);
    done_ = true;
  }
  bool done_ = false;
};

/// Simulated time in link clocks; the time must lie on the grid.
inline i64 clock_now() {
  const auto now = static_cast<i64>(sc_core::sc_time_stamp().value());
  EXPECT_EQ(now % bench_period_fs, 0);
  return now / bench_period_fs;
}

struct csr_bench {
  batch_runner runner;
  link_process process;
  csr_socket csr;
  csr_master master{"master"};
  sc_core::sc_signal<bool> irq{"irq"};

  csr_bench(endpoint& west, endpoint& east, i64 flight, i64 max_batch,
            const csr_socket_params& params)
      : runner{{{&west, &east, flight}}, 1, max_batch},
        process{"process", runner, bench_period_fs, [this] { return limit_; }},
        csr{"csr", process, west, params} {
    master.bus.bind(csr.bus);
    csr.irq.bind(irq);
  }
  /// Simulates `clocks` clocks, in which the script must come to its end.
  void run(i64 clocks, std::function<void(csr_master&)> script) {
    limit_ = clocks;
    master.script = std::move(script);
    sc_core::sc_start();
    process.rethrow_failure();
    EXPECT_TRUE(master.done()) << "the script still waits";
  }

 private:
  i64 limit_ = 0;
};

}  // namespace lightrack::link
