// SPDX-License-Identifier: Apache-2.0
// tests/link/burst_pair_test.cpp: burst against flit on the same link, traffic and wrong bits.
#include "models/link/burst_pair.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "models/base/error.h"
#include "tests/link/burst_rig.h"

namespace lightrack::link {
namespace {

pair_options options(double load, u32 bytes = 256, double reads = 0) {
  pair_options o;
  o.sink.warmup_clock = 20'000;
  o.from_west = {.load = load, .bytes = bytes, .read_fraction = reads, .start_clock = 15'000};
  o.from_east = {.load = load,
                 .bytes = bytes,
                 .read_fraction = reads,
                 .path = "east",
                 .source = 1,
                 .destination = 0,
                 .start_clock = 15'000};
  return o;
}
pair_options with_fiber(pair_options o, double length_m) {
  o.to_west.length_m = o.to_east.length_m = length_m;
  o.params.lock_min_clocks = 2 * (receive_channel{o.to_east}.flight() + 16) + 8;
  return o;
}
pair_options with_ber(pair_options o, double ber) {
  o.to_west.ber = o.to_east.ber = {ber};
  return o;
}

struct tolerance {
  double throughput = 0;  ///< percent
  double mean = 0;
  double p99 = 0;
};

void expect_near_percent(double burst, double flit, double percent, const char* what) {
  EXPECT_NEAR(burst, flit, flit * percent / 100 + 1e-9) << what;
}

void expect_near_clocks(u64 burst, u64 flit, i64 clocks) {
  EXPECT_LE(std::abs(static_cast<i64>(burst) - static_cast<i64>(flit)), clocks)
      << burst << " against " << flit;
}

void compare(const pair_options& o, i64 clocks, const tolerance& t) {
  flit_pair flit{o};
  burst_rig burst{o};
  flit.run_until(clocks);
  burst.run_until(clocks);
  for (const auto& [f, b] :
       {std::pair{&flit.at_east, &burst.at_east}, std::pair{&flit.at_west, &burst.at_west}}) {
    const auto bytes = [](const flit_sink& s) {
      return static_cast<double>(s.counters(0).useful_bytes + s.counters(1).useful_bytes);
    };
    EXPECT_GT(bytes(*f), 0);
    expect_near_percent(bytes(*b), bytes(*f), t.throughput, "useful bytes");
    expect_near_percent(b->flit_latency().mean(), f->flit_latency().mean(), t.mean, "mean latency");
    expect_near_percent(b->flit_latency().quantile(0.99), f->flit_latency().quantile(0.99), t.p99,
                        "p99 latency");
    expect_near_percent(b->request_latency().mean(), f->request_latency().mean(), t.mean + 1,
                        "mean latency of requests");
    for (int vc = 0; vc < vc_count; ++vc) {
      EXPECT_EQ(b->counters(vc).lost, 0U);
      EXPECT_EQ(b->counters(vc).repeated, 0U);
      EXPECT_EQ(b->counters(vc).broken, 0U);
    }
  }
}

// Without wrong bits nothing is left to chance: counters are equal too.
void expect_equal_counters(const pair_options& o, i64 clocks) {
  flit_pair flit{o};
  burst_rig burst{o};
  flit.run_until(clocks);
  burst.run_until(clocks);
  EXPECT_EQ(burst.west->counters(), flit.west->counters());
  EXPECT_EQ(burst.east->counters(), flit.east->counters());
  EXPECT_EQ(burst.west->status().active_since, flit.west->status().active_since);
  EXPECT_EQ(burst.west->status().round_trip, flit.west->status().round_trip);
}

TEST(burst_pair, all_counters_are_those_of_flit_without_wrong_bits) {
  expect_equal_counters(options(1), 100'000);
  expect_equal_counters(options(0.3), 100'000);
  expect_equal_counters(with_fiber(options(1, 64), 1), 100'000);
}

TEST(burst_pair, narrow_links_have_shorter_markers) {
  for (const int lanes : {4, 8}) {
    pair_options o = options(1);
    o.params.lanes = o.to_west.lanes = o.to_east.lanes = lanes;
    expect_equal_counters(o, 100'000);
  }
}

TEST(burst_pair, a_window_below_the_round_trip_stalls_the_same_slots) {
  pair_options o = options(1);
  o.params.window = 40;  // of 82
  expect_equal_counters(o, 100'000);
}

TEST(burst_pair, credits_come_back_as_in_flit) {
  pair_options o = options(1);
  o.params.rx_depth = 64;
  expect_equal_counters(o, 100'000);
  pair_options slow = options(1);
  slow.sink.stall_every = 8;
  slow.sink.stall_clocks = 64;
  expect_equal_counters(slow, 100'000);
}

TEST(burst_pair, reads_answer_as_in_flit) {
  expect_equal_counters(options(0.5, 256, 0.5), 100'000);
  compare(options(1, 256, 0.3), 100'000, {});
}

TEST(burst_pair, wrong_bits_cost_what_they_cost_in_flit) {
  compare(with_ber(options(0.5), 1e-7), 1'000'000, {.throughput = 0.1, .mean = 0.5, .p99 = 2});
  compare(with_ber(options(1), 1e-6), 500'000, {.throughput = 0.2, .mean = 0.5, .p99 = 2});
  compare(with_ber(options(1), 1e-5), 500'000, {.throughput = 1, .mean = 2, .p99 = 5});
  compare(with_ber(options(0.2, 64, 0.5), 1e-5), 300'000, {.throughput = 1, .mean = 2, .p99 = 5});
  compare(with_ber(with_fiber(options(0.5), 1), 1e-4), 300'000,
          {.throughput = 2, .mean = 5, .p99 = 10});
}

TEST(burst_pair, a_dirty_link_of_20_m_is_within_the_bounds) {
  compare(with_ber(options(1), 1e-4), 1'500'000, {.throughput = 2, .mean = 5, .p99 = 10});
}

TEST(burst_pair, no_batch_changes_a_result) {
  pair_options o = with_ber(options(0.9), 1e-5);
  o.from_east.read_fraction = 0.2;
  burst_rig whole{o};
  whole.run_until(200'000);
  for (const i64 batch : {100, 4097}) {
    o.max_batch = batch;
    burst_rig cut{o};
    cut.run_until(200'000);
    EXPECT_EQ(cut.west->trace().hash(), whole.west->trace().hash()) << batch;
    EXPECT_EQ(cut.east->trace().hash(), whole.east->trace().hash()) << batch;
    EXPECT_EQ(cut.west->counters(), whole.west->counters()) << batch;
    EXPECT_EQ(cut.at_east.flit_latency(), whole.at_east.flit_latency()) << batch;
  }
}

TEST(burst_pair, another_seed_is_another_trace) {
  pair_options o = options(1);
  burst_rig one{o};
  one.run_until(100'000);
  o.payload_seed = 2;
  burst_rig two{o};
  two.run_until(100'000);
  EXPECT_NE(one.west->trace().hash(), two.west->trace().hash());
}

TEST(burst_pair, a_lost_lane_costs_a_training_and_half_the_width_but_no_flit) {
  pair_options o = options(0.5);
  o.to_east.events = {{.clock = 60'000, .lane = 3},
                      {.clock = 70'000, .lane = 3, .what = lane_change::restore}};
  flit_pair flit{o};
  burst_rig burst{o};
  flit.run_until(200'000);
  burst.run_until(200'000);
  EXPECT_EQ(burst.east->counters().retrains, flit.east->counters().retrains);
  EXPECT_EQ(burst.east->status().state, flit.east->status().state);
  for (int vc = 0; vc < vc_count; ++vc) {
    EXPECT_EQ(burst.at_east.counters(vc).lost, 0U);
    EXPECT_EQ(burst.at_east.counters(vc).repeated, 0U);
  }
  EXPECT_NEAR(static_cast<double>(burst.at_east.counters(0).flits),
              static_cast<double>(flit.at_east.counters(0).flits), 20);
  expect_near_clocks(burst.at_east.flit_latency().max(), flit.at_east.flit_latency().max(), 100);
}

TEST(burst_pair, a_retrain_on_command_takes_the_time_it_takes_in_flit) {
  const pair_options o = options(0.5);
  flit_pair flit{o};
  burst_rig burst{o};
  const csr_access pulse{.clock = 50'000,
                         .offset = csr::control::info.offset,
                         .value = csr::control{.enable = true, .retrain = true}.to_word()};
  flit.run_until(50'000);
  burst.run_until(50'000);
  flit.west->access_csr(pulse);
  burst.west->access_csr(pulse);
  flit.run_until(100'000);
  burst.run_until(100'000);
  EXPECT_EQ(burst.west->counters().retrains, 1U);
  EXPECT_EQ(burst.east->counters().retrains, 1U);
  expect_near_clocks(burst.at_east.flit_latency().max(), flit.at_east.flit_latency().max(), 40);
  EXPECT_EQ(burst.at_east.counters(0).lost, 0U);
}

TEST(burst_pair, a_lane_that_stays_dark_ends_in_link_down_with_its_cause) {
  pair_options o = options(0.5);
  o.params.lock_timeout_clocks = 20'000;
  o.params.map_timeout_clocks = 10'000;
  o.to_east.events = {{.clock = 60'000, .lane = 3}};
  flit_pair flit{o};
  burst_rig burst{o};
  flit.run_until(200'000);
  burst.run_until(200'000);
  for (const auto& [f, b] : {std::pair{flit.west.get(), burst.west.get()},
                             std::pair{flit.east.get(), burst.east.get()}}) {
    EXPECT_EQ(b->status().state, f->status().state);
    EXPECT_EQ(b->status().cause, f->status().cause);
  }
}

TEST(burst_pair, light_fec_repairs_what_it_repairs_in_flit) {
  pair_options o = options(0.5);
  o.params.light_fec = true;
  expect_equal_counters(o, 100'000);
  o = with_ber(o, 1e-4);
  compare(o, 500'000, {.throughput = 0.5, .mean = 1, .p99 = 2});
  flit_pair flit{o};
  burst_rig burst{o};
  flit.run_until(500'000);
  burst.run_until(500'000);
  for (const auto& [f, b] :
       {std::pair{flit.west.get(), burst.west.get()}, std::pair{flit.east.get(), burst.east.get()}})
    for (std::size_t g = 0; g < 3; ++g) {
      EXPECT_GT(f->counters().fec_corrected[g], 1'000U);
      expect_near_percent(static_cast<double>(b->counters().fec_corrected[g]),
                          static_cast<double>(f->counters().fec_corrected[g]), 1, "corrected");
    }
}

TEST(burst_pair, parity_tells_of_each_lane_what_it_tells_in_flit) {
  pair_options o = options(0.5);
  o.params.marker_interval = 256;
  o.to_east.ber = std::vector<double>(16, 0.0);
  o.to_east.ber[5] = 1e-6;
  flit_pair flit{o};
  burst_rig burst{o};
  flit.run_until(400'000);
  burst.run_until(400'000);
  const auto f = flit.east->counters().bip_errors;
  const auto b = burst.east->counters().bip_errors;
  EXPECT_GT(f[5], 5U);
  expect_near_clocks(b[5], f[5], 2);
  EXPECT_EQ(b[4], 0U);
}

TEST(burst_pair, a_spare_takes_the_place_of_a_lost_lane) {
  pair_options o = options(0.8);
  o.params.spares = o.to_east.spares = o.to_west.spares = 1;
  o.params.lane_wait_clocks = 3'000;
  o.to_east.events = {{.clock = 60'000, .lane = 3}};
  compare(o, 200'000, {.throughput = 0.1, .mean = 0.5, .p99 = 1});
  burst_rig burst{o};
  burst.run_until(200'000);
  EXPECT_EQ(burst.east->status().rx_lanes, 0x1FFF7U) << "all but lane 3, and the spare";
  EXPECT_EQ(burst.east->status().rx_shift, 0);
}

TEST(burst_pair, half_and_quarter_width_are_slower_by_as_much) {
  for (const u32 off : {0xFFU, 0xFFFU}) {
    pair_options o = options(1);
    o.params.lanes_off = off;
    o.params.lane_wait_clocks = 3'000;
    expect_equal_counters(o, 150'000);
    compare(with_ber(o, 1e-6), 300'000, {.throughput = 0.2, .mean = 1, .p99 = 2});
  }
}

TEST(burst_pair, a_link_that_rests_sleeps_and_wakes_as_often) {
  pair_options o = options(0.02, 4080);
  o.params.quiesce_after = 64;
  compare(o, 500'000, {.throughput = 0.1, .mean = 1, .p99 = 2});
  flit_pair flit{o};
  burst_rig burst{o};
  flit.run_until(500'000);
  burst.run_until(500'000);
  EXPECT_GT(flit.west->counters().quiesces, 50U);
  expect_near_clocks(burst.west->counters().quiesces, flit.west->counters().quiesces, 2);
  expect_near_clocks(burst.west->counters().wakes, flit.west->counters().wakes, 2);
}

TEST(burst_pair, a_reset_of_one_side_loses_flits_that_are_counted_and_raised) {
  for (const i64 off : {100, 5'000}) {
    const pair_options o = options(1);
    flit_pair flit{o};
    burst_rig burst{o};
    const auto run = [&](auto& pair) {
      pair.run_until(60'000);
      const auto write = [&](i64 clock, u32 offset, u32 value) {
        pair.west->access_csr({.clock = clock, .offset = offset, .value = value});
      };
      pair.east->access_csr({.clock = 60'000,
                             .offset = csr::irq_enable::info.offset,
                             .value = csr::irq_enable{.new_session = true}.to_word()});
      write(60'000, csr::control::info.offset, csr::control{.enable = false}.to_word());
      write(60'000 + off, csr::control::info.offset, csr::control{.enable = true}.to_word());
      pair.run_until(150'000);
    };
    run(flit);
    run(burst);
    for (const auto& [f, b] : {std::pair{flit.west.get(), burst.west.get()},
                               std::pair{flit.east.get(), burst.east.get()}}) {
      EXPECT_EQ(b->status().state, f->status().state);
      EXPECT_EQ(b->status().session, f->status().session);
      EXPECT_GT(b->counters().lost_tx, 0U);
      expect_near_clocks(b->counters().lost_tx, f->counters().lost_tx, 2);
      expect_near_clocks(b->counters().lost_rx, f->counters().lost_rx, 2);
    }
    EXPECT_TRUE(burst.east->interrupt()) << "another session";
    const auto lost = [](const flit_sink& s) { return s.counters(0).lost + s.counters(1).lost; };
    EXPECT_LE(lost(burst.at_east), burst.west->counters().lost_tx + burst.east->counters().lost_rx);
    EXPECT_LE(lost(burst.at_west), burst.east->counters().lost_tx + burst.west->counters().lost_rx);
    EXPECT_GT(lost(burst.at_east) + lost(burst.at_west), 0U);
    EXPECT_EQ(burst.at_east.counters(0).repeated, 0U);
  }
}

TEST(burst_pair, a_link_that_is_down_comes_back_when_it_is_switched_off_and_on) {
  pair_options o = options(0.5);
  o.params.lock_timeout_clocks = 8'000;
  o.to_east.events = {{.clock = 40'000}, {.clock = 100'000, .what = lane_change::restore}};
  for (int lane = 1; lane < 16; ++lane)  // one lane keeps its light: LOCK, and no way on
    o.to_east.events.push_back({.clock = 40'010, .lane = 0, .what = lane_change::restore});
  flit_pair flit{o};
  burst_rig burst{o};
  const auto run = [](auto& pair) {
    pair.run_until(99'000);
    const endpoint_status down = pair.east->status();
    for (endpoint* e : {pair.west.get(), pair.east.get()}) {
      e->access_csr({.clock = 110'000, .offset = csr::control::info.offset, .value = 0});
      e->access_csr({.clock = 110'100,
                     .offset = csr::control::info.offset,
                     .value = csr::control{.enable = true}.to_word()});
    }
    pair.run_until(200'000);
    return std::pair{down.state, down.cause};
  };
  EXPECT_EQ(run(burst), run(flit));
  EXPECT_EQ(burst.east->status().state, static_cast<int>(pkg::state_e::active));
  EXPECT_EQ(flit.east->status().state, static_cast<int>(pkg::state_e::active));
}

// Each register access ends a leap: whatever was on its way then must go on as if nothing were.
TEST(burst_pair, a_leap_may_end_at_any_clock) {
  for (const double reads : {0.0, 0.4}) {
    for (const double load : {0.2, 1.0}) {
      const pair_options o = options(load, 256, reads);
      flit_pair flit{o};
      burst_rig burst{o};
      i64 clock = 20'000;
      for (int k = 0; k < 60; ++k) {
        clock += 611 + 37 * (k % 11);
        const csr_access read{.clock = clock, .offset = csr::status::info.offset, .write = false};
        for (endpoint* e : {flit.west.get(), burst.west.get()}) e->access_csr(read);
      }
      flit.run_until(90'000);
      burst.run_until(90'000);
      SCOPED_TRACE(testing::Message() << "load " << load << " reads " << reads);
      EXPECT_EQ(burst.west->counters(), flit.west->counters());
      EXPECT_EQ(burst.east->counters(), flit.east->counters());
      EXPECT_EQ(burst.at_east.counters(0), flit.at_east.counters(0));
      EXPECT_EQ(burst.at_west.counters(1), flit.at_west.counters(1));
      EXPECT_EQ(burst.at_east.flit_latency().max(), flit.at_east.flit_latency().max());
    }
  }
}

TEST(burst_pair, most_of_the_time_is_leapt_over) {
  const pair_options o = options(1);
  flit_source west_source{{.path = "west"}, traffic_generator{o.from_west}};
  flit_source east_source{{.path = "east"}, traffic_generator{o.from_east}};
  flit_sink at_west{{}, &east_source, &west_source};
  flit_sink at_east{{}, &west_source, &east_source};
  burst_pair pair{{endpoint_wiring{.name = "west",
                                   .params = o.params,
                                   .receive = o.to_west,
                                   .source = &west_source,
                                   .sink = &at_west,
                                   .far_source = &east_source},
                   endpoint_wiring{.name = "east",
                                   .params = o.params,
                                   .receive = o.to_east,
                                   .source = &east_source,
                                   .sink = &at_east,
                                   .far_source = &west_source}},
                  specified_curve(16, false)};
  for (std::size_t e = 0; e < 2; ++e)
    for (const csr_access& a : configuration_writes(o.params)) pair.end(e).access_csr(a);
  pair.advance(1'000'000);
  EXPECT_GT(pair.leapt(), 990'000);
}

TEST(burst_pair, registers_answer) {
  burst_rig burst{options(1)};
  burst.run_until(50'000);
  burst.west->access_csr({.clock = 50'000,
                          .offset = csr::snapshot::info.offset,
                          .value = csr::snapshot{.take = true}.to_word()});
  burst.west->access_csr(
      {.clock = 50'004, .offset = csr::counters::sent_data::info.offset, .write = false});
  burst.west->access_csr({.clock = 50'008, .offset = csr::status::info.offset, .write = false});
  burst.runner->step(50'100);
  const auto replies = burst.west->csr_replies();
  ASSERT_EQ(replies.size(), 3U);
  EXPECT_GT(replies[1].value, 8000U);
  EXPECT_EQ(csr::status::from_word(replies[2].value).state, 5U);
}

TEST(burst_pair, a_curve_of_another_width_is_refused) {
  flit_source west{{}, traffic_generator{}};
  flit_sink sink{{}, &west, &west};
  const endpoint_wiring w{.name = "west",
                          .params = {},
                          .receive = {},
                          .source = &west,
                          .sink = &sink,
                          .far_source = &west};
  EXPECT_THROW(static_cast<void>(make_burst_ends(w, w, {.lanes = 8})), base::config_error);
}

}  // namespace
}  // namespace lightrack::link
