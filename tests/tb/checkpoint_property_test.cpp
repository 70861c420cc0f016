// SPDX-License-Identifier: Apache-2.0
// tests/tb/checkpoint_property_test.cpp
// Random links saved at random clocks: what is forgotten in a checkpoint is found here.
#include <gtest/gtest.h>

#include <algorithm>

#include "models/link/flit_endpoint.h"
#include "tb/bridge/rtl_endpoint.h"
#include "tb/verify/dice.h"
#include "tb/verify/fault_scenario.h"
#include "tb/verify/random_scenario.h"
#include "tests/tb/saved_link.h"

namespace lightrack::verify {
namespace {

std::vector<i64> random_clocks(const scenario& s, int count) {
  dice d{s.seed, s.name + ".saves"};
  std::vector<i64> clocks;
  for (int k = 0; k < count; ++k) clocks.push_back(d.number(1, s.clocks - 1));
  std::ranges::sort(clocks);
  return clocks;
}

void expect_pieces_equal_whole(const scenario& s, const factories& make, int saves) {
  SCOPED_TRACE(s.name + ": " + s.why);
  running_link whole{s, make};
  whole.run(s.clocks);
  expect_equal(whole, *run_in_pieces(s, {make}, random_clocks(s, saves)));
}

const link::endpoint_factory flit = link::make_flit_endpoint;
const link::endpoint_factory rtl = bridge::rtl_factory();
const factories flit_pair{.west = flit, .east = flit};

TEST(checkpoint_property, flit_ends_with_random_faults) {
  for (u64 seed = 1; seed <= 60 && !testing::Test::HasFailure(); ++seed)
    expect_pieces_equal_whole(fault_scenario(seed), flit_pair, 20);
}

TEST(checkpoint_property, flit_ends_with_random_traffic_and_light) {
  for (const random_configuration& c : random_configurations())
    for (u64 seed = 1; seed <= 3 && !testing::Test::HasFailure(); ++seed)
      expect_pieces_equal_whole(random_scenario(c, seed), flit_pair, 20);
}

TEST(checkpoint_property, rtl_ends_with_random_faults) {
  for (u64 seed = 1; seed <= 12 && !testing::Test::HasFailure(); ++seed) {
    scenario s = fault_scenario(seed);
    s.clocks = std::min<i64>(s.clocks, 20'000);
    expect_pieces_equal_whole(s, {.west = rtl, .east = rtl}, 6);
    expect_pieces_equal_whole(s, {.west = rtl, .east = flit}, 6);
    expect_pieces_equal_whole(s, {.west = flit, .east = rtl}, 6);
  }
}

}  // namespace
}  // namespace lightrack::verify
