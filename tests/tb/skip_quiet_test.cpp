// SPDX-License-Identifier: Apache-2.0
// tests/tb/skip_quiet_test.cpp
// Clocks of QUIESCE that are passed over: results are those of a run in which each was evaluated,
// at both fidelities and mixed, whatever ends the rest.
//
// LIGHTRACK_SEED=7 repeats one seed of the random part.
#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "models/link/flit_endpoint.h"
#include "rtl/link_csr.h"
#include "tb/bridge/rtl_endpoint.h"
#include "tb/verify/dice.h"
#include "tb/verify/pair_run.h"
#include "tests/tb/watched_end.h"

namespace lightrack::verify {
namespace {

namespace csr = link::csr;

struct shape {
  int lanes;
  int spares;
  bool fec;
};
std::ostream& operator<<(std::ostream& out, const shape& s) {
  return out << s.lanes << "_" << s.spares << (s.fec ? "_fec" : "");
}
constexpr std::array shapes{shape{16, 0, false}, shape{8, 0, false}, shape{4, 0, false},
                            shape{16, 2, true}};

/// Clocks passed over by the runner, west and east.
using spared = std::array<i64, 2>;

link::endpoint_factory rtl(bool skip) { return bridge::rtl_factory({.skip_quiet = skip}); }

/// `pair`: two letters, west and east, of r (RTL) and f (flit). `skipped` null: nothing is skipped.
run_result run(const scenario& s, const std::string& pair, spared* skipped,
               const run_options& options = {.keep_records = false}) {
  const auto factory = [&](std::size_t which) -> link::endpoint_factory {
    i64* const count = skipped == nullptr ? nullptr : &(*skipped)[which];
    const link::endpoint_factory make = pair[which] == 'f'
                                            ? link::endpoint_factory{link::make_flit_endpoint}
                                            : rtl(count != nullptr);
    return [make, count](const link::endpoint_wiring& wiring) {
      return std::make_unique<watched_end>(make(wiring), count);
    };
  };
  return run_pair(s, {.west = factory(0), .east = factory(1)}, options);
}

void expect_equal(const run_result& a, const run_result& b) {
  EXPECT_EQ(a.broken, b.broken);
  EXPECT_EQ(a.clocks, b.clocks);
  for (const side who : {side::west, side::east}) {
    SCOPED_TRACE(name_of(who));
    const end_result& x = a.of(who);
    const end_result& y = b.of(who);
    EXPECT_EQ(x.trace_hash, y.trace_hash);
    EXPECT_EQ(x.trace_records, y.trace_records);
    EXPECT_EQ(x.counters, y.counters);
    EXPECT_EQ(x.status.state, y.status.state);
    EXPECT_EQ(x.status.cause, y.status.cause);
    EXPECT_EQ(x.status.round_trip, y.status.round_trip);
    EXPECT_EQ(x.accepted, y.accepted);
    EXPECT_EQ(x.sink, y.sink);
    EXPECT_EQ(x.latency_clocks, y.latency_clocks);
  }
}

/// Asleep from about clock 3,000 to 40,000 if nothing wakes it before.
scenario asleep(const shape& f) {
  scenario s;
  s.name = "asleep";
  s.lanes = f.lanes;
  s.params.spares = f.spares;
  s.params.light_fec = f.fec;
  s.params.quiesce_after = 20;
  s.length_m = 3;
  s.clocks = 50'000;
  s.west = s.east = {.load = 0};
  return s;
}
/// Sleeps on after `clock`.
constexpr side_traffic few(i64 clock, double read_fraction = 0) {
  return {.load = 1, .read_fraction = read_fraction, .requests = 12, .start_clock = clock};
}

class skip_quiet : public testing::TestWithParam<std::tuple<shape, std::string>> {
 protected:
  [[nodiscard]] static scenario still() { return asleep(std::get<0>(GetParam())); }
  /// Runs it with and without skipping; both ends must be spared so many clocks.
  static run_result compare(const scenario& s, i64 at_least,
                            const run_options& options = {.keep_records = false}) {
    const std::string& pair = std::get<1>(GetParam());
    spared clocks{};
    const run_result skipping = run(s, pair, &clocks, options);
    expect_equal(skipping, run(s, pair, nullptr));
    EXPECT_EQ(skipping.broken, "");
    EXPECT_GE(clocks[0], at_least) << "west";
    EXPECT_GE(clocks[1], at_least) << "east";
    return skipping;
  }
};
std::string name_of_test(const testing::TestParamInfo<std::tuple<shape, std::string>>& test) {
  return testing::PrintToString(std::get<0>(test.param)) + "_" + std::get<1>(test.param);
}
INSTANTIATE_TEST_SUITE_P(tb, skip_quiet,
                         testing::Combine(testing::ValuesIn(shapes),
                                          testing::Values("rr", "rf", "fr", "ff")),
                         name_of_test);

TEST_P(skip_quiet, nothing_happens) {
  const run_result r = compare(still(), 40'000);
  EXPECT_EQ(r.west.status.state, static_cast<int>(link::pkg::state_e::quiesce));
  EXPECT_EQ(r.west.counters.quiesces, 1);
}

TEST_P(skip_quiet, data_of_either_side_or_both_at_once) {
  for (const i64 clock : {20'000, 20'001, 20'031, 20'032, 20'033}) {
    scenario s = still();
    s.west = few(clock);
    EXPECT_EQ(compare(s, 38'000).west.counters.wakes, 1) << clock;
    s.east = few(clock);
    EXPECT_EQ(compare(s, 38'000).east.sink[0].requests, 12) << clock;
    s.west = few(clock + 3);
    EXPECT_EQ(compare(s, 38'000).west.sink[0].requests, 12) << clock;
  }
}

TEST_P(skip_quiet, reads_that_the_other_side_answers_later) {
  scenario s = still();
  s.west = few(15'000, 1);
  s.east.service_latency = 9'000;  // it sleeps again before the answers are there
  const run_result r = compare(s, 35'000);
  EXPECT_EQ(r.west.sink[1].requests, 12);
  EXPECT_GE(r.west.counters.quiesces, 3);
}

TEST_P(skip_quiet, a_sink_that_is_not_ready_for_long) {
  scenario s = still();
  s.west = few(15'000);
  s.east = {.load = 0, .stall_every = 1, .stall_clocks = 900};
  EXPECT_EQ(compare(s, 20'000).east.sink[0].requests, 12);
}

TEST_P(skip_quiet, registers_are_read_and_written_while_it_sleeps) {
  scenario s = still();
  s.writes = {
      {20'000, side::west, csr::snapshot::info.offset, csr::snapshot{.take = true}.to_word()},
      {20'100, side::east, csr::irq_enable::info.offset, 0xFF},
      {21'000, side::west, csr::quiesce_after::info.offset, 0}};
  compare(s, 38'000);
}

TEST_P(skip_quiet, retrains_by_command_and_sleeps_again) {
  scenario s = still();
  s.commands = {{.clock = 20'000, .where = side::east}};
  const run_result r = compare(s, 30'000);
  EXPECT_EQ(r.west.counters.retrains, 1);
  EXPECT_EQ(r.west.counters.quiesces, 2);
}

TEST_P(skip_quiet, is_switched_off_and_on) {
  scenario s = still();
  s.commands = {{.clock = 20'000, .where = side::west, .what = action::disable},
                {.clock = 20'500, .where = side::west, .what = action::enable}};
  s.expected = ending::resumed;
  EXPECT_EQ(compare(s, 30'000).east.counters.quiesces, 2);
}

TEST_P(skip_quiet, loses_a_lane_and_gets_it_back) {
  scenario s = still();
  s.to_east.events = {{.clock = 20'000, .lane = 1},
                      {.clock = 20'700, .lane = 1, .what = link::lane_change::restore}};
  EXPECT_EQ(compare(s, 25'000).west.counters.retrains, 1);
}

class skip_quiet_spares : public skip_quiet {};
INSTANTIATE_TEST_SUITE_P(tb, skip_quiet_spares,
                         testing::Combine(testing::Values(shape{16, 2, true}),
                                          testing::Values("rr", "rf", "fr", "ff")),
                         name_of_test);

TEST_P(skip_quiet_spares, a_lane_that_nobody_uses_is_lost) {
  scenario s = still();
  s.to_east.events = {{.clock = 20'000, .lane = 16},
                      {.clock = 22'000, .lane = 16, .what = link::lane_change::restore},
                      {.clock = 23'000, .lane = 17}};
  s.to_east.skew_words = {0, 15, 7, 3, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14};
  s.west = few(30'000);
  const run_result r = compare(s, 35'000);
  EXPECT_EQ(r.east.counters.retrains, 0);
}

TEST_P(skip_quiet, wrong_bits_arrive_and_wake_nobody) {
  scenario s = still();
  s.to_east.ber = 2e-7;
  s.to_west.ber = 1e-6;
  s.west = few(30'000);
  compare(s, 5'000);
}

TEST_P(skip_quiet, skewed_lanes_and_bursts_of_errors) {
  scenario s = still();
  for (int lane = 0; lane < s.lanes + s.params.spares; ++lane)
    s.to_east.skew_words.push_back(15 * lane % 16);
  s.to_east.burst_rate = 3e-8;
  s.east = few(30'000);
  compare(s, 5'000);
}

TEST_P(skip_quiet, with_short_and_long_fiber_and_other_batches_and_threads) {
  for (const double length_m : {0.1, 40.0}) {
    scenario s = still();
    s.length_m = length_m;
    s.west = few(20'000);
    s.east = few(30'000, 0.5);
    compare(s, length_m > 1 ? 30'000 : 35'000, {.keep_records = false, .threads = 2});
    compare(s, 1, {.keep_records = false, .max_batch = 13});
  }
}

/// One direction hit so hard for a while that no marker is believed: a wake is lost.
TEST_P(skip_quiet, a_wake_that_is_lost_is_repeated_after_silence) {
  scenario s = still();
  s.west = few(20'000);
  s.to_east.ber = 4e-3;
  s.params.replay_limit = 200;
  s.expected = ending::any;
  for (u64 seed = 1; seed < 6; ++seed) {
    s.seed = seed;
    compare(s, 0);
  }
}

class skip_quiet_fst : public testing::TestWithParam<shape> {};
INSTANTIATE_TEST_SUITE_P(tb, skip_quiet_fst, testing::ValuesIn(shapes),
                         testing::PrintToStringParamName());

TEST_P(skip_quiet_fst, a_waveform_of_one_end_changes_nothing) {
  scenario s = asleep(GetParam());
  s.west = few(20'000);
  const auto directory = std::filesystem::path{testing::TempDir()} /
                         ("skip_quiet_" + testing::PrintToString(GetParam()));
  std::filesystem::create_directories(directory);
  const link::endpoint_factory traced =
      bridge::rtl_factory({.fst_pattern = "link0.west", .fst_directory = directory.string()});
  expect_equal(run_pair(s, {.west = traced, .east = traced}, {.keep_records = false}),
               run(s, "rr", nullptr));
  EXPECT_GT(std::filesystem::file_size(directory / "link0.west.fst"), 10'000);
}

std::vector<u64> seeds() {
  if (const char* one = std::getenv("LIGHTRACK_SEED"); one != nullptr)
    return {std::strtoull(one, nullptr, 10)};
  return {1, 2, 3, 4, 5, 6, 7, 8};
}

class skip_quiet_at_random : public testing::TestWithParam<u64> {};
INSTANTIATE_TEST_SUITE_P(tb, skip_quiet_at_random, testing::ValuesIn(seeds()));

TEST_P(skip_quiet_at_random, equals_a_run_of_every_clock) {
  dice d{GetParam(), "skip_quiet"};
  SCOPED_TRACE("LIGHTRACK_SEED=" + std::to_string(GetParam()));
  scenario s = asleep(shapes[static_cast<std::size_t>(d.number(0, 3))]);
  s.seed = GetParam();
  s.length_m = d.power(-0.5, 1.3);
  s.params.quiesce_after = d.number(1, 200);
  s.expected = ending::any;
  for (direction* light : {&s.to_east, &s.to_west}) {
    if (d.coin()) light->ber = d.power(-8, -4);
    for (int lane = 0; lane < s.lanes + s.params.spares; ++lane)
      light->skew_words.push_back(static_cast<int>(d.number(0, 15)));
  }
  for (side_traffic* t : {&s.west, &s.east})
    *t = {.load = d.power(-4, -2),
          .read_fraction = d.coin() ? 0.5 : 0,
          .start_clock = d.number(5'000, 20'000),
          .stall_every = d.coin() ? 3U : 0U,
          .stall_clocks = d.number(1, 500),
          .service_latency = d.number(10, 3'000)};
  for (const char* pair : {"rr", "rf", "fr", "ff"}) {
    SCOPED_TRACE(pair);
    spared clocks{};
    expect_equal(run(s, pair, &clocks), run(s, pair, nullptr));
  }
}

}  // namespace
}  // namespace lightrack::verify
