// SPDX-License-Identifier: Apache-2.0
// tests/link/flit_quiesce_property_test.cpp
// Random idle and busy spells under random bit errors: every flit arrives once, and the link never
// stops moving.
#include "models/base/random.h"
#include "rest_pair.h"

namespace lightrack::link {
namespace {

TEST(flit_quiesce_property, rests_wakes_and_loses_nothing_under_random_errors) {
  u64 rests = 0;
  u64 bad = 0;
  for (u64 seed = 1; seed <= 200; ++seed) {
    SCOPED_TRACE(::testing::Message() << "seed " << seed);
    const u64 key = base::stream_key(seed, "flit_quiesce_property");
    u64 index = 0;
    const auto pick = [&](u32 choices) { return base::draw(key, index++)[0] % choices; };
    pair_options o;
    const int lanes = 4 << pick(3);
    o.params.lanes = lanes;
    o.params.quiesce_after = 1 + pick(40);
    o.params.lock_min_clocks = 2000;
    o.params.retrain_limit = 15;
    o.params.train_limit = 15;
    o.payload_seed = seed;
    const double rates[] = {0.0, 1e-7, 1e-6, 1e-5, 1e-4};
    const double ber = rates[pick(5)];
    const double length = pick(2) == 0 ? 1.0 : 40.0;
    for (channel_params* c : {&o.to_west, &o.to_east}) {
      c->lanes = lanes;
      c->seed = seed;
      c->length_m = length;
      c->ber = {ber};
    }
    flit_pair pair{o};
    i64 last = 0;
    for (flit_source* source : {&pair.west_source, &pair.east_source}) {
      i64 clock = 8000;
      for (int k = 0; k < 30; ++k) {
        clock += pick(3) == 0 ? pick(6000) : pick(40);
        source->offer(0, {.clock = clock, .bytes = 1 + pick(700)});
      }
      last = std::max(last, clock);
    }
    pair.run_until(last + 1);
    pair.run_until_drained(1'000'000);
    if (::testing::Test::HasFatalFailure()) return;
    pair.expect_nothing_lost();
    EXPECT_EQ(pair.at_east.counters(0).requests, 30U);
    EXPECT_EQ(pair.at_west.counters(0).requests, 30U);
    for (const endpoint* e : {pair.west.get(), pair.east.get()}) {
      rests += e->counters().quiesces;
      bad += e->counters().received_bad;
      EXPECT_EQ(e->counters().lost_tx + e->counters().lost_rx, 0U);
    }
  }
  // Both must have been met often, or the test shows nothing.
  EXPECT_GT(rests, 400U);
  EXPECT_GT(bad, 1000U);
}

}  // namespace
}  // namespace lightrack::link
