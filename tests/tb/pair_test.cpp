// SPDX-License-Identifier: Apache-2.0
// tests/tb/pair_test.cpp
// Two RTL ends on a bad fiber, at random: nothing lost, repeated or reordered, always progress, all
// credits home.
//
// LIGHTRACK_SEED=7 repeats one seed:  LIGHTRACK_SEED=7 test_tb --gtest_filter='*errors_8*'
#include <gtest/gtest.h>

#include <cstdlib>
#include <ostream>
#include <string>
#include <vector>

#include "models/link/flit_endpoint.h"
#include "tb/bridge/rtl_endpoint.h"
#include "tb/verify/random_scenario.h"
#include "tb/verify/scoreboard.h"

namespace lightrack::verify {
namespace {

struct random_case {
  random_configuration configuration;
  u64 seed = 1;
  friend void PrintTo(const random_case& c, std::ostream* out) {
    *out << c.configuration.name << " seed " << c.seed;
  }
};

std::vector<random_case> cases(u64 seeds) {
  std::vector<u64> list;
  if (const char* one = std::getenv("LIGHTRACK_SEED")) {
    list.push_back(std::strtoull(one, nullptr, 10));
  } else {
    for (u64 seed = 1; seed <= seeds; ++seed) list.push_back(seed);
  }
  std::vector<random_case> all;
  for (const random_configuration& c : random_configurations())
    for (const u64 seed : list) all.push_back({.configuration = c, .seed = seed});
  return all;
}

std::string name_of_case(const testing::TestParamInfo<random_case>& info) {
  return std::string{info.param.configuration.name} + "_seed" + std::to_string(info.param.seed);
}

/// Everything delivered but what a session change lost, and that counted.
void expect_home(const end_result& from, const end_result& to) {
  EXPECT_FALSE(from.work_waits) << from.instance << " has requests left";
  u64 missing = 0;
  for (std::size_t vc = 0; vc < link::vc_count; ++vc)
    missing += from.accepted[vc] - to.sink[vc].flits;
  EXPECT_LE(missing, from.counters.lost_tx + to.counters.lost_rx) << from.instance;
}

void expect_all_promises(const scenario& s, const factories& make) {
  SCOPED_TRACE("LIGHTRACK_SEED=" + std::to_string(s.seed));
  const run_result run = run_pair(s, make, {.drain = true});
  for (const std::string& sentence : judge(s, run)) ADD_FAILURE() << sentence;
  expect_home(run.west, run.east);
  expect_home(run.east, run.west);
}

class random_pair : public testing::TestWithParam<random_case> {};

TEST_P(random_pair, of_rtl_keeps_every_promise) {
  const scenario s = random_scenario(GetParam().configuration, GetParam().seed);
  expect_all_promises(s, {.west = bridge::rtl_factory(), .east = bridge::rtl_factory()});
}
INSTANTIATE_TEST_SUITE_P(tb, random_pair, testing::ValuesIn(cases(10)), name_of_case);

class random_mixed_pair : public testing::TestWithParam<random_case> {};

TEST_P(random_mixed_pair, of_rtl_and_flit_keeps_every_promise) {
  const scenario s = random_scenario(GetParam().configuration, GetParam().seed);
  expect_all_promises(s, {.west = bridge::rtl_factory(), .east = link::make_flit_endpoint});
}
INSTANTIATE_TEST_SUITE_P(tb, random_mixed_pair, testing::ValuesIn(cases(2)), name_of_case);

}  // namespace
}  // namespace lightrack::verify
