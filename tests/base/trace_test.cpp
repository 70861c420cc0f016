// SPDX-License-Identifier: Apache-2.0
#include "models/base/trace.h"

#include <gtest/gtest.h>

#include <set>
#include <vector>

namespace lightrack::base {
namespace {

trace_record record(std::int64_t clock) {
  return {.clock = clock, .arg64 = 7, .arg32 = 6, .arg16 = 5, .arg8 = 4, .event = 3};
}

std::uint64_t hash_of(const std::vector<trace_record>& records) {
  trace_buffer trace;
  for (const trace_record& r : records) trace.add(r);
  return trace.hash();
}

TEST(trace_buffer, hashes_alike_with_and_without_keeping) {
  trace_buffer kept;
  kept.keep(true);
  trace_buffer bare;
  for (std::int64_t clock = 0; clock < 100; ++clock) {
    kept.add(record(clock));
    bare.add(record(clock));
  }
  EXPECT_EQ(kept.hash(), bare.hash());
  EXPECT_EQ(kept.count(), 100U);
  EXPECT_EQ(kept.records().size(), 100U);
  EXPECT_TRUE(bare.records().empty());
}

TEST(trace_buffer, hash_sees_every_field) {
  std::set<std::uint64_t> hashes = {hash_of({record(1)})};
  trace_record r = record(1);
  r.arg64 ^= std::uint64_t{1} << 63;
  hashes.insert(hash_of({r}));
  r = record(1);
  r.arg32 ^= 1U << 31;
  hashes.insert(hash_of({r}));
  r = record(1);
  r.arg16 ^= 1;
  hashes.insert(hash_of({r}));
  r = record(1);
  r.arg8 ^= 1;
  hashes.insert(hash_of({r}));
  r = record(1);
  r.event ^= 1;
  hashes.insert(hash_of({r}));
  hashes.insert(hash_of({record(2)}));
  EXPECT_EQ(hashes.size(), 7U);
}

TEST(trace_buffer, hash_sees_order_and_number_of_records) {
  const std::set<std::uint64_t> hashes = {
      hash_of({}), hash_of({record(1)}), hash_of({record(1), record(2)}),
      hash_of({record(2), record(1)}), hash_of({record(1), record(1)})};
  EXPECT_EQ(hashes.size(), 5U);
}

TEST(trace_buffer, keeps_at_least_the_newest_up_to_the_limit) {
  trace_buffer trace;
  trace.keep(true, 10);
  for (std::int64_t clock = 0; clock < 1000; ++clock) {
    trace.add(record(clock));
    ASSERT_GE(trace.records().size(),
              std::min<std::size_t>(10, static_cast<std::size_t>(clock) + 1));
    ASSERT_LE(trace.records().size(), 20U);
    ASSERT_EQ(trace.records().back().clock, clock);
    ASSERT_EQ(trace.records().front().clock, static_cast<std::int64_t>(trace.first_kept()));
  }
}

TEST(trace_buffer, draining_forgets_records_and_leaves_hash_and_numbers) {
  trace_buffer trace;
  trace.keep(true);
  trace.add(record(0));
  trace.add(record(1));
  const std::uint64_t before = trace.hash();
  trace.drop_kept();
  EXPECT_EQ(trace.hash(), before);
  EXPECT_EQ(trace.first_kept(), 2U);
  trace.add(record(2));
  EXPECT_EQ(trace.hash(), hash_of({record(0), record(1), record(2)}));
  ASSERT_EQ(trace.records().size(), 1U);
  EXPECT_EQ(trace.records()[0], record(2));
}

TEST(trace_hash, depends_on_names_and_their_hashes) {
  const auto hash = [](std::vector<std::pair<const char*, std::uint64_t>> instances) {
    trace_hash all;
    for (const auto& [name, value] : instances) all.add(name, value);
    return all.value();
  };
  const std::set<std::uint64_t> values = {
      hash({{"link0.east", 1}, {"link0.west", 2}}), hash({{"link0.east", 2}, {"link0.west", 1}}),
      hash({{"link0.east", 1}, {"link1.west", 2}}), hash({{"link0.east", 1}})};
  EXPECT_EQ(values.size(), 4U);
  EXPECT_EQ(hash({{"link0.east", 1}}), hash({{"link0.east", 1}}));
}

}  // namespace
}  // namespace lightrack::base
