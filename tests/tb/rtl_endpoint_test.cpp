// SPDX-License-Identifier: Apache-2.0
// tests/tb/rtl_endpoint_test.cpp: what the bridge adds to the RTL: counters, registers, waveforms,
// refusals.
#include "tb/bridge/rtl_endpoint.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "models/base/error.h"
#include "rtl/link_csr.h"
#include "rtl/link_pkg.h"
#include "tb/verify/counter_list.h"
#include "tb/verify/pair_run.h"

namespace lightrack::bridge {
namespace {

using link::i64;
using link::u32;
using link::u64;
using verify::scenario;

scenario busy(int lanes) {
  scenario s;
  s.name = "busy";
  s.lanes = lanes;
  s.length_m = 1;
  s.to_east.ber = s.to_west.ber = 2e-5;
  s.to_west.skew_words = {3, 0, 1, 2};
  for (int lane = 4; lane < lanes; ++lane) s.to_west.skew_words.push_back(lane % 5);
  s.west.read_fraction = 0.5;
  s.east.stall_every = 9;
  s.east.stall_clocks = 60;
  s.params.marker_interval = 64;  // so that BIP and missed markers count within the run
  s.clocks = lanes == 4 ? 14'000 : 10'000;
  return s;
}

verify::run_result run(const scenario& s, const rtl_options& options = {}, int threads = 1,
                       i64 max_batch = 0) {
  return verify::run_pair(s, {.west = rtl_factory(options), .east = rtl_factory(options)},
                          {.threads = threads, .max_batch = max_batch});
}

class every_build : public testing::TestWithParam<int> {};
INSTANTIATE_TEST_SUITE_P(rtl, every_build, testing::Values(4, 8, 16),
                         testing::PrintToStringParamName());

TEST_P(every_build, live_counters_are_what_a_snapshot_shows) {
  const scenario s = busy(GetParam());
  verify::link_pair pair{s, {.west = rtl_factory(), .east = rtl_factory()}};
  link::batch_runner runner{{pair.link()}, 1};
  while (runner.now() < s.clocks) runner.step(s.clocks);

  using namespace link::csr;
  pair.west().access_csr(
      {.clock = s.clocks, .offset = snapshot::info.offset, .value = snapshot{.take = 1}.to_word()});
  // The core takes the snapshot CsrLat clocks after the setup phase, of the counts as they stand
  // then.
  runner.step(s.clocks + link::pkg::csr_lat);
  const link::endpoint_counters live = pair.west().counters();
  const auto list = verify::list_counters(live);

  constexpr u32 first_counter = 0x200;
  // Simple ones, then 18 lanes of BIP errors, then 18 of missed markers.
  const auto offset_of = [](std::size_t index) {
    constexpr std::size_t simple = 28;
    const auto i = static_cast<u32>(index);
    if (index < simple) return first_counter + 4 * i;
    if (index < simple + link::max_lanes) return first_counter + 0x100 + 4 * (i - 28);
    return first_counter + 0x180 + 4 * (i - 28 - link::max_lanes);
  };
  i64 clock = runner.now() + 4;
  for (std::size_t i = 0; i < list.size(); ++i, clock += 8)
    pair.west().access_csr({.clock = clock, .offset = offset_of(i), .write = false});
  std::vector<link::csr_reply> replies;
  while (runner.now() < clock + 8) {
    runner.step(clock + 8);
    for (const link::csr_reply& r : pair.west().csr_replies())
      if (r.offset >= first_counter) replies.push_back(r);
  }

  ASSERT_EQ(replies.size(), list.size());
  for (std::size_t i = 0; i < list.size(); ++i) {
    EXPECT_FALSE(replies[i].error) << list[i].name;
    EXPECT_EQ(replies[i].value, list[i].value) << list[i].name;
  }
  EXPECT_GT(live.received_bad, 0U);
  EXPECT_GT(live.bip_errors[0] + live.bip_errors[1] + live.bip_errors[2] + live.bip_errors[3], 0U);
}

TEST_P(every_build, batches_and_threads_change_nothing) {
  const scenario s = busy(GetParam());
  const verify::run_result one = run(s);
  EXPECT_GT(one.delivered(), 1000U);
  EXPECT_EQ(run(s, {}, 1, 1).trace_hash(), one.trace_hash());
  EXPECT_EQ(run(s, {}, 2, 5).trace_hash(), one.trace_hash());
}

TEST_P(every_build, waveforms_change_nothing_and_are_written_where_asked) {
  scenario s = busy(GetParam());
  s.clocks = 7'000;
  const std::string folder = testing::TempDir() + "lightrack_fst_" + std::to_string(GetParam());
  std::filesystem::create_directories(folder);
  const verify::run_result traced = run(s, {.fst_pattern = "link0.w*",
                                            .fst_directory = folder,
                                            .fst_windows = {{1'000, 1'200}, {6'000, 6'100}}});
  EXPECT_EQ(traced.trace_hash(), run(s).trace_hash());
  EXPECT_GT(std::filesystem::file_size(folder + "/link0.west.fst"), 1'000U);
  EXPECT_FALSE(std::filesystem::exists(folder + "/link0.east.fst"));
  std::filesystem::remove_all(folder);
}

TEST_P(every_build, random_power_on_values_change_nothing) {
  const scenario s = busy(GetParam());
  const u64 zeros = run(s).trace_hash();
  for (int seed = 1; seed <= 4; ++seed)
    EXPECT_EQ(run(s, {.power_on_seed = seed}).trace_hash(), zeros) << "seed " << seed;
}

TEST(rtl_factory, names_the_built_set_where_a_shape_is_not_built) {
  const auto sentence = [](const link::endpoint_params& params) -> std::string {
    link::endpoint_wiring wiring;
    wiring.name = "link0.west";
    wiring.params = params;
    try {
      (void)rtl_factory()(wiring);
    } catch (const base::config_error& e) {
      return e.what();
    }
    return "built";
  };
  EXPECT_EQ(sentence({.lanes = 12}),
            "link0.west: 12 lanes, 0 spares, light FEC off is not built at rtl: 4, 8, 16 lanes "
            "alone, 16 + 2 "
            "and 8 + 1 with light FEC, 4 + 1 without are");
  EXPECT_EQ(sentence({.lanes = 16, .spares = 1, .light_fec = true}),
            "link0.west: 16 lanes, 1 spares, light FEC on is not built at rtl: 4, 8, 16 lanes "
            "alone, 16 + 2 "
            "and 8 + 1 with light FEC, 4 + 1 without are");
  EXPECT_EQ(sentence({.replay_depth = 512}),
            "link0.west: link.replay_depth 512 is not built at rtl: 1 to 511 are");
  EXPECT_EQ(sentence({.rx_depth = 0}),
            "link0.west: link.rx_depth 0 is not built at rtl: 1 to 511 are");
}

TEST(rtl_endpoint, answers_the_identity_register_at_its_clock) {
  scenario s = busy(16);
  verify::link_pair pair{s, {.west = rtl_factory(), .east = rtl_factory()}};
  pair.west().access_csr({.clock = 400, .offset = link::csr::id::info.offset, .write = false});
  pair.west().access_csr({.clock = 410, .offset = 0xFFC, .write = false});
  pair.west().advance(420);
  const auto replies = pair.west().csr_replies();
  ASSERT_GE(replies.size(), 2U);
  const link::csr_reply& id = replies[replies.size() - 2];
  EXPECT_EQ(id.clock, 400);
  EXPECT_EQ(id.value, 0x4C524C4BU);
  EXPECT_FALSE(id.error);
  EXPECT_TRUE(replies.back().error) << "no register there";
}

}  // namespace
}  // namespace lightrack::bridge
