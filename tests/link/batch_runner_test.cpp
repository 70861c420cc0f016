// SPDX-License-Identifier: Apache-2.0
// tests/link/batch_runner_test.cpp
// Batches on any number of threads: the same results, nothing late, no wake-up lost, failures
// passed on.
#include "models/link/batch_runner.h"

#include <gtest/gtest.h>

#include <memory>

#include "tests/link/chain_endpoint.h"

namespace lightrack::link {
namespace {

/// Links of different flights, alternately in slots and in words.
struct chain_links {
  std::vector<std::unique_ptr<chain_endpoint>> ends;
  std::vector<runner_link> links;

  explicit chain_links(const std::vector<i64>& flights) {
    for (const i64 flight : flights) {
      const bool words = links.size() % 2 == 1;
      ends.push_back(std::make_unique<chain_endpoint>(2 * links.size(), flight, words));
      ends.push_back(std::make_unique<chain_endpoint>(2 * links.size() + 1, flight, words));
      links.push_back({ends[ends.size() - 2].get(), ends.back().get(), flight});
    }
  }
  [[nodiscard]] std::vector<u64> states() const {
    std::vector<u64> all;
    for (const auto& end : ends) all.push_back(end->state());
    return all;
  }
};

std::vector<u64> run(const std::vector<i64>& flights, int threads, i64 max_batch, i64 until) {
  chain_links bench{flights};
  batch_runner runner{bench.links, threads, max_batch};
  while (runner.now() < until) runner.step(until);
  EXPECT_EQ(runner.now(), until);
  for (const auto& end : bench.ends) {
    EXPECT_EQ(end->now(), until);
    EXPECT_EQ(end->late(), 0);
  }
  return bench.states();
}

TEST(batch_runner, results_do_not_depend_on_threads_or_batches) {
  const std::vector<i64> flights = {153, 40, 40, 1000};
  const std::vector<u64> expected = run(flights, 1, 1, 5000);
  for (const int threads : {1, 2, 3, 4, 8, 100})
    for (const i64 max_batch : {i64{0}, i64{1}, i64{7}, i64{39}, i64{1'000'000}})
      EXPECT_EQ(run(flights, threads, max_batch, 5000), expected)
          << threads << " threads, batches of " << max_batch;
}

TEST(batch_runner, a_batch_is_the_shortest_flight_or_less) {
  chain_links bench{{153, 40}};
  EXPECT_EQ((batch_runner{bench.links, 1}.batch()), 40);
  EXPECT_EQ((batch_runner{bench.links, 1, 64}.batch()), 40);
  EXPECT_EQ((batch_runner{bench.links, 1, 16}.batch()), 16);
  batch_runner runner{bench.links, 2};
  runner.step(1000);
  EXPECT_EQ(runner.now(), 40);
  runner.step(50);
  EXPECT_EQ(runner.now(), 50) << "up to the limit";
  runner.step(50);
  EXPECT_EQ(runner.now(), 50) << "nothing left to do";
  EXPECT_EQ(bench.ends[0]->longest_batch(), 40);
}

TEST(batch_runner, starts_no_more_workers_than_endpoints) {
  chain_links bench{{10}};
  EXPECT_EQ((batch_runner{bench.links, 0}.workers()), 1);
  EXPECT_EQ((batch_runner{bench.links, 2}.workers()), 2);
  EXPECT_EQ((batch_runner{bench.links, 16}.workers()), 2);
}

TEST(batch_runner, words_are_exchanged_only_where_both_ends_can) {
  chain_endpoint rtl{1, 20, true};
  chain_endpoint flit{2, 20, false};
  chain_endpoint rtl_pair[] = {{3, 20, true}, {4, 20, true}};
  batch_runner runner{{{&rtl, &flit, 20}, {&rtl_pair[0], &rtl_pair[1], 20}}, 2};
  EXPECT_FALSE(rtl.in_words());
  EXPECT_FALSE(flit.in_words());
  EXPECT_TRUE(rtl_pair[0].in_words());
  EXPECT_TRUE(rtl_pair[1].in_words());
}

TEST(batch_runner, a_hundred_thousand_short_batches_lose_no_wake_up) {
  for (const int threads : {2, 4}) {
    const std::vector<u64> expected = run({1, 1}, 1, 1, 100'000);
    EXPECT_EQ(run({1, 1}, threads, 1, 100'000), expected);
  }
}

TEST(batch_runner, stops_at_once_whether_or_not_it_has_run) {
  for (int n = 0; n < 300; ++n) {
    chain_links bench{{5, 5}};
    batch_runner runner{bench.links, 4};
    for (int step = 0; step < n % 3; ++step) runner.step(never);
  }
}

/// Says that nothing will happen for `quiet` clocks from the end of each advance() on.
class sleepy_endpoint final : public chain_endpoint {
 public:
  sleepy_endpoint(i64 flight, i64 quiet) : chain_endpoint{1, flight}, quiet_{quiet} {}
  [[nodiscard]] i64 now() const override { return now_; }
  [[nodiscard]] i64 idle_until() const override { return idle_until_; }
  void skip(i64 until) override {
    now_ = until;
    ++skipped;
  }
  void advance(i64 until) override {
    now_ = until;
    idle_until_ = until + quiet_;
    ++advanced;
  }
  void receive(std::span<const wire_slot> slots) override {
    ++exchanged;
    if (!slots.empty()) idle_until_ = now_;
  }
  int advanced = 0;
  int skipped = 0;
  int exchanged = 0;

 private:
  i64 quiet_;
  i64 now_ = 0;
  i64 idle_until_ = 0;
};

TEST(batch_runner, an_idle_endpoint_is_not_advanced_until_its_clock_comes) {
  for (const int threads : {1, 2}) {
    sleepy_endpoint west{10, 25};
    sleepy_endpoint east{10, never};
    batch_runner runner{{{&west, &east, 10}}, threads};
    while (runner.now() < 100) runner.step(100);
    EXPECT_EQ(west.advanced, 4) << "[0,10), and [30,40) for clock 35, [60,70), [90,100)";
    EXPECT_EQ(west.skipped, 6);
    EXPECT_EQ(east.advanced, 1);
    EXPECT_EQ(east.skipped, 9);
    EXPECT_EQ(west.exchanged, 1) << "what a far end that skipped sent";
    EXPECT_EQ(east.exchanged, 4);
    EXPECT_EQ(west.now(), 100);
  }
}

TEST(batch_runner, what_arrives_wakes_an_idle_endpoint) {
  chain_endpoint west{1, 10};  // sends in the first batch
  sleepy_endpoint east{10, never};
  batch_runner runner{{{&west, &east, 10}}, 1};
  for (int batch = 0; batch < 4; ++batch) runner.step(100);
  EXPECT_EQ(east.skipped, 0);
  EXPECT_EQ(east.advanced, 4);
}

TEST(batch_runner, the_first_failure_in_the_order_of_links_is_rethrown) {
  for (const int threads : {1, 2, 3, 4}) {
    chain_links bench{{10, 10}};
    bench.ends[2]->fails_at = 25;
    bench.ends[2]->failure = "third";
    bench.ends[1]->fails_at = 27;
    bench.ends[1]->failure = "second";
    batch_runner runner{bench.links, threads};
    runner.step(100);
    runner.step(100);
    try {
      runner.step(100);
      ADD_FAILURE() << "no exception with " << threads << " threads";
    } catch (const std::runtime_error& e) {
      EXPECT_STREQ(e.what(), "second") << threads << " threads";
    }
    EXPECT_EQ(bench.ends[3]->now(), 30) << "the others have finished the batch";
  }
}

}  // namespace
}  // namespace lightrack::link
