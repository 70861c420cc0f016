// SPDX-License-Identifier: Apache-2.0
// tests/link/injection_test.cpp
// Wrong bits on purpose: which words they meet, and that the far end meets the same.
#include "models/link/injection.h"

#include <gmock/gmock.h>

#include "rest_pair.h"

namespace lightrack::link {
namespace {

using pkg::ctrl_e;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<i64> hit_clocks(const lane_injection& injection, i64 until) {
  std::vector<i64> clocks;
  for (i64 n = injection.next(0); n < until; n = injection.next(n + 1)) clocks.push_back(n);
  return clocks;
}

TEST(lane_injection, hits_as_many_words_as_asked_for) {
  lane_injection injection;
  injection.light(10, true);
  injection.arm(20, 3, 5, 4);
  EXPECT_THAT(hit_clocks(injection, 100), ElementsAre(20, 21, 22, 23));
}

TEST(lane_injection, dark_words_use_up_no_count) {
  lane_injection injection;
  injection.light(10, true);
  injection.arm(20, 3, 5, 4);
  injection.light(22, false);
  EXPECT_THAT(hit_clocks(injection, 100), ElementsAre(20, 21));
  injection.light(50, true);
  EXPECT_THAT(hit_clocks(injection, 100), ElementsAre(20, 21, 50, 51));
}

TEST(lane_injection, armed_in_the_dark_waits_for_light) {
  lane_injection injection;
  injection.arm(5, 0, 0, 2);
  EXPECT_THAT(hit_clocks(injection, 100), IsEmpty());
  injection.light(10, true);
  EXPECT_THAT(hit_clocks(injection, 100), ElementsAre(10, 11));
}

TEST(lane_injection, armed_between_the_news_of_the_dark_and_the_dark) {
  lane_injection injection;
  injection.light(10, true);
  injection.light(23, false);
  injection.arm(21, 0, 0, 5);
  injection.light(40, true);
  EXPECT_THAT(hit_clocks(injection, 100), ElementsAre(21, 22, 40, 41, 42));
}

TEST(lane_injection, arming_anew_replaces_what_is_left) {
  lane_injection injection;
  injection.light(0, true);
  injection.arm(10, 0, 0, 100);
  injection.arm(12, 1, 7, 1);
  EXPECT_THAT(hit_clocks(injection, 200), ElementsAre(10, 11, 12));
  std::vector<std::pair<int, int>> bits;
  injection.visit(11, 2, 32, [&bits](int lane, int bit) { bits.emplace_back(lane, bit); });
  EXPECT_THAT(bits, ElementsAre(std::pair{0, 0}, std::pair{1, 32 + 7}));
}

// Written with setup 3000, in the core at 3002: words 3003 to 3006. Flits decided at 2999 (words
// 3002 to 3005) and 3003 (3006 to 3009) are bad, verdicts D + 163.
TEST(flit_injection, a_lane_is_hit_at_its_words) {
  rest_pair pair;
  pair.write(*pair.west, 3000, csr::inject_lane{.lane = 4, .position = 31, .words = 4});
  pair.run_until(3400);
  std::vector<i64> bad;
  for (const auto& r : records_of(*pair.east, trace_event::verdict))
    if (r.arg8 == static_cast<u8>(pkg::verdict_e::bad)) bad.push_back(r.clock);
  EXPECT_THAT(bad, ElementsAre(2999 + 163, 3003 + 163));
}

// The next DATA has bit 0 of its number turned, with good CRCs: east drops it as ahead and asks;
// west repeats it right.
TEST(flit_injection, a_wrong_number_is_dropped_and_repeated_right) {
  rest_pair pair;
  pair.write(*pair.west, 3000, csr::inject_header_lo{.mask = 1 << 4});
  pair.write(*pair.west, 3004, csr::inject_flits{.count = 1, .data = true});
  rest_pair::offer(pair.west_source, 3100);
  pair.run_until(3400);
  pair.run_until_drained();
  pair.expect_nothing_lost();
  EXPECT_EQ(pair.east->counters().ahead, 1U);
  EXPECT_EQ(pair.east->counters().received_bad, 0U);
  EXPECT_EQ(pair.west->counters().sent_replay, 1U);
  EXPECT_EQ(pair.at_east.counters(0).flits, 1U);
}

TEST(flit_injection, a_reserved_kind_is_a_protocol_error) {
  rest_pair pair;
  pair.write(*pair.west, 3000, csr::inject_header_lo{.mask = 7});
  pair.write(*pair.west, 3004, csr::inject_flits{.count = 3, .nop = true});
  pair.run_until(3400);
  EXPECT_EQ(pair.east->counters().received_protocol, 3U);
  EXPECT_EQ(pair.east->counters().received_bad, 0U);
}

TEST(flit_injection, poison_made_of_nothing_is_found_by_the_oracle) {
  rest_pair pair;
  pair.write(*pair.west, 3000, csr::inject_header_lo{.mask = 1U << 30});
  pair.write(*pair.west, 3004, csr::inject_flits{.count = 1, .data = true});
  rest_pair::offer(pair.west_source, 3100);
  pair.run_until(3500);
  EXPECT_EQ(pair.at_east.counters(0).poisoned, 1U);
  EXPECT_EQ(pair.at_east.counters(0).corrupt, 1U);
}

}  // namespace
}  // namespace lightrack::link
