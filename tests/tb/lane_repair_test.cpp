// SPDX-License-Identifier: Apache-2.0
// tests/tb/lane_repair_test.cpp: two RTL ends with spares, light FEC and lanes that are dead or
// off: what they still carry, and that nothing is lost on the way.
#include <gtest/gtest.h>

#include <string>

#include "tb/bridge/rtl_endpoint.h"
#include "tb/verify/scoreboard.h"

namespace lightrack::bridge {
namespace {

using link::i64;
using link::u32;
using link::u64;
using verify::scenario;

struct shape {
  int lanes;
  int spares;
  bool light_fec;
};

scenario full_load(const shape& sh) {
  scenario s;
  s.name = "repair";
  s.lanes = sh.lanes;
  s.params.spares = sh.spares;
  s.params.light_fec = sh.light_fec;
  s.params.lane_wait_clocks = 6'000;
  s.length_m = 1;
  s.to_west.skew_words = {3, 0, 1, 2, 5, 0, 1, 2, 3, 4, 0, 1, 2, 5, 4, 3, 2, 1};
  s.to_west.skew_words.resize(static_cast<std::size_t>(sh.lanes + sh.spares));
  s.clocks = 40'000;
  return s;
}

verify::run_result run(const scenario& s) {
  const verify::run_result result =
      verify::run_pair(s, {.west = rtl_factory(), .east = rtl_factory()}, {.drain = true});
  for (const std::string& sentence : verify::judge(s, result)) ADD_FAILURE() << sentence;
  return result;
}

/// Share of the slots of full width, from ACTIVE to the end, in which `end` sent a flit.
double share_of_slots(const verify::run_result& result, const verify::end_result& end) {
  const auto& c = end.counters;
  const u64 flits = c.sent_nop + c.sent_data + c.sent_replay;
  const auto clocks = static_cast<double>(result.clocks - end.status.active_since);
  return static_cast<double>(4 * flits) / clocks;
}

class spared : public testing::TestWithParam<shape> {};
INSTANTIATE_TEST_SUITE_P(rtl, spared,
                         testing::Values(shape{16, 2, true}, shape{8, 1, true}, shape{4, 1, false}),
                         [](const auto& test) {
                           return std::to_string(test.param.lanes) + "_" +
                                  std::to_string(test.param.spares) +
                                  (test.param.light_fec ? "_fec" : "");
                         });

TEST_P(spared, carries_full_width_on_all_lanes) {
  const auto result = run(full_load(GetParam()));
  EXPECT_GT(share_of_slots(result, result.west), 0.98);
  EXPECT_GT(share_of_slots(result, result.east), 0.98);
  EXPECT_EQ(result.west.counters.received_bad, 0U);
  EXPECT_EQ(result.east.counters.received_bad, 0U);
}

TEST_P(spared, puts_a_spare_in_the_place_of_a_lane_that_is_dark_from_the_start) {
  scenario s = full_load(GetParam());
  s.to_west.events = {{.clock = 0, .lane = 1, .what = link::lane_change::lose}};
  const auto result = run(s);
  EXPECT_GT(share_of_slots(result, result.east), 0.97);
  EXPECT_EQ(result.west.counters.retrains, 0U);
}

TEST_P(spared, goes_on_at_full_width_after_a_lane_dies) {
  scenario s = full_load(GetParam());
  s.to_east.events = {{.clock = 20'000, .lane = 2, .what = link::lane_change::lose}};
  s.clocks = 70'000;
  const auto result = run(s);
  EXPECT_EQ(result.east.counters.retrains, 1U);
  EXPECT_EQ(result.west.counters.retrains, 1U);
  EXPECT_EQ(result.east.counters.lost_rx + result.west.counters.lost_tx, 0U);
  EXPECT_GT(result.east.sink[0].flits, 5'000U);
}

TEST_P(spared, believes_no_lane_that_is_off) {
  scenario s = full_load(GetParam());
  s.east_lanes_off = 1;
  const auto result = run(s);
  EXPECT_GT(share_of_slots(result, result.west), 0.97);
}

TEST(lane_repair, halves_one_direction_where_lanes_are_off) {
  scenario s = full_load({16, 2, true});
  s.east_lanes_off = 0x00111;  // 15 lanes are left
  const auto result = run(s);
  EXPECT_NEAR(share_of_slots(result, result.west), 0.5, 0.02);
  EXPECT_GT(share_of_slots(result, result.east), 0.98);
}

TEST(lane_repair, quarters_one_direction_and_halves_the_other) {
  scenario s = full_load({16, 0, false});
  s.east_lanes_off = 0x0FF01;  // 7 lanes
  s.west_lanes_off = 0x08000;  // 15 lanes
  const auto result = run(s);
  EXPECT_NEAR(share_of_slots(result, result.west), 0.25, 0.02);
  EXPECT_NEAR(share_of_slots(result, result.east), 0.5, 0.02);
}

TEST(lane_repair, halves_eight_lanes_to_four_after_one_dies) {
  scenario s = full_load({8, 0, false});
  s.to_east.events = {{.clock = 20'000, .lane = 0, .what = link::lane_change::lose}};
  s.to_east.ber = s.to_west.ber = 1e-5;
  s.clocks = 70'000;
  const auto result = run(s);
  EXPECT_GE(result.east.counters.retrains, 1U);
  EXPECT_GT(result.east.sink[0].flits, 5'000U);
}

TEST(lane_repair, keeps_lanes_in_step_at_half_width_on_a_bad_fiber) {
  scenario s = full_load({16, 2, true});
  s.east_lanes_off = 0x00111;
  s.west_lanes_off = 0x3F000;
  s.to_east.ber = s.to_west.ber = 1e-4;
  s.params.marker_interval = 64;
  const auto result = run(s);
  EXPECT_GT(result.west.counters.bip_errors[0], 0U);
  EXPECT_GT(result.east.sink[0].flits, 1'000U);
}

TEST(light_fec_pair, corrects_single_bits_that_would_cost_a_replay) {
  scenario s = full_load({16, 2, true});
  s.to_east.ber = s.to_west.ber = 1e-5;
  const auto with = run(s);
  s.params.spares = 0;
  s.params.light_fec = false;
  s.to_west.skew_words.resize(16);
  const auto without = run(s);
  // Of 100,000 flits each way 2 % have a wrong bit, one in 15,000 has two in one group.
  EXPECT_GT(without.east.counters.received_bad, 1'500U);
  EXPECT_LT(with.east.counters.received_bad, 25U);
  EXPECT_LT(with.west.counters.received_bad, 25U);
}

}  // namespace
}  // namespace lightrack::bridge
