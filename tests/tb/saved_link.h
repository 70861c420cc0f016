// SPDX-License-Identifier: Apache-2.0
// tests/tb/saved_link.h
// A scenario that runs in pieces: each piece is saved to a file, and the next one begins in ends
// that were built anew.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <vector>

#include "models/base/checkpoint.h"
#include "models/link/batch_runner.h"
#include "tb/verify/link_pair.h"

namespace lightrack::verify {

inline constexpr u64 saved_configuration = 42;

struct running_link {
  link_pair pair;
  link::batch_runner runner;

  running_link(const scenario& s, const factories& make, int threads = 1)
      : pair{s, make}, runner{{pair.link()}, threads} {}
  void run(i64 until) {
    while (runner.now() < until) {
      pair.tell_quality(runner.now() + runner.batch() + link::quality_lead);
      runner.step(until);
    }
  }
  void transfer(base::checkpoint& c) {
    pair.transfer(c);
    runner.transfer(c);
  }
  void save(const std::filesystem::path& file) {
    base::checkpoint c{saved_configuration};
    transfer(c);
    c.write(file);
  }
  void restore(const std::filesystem::path& file) {
    base::checkpoint c{file, saved_configuration};
    transfer(c);
    c.finish();
  }
};

/// The link at scenario::clocks after it was saved and restored at each of `clocks`, rising; odd
/// pieces run on two threads. `makers` are taken in turn, so that ends may be of several builds.
[[nodiscard]] inline std::unique_ptr<running_link> run_in_pieces(
    const scenario& s, const std::vector<factories>& makers, const std::vector<i64>& clocks) {
  const std::filesystem::path file =
      std::filesystem::path{testing::TempDir()} /
      (std::string{testing::UnitTest::GetInstance()->current_test_info()->name()} + ".ckpt");
  auto link = std::make_unique<running_link>(s, makers[0]);
  for (std::size_t k = 0; k < clocks.size(); ++k) {
    link->run(clocks[k]);
    link->save(file);
    link = std::make_unique<running_link>(s, makers[(k + 1) % makers.size()],
                                          1 + static_cast<int>(k % 2));
    link->restore(file);
    EXPECT_EQ(link->runner.now(), clocks[k]);
  }
  std::filesystem::remove(file);
  link->run(s.clocks);
  return link;
}

inline void expect_equal(const running_link& a, const running_link& b) {
  for (const side who : {side::west, side::east}) {
    const end_result x = a.pair.result(who, a.runner.now());
    const end_result y = b.pair.result(who, b.runner.now());
    SCOPED_TRACE(x.instance);
    EXPECT_EQ(x.trace_hash, y.trace_hash);
    EXPECT_EQ(x.trace_records, y.trace_records);
    EXPECT_EQ(x.counters, y.counters);
    EXPECT_EQ(x.status, y.status);
    EXPECT_EQ(x.accepted, y.accepted);
    EXPECT_EQ(x.sink, y.sink);
    EXPECT_EQ(x.work_waits, y.work_waits);
    const link::flit_sink& taken = a.pair.sink(who);
    const link::flit_sink& resumed = b.pair.sink(who);
    EXPECT_EQ(taken.flit_latency(), resumed.flit_latency());
    EXPECT_EQ(taken.request_latency(), resumed.request_latency());
  }
}

}  // namespace lightrack::verify
