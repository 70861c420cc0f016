// SPDX-License-Identifier: Apache-2.0
// tests/link/flit_run_test.cpp: runs of full flits through source and sink against the same flits
// one by one.
#include <gtest/gtest.h>

#include "models/link/packer.h"

namespace lightrack::link {
namespace {

struct way {
  explicit way(const traffic_params& p, i64 warmup)
      : source{{.path = "west"}, traffic_generator{p}},
        sink{{.warmup_clock = warmup}, &source, nullptr} {}
  flit_source source;
  flit_sink sink;
};

constexpr i64 flight = 163;

// Hands `count` flits over from clock h on: in runs where the source has them, else one by one.
void move(way& w, i64 h, u64 count, bool runs) {
  while (count > 0) {
    const u64 full = runs ? w.source.full_flits(0, h, count) : 0;
    if (full > 1) {
      const flit_run run = w.source.pop_full(0, h, full);
      const u64 first = full / 3 + 1;  // a run may be delivered in pieces
      w.sink.take_run(0, h + flight, run, 0, first);
      if (full > first)
        w.sink.take_run(0, h + flight + 4 * static_cast<i64>(first), run, first, full - first);
      h += 4 * static_cast<i64>(full);
      count -= full;
      continue;
    }
    const presented shown = w.source.front(0);
    w.source.pop(0, h);
    w.sink.take(0, h + flight, shown.payload, shown.slots, shown.poison, false);
    h += 4;
    --count;
  }
}

TEST(flit_run, runs_leave_what_single_flits_leave) {
  for (const u32 bytes : {16U, 64U, 256U, 4080U}) {
    const traffic_params load{.load = 1.3, .bytes = bytes};
    way runs{load, 30'000};
    way singles{load, 30'000};
    for (const u64 count : {100ULL, 1ULL, 1024ULL, 7ULL, 5000ULL}) {
      const i64 h = 20'000 + 4 * static_cast<i64>(runs.source.popped(0));
      move(runs, h, count, true);
      move(singles, h, count, false);
      EXPECT_EQ(runs.source.popped(0), singles.source.popped(0));
      EXPECT_EQ(runs.sink.counters(0), singles.sink.counters(0)) << bytes << " B, " << count;
    }
    EXPECT_EQ(runs.sink.flit_latency(), singles.sink.flit_latency());
    const auto& a = runs.sink.request_latency();
    const auto& b = singles.sink.request_latency();
    EXPECT_EQ(a.count(), b.count());
    EXPECT_NEAR(a.mean(), b.mean(), 2.0) << bytes;  // evenly spread between exact ends
    EXPECT_NEAR(a.quantile(0.99), b.quantile(0.99), b.quantile(0.99) * 0.02);
  }
}

TEST(flit_run, a_source_without_a_backlog_hands_over_single_flits) {
  flit_source source{{}, traffic_generator{traffic_params{.load = 0.2, .bytes = 256}}};
  // One message of 17 slots waits: a full flit and two slots more.
  EXPECT_LE(source.full_flits(0, 10, 100), 1U);
}

TEST(flit_run, reads_are_looked_at_one_by_one) {
  flit_source source{{}, traffic_generator{traffic_params{.load = 2, .read_fraction = 0.5}}};
  EXPECT_EQ(source.full_flits(0, 10'000, 100), 0U);
  EXPECT_TRUE(source.may_read());
}

TEST(flit_run, a_run_does_not_go_past_the_last_request) {
  // 17 messages of 17 slots are 289 slots: 19 full flits and 4 slots.
  flit_source source{{},
                     traffic_generator{traffic_params{.load = 1, .bytes = 256, .requests = 17}}};
  source.pop(0, 996);
  EXPECT_EQ(source.full_flits(0, 1000, 100), 18U);
}

}  // namespace
}  // namespace lightrack::link
