// SPDX-License-Identifier: Apache-2.0
// tests/link/error_process_test.cpp
// The wrong bits of a lane: a function of (seed, path, block), and distributed as they should be.
#include "models/link/error_process.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "models/base/random.h"

namespace lightrack::link {
namespace {

constexpr i64 block = 65536;

std::vector<i64> errors_between(error_process& lane, i64 from, i64 until) {
  std::vector<i64> found;
  for (i64 bit = lane.next_error(from, until); bit < until; bit = lane.next_error(bit + 1, until))
    found.push_back(bit);
  return found;
}

std::vector<i64> errors_of(const error_params& params, i64 blocks, u64 seed = 1) {
  error_process lane{seed, "west.tx.lane0", params};
  return errors_between(lane, 0, blocks * block);
}

// Distance from the expectation in standard deviations of a binomial count.
double sigmas(double found, double trials, double p) {
  return (found - trials * p) / std::sqrt(trials * p * (1 - p));
}

TEST(error_process, a_lane_without_errors_never_has_one) {
  error_process lane{1, "west.tx.lane0", {}};
  EXPECT_EQ(lane.next_error(0, 1'000'000'000), never);
}

TEST(error_process, an_answer_at_or_past_until_is_no_later_than_the_next_error) {
  const std::vector<i64> all = errors_of({.ber = 1e-4}, 20);
  ASSERT_GT(all.size(), 50U);
  for (std::size_t k = 1; k < all.size(); ++k) {
    error_process lane{1, "west.tx.lane0", {.ber = 1e-4}};
    const i64 answer = lane.next_error(all[k - 1] + 1, all[k]);
    EXPECT_GE(answer, all[k]);
    EXPECT_EQ(lane.next_error(all[k - 1] + 1, all[k] + 1), all[k]);
    EXPECT_EQ(lane.next_error(all[k], all[k] + 1), all[k]);
  }
}

TEST(error_process, order_of_questions_and_instance_change_nothing) {
  const error_params params{.ber = 3e-4, .burst_rate = 1e-5, .burst_bits = 12};
  constexpr i64 blocks = 40;
  const std::vector<i64> all = errors_of(params, blocks);
  error_process asked_at_random{1, "west.tx.lane0", params};
  for (u64 n = 0; n < 2000; ++n) {
    const i64 from = static_cast<i64>(base::mix64(n) % (blocks * block));
    const i64 until =
        std::min<i64>(from + static_cast<i64>(base::mix64(~n) % 100'000), blocks * block);
    std::vector<i64> expected;
    for (const i64 bit : all)
      if (bit >= from && bit < until) expected.push_back(bit);
    ASSERT_EQ(errors_between(asked_at_random, from, until), expected) << "question " << n;
  }
}

TEST(error_process, another_seed_path_or_block_has_other_errors) {
  error_process lane{1, "west.tx.lane0", {.ber = 1e-3}};
  error_process other_seed{2, "west.tx.lane0", {.ber = 1e-3}};
  error_process other_lane{1, "west.tx.lane1", {.ber = 1e-3}};
  const auto errors = errors_between(lane, 0, block);
  EXPECT_NE(errors, errors_between(other_seed, 0, block));
  EXPECT_NE(errors, errors_between(other_lane, 0, block));
  auto second = errors_between(lane, block, 2 * block);
  for (i64& bit : second) bit -= block;
  EXPECT_NE(errors, second);
}

TEST(error_process, counts_match_the_bit_error_rate_from_1e_9_to_one_half) {
  const std::vector<std::pair<double, i64>> cases = {
      // about 130 errors and more
      {1e-9, 2'000'000}, {1e-8, 200'000}, {1e-7, 40'000}, {1e-6, 10'000}, {1e-5, 4000},
      {1e-4, 1000},      {1e-3, 200},     {1e-2, 50},     {0.1, 10},      {0.5, 5}};
  for (const auto& [ber, blocks] : cases) {
    const auto found = static_cast<double>(errors_of({.ber = ber}, blocks, 7).size());
    const double trials = static_cast<double>(blocks * block);
    EXPECT_LT(std::abs(sigmas(found, trials, ber)), 3.5)
        << "BER " << ber << ": " << found << " errors";
  }
}

TEST(error_process, errors_of_a_block_are_binomial) {
  // 65536 x 2e-5 = 1.31 a block; 20,000 blocks sorted by their count 0, 1, 2, 3, 4, 5 and more.
  constexpr double ber = 2e-5;
  constexpr i64 blocks = 20'000;
  std::vector<int> count(blocks);
  for (const i64 bit : errors_of({.ber = ber}, blocks, 3))
    ++count[static_cast<std::size_t>(bit / block)];
  std::array<double, 6> found{};
  for (const int c : count) ++found[static_cast<std::size_t>(std::min(c, 5))];
  double p = std::pow(1 - ber, 65536);
  double rest = 1;
  double chi_square = 0;
  for (int k = 0; k < 6; ++k) {
    const double expected = blocks * (k < 5 ? p : rest);
    const double d = found[static_cast<std::size_t>(k)] - expected;
    chi_square += d * d / expected;
    rest -= p;
    p *= (65536.0 - k) / (k + 1) * ber / (1 - ber);
  }
  EXPECT_LT(chi_square, 20.5) << "5 degrees of freedom, 0.1 %";
}

TEST(error_process, places_are_uniform_and_independent) {
  for (const double ber : {1e-4, 1e-2}) {
    const i64 blocks = ber > 1e-3 ? 100 : 5000;
    const std::vector<i64> errors = errors_of({.ber = ber}, blocks, 11);
    std::array<double, 64> found{};
    for (const i64 bit : errors) ++found[static_cast<std::size_t>(bit % block / 1024)];
    const double expected = static_cast<double>(errors.size()) / 64;
    double chi_square = 0;
    for (const double f : found) chi_square += (f - expected) * (f - expected) / expected;
    EXPECT_LT(chi_square, 104) << "63 degrees of freedom, 0.1 %; BER " << ber;
  }
  // Right behind a wrong bit the next one is as likely wrong as any.
  const std::vector<i64> errors = errors_of({.ber = 1e-2}, 100, 11);
  int neighbors = 0;
  for (std::size_t k = 1; k < errors.size(); ++k)
    neighbors += errors[k] == errors[k - 1] + 1 ? 1 : 0;
  EXPECT_LT(std::abs(sigmas(neighbors, static_cast<double>(errors.size()), 1e-2)), 3.5)
      << neighbors;
}

TEST(error_process, bursts_have_their_rate_length_and_density) {
  // Rate 1e-5, mean length 8: two bursts within 200 bits are rare, so a gap of 200 tells them
  // apart.
  const std::vector<i64> errors = errors_of({.burst_rate = 1e-5, .burst_bits = 8}, 20'000, 5);
  double bursts = 0;
  double bits = 0;
  double single = 0;
  for (std::size_t k = 0; k < errors.size();) {
    std::size_t last = k;
    while (last + 1 < errors.size() && errors[last + 1] < errors[last] + 100) ++last;
    ++bursts;
    bits += static_cast<double>(errors[last] - errors[k] + 1);
    single += last == k ? 1 : 0;
    k = last + 1;
  }
  EXPECT_NEAR(bursts, 20'000 * 65536 * 1e-5, 4 * std::sqrt(13107.0) + 20);
  EXPECT_NEAR(bits / bursts, 8, 0.3);
  EXPECT_NEAR(single / bursts, 1.0 / 8, 0.012) << "a length of one";
  // 1/8 have one wrong bit; 7/8 have two and half of the (8 - 1/8 - 14/8) x 8/7 bits between.
  EXPECT_NEAR(static_cast<double>(errors.size()) / bursts, 4.9375, 0.15);
}

TEST(error_process, a_burst_is_cut_at_64_bits) {
  // Mean 64 before the cut: 37 % of the bursts would be longer than 64.
  const std::vector<i64> errors = errors_of({.burst_rate = 1e-6, .burst_bits = 64}, 20'000, 5);
  i64 longest = 0;
  int cut = 0;
  int bursts = 0;
  for (std::size_t k = 0; k < errors.size(); ++bursts) {
    std::size_t last = k;
    while (last + 1 < errors.size() && errors[last + 1] < errors[k] + 64) ++last;
    longest = std::max(longest, errors[last] - errors[k] + 1);
    cut += errors[last] - errors[k] + 1 == 64 ? 1 : 0;
    k = last + 1;
  }
  EXPECT_EQ(longest, 64);
  EXPECT_NEAR(static_cast<double>(cut) / bursts, 0.37, 0.06);
}

TEST(error_process, drift_is_linear_between_its_points_and_constant_outside) {
  // Factor 1 until block 400, rising to 5 at block 800.
  const error_params params{.ber = 1e-4, .drift = {{400 * block, 1.0}, {800 * block, 5.0}}};
  const std::vector<i64> errors = errors_of(params, 1200, 9);
  std::array<double, 3> found{};
  for (const i64 bit : errors) ++found[static_cast<std::size_t>(bit / (400 * block))];
  const double trials = 400.0 * static_cast<double>(block);
  EXPECT_LT(std::abs(sigmas(found[0], trials, 1e-4)), 3.5);
  EXPECT_LT(std::abs(sigmas(found[1], trials, 2.995e-4)), 3.5) << "mean of blocks 400 to 799";
  EXPECT_LT(std::abs(sigmas(found[2], trials, 5e-4)), 3.5);
}

TEST(error_process, the_first_errors_of_a_seed_stay_what_they_are) {
  // A change here changes every result with errors.
  const std::vector<i64> errors = errors_of({.ber = 1e-3}, 1, 1);
  ASSERT_GE(errors.size(), 4U);
  EXPECT_EQ((std::vector<i64>{errors.begin(), errors.begin() + 4}),
            (std::vector<i64>{1037, 2010, 2262, 2577}));
}

TEST(error_process, rates_hold_from_the_first_block_that_begins_behind_them) {
  const std::vector<i64> none = errors_of({}, 20);
  const std::vector<i64> many = errors_of({.ber = 1e-4}, 20);
  ASSERT_TRUE(none.empty());
  error_process lane{1, "west.tx.lane0", {}};
  lane.set_rates({.from_bit = 5 * block + 1, .ber = 1e-4}, 0);
  lane.set_rates({.from_bit = 9 * block, .ber = 0}, 0);
  std::vector<i64> expected;  // blocks 6, 7 and 8, with the places that 1e-4 gives them anywhere
  for (const i64 bit : many)
    if (bit >= 6 * block && bit < 9 * block) expected.push_back(bit);
  ASSERT_GT(expected.size(), 5U);
  EXPECT_EQ(errors_between(lane, 0, 20 * block), expected);
}

TEST(error_process, rates_set_while_it_is_asked_give_what_rates_set_before_give) {
  error_process before{7, "east.tx.lane3", {.ber = 2e-5}};
  error_process on_the_way{7, "east.tx.lane3", {.ber = 2e-5}};
  std::vector<error_rates> steps;
  for (i64 k = 1; k < 30; ++k)
    steps.push_back({.from_bit = k * 100'000,
                     .ber = 1e-5 * static_cast<double>(k % 4),
                     .burst_rate = k % 5 == 0 ? 1e-5 : 0,
                     .burst_bits = 4});
  for (const error_rates& r : steps) before.set_rates(r, 0);
  std::vector<i64> found;
  i64 asked = 0;
  for (const error_rates& r : steps) {
    const std::vector<i64> some = errors_between(on_the_way, asked, r.from_bit - 64);
    found.insert(found.end(), some.begin(), some.end());
    asked = r.from_bit - 64;
    on_the_way.set_rates(r, asked - 200'000);
  }
  const std::vector<i64> rest = errors_between(on_the_way, asked, 4'000'000);
  found.insert(found.end(), rest.begin(), rest.end());
  EXPECT_EQ(found, errors_between(before, 0, 4'000'000));
  EXPECT_GT(found.size(), 40U);
}

}  // namespace
}  // namespace lightrack::link
