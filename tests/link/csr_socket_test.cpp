// SPDX-License-Identifier: Apache-2.0
// tests/link/csr_socket_test.cpp: clocks of 640 ps, latency 157 clocks each way.
#include "models/link/csr_socket.h"

#include <filesystem>

#include "models/base/error.h"
#include "tests/link/csr_bench.h"
#include "tests/link/register_endpoint.h"

namespace lightrack::link {
namespace {

struct socket_bench {
  register_endpoint west;
  register_endpoint east;
  csr_bench bench;
  explicit socket_bench(i64 batch = 100, const csr_socket_params& params = {.latency = 157})
      : bench{west, east, 1000, batch, params} {}
};

// Time resolution must be set before the first sc_time.
class csr_socket_test : public testing::Test {
 protected:
  csr_socket_test() { sc_core::sc_set_time_resolution(1, sc_core::SC_FS); }
};
class csr_socket_batches : public csr_socket_test, public testing::WithParamInterface<i64> {};

TEST_F(csr_socket_test, read_returns_after_both_ways_and_the_access) {
  socket_bench b;
  b.bench.run(2000, [](csr_master& m) {
    EXPECT_EQ(m.read<csr::id>().value, 0x4C524C4BU);
    EXPECT_EQ(clock_now(), 157 + 2 + 157);
  });
}

TEST_F(csr_socket_test, access_between_two_clock_edges_starts_at_the_later_one) {
  socket_bench b;
  b.bench.run(2000, [](csr_master& m) {
    sc_core::wait(sc_core::sc_time{6401, sc_core::SC_PS});
    static_cast<void>(m.read<csr::version>());
    EXPECT_EQ(clock_now(), 11 + 157 + 2 + 157);
  });
}

TEST_F(csr_socket_test, first_access_waits_for_the_writes_of_the_platform) {
  socket_bench b{100, {.latency = 157, .first_clock = 260}};
  b.west.access_csr({.clock = 0, .offset = csr::window::info.offset, .value = 77});
  b.west.access_csr({.clock = 256, .offset = csr::control::info.offset, .value = 1});
  b.bench.run(3000, [](csr_master& m) {
    EXPECT_EQ(m.read<csr::window>().flits, 77);
    EXPECT_EQ(clock_now(), 260 + 2 + 157);
    EXPECT_TRUE(m.read<csr::control>().enable);
  });
}

TEST_F(csr_socket_test, byte_enables_choose_what_is_written_and_what_is_read) {
  socket_bench b;
  b.bench.run(4000, [](csr_master& m) {
    unsigned char upper_half[4] = {0, 0, 0xFF, 0xFF};
    u32 word = 0x11223344;
    const auto offset = csr::lock_min_clocks::info.offset;
    EXPECT_EQ(m.access(tlm::TLM_WRITE_COMMAND, offset, word, upper_half), tlm::TLM_OK_RESPONSE);
    EXPECT_EQ(m.read<csr::lock_min_clocks>().clocks, 0x11220000U | 16384U);
    word = 0xAAAAAAAA;
    EXPECT_EQ(m.access(tlm::TLM_READ_COMMAND, offset, word, upper_half), tlm::TLM_OK_RESPONSE);
    EXPECT_EQ(word, 0x1122AAAAU);
  });
}

TEST_F(csr_socket_test, what_the_bus_cannot_do_is_answered_and_nothing_stops) {
  socket_bench b;
  b.bench.run(4000, [](csr_master& m) {
    u32 word[2] = {};
    unsigned char enables[4] = {0xFF, 0xFF, 0xFF, 0xFF};
    const auto read = tlm::TLM_READ_COMMAND;
    EXPECT_EQ(m.access(read, 2, *word), tlm::TLM_ADDRESS_ERROR_RESPONSE) << "not aligned";
    EXPECT_EQ(m.access(read, 4096, *word), tlm::TLM_ADDRESS_ERROR_RESPONSE);
    EXPECT_EQ(m.access(read, u64{1} << 32, *word), tlm::TLM_ADDRESS_ERROR_RESPONSE);
    EXPECT_EQ(m.access(read, 0, *word, nullptr, 8), tlm::TLM_BURST_ERROR_RESPONSE);
    EXPECT_EQ(m.access(read, 0, *word, nullptr, 2), tlm::TLM_BURST_ERROR_RESPONSE);
    EXPECT_EQ(m.access(tlm::TLM_IGNORE_COMMAND, 0, *word), tlm::TLM_COMMAND_ERROR_RESPONSE);
    EXPECT_EQ(clock_now(), 0) << "refused at once";
    EXPECT_EQ(m.access(read, 0xFFC, *word), tlm::TLM_ADDRESS_ERROR_RESPONSE) << "no register";
    EXPECT_EQ(clock_now(), 316);
    EXPECT_EQ(m.access(read, 0, *word, enables), tlm::TLM_OK_RESPONSE) << "and it goes on";
    word[0] = 0;
    EXPECT_EQ(m.access(tlm::TLM_WRITE_COMMAND, csr::id::info.offset, *word), tlm::TLM_OK_RESPONSE)
        << "ignored";
    EXPECT_EQ(m.read<csr::id>(), csr::id{});
  });
  EXPECT_EQ(b.bench.csr.counters().refused, 6);
  EXPECT_EQ(b.bench.csr.counters().unmapped, 1);
  EXPECT_EQ(b.bench.csr.counters().reads, 3);
  EXPECT_EQ(b.bench.csr.counters().writes, 1);
}

TEST_F(csr_socket_test, endpoint_that_does_not_answer_is_an_error_not_a_hang) {
  struct : register_endpoint {
    [[nodiscard]] std::span<const csr_reply> csr_replies() const override { return {}; }
  } silent;
  register_endpoint east;
  csr_bench bench{silent, east, 1000, 100, {.latency = 157}};
  bench.run(2000, [](csr_master& m) {
    u32 word = 0;
    EXPECT_EQ(m.access(tlm::TLM_READ_COMMAND, 0, word), tlm::TLM_GENERIC_ERROR_RESPONSE);
  });
}

TEST_F(csr_socket_test, endpoint_whose_line_moves_unnamed_is_an_error_not_a_lost_interrupt) {
  struct : register_endpoint {
    [[nodiscard]] bool interrupt() const override { return now() > 150; }
  } unnamed;
  register_endpoint east;
  csr_bench bench{unnamed, east, 1000, 100, {.latency = 157}};
  EXPECT_THROW(bench.run(2000, [](csr_master&) {}), base::model_error);
}

TEST_F(csr_socket_test, two_masters_at_once_get_their_own_answers_four_clocks_apart) {
  socket_bench b;
  b.bench.run(2000, [](csr_master& m) {
    sc_core::sc_spawn([&m] {  // runs at once, up to its first wait
      EXPECT_EQ(m.read<csr::marker_interval>().flits, 4096);
      EXPECT_EQ(clock_now(), 316);
    });
    EXPECT_EQ(m.read<csr::id>(), csr::id{});
    EXPECT_EQ(clock_now(), 316 + 4);
  });
}

TEST_F(csr_socket_test, batch_longer_than_the_latency_is_refused) {
  register_endpoint west;
  register_endpoint east;
  EXPECT_THROW((csr_bench{west, east, 1000, 158, {.latency = 157}}), base::config_error);
}

// The whole of it, with every number the same for any batch.
TEST_P(csr_socket_batches, firmware_brings_the_link_up_and_sees_a_retrain) {
  socket_bench b{GetParam()};
  auto& irq = b.bench.irq;
  b.bench.run(6000, [&irq](csr_master& m) {
    m.write(csr::irq_enable{.active_lost = true});
    m.write(csr::control{.enable = true});
    EXPECT_EQ(clock_now(), 632);
    int polls = 1;
    while (m.read<csr::status>().state != 5 && polls < 9) ++polls;
    EXPECT_EQ(polls, 2);
    EXPECT_EQ(clock_now(), 1264);

    m.write(csr::control{.enable = true, .retrain = true});
    EXPECT_FALSE(irq.read());
    sc_core::wait(irq.posedge_event());
    EXPECT_EQ(clock_now(), 1264 + 157 + 2 + 1 + 157) << "there, pulse, status, back";
    EXPECT_EQ(m.read<csr::irq_cause>(), csr::irq_cause::from_word(8));

    m.write(csr::irq_status{.active_lost = true});
    EXPECT_EQ(clock_now(), 1581 + 2 * 316);
    sc_core::wait(sc_core::SC_ZERO_TIME);
    sc_core::wait(sc_core::SC_ZERO_TIME);
    EXPECT_FALSE(irq.read()) << "falls as the answer comes";
  });
}
INSTANTIATE_TEST_SUITE_P(batches, csr_socket_batches, testing::Values(1, 10, 64, 157));

TEST_F(csr_socket_test, is_saved_between_accesses_only) {
  socket_bench b;
  base::checkpoint saved{1};
  bool refused = false;
  b.bench.process.on_batch([&] {
    if (refused || b.bench.csr.counters().reads == 0 || b.bench.master.done()) return;
    try {
      base::checkpoint c{1};
      b.bench.csr.transfer(c);
    } catch (const base::config_error& e) {
      refused = true;
      EXPECT_STREQ(e.what(),
                   "csr: a register access is under way; allowed is to save and restore while none "
                   "is");
    }
  });
  const auto file = std::filesystem::path{testing::TempDir()} / "csr_socket.ckpt";
  b.bench.run(4000, [&](csr_master& m) {
    static_cast<void>(m.read<csr::id>());
    static_cast<void>(m.read<csr::id>());
    b.bench.csr.transfer(saved);
    saved.write(file);
    static_cast<void>(m.read<csr::id>());
    EXPECT_EQ(b.bench.csr.counters().reads, 3U);
    base::checkpoint loaded{file, 1};
    b.bench.csr.transfer(loaded);
    loaded.finish();
    EXPECT_EQ(b.bench.csr.counters().reads, 2U);
  });
  EXPECT_TRUE(refused);
  std::filesystem::remove(file);
}

}  // namespace
}  // namespace lightrack::link
