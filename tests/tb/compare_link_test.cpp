// SPDX-License-Identifier: Apache-2.0
// tests/tb/compare_link_test.cpp: the gate as a program sees it, and the processes under it.
#include "platforms/link/compare_link.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <stdexcept>

#include "models/base/error.h"
#include "platforms/link/child_pool.h"

namespace lightrack::platforms {
namespace {

using nlohmann::json;
using testing::HasSubstr;

struct outcome {
  int code = 0;
  std::string out;
};
outcome compare(const compare_options& options) {
  std::ostringstream out;
  std::ostringstream err;
  const int code = run_compare_link(options, out, err);
  return {.code = code, .out = out.str()};
}

TEST(compare_link, lists_its_scenarios_without_running_them) {
  const outcome o = compare({.list = true, .json = true});
  EXPECT_EQ(o.code, 0);
  EXPECT_GE(json::parse(o.out)["scenarios"].size(), 30U);
  EXPECT_THAT(compare({.list = true, .scenario = "retrain_16*"}).out,
              HasSubstr("asked for by west, by east, and by both at once"));
}

TEST(compare_link, one_row_a_pairing_with_the_keys_that_programs_read) {
  const outcome o = compare({.scenario = "clean_16lanes_1m", .jobs = 2, .json = true});
  const json result = json::parse(o.out);
  EXPECT_EQ(o.code, 0) << o.out;
  EXPECT_TRUE(result["pass"].get<bool>());
  ASSERT_EQ(result["scenarios"].size(), 3U);
  std::set<std::string> pairings;
  for (const json& row : result["scenarios"]) {
    pairings.insert(row["pairing"].get<std::string>());
    EXPECT_EQ(row["name"], "clean_16lanes_1m");
    EXPECT_GT(row["flits"].get<int>(), 1'000);
    EXPECT_EQ(row["mismatches"], 0);
    EXPECT_EQ(row["throughput_error_percent"], 0.0);
    EXPECT_EQ(row["latency_error_cycles"], 0.0);
    EXPECT_EQ(row["counters_equal"], true);
    EXPECT_EQ(row["counters_error_percent"], 0.0);
    EXPECT_TRUE(row["first_divergence"].is_null());
    EXPECT_EQ(row["pass"], true);
  }
  EXPECT_THAT(pairings, testing::ElementsAre("flit-rtl", "rtl-flit", "rtl-rtl"));
}

TEST(compare_link, another_seed_is_another_run) {
  const auto hash = [](std::uint64_t seed) {
    const outcome o = compare(
        {.scenario = "ber_1e-06_8lanes_1m", .pairing = "rtl-flit", .json = true, .seed = seed});
    return json::parse(o.out)["scenarios"][0]["trace_hash"].get<std::string>();
  };
  EXPECT_EQ(hash(1), hash(1));
  EXPECT_NE(hash(1), hash(2));
}

TEST(compare_link, wrong_flags_do_not_count_as_a_later_state) {
  const outcome o = compare({.scenario = "ber_0.001", .json = true, .seed = 5});
  const json result = json::parse(o.out);
  EXPECT_GE(result["scenarios"].size(), 6U);
  for (const json& row : result["scenarios"]) EXPECT_EQ(row["mismatches"], 0) << row["name"];
}

TEST(compare_link, bursts_are_judged_by_rules_and_likeness) {
  const outcome o = compare({.pairing = "burst-burst", .faults = 12, .jobs = 2, .json = true});
  EXPECT_EQ(o.code, 0) << o.out;
  const json result = json::parse(o.out);
  ASSERT_EQ(result["scenarios"].size(), 12U);
  for (const json& row : result["scenarios"]) EXPECT_EQ(row["pairing"], "burst-burst");
}

TEST(compare_link, a_burst_end_that_meets_rtl_is_a_flit_end) {
  const outcome o =
      compare({.scenario = "clean_16lanes_1m", .pairing = "burst-rtl", .jobs = 1, .json = true});
  EXPECT_EQ(o.code, 0) << o.out;
  EXPECT_EQ(json::parse(o.out)["scenarios"][0]["pairing"], "flit-rtl");
}

TEST(compare_link, refuses_a_name_or_pairing_that_is_none) {
  EXPECT_THROW((void)compare({.scenario = "nothing"}), base::config_error);
  EXPECT_THROW((void)compare({.pairing = "flit-flit"}), base::config_error);
}

TEST(child_pool, every_child_s_end_is_told) {
  std::map<std::size_t, child_outcome> outcomes;
  const bool whole = run_children(
      4, 2,
      [](std::size_t i) -> std::string {
        if (i == 1) throw std::runtime_error("no fiber");
        if (i == 2) std::raise(SIGKILL);
        return std::string(200'000, static_cast<char>('a' + i));  // more than a pipe holds
      },
      [&](std::size_t i, const child_outcome& o) { outcomes[i] = o; });
  EXPECT_TRUE(whole);
  ASSERT_EQ(outcomes.size(), 4U);
  EXPECT_EQ(outcomes[0].text, std::string(200'000, 'a'));
  EXPECT_TRUE(outcomes[3].finished);
  EXPECT_FALSE(outcomes[1].finished);
  EXPECT_EQ(outcomes[1].text, "no fiber");
  EXPECT_FALSE(outcomes[2].finished);
  EXPECT_THAT(outcomes[2].text, HasSubstr("signal 9"));
}

}  // namespace
}  // namespace lightrack::platforms
