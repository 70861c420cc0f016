// SPDX-License-Identifier: Apache-2.0
// tests/tb/injection_test.cpp
// Errors made on purpose by register, and the estimate of a lane's bit error rate, on the RTL.
#include <gtest/gtest.h>

#include <cmath>

#include "tests/tb/quiet_pair.h"

namespace lightrack::verify {
namespace {

namespace csr = link::csr;

class injection : public testing::TestWithParam<int> {
 protected:
  static void bring_up(quiet_pair& p) {
    p.run_until_both(state_e::active, 20'000);
    p.run_to(p.now() + 400);
  }
  static void inject_lane(quiet_pair& p, const csr::inject_lane& what) {
    p.write(side::west, csr::inject_lane::info.offset, what.to_word());
  }
};
INSTANTIATE_TEST_SUITE_P(tb, injection, testing::Values(16, 8, 4),
                         testing::PrintToStringParamName());

TEST_P(injection, hits_as_many_headers_as_armed) {
  quiet_pair p{quiet(GetParam())};
  bring_up(p);
  p.write(side::west, csr::inject_header_hi::info.offset, 0x8000);  // a reserved bit
  p.write(side::west, csr::inject_flits::info.offset,
          csr::inject_flits{.count = 7, .nop = true}.to_word());
  p.run_to(p.now() + 400);
  EXPECT_EQ(p.east().counters().received_protocol, 7);
  EXPECT_EQ(p.east().counters().received_bad, 0) << "the mask is applied before the CRC";
  EXPECT_EQ(p.read(side::west, csr::inject_flits::info.offset), 0x107U) << "as written";
  p.write(side::west, csr::inject_flits::info.offset,
          csr::inject_flits{.count = 7, .data = true, .ctrl = true}.to_word());
  p.run_to(p.now() + 400);
  EXPECT_EQ(p.east().counters().received_protocol, 7) << "NOPs are not marked now";
}

TEST_P(injection, shows_the_header_as_sent) {
  quiet_pair p{quiet(GetParam())};
  bring_up(p);
  p.write(side::west, csr::inject_header_lo::info.offset, 0x0000'4010);  // bits 4 and 14
  const i64 setup = p.now();
  p.write(side::west, csr::inject_flits::info.offset,
          csr::inject_flits{.count = 1, .nop = true}.to_word());
  p.run_to(p.now() + 40);
  const auto flits = p.records(side::west, trace_event::flit_tx, setup - 8);
  std::vector<i64> hit;
  for (std::size_t i = 1; i < flits.size(); ++i)
    if (((flits[i].arg64 ^ flits[i - 1].arg64) & 0x4010) == 0x4010) hit.push_back(flits[i].clock);
  ASSERT_EQ(hit.size(), 2U) << "into the one flit and out of it";
  EXPECT_GE(hit[0], setup + 2) << "in the core two clocks after the setup phase";
  EXPECT_LE(hit[0], setup + 2 + 3 + GetParam() / 4);
}

TEST_P(injection, repeats_the_flit_right) {
  scenario s = quiet(GetParam());
  s.west = {.load = 1, .requests = 40, .start_clock = 12'000};
  quiet_pair p{s};
  bring_up(p);
  p.write(side::west, csr::inject_header_hi::info.offset, 0x8000);
  p.write(side::west, csr::inject_flits::info.offset,
          csr::inject_flits{.count = 1, .data = true}.to_word());
  p.run_to(13'500);
  EXPECT_EQ(p.east().counters().received_protocol, 1);
  EXPECT_EQ(p.west().counters().replays, 1);
  EXPECT_EQ(p.result(side::east).sink[0].requests, 40);
  EXPECT_EQ(p.result(side::east).sink[0].corrupt, 0);
}

TEST_P(injection, inverts_one_bit_of_so_many_words) {
  quiet_pair p{quiet(GetParam())};
  bring_up(p);
  inject_lane(p, {.lane = 2, .position = 5, .words = 1});
  p.run_to(p.now() + 100);
  EXPECT_EQ(p.east().counters().received_bad, 1);
  inject_lane(p, {.lane = 3, .position = 0, .words = 16});
  p.run_to(p.now() + 100);
  EXPECT_GE(p.east().counters().received_bad, 1 + 4);
  EXPECT_LE(p.east().counters().received_bad, 1 + 5);
}

TEST_P(injection, hits_in_vain_where_there_is_no_lane_or_bit) {
  quiet_pair p{quiet(GetParam())};
  bring_up(p);
  inject_lane(p, {.lane = 17, .position = 0, .words = 100});
  p.run_to(p.now() + 120);
  if (GetParam() == 16) {
    inject_lane(p, {.lane = 1, .position = 32, .words = 100});
    p.run_to(p.now() + 120);
  }
  EXPECT_EQ(p.east().counters().received_bad, 0);
}

TEST_P(injection, spares_dark_lanes_and_counts_none_of_them) {
  quiet_pair p{quiet(GetParam())};
  bring_up(p);
  p.write(side::west, csr::control::info.offset, 0);
  p.run_to(p.now() + 100);
  inject_lane(p, {.lane = 0, .position = 7, .words = 2'000});
  p.run_to(p.now() + 3'000);
  EXPECT_EQ(p.west().status().state, static_cast<int>(state_e::reset));
  p.write(side::west, csr::control::info.offset, csr::control{.enable = true}.to_word());
  p.run_to(p.now() + 1'000);
  EXPECT_EQ(p.east().status().locked & 1, 0U) << "lane 0 shows no marker that stands";
  p.run_until_both(state_e::active, p.now() + 30'000);
}

// A parity bit covers marker_interval x 256 / lanes bits: 1,024 at 16 lanes, 4,096 at 4.
TEST_P(injection, ber_estimate_is_that_of_the_fiber) {
  const double ber = 2e-4 * GetParam() / 16;
  scenario s = quiet(GetParam());
  s.params.marker_interval = 64;
  s.to_east.ber = ber;
  quiet_pair p{s};
  p.run_until_both(state_e::active, 20'000);
  EXPECT_EQ(p.read(side::east, csr::ber_estimate::lane::info.offset), 0U)
      << "no 64 comparisons yet";
  p.run_to(p.now() + 66 * (64 * 4 + 4) * 11 / 10);
  const double expected = ber * 64 * 256 / GetParam();
  double mean = 0;
  for (int lane = 0; lane < GetParam(); ++lane) {
    const u32 word = p.read(side::east, csr::ber_estimate::lane::offset_of(static_cast<u32>(lane)));
    const auto value = csr::ber_estimate::lane::from_word(word);
    EXPECT_TRUE(value.valid) << lane;
    EXPECT_FALSE(value.saturated) << lane;
    bool of_the_table = false;
    for (int e = 0; e < 256; ++e)
      of_the_table |= value.lambda == std::lround(-std::log(1 - e / 256.0) / 2 * 65536);
    EXPECT_TRUE(of_the_table) << value.lambda;
    mean += value.lambda / 65536.0 / GetParam();
  }
  EXPECT_NEAR(mean, expected, 0.3 * expected);
  EXPECT_EQ(p.read(side::west, csr::ber_estimate::lane::info.offset), 0x8000'0000U) << "clean";
}

}  // namespace
}  // namespace lightrack::verify
