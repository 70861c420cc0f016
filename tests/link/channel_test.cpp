// SPDX-License-Identifier: Apache-2.0
// tests/link/channel_test.cpp
// One direction of light: delay, offsets, lost lanes, wrong bits; and what a user may configure.
#include "models/link/channel.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "models/base/error.h"
#include "models/base/random.h"

namespace lightrack::link {
namespace {

TEST(receive_channel, flight_is_fiber_and_pmd_rounded_up_to_whole_clocks) {
  struct delay_case {
    double length_m;
    double pmd_ns;
    i64 clock_fs;
    i64 clocks;
  };
  const std::vector<delay_case> cases = {
      {20, 0, 640'000, 153},       // 97.9 ns / 0.64 ns = 152.97
      {20, 24, 640'000, 191},      // 121.9 / 0.64 = 190.47
      {0, 0, 640'000, 1},          // never less than one clock
      {0, 0.64, 640'000, 1},       // exactly one clock
      {0, 0.640001, 640'000, 2},   // and one femtosecond
      {128, 0, 4'895, 128'000},    // 626.56 ns are whole clocks of 4.895 ps
      {2000, 0, 640'000, 15'297},  // 9790 / 0.64 = 15296.9
  };
  for (const delay_case& c : cases) {
    const receive_channel channel{
        {.clock_fs = c.clock_fs, .length_m = c.length_m, .pmd_latency_ns = c.pmd_ns}};
    EXPECT_EQ(channel.flight(), c.clocks) << c.length_m << " m, " << c.pmd_ns << " ns";
  }
}

TEST(receive_channel, one_value_stands_for_all_lanes) {
  const receive_channel one{{.skew_words = {3}, .offset_bits = {31}}};
  for (int lane = 0; lane < 16; ++lane) {
    EXPECT_EQ(one.skew(lane), 3);
    EXPECT_EQ(one.offset(lane, 0), 31);
    EXPECT_EQ(one.offset(lane, 5), 31) << "given offsets come back with the light";
  }
  const receive_channel each{{.lanes = 4, .skew_words = {0, 15, 2, 1}}};
  EXPECT_EQ(each.skew(1), 15);
  EXPECT_EQ(each.max_skew(), 15);
}

TEST(receive_channel, random_offsets_differ_by_seed_lane_and_return_of_light) {
  for (const int lanes : {4, 8, 16}) {
    std::set<int> seen;
    const receive_channel a{{.lanes = lanes, .seed = 1}};
    const receive_channel b{{.lanes = lanes, .seed = 1}};
    for (int lane = 0; lane < lanes; ++lane) {
      for (i64 nth = 0; nth < 500; ++nth) {
        const int offset = a.offset(lane, nth);
        ASSERT_EQ(offset, b.offset(lane, nth));
        seen.insert(offset);
      }
    }
    EXPECT_EQ(seen.size(), static_cast<std::size_t>(512 / lanes));
    EXPECT_EQ(*seen.rbegin(), 512 / lanes - 1);
  }
  const receive_channel first{{.seed = 1}};
  const receive_channel second{{.seed = 2}};
  int equal = 0;
  for (i64 nth = 0; nth < 1000; ++nth)
    equal += first.offset(0, nth) == second.offset(0, nth) ? 1 : 0;
  EXPECT_LT(equal, 70) << "1 of 32 by chance";
}

std::string refusal(const channel_params& params) {
  try {
    const receive_channel channel{params};
    return "accepted";
  } catch (const base::config_error& e) {
    return e.what();
  }
}

TEST(receive_channel, what_is_out_of_range_is_refused_by_its_key) {
  EXPECT_EQ(refusal({.ber = {0.6}}), "channel.ber: 0.6 found, 0 to 0.5 is allowed.");
  EXPECT_EQ(refusal({.ber = {-1e-9}}), "channel.ber: -1e-09 found, 0 to 0.5 is allowed.");
  EXPECT_EQ(refusal({.ber = {1e-9, 1e-9}}),
            "channel.ber: 2 values found, one value or 16 (one a lane) are allowed.");
  EXPECT_EQ(refusal({.burst_rate = 0.1}), "channel.burst_rate: 0.1 found, 0 to 0.01 is allowed.");
  EXPECT_EQ(refusal({.burst_bits = 65}), "channel.burst_bits: 65 found, 1 to 64 is allowed.");
  EXPECT_EQ(refusal({.skew_words = {16}}), "channel.skew_words: 16 found, 0 to 15 is allowed.");
  EXPECT_EQ(refusal({.lanes = 8, .offset_bits = {64}}),
            "channel.offset_bits: 64 found, 0 to 63 is allowed.");
  EXPECT_EQ(refusal({.ber_drift = {{5, 1}, {5, 2}}}),
            "channel.ber_drift: a time not after the one before it found, only rising times are "
            "allowed.");
  EXPECT_EQ(refusal({.ber_drift = {{5, -1}}}),
            "channel.ber_drift factor: -1 found, 0 to 1e+12 is allowed.");
  EXPECT_EQ(refusal({.events = {{.clock = 5, .lane = 16}}}),
            "channel.events lane: 16 found, -1 to 15 (-1: all) is allowed.");
  EXPECT_EQ(refusal({.lanes = 5}), "link.lanes: 5 found, 4, 8 or 16 is allowed.");
  EXPECT_EQ(refusal({.length_m = -1}), "fiber.length: -1 found, 0 to 1e+06 m is allowed.");
  EXPECT_EQ(refusal({.slip_settle = 0}),
            "channel.slip_settle: 0 found, 1 to 1000 clocks is allowed.");
  EXPECT_EQ(refusal({.ber = {0.5}, .burst_rate = 0.01, .burst_bits = 64, .skew_words = {15}}),
            "accepted");
}

TEST(receive_channel, a_lane_is_lost_from_its_event_until_it_returns) {
  const receive_channel channel{
      {.events = {{.clock = 300, .lane = 2, .what = lane_change::restore},
                  {.clock = 100, .lane = 2, .what = lane_change::lose},
                  {.clock = 250, .lane = -1, .what = lane_change::lose},
                  {.clock = 400, .lane = -1, .what = lane_change::restore},
                  {.clock = 400, .lane = 5, .what = lane_change::lose}}}};
  EXPECT_TRUE(channel.has_events());
  EXPECT_FALSE(channel.lane_lost(2, 99));
  EXPECT_TRUE(channel.lane_lost(2, 100));
  EXPECT_TRUE(channel.lane_lost(2, 299));
  EXPECT_FALSE(channel.lane_lost(2, 300)) << "its own event, though all were lost at 250";
  EXPECT_FALSE(channel.lane_lost(0, 249));
  EXPECT_TRUE(channel.lane_lost(0, 399));
  EXPECT_FALSE(channel.lane_lost(0, 400));
  EXPECT_TRUE(channel.lane_lost(5, 400)) << "returned and lost in one clock: it never came back";
  EXPECT_EQ(channel.next_change(2, 0), 100);
  EXPECT_EQ(channel.next_change(2, 100), 300);
  EXPECT_EQ(channel.next_change(2, 300), never);
  EXPECT_EQ(channel.next_change(5, 250), never);
  const receive_channel blink{{.events = {{.clock = 7, .what = lane_change::lose},
                                          {.clock = 7, .what = lane_change::restore}}}};
  EXPECT_EQ(blink.next_change(0, 0), never) << "lost and returned in one clock: nothing happened";
}

TEST(receive_channel, quality_told_on_the_way_loses_a_lane_and_brings_it_back) {
  receive_channel channel{{.events = {{.clock = 3'000, .lane = 2},
                                      {.clock = 5'000, .lane = 2, .what = lane_change::restore}}}};
  channel.set_quality({.lane = 2, .from = 1'000, .present = false});
  EXPECT_TRUE(channel.has_events());
  EXPECT_FALSE(channel.lane_lost(2, 999));
  EXPECT_TRUE(channel.lane_lost(2, 1'000));
  EXPECT_FALSE(channel.lane_lost(1, 1'000));
  channel.set_quality({.lane = 2, .from = 4'000, .present = true});
  // Lost by one or the other from 1,000 to 5,000.
  EXPECT_EQ(channel.next_change(2, 0), 1'000);
  EXPECT_EQ(channel.next_change(2, 1'000), 5'000);
  EXPECT_TRUE(channel.lane_lost(2, 4'500));
  EXPECT_EQ(channel.next_change(2, 5'000), never);
  EXPECT_THROW(channel.set_quality({.lane = 16, .from = 6'000}), base::config_error);
  EXPECT_THROW(channel.set_quality({.lane = 0, .from = 6'000, .ber = 0.6}), base::config_error);
  EXPECT_THROW(channel.set_quality({.lane = 2, .from = 4'000}), base::model_error)
      << "clocks of a lane rise";
}

TEST(receive_channel, a_clean_answer_ends_where_quality_changes) {
  receive_channel channel{{}};
  EXPECT_TRUE(channel.clean(0, 1'000'000));
  channel.set_quality({.lane = 5, .from = 1'000'064, .ber = 1e-2});
  EXPECT_TRUE(channel.clean(1'000'000, 64));
  EXPECT_FALSE(channel.clean(1'000'064, 10'000)) << "a block has 2,048 clocks of 32 bits";
}

TEST(receive_channel, wrong_bits_are_those_of_each_lane_s_process) {
  for (const int lanes : {4, 8, 16}) {
    const int bits = 512 / lanes;
    const channel_params params{
        .lanes = lanes, .seed = 6, .path = "east.tx", .ber = {2e-4}, .burst_rate = 1e-5};
    receive_channel channel{params};
    std::set<std::pair<int, i64>> found;
    constexpr i64 clocks = 6000;
    for (i64 first = 0; first < clocks;) {
      const i64 count = 1 + static_cast<i64>(base::mix64(static_cast<u64>(first)) % 9);
      const bool clean = channel.clean(first, count);
      int wrong = 0;
      channel.errors_in(first, count, [&](int lane, int bit) {
        EXPECT_LT(bit, count * bits);
        found.insert({lane, first * bits + bit});
        ++wrong;
      });
      EXPECT_EQ(clean, wrong == 0) << "clocks from " << first;
      first += count;
    }
    std::set<std::pair<int, i64>> expected;
    for (int lane = 0; lane < lanes; ++lane) {
      error_process process{
          6, "east.tx.lane" + std::to_string(lane), {.ber = 2e-4, .burst_rate = 1e-5}};
      const i64 end = 6000 * bits;
      for (i64 bit = process.next_error(0, end); bit < end; bit = process.next_error(bit + 1, end))
        expected.insert({lane, bit});
    }
    std::erase_if(found, [&](const auto& f) { return f.second >= 6000 * bits; });
    EXPECT_GT(expected.size(), 500U);
    EXPECT_EQ(found, expected) << lanes << " lanes";
  }
}

TEST(receive_channel, the_next_error_clock_jumps_over_clean_blocks_and_no_error) {
  // One wrong clock in about ten blocks; 6,000 of them also fall next to borders of blocks.
  constexpr i64 blocks = 60'000;
  constexpr i64 clocks = blocks * 65536 / 32;
  std::set<i64> wrong;
  for (int lane = 0; lane < 16; ++lane) {
    error_process errors{4, "west.tx.lane" + std::to_string(lane), {.ber = 1e-7}};
    const i64 end = clocks * 32;
    for (i64 bit = errors.next_error(0, end); bit < end; bit = errors.next_error(bit + 1, end))
      wrong.insert(bit / 32);
  }
  ASSERT_GT(wrong.size(), 5000U);
  receive_channel channel{{.seed = 4, .ber = {1e-7}}};
  i64 from = 0;
  for (const i64 clock : wrong) {
    ASSERT_EQ(channel.next_error_clock(from, clocks), clock);
    from = clock + 1;
  }
  EXPECT_GE(channel.next_error_clock(from, clocks), clocks);
  receive_channel quiet{{.seed = 4}};
  EXPECT_GE(quiet.next_error_clock(0, 1'000'000'000), 1'000'000'000);
}

TEST(channel, an_injection_that_the_dark_cut_goes_on_with_the_light) {
  receive_channel channel{{.lanes = 16}};
  channel.light(0, true);
  channel.inject({.clock = 1'000,
                  .kind = slot_kind::injection,
                  .flags = 2,      // lane
                  .good_byte = 5,  // bit
                  .count = 100});  // words
  EXPECT_EQ(channel.next_error_clock(0, 5'000), 1'000);
  channel.light(1'060, false);
  EXPECT_GE(channel.next_error_clock(1'060, 5'000), 5'000) << "dark words have no wrong bits";
  channel.light(2'000, true);
  EXPECT_EQ(channel.next_error_clock(1'060, 5'000), 2'000);
  EXPECT_FALSE(channel.clean(2'039, 1)) << "40 words were left";
  EXPECT_TRUE(channel.clean(2'040, 1'000));
}

TEST(flit_bit, every_bit_of_a_flit_has_one_place_on_the_lanes) {
  for (const int lanes : {4, 8, 16}) {
    std::set<int> bits;
    for (int lane = 0; lane < lanes; ++lane)
      for (int bit = 0; bit < 2048 / lanes; ++bit) bits.insert(flit_bit(lanes, lane, bit));
    EXPECT_EQ(bits.size(), 2048U);
    EXPECT_EQ(*bits.rbegin(), 2047);
    EXPECT_EQ(flit_bit(lanes, 1, 0), 8) << "byte 1 goes to lane 1";
    EXPECT_EQ(flit_bit(lanes, 0, 8), 8 * lanes) << "the lane's second byte";
  }
}

}  // namespace
}  // namespace lightrack::link
