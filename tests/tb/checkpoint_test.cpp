// SPDX-License-Identifier: Apache-2.0
// tests/tb/checkpoint_test.cpp
// A link saved by one process and continued by another, against a run that was never interrupted.
#include "models/base/checkpoint.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>

#include "models/base/error.h"
#include "models/link/flit_endpoint.h"
#include "tb/bridge/rtl_endpoint.h"
#include "tb/verify/link_pair.h"

namespace lightrack::bridge {
namespace {

using link::i64;
using link::u64;
using testing::HasSubstr;
using testing::ThrowsMessage;
using verify::side;

constexpr u64 configuration = 42;

verify::scenario busy(int lanes, double length_m) {
  verify::scenario s;
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

struct running {
  verify::link_pair pair;
  link::batch_runner runner;

  running(const verify::scenario& s, int threads)
      : pair{s, {.west = rtl_factory(), .east = rtl_factory()}}, runner{{pair.link()}, threads} {}
  void run(i64 until) {
    while (runner.now() < until) runner.step(until);
  }
  void transfer(base::checkpoint& c) {
    pair.transfer(c);
    runner.transfer(c);
  }
};

/// Runs `job` in a process of its own, so that nothing but a file stays.
template <class Job>
void elsewhere(Job job) {
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
      (std::string{testing::UnitTest::GetInstance()->current_test_info()->name()} + ".ckpt");
  void TearDown() override { std::filesystem::remove(file); }

  void save(const verify::scenario& s, i64 clock, int threads) {
    elsewhere([&] {
      running part{s, threads};
      part.run(clock);
      base::checkpoint c{configuration};
      part.transfer(c);
      c.write(file);
    });
  }
};

void expect_equal(const running& a, const running& b, i64 now) {
  for (const side who : {side::west, side::east}) {
    const verify::end_result x = a.pair.result(who, now);
    const verify::end_result y = b.pair.result(who, now);
    EXPECT_EQ(x.trace_hash, y.trace_hash) << x.instance;
    EXPECT_EQ(x.trace_records, y.trace_records);
    EXPECT_EQ(x.counters, y.counters);
    EXPECT_EQ(x.accepted, y.accepted);
    EXPECT_EQ(x.sink, y.sink);
    EXPECT_EQ(x.latency_clocks, y.latency_clocks);
    EXPECT_EQ(x.status.active_since, y.status.active_since);
  }
}

TEST_F(saved_link, goes_on_as_if_it_had_never_stopped) {
  // In training, in traffic with repetitions on the way, at a clock that no batch would end at.
  for (const int lanes : {16, 4}) {
    const verify::scenario s = busy(lanes, 1);
    running whole{s, 1};
    whole.run(s.clocks);
    ASSERT_GT(whole.pair.result(side::west, s.clocks).counters.replays, 0U);
    ASSERT_GT(whole.pair.delivered(), 500U);
    for (const i64 clock : {300, 9'001}) {
      SCOPED_TRACE(std::to_string(lanes) + " lanes, saved at " + std::to_string(clock));
      save(s, clock, 2);
      running rest{s, 1};
      base::checkpoint c{file, configuration};
      rest.transfer(c);
      c.finish();
      EXPECT_EQ(rest.runner.now(), clock);
      rest.run(s.clocks);
      expect_equal(rest, whole, s.clocks);
    }
  }
}

TEST_F(saved_link, is_refused_by_other_ends) {
  save(busy(4, 1), 100, 1);
  running other{busy(8, 1), 1};
  base::checkpoint c{file, configuration};
  EXPECT_THAT([&] { other.transfer(c); },
              ThrowsMessage<base::config_error>(HasSubstr("it was saved with another RTL.")));
}

TEST_F(saved_link, cannot_be_had_of_ends_that_do_not_save) {
  const auto refused = [](const verify::factories& make, const std::string& why) {
    verify::link_pair pair{busy(4, 1), make};
    link::batch_runner runner{{pair.link()}, 1};
    base::checkpoint c{configuration};
    EXPECT_THAT([&] { runner.transfer(c); }, ThrowsMessage<base::config_error>(HasSubstr(why)));
  };
  refused({.west = rtl_factory(), .east = link::make_flit_endpoint},
          "an RTL end can be saved only if its far end is RTL too.");
  refused({.west = link::make_flit_endpoint, .east = link::make_flit_endpoint},
          "an end of this fidelity cannot be saved.");
}

}  // namespace
}  // namespace lightrack::bridge
