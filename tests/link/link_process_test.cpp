// SPDX-License-Identifier: Apache-2.0
// tests/link/link_process_test.cpp
// The SystemC shell: batches at their simulated times, a clock to stop at, failures with their
// type.
#include "models/link/link_process.h"

#include <gtest/gtest.h>

#include "models/base/error.h"
#include "tests/link/chain_endpoint.h"

namespace lightrack::link {
namespace {

constexpr i64 period_fs = 640'000;

struct link_process_bench : testing::Test {
  link_process_bench() { sc_core::sc_set_time_resolution(1, sc_core::SC_FS); }

  chain_endpoint west{1, 153};
  chain_endpoint east{2, 153};
  batch_runner runner{{{&west, &east, 153}}, 2};
};

TEST_F(link_process_bench, wakes_once_a_batch_and_stops_at_the_clock_asked_for) {
  std::vector<std::pair<i64, i64>>
      batches;  // simulated time of the batch in clocks, runner's clock after it
  link_process process{"link", runner, period_fs, [] { return i64{500}; }};
  process.on_batch([&] {
    batches.emplace_back(static_cast<i64>(sc_core::sc_time_stamp().value()) / period_fs,
                         runner.now());
  });
  sc_core::sc_start();
  process.rethrow_failure();
  EXPECT_EQ(batches,
            (std::vector<std::pair<i64, i64>>{{0, 153}, {153, 306}, {306, 459}, {459, 500}}));
  EXPECT_EQ(sc_core::sc_time_stamp().value(), 500U * 640'000) << "femtoseconds";
  EXPECT_EQ(west.now(), 500);
}

TEST_F(link_process_bench, stops_without_a_word_on_stdout) {
  link_process process{"link", runner, period_fs, [] { return i64{500}; }};
  testing::internal::CaptureStdout();
  sc_core::sc_start();
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "");
}

TEST_F(link_process_bench, asks_for_the_limit_after_each_batch) {
  i64 limit = 10;
  link_process process{"link", runner, period_fs, [&] {
                         if (runner.now() == 10) limit = 400;  // only now known
                         return limit;
                       }};
  sc_core::sc_start();
  EXPECT_EQ(runner.now(), 400);
}

TEST_F(link_process_bench, results_equal_those_without_systemc) {
  link_process process{"link", runner, period_fs, [] { return i64{10'000}; }};
  sc_core::sc_start();
  chain_endpoint bare_west{1, 153};
  chain_endpoint bare_east{2, 153};
  batch_runner bare{{{&bare_west, &bare_east, 153}}, 1, 11};
  while (bare.now() < 10'000) bare.step(10'000);
  EXPECT_EQ(west.state(), bare_west.state());
  EXPECT_EQ(east.state(), bare_east.state());
}

TEST_F(link_process_bench, a_failure_stops_the_kernel_and_keeps_its_type) {
  link_process process{"link", runner, period_fs, [&]() -> i64 {
                         if (runner.now() > 300)
                           throw base::no_progress_error{"west waits for credit"};
                         return 10'000;
                       }};
  sc_core::sc_start();
  EXPECT_EQ(runner.now(), 306);
  EXPECT_THROW(process.rethrow_failure(), base::no_progress_error);
  EXPECT_NO_THROW(process.rethrow_failure()) << "once";
}

TEST_F(link_process_bench, an_endpoint_s_failure_on_a_worker_is_passed_on) {
  east.fails_at = 200;
  link_process process{"link", runner, period_fs, [] { return i64{10'000}; }};
  sc_core::sc_start();
  EXPECT_THROW(process.rethrow_failure(), std::runtime_error);
}

TEST(link_process, refuses_a_coarser_time_resolution) {
  chain_endpoint west{1, 153};
  chain_endpoint east{2, 153};
  batch_runner runner{{{&west, &east, 153}}, 1};
  sc_core::sc_set_time_resolution(1, sc_core::SC_PS);
  EXPECT_THROW((link_process{"link", runner, period_fs, [] { return i64{0}; }}), base::model_error);
}

}  // namespace
}  // namespace lightrack::link
