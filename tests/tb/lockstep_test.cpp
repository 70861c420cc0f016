// SPDX-License-Identifier: Apache-2.0
// tests/tb/lockstep_test.cpp: two runs that differ in one thing, and what the comparison says of
// it.
#include "tb/verify/lockstep.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "models/link/flit_codec.h"
#include "models/link/trace_events.h"
#include "tb/verify/catalog.h"
#include "tb/verify/counter_list.h"

namespace lightrack::verify {
namespace {

using link::trace_event;
using testing::HasSubstr;
using testing::Not;

run_result hundred_states() {
  run_result r;
  r.west.instance = "link0.west";
  r.east.instance = "link0.east";
  for (i64 clock = 0; clock < 100; ++clock)
    r.east.records.push_back(
        {.clock = clock, .arg8 = 5, .event = static_cast<u8>(trace_event::state)});
  r.east.sink[0].flits = 200;
  r.east.latency_clocks = 80;
  r.west.counters.sent_data = 50;
  return r;
}

TEST(lockstep, equal_runs_are_equal) {
  const run_difference d = compare_runs(hundred_states(), hundred_states());
  EXPECT_TRUE(d.equal());
  EXPECT_EQ(d.first_clock, -1);
  EXPECT_EQ(d.first_divergence, "");
}

TEST(lockstep, shows_twenty_records_around_the_first_difference) {
  run_result other = hundred_states();
  other.east.records[60].arg8 = 1;
  other.east.records[70].arg8 = 1;
  const run_difference d = compare_runs(hundred_states(), other);
  EXPECT_EQ(d.mismatches, 2U);
  EXPECT_EQ(d.first_clock, 60);
  EXPECT_EQ(d.first_instance, "link0.east");
  EXPECT_THAT(d.first_divergence, HasSubstr("->        60 state     ACTIVE"));
  EXPECT_THAT(d.first_divergence, HasSubstr("->        60 state     LOCK"));
  EXPECT_THAT(d.first_divergence, HasSubstr("40 state"));
  EXPECT_THAT(d.first_divergence, HasSubstr("80 state"));
  EXPECT_THAT(d.first_divergence, Not(HasSubstr("39 state")));
  EXPECT_THAT(d.first_divergence, Not(HasSubstr("81 state")));
}

TEST(lockstep, a_record_that_is_missing_at_the_end_is_a_difference) {
  run_result other = hundred_states();
  other.east.records.pop_back();
  const run_difference d = compare_runs(hundred_states(), other);
  EXPECT_EQ(d.mismatches, 1U);
  EXPECT_EQ(d.first_clock, 99);
  EXPECT_THAT(d.first_divergence, HasSubstr("-> no more records"));
}

TEST(lockstep, the_earlier_of_both_ends_counts) {
  run_result other = hundred_states();
  other.west.records.push_back({.clock = 7, .event = static_cast<u8>(trace_event::replay)});
  other.east.records[60].arg8 = 1;
  EXPECT_EQ(compare_runs(hundred_states(), other).first_instance, "link0.west");
}

TEST(lockstep, counters_latency_and_rate_are_measured) {
  run_result other = hundred_states();
  other.west.counters.sent_data = 45;
  other.east.sink[0].flits = 190;
  other.east.latency_clocks = 82.5;
  const run_difference d = compare_runs(hundred_states(), other);
  EXPECT_EQ(d.mismatches, 0U);
  EXPECT_FALSE(d.counters_equal);
  EXPECT_DOUBLE_EQ(d.counters_error_percent, 10);
  EXPECT_EQ(d.counters_text, "link0.west sent_data: 50 against 45\n");
  EXPECT_DOUBLE_EQ(d.throughput_error_percent, 5);
  EXPECT_DOUBLE_EQ(d.latency_error_clocks, 2.5);
}

TEST(lockstep, a_flit_is_described_by_its_fields) {
  const u64 header = link::pack_header(
      {.kind = 1, .vc = 1, .seq = 17, .ack = 3, .nak = 1, .replay = 1, .slots = 9, .crd = 260});
  EXPECT_EQ(
      describe({.clock = 1234, .arg64 = header, .event = static_cast<u8>(trace_event::flit_tx)}),
      "     1234 flit_tx   DATA seq 17 ack 3 NAK REPLAY vc 1 slots 9 crd0 260");
}

TEST(gate_catalog, has_at_least_thirty_scenarios_with_names_of_their_own) {
  const auto all = gate_catalog(1);
  std::set<std::string> names;
  for (const scenario& s : all) names.insert(s.name);
  EXPECT_GE(all.size(), 30U);
  EXPECT_EQ(names.size(), all.size());
}

TEST(counter_list, has_every_counter_once) {
  link::endpoint_counters c;
  c.lost_rx = 5;
  c.bip_errors[15] = 6;
  c.markers_missed[17] = 7;
  const auto list = list_counters(c);
  ASSERT_EQ(list.size(), 25U + 3 + 18 + 18);
  EXPECT_EQ(list[22].value, 5U);
  EXPECT_EQ(list[27 + 16].value, 6U);
  EXPECT_EQ(list.back().name, "markers_missed[17]");
  EXPECT_EQ(list.back().value, 7U);
  EXPECT_EQ(sizeof(link::endpoint_counters), list.size() * sizeof(u64))
      << "a counter is not listed";
}

}  // namespace
}  // namespace lightrack::verify
