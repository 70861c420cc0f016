// SPDX-License-Identifier: Apache-2.0
// tests/link/csr_socket_flit_test.cpp: firmware in front of a link of flit endpoints, 20 m of
// fiber, 640 ps a clock.
#include "models/link/flit_endpoint.h"
#include "tests/link/csr_bench.h"

namespace lightrack::link {
namespace {

struct flit_link {
  flit_source west_source{{.path = "west"}, traffic_generator{}};
  flit_source east_source{{.path = "east"}, traffic_generator{}};
  flit_sink west_sink{{}, &east_source, &west_source};
  flit_sink east_sink{{}, &west_source, &east_source};
  std::unique_ptr<endpoint> west = make_flit_endpoint({.name = "link0.west",
                                                       .params = {},
                                                       .receive = {.path = "east.tx"},
                                                       .source = &west_source,
                                                       .sink = &west_sink,
                                                       .far_source = &east_source});
  std::unique_ptr<endpoint> east = make_flit_endpoint({.name = "link0.east",
                                                       .params = {},
                                                       .receive = {.path = "west.tx"},
                                                       .source = &east_source,
                                                       .sink = &east_sink,
                                                       .far_source = &west_source});
  csr_bench bench;

  explicit flit_link(i64 batch)
      : bench{*west, *east, receive_channel{channel_params{}}.flight(), batch, {.latency = 157}} {
    east->access_csr({.clock = 0,
                      .offset = csr::lock_min_clocks::info.offset,
                      .value = csr::lock_min_clocks{.clocks = 400}.to_word()});
    // With the fifth access of the script, so that both ends light up together.
    east->access_csr({.clock = 4 * 316 + 157,
                      .offset = csr::control::info.offset,
                      .value = csr::control{.enable = true}.to_word()});
  }
};

class csr_socket_flit : public testing::TestWithParam<i64> {
 protected:
  csr_socket_flit() { sc_core::sc_set_time_resolution(1, sc_core::SC_FS); }
};

void bring_up(csr_master& m) {
  EXPECT_EQ(m.read<csr::id>(), csr::id{});
  m.write(csr::window{.flits = 100});
  EXPECT_EQ(m.read<csr::window>().flits, 100);
  m.write(csr::lock_min_clocks{.clocks = 400});
  m.write(csr::control{.enable = true});
  const i64 limit = clock_now() + 50'000;
  while (m.read<csr::status>().state != 5 && clock_now() < limit) {
  }
  EXPECT_EQ(m.read<csr::status>().state, 5);
  EXPECT_EQ(m.read<csr::lane_good>().lanes, 0xFFFF);
}

TEST_P(csr_socket_flit, brings_the_link_up_and_polls_it_through_a_retrain) {
  flit_link link{GetParam()};
  link.bench.run(100'000, [](csr_master& m) {
    bring_up(m);
    EXPECT_EQ(clock_now() % 316, 0) << "each access takes 316 clocks";
    m.write(csr::control{.enable = true, .retrain = true});
    EXPECT_TRUE(m.read<csr::irq_status>().active_lost);
    m.write(csr::irq_status{.active_lost = true});
    EXPECT_FALSE(m.read<csr::irq_status>().active_lost);
    while (m.read<csr::status>().state != 5 && clock_now() < 90'000) {
    }
    EXPECT_EQ(m.read<csr::status>().state, 5);
    m.write(csr::snapshot{.take = true});
    EXPECT_EQ(m.read<csr::counters::retrains>().count, 1);
  });
}
TEST_P(csr_socket_flit, interrupts_on_a_retrain_at_the_same_clock_for_any_batch) {
  flit_link link{GetParam()};
  auto& irq = link.bench.irq;
  link.bench.run(100'000, [&irq](csr_master& m) {
    bring_up(m);
    m.write(csr::irq_enable{.active_lost = true});
    const i64 start = clock_now();
    m.write(csr::control{.enable = true, .retrain = true});
    EXPECT_FALSE(irq.read());
    sc_core::wait(irq.posedge_event());
    EXPECT_EQ(clock_now(), start + 157 + 2 + 1 + 157) << "there, pulse, status, back";
    m.write(csr::irq_status{.active_lost = true});
    sc_core::wait(2 * bench_period_fs, sc_core::SC_FS);
    EXPECT_FALSE(irq.read());
  });
}
INSTANTIATE_TEST_SUITE_P(batches, csr_socket_flit, testing::Values(1, 50, 153));

}  // namespace
}  // namespace lightrack::link
