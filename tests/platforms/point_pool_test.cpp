// SPDX-License-Identifier: Apache-2.0
// tests/platforms/point_pool_test.cpp: points as child processes, whatever happens to them.
#include "platforms/study/point_pool.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <map>
#include <stdexcept>

namespace lightrack::platforms {
namespace {

using nlohmann::ordered_json;

std::map<std::size_t, point_outcome> outcomes(
    std::size_t count, int jobs, const std::function<ordered_json(std::size_t)>& compute) {
  std::map<std::size_t, point_outcome> all;
  const std::atomic<bool> stop{false};
  EXPECT_TRUE(run_points(
      count, jobs,
      {.compute = compute, .done = [&](const point_outcome& o) { all[o.point] = o; }, .tick = {}},
      stop));
  return all;
}

TEST(point_pool, every_point_comes_back_once_for_any_number_of_jobs) {
  for (const int jobs : {1, 3, 20}) {
    const auto all = outcomes(10, jobs, [](std::size_t i) { return ordered_json(i * i); });
    ASSERT_EQ(all.size(), 10U);
    for (const auto& [point, o] : all) EXPECT_EQ(o.value, point * point);
  }
}

TEST(point_pool, a_point_is_another_process_and_leaves_this_one_alone) {
  int touched = 0;
  const auto all = outcomes(1, 1, [&](std::size_t) {
    ++touched;
    return ordered_json(::getpid());
  });
  EXPECT_NE(all.at(0).value, ::getpid());
  EXPECT_EQ(touched, 0);
}

TEST(point_pool, a_result_larger_than_a_pipe_arrives_whole) {
  const std::string text(3'000'000, 'x');
  const auto all = outcomes(2, 2, [&](std::size_t) { return ordered_json(text); });
  EXPECT_EQ(all.at(0).value, text);
  EXPECT_EQ(all.at(1).value, text);
}

TEST(point_pool, a_point_that_throws_says_why_and_the_others_stand) {
  const auto all = outcomes(3, 2, [](std::size_t i) {
    if (i == 1) throw std::runtime_error("credits do not add up");
    return ordered_json("good");
  });
  EXPECT_EQ(all.at(1).failure, "credits do not add up");
  EXPECT_EQ(all.at(0).value, "good");
  EXPECT_EQ(all.at(2).value, "good");
}

TEST(point_pool, a_point_that_crashes_is_a_failure_that_names_the_signal) {
  const auto all = outcomes(2, 1, [](std::size_t i) {
    if (i == 0) ::kill(::getpid(), SIGKILL);
    return ordered_json("good");
  });
  EXPECT_THAT(all.at(0).failure, testing::HasSubstr("signal 9"));
  EXPECT_EQ(all.at(1).value, "good");
}

TEST(point_pool, a_point_that_leaves_without_a_result_is_a_failure_with_its_code) {
  const auto all = outcomes(1, 1, [](std::size_t) -> ordered_json { ::_exit(7); });
  EXPECT_THAT(all.at(0).failure, testing::HasSubstr("code 7"));
}

TEST(point_pool, stop_ends_the_children_at_work_and_starts_no_more) {
  std::atomic<bool> stop{false};
  int done = 0;
  const bool finished = run_points(5, 2,
                                   {.compute =
                                        [](std::size_t i) {
                                          if (i > 0) ::pause();
                                          return ordered_json(i);
                                        },
                                    .done =
                                        [&](const point_outcome&) {
                                          ++done;
                                          stop = true;
                                        },
                                    .tick = {}},
                                   stop);
  EXPECT_FALSE(finished);
  EXPECT_EQ(done, 1);
}

}  // namespace
}  // namespace lightrack::platforms
