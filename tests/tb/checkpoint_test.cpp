// SPDX-License-Identifier: Apache-2.0
// tests/tb/checkpoint_test.cpp
// Links that are saved and restored on the way, against runs that were never interrupted.
#include "models/base/checkpoint.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <functional>

#include "models/base/error.h"
#include "models/link/flit_endpoint.h"
#include "rtl/link_pkg.h"
#include "tb/bridge/rtl_endpoint.h"
#include "tests/tb/saved_link.h"

namespace lightrack::verify {
namespace {

using link::pkg::state_e;
using testing::HasSubstr;
using testing::ThrowsMessage;

const link::endpoint_factory flit = link::make_flit_endpoint;
const link::endpoint_factory rtl = bridge::rtl_factory();
const factories rtl_pair{.west = rtl, .east = rtl};
const factories flit_pair{.west = flit, .east = flit};

struct pairing {
  const char* name;
  factories make;
};
const std::array<pairing, 4> pairings{{{"flit-flit", flit_pair},
                                       {"rtl-rtl", rtl_pair},
                                       {"rtl-flit", {.west = rtl, .east = flit}},
                                       {"flit-rtl", {.west = flit, .east = rtl}}}};

scenario busy(int lanes, double length_m) {
  scenario s;
  s.lanes = lanes;
  s.length_m = length_m;
  s.to_east.ber = s.to_west.ber = 2e-5;
  s.to_west.skew_words = {3};
  s.west.read_fraction = 0.5;
  s.east.stall_every = 9;
  s.east.stall_clocks = 60;
  s.params.marker_interval = 64;
  s.clocks = 12'000;
  return s;
}

/// Spares, light FEC, a lane that is lost for good and one that comes back, bursts of errors.
scenario repaired() {
  scenario s = busy(8, 10);
  s.params.spares = 1;
  s.params.light_fec = true;
  s.params.lane_wait_clocks = 4'000;
  s.to_east.burst_rate = 1e-6;
  s.to_east.events = {{.clock = 7'000, .lane = 2},
                      {.clock = 12'000, .lane = 8},
                      {.clock = 16'000, .lane = 8, .what = link::lane_change::restore}};
  s.clocks = 22'000;
  return s;
}

/// Little traffic, and a rest after each request.
scenario restful() {
  scenario s = busy(16, 5);
  s.west = {.load = 0.003};
  s.east = {.load = 0.002};
  s.params.quiesce_after = 4;
  s.clocks = 14'000;
  return s;
}

void expect_pieces_equal_whole(const scenario& s, const factories& make,
                               const std::vector<i64>& clocks) {
  running_link whole{s, make};
  whole.run(s.clocks);
  ASSERT_GT(whole.pair.delivered(), 30U);
  expect_equal(whole, *run_in_pieces(s, {make}, clocks));
}

/// Runs `job` in a process of its own, so that nothing but a file stays.
void elsewhere(const std::function<void()>& job) {
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    job();
    ::_exit(0);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_EQ(status, 0);
}

struct saved_link : testing::Test {
  std::filesystem::path file =
      std::filesystem::path{testing::TempDir()} /
      (std::string{testing::UnitTest::GetInstance()->current_test_info()->name()} + ".file");
  void TearDown() override { std::filesystem::remove(file); }
};

TEST_F(saved_link, goes_on_in_another_process) {
  // Saved in training and in traffic with repetitions on the way; on two threads, then on one.
  for (const pairing& p : pairings) {
    const scenario s = busy(4, 1);
    running_link whole{s, p.make};
    whole.run(s.clocks);
    ASSERT_GT(whole.pair.result(side::west, s.clocks).counters.replays, 0U);
    for (const i64 clock : {300, 9'001}) {
      SCOPED_TRACE(std::string{p.name} + ", saved at " + std::to_string(clock));
      elsewhere([&] {
        running_link part{s, p.make, 2};
        part.run(clock);
        part.save(file);
      });
      running_link rest{s, p.make, 1};
      rest.restore(file);
      EXPECT_EQ(rest.runner.now(), clock);
      rest.run(s.clocks);
      expect_equal(rest, whole);
    }
  }
}

TEST_F(saved_link, goes_on_from_any_clock_of_training) {
  const scenario s = busy(16, 1);
  for (const pairing& p : pairings) {
    SCOPED_TRACE(p.name);
    expect_pieces_equal_whole(s, p.make,
                              {1, 100, 257, 258, 259, 400, 700, 1'100, 1'500, 1'800, 2'100, 2'400});
  }
}

TEST_F(saved_link, goes_on_while_lanes_are_lost_and_spares_step_in) {
  for (const pairing& p : pairings) {
    SCOPED_TRACE(p.name);
    expect_pieces_equal_whole(repaired(), p.make,
                              {6'990, 7'011, 7'150, 8'000, 9'500, 12'075, 13'000, 16'100, 17'777});
  }
}

/// Clocks after batches of a run of which `wanted` holds, at most `most`, spread over the run.
std::vector<i64> clocks_where(const scenario& s, std::size_t most,
                              const std::function<bool(running_link&)>& wanted) {
  running_link link{s, flit_pair};
  std::vector<i64> all;
  while (link.runner.now() < s.clocks) {
    link.runner.step(s.clocks);
    if (wanted(link)) all.push_back(link.runner.now());
  }
  std::vector<i64> chosen;
  for (std::size_t k = 0; k < most && !all.empty(); ++k)
    chosen.push_back(all[k * (all.size() - 1) / (most - 1)]);
  chosen.erase(std::unique(chosen.begin(), chosen.end()), chosen.end());
  return chosen;
}

TEST_F(saved_link, goes_on_out_of_rest) {
  const scenario s = restful();
  const std::vector<i64> resting = clocks_where(s, 8, [](running_link& l) {
    return l.pair.west().status().state == static_cast<int>(state_e::quiesce);
  });
  ASSERT_EQ(resting.size(), 8U);
  for (const pairing& p : pairings) {
    SCOPED_TRACE(p.name);
    expect_pieces_equal_whole(s, p.make, resting);
  }
}

TEST_F(saved_link, goes_on_in_the_middle_of_repetitions) {
  scenario s = busy(16, 20);
  link::u64 repeated = 0;
  const std::vector<i64> replaying = clocks_where(s, 8, [&repeated](running_link& l) {
    const link::u64 now = l.pair.west().counters().sent_replay;
    return std::exchange(repeated, now) != now;
  });
  ASSERT_EQ(replaying.size(), 8U);
  for (const pairing& p : pairings) {
    SCOPED_TRACE(p.name);
    expect_pieces_equal_whole(s, p.make, replaying);
  }
}

TEST_F(saved_link, goes_on_where_register_accesses_wait) {
  scenario s = busy(8, 1);
  s.commands = {{.clock = 4'000, .where = side::west},
                {.clock = 8'000, .where = side::east, .what = action::disable},
                {.clock = 8'600, .where = side::east, .what = action::enable}};
  for (const pairing& p : pairings) {
    SCOPED_TRACE(p.name);
    expect_pieces_equal_whole(s, p.make, {3'990, 4'001, 4'004, 7'999, 8'001, 8'300, 8'603});
  }
}

TEST_F(saved_link, with_waveforms_has_the_trace_of_one_without) {
  const scenario s = busy(8, 1);
  bridge::rtl_options waves;
  waves.fst_pattern = "link0.west";
  waves.fst_directory = testing::TempDir();
  waves.fst_windows = {{9'000, 9'050}};
  const factories traced{.west = bridge::rtl_factory(waves), .east = rtl};
  running_link whole{s, rtl_pair};
  whole.run(s.clocks);
  const std::vector<i64> clocks = {500, 2'000, 4'321, 9'020, 11'000};
  expect_equal(whole, *run_in_pieces(s, {traced}, clocks));
  // Each build of the RTL goes on with what the other has saved.
  expect_equal(whole, *run_in_pieces(s, {rtl_pair, traced}, clocks));
}

TEST_F(saved_link, is_refused_by_ends_of_another_shape) {
  const auto refused = [this](const factories& saved, int lanes, const factories& loads,
                              int other_lanes, const std::string& why) {
    running_link{busy(lanes, 1), saved}.save(file);
    running_link other{busy(other_lanes, 1), loads};
    EXPECT_THAT([&] { other.restore(file); }, ThrowsMessage<base::config_error>(HasSubstr(why)));
  };
  refused(rtl_pair, 4, rtl_pair, 8, "not restored, its RTL has another shape.");
  refused(flit_pair, 4, rtl_pair, 4,
          "it holds the part 'link0.west, flit' where 'link0.west, rtl' belongs.");
}

}  // namespace
}  // namespace lightrack::verify
