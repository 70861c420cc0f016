// SPDX-License-Identifier: Apache-2.0
// tests/link/flit_endpoint_test.cpp
// What holds for any traffic and error: the same trace however a run is cut, another seed another
// one; registers.
#include "flit_pair.h"

namespace lightrack::link {
namespace {

u64 hash_of(const pair_options& o) {
  flit_pair pair{o};
  pair.run_until(60'000);
  EXPECT_GT(pair.total_delivered(), 1000U);
  base::trace_hash hash;
  hash.add("east", pair.east->trace().hash());
  hash.add("west", pair.west->trace().hash());
  return hash.value();
}
pair_options disturbed() {
  pair_options o;
  o.to_west.ber = {3e-6};
  o.to_east.ber = {3e-6};
  o.to_west.offset_bits.clear();
  o.to_west.events = {{.clock = 30'000, .lane = 2, .what = lane_change::lose},
                      {.clock = 30'100, .lane = 2, .what = lane_change::restore}};
  o.from_west = {.load = 0.7, .read_fraction = 0.2};
  o.from_east = {.load = 0.7, .read_fraction = 0.2, .seed = 2, .path = "east"};
  return o;
}

TEST(flit_endpoint, any_batch_length_gives_the_same_trace) {
  pair_options o = disturbed();
  const u64 whole_flight = hash_of(o);
  for (const i64 batch : {1, 2, 7, 64}) {
    SCOPED_TRACE(batch);
    o.max_batch = batch;
    EXPECT_EQ(hash_of(o), whole_flight);
  }
  o.max_batch = 0;
  o.keep_trace = true;
  EXPECT_EQ(hash_of(o), whole_flight) << "records kept or not";
}

TEST(flit_endpoint, another_payload_seed_gives_another_trace) {
  pair_options o = disturbed();
  const u64 first = hash_of(o);
  o.payload_seed = 2;
  EXPECT_NE(hash_of(o), first);
}

TEST(flit_endpoint, another_channel_seed_gives_another_trace) {
  pair_options o = disturbed();
  const u64 first = hash_of(o);
  o.to_east.seed = 2;
  EXPECT_NE(hash_of(o), first);
}

TEST(flit_endpoint, records_come_in_order_of_clock_and_kind) {
  pair_options o = disturbed();
  o.keep_trace = true;
  flit_pair pair{o};
  pair.run_until(40'000);
  const auto records = pair.west->trace().records();
  ASSERT_GT(records.size(), 10'000U);
  for (std::size_t k = 1; k < records.size(); ++k) {
    ASSERT_GE(records[k].clock, records[k - 1].clock);
    if (records[k].clock == records[k - 1].clock) {
      ASSERT_GE(records[k].event, records[k - 1].event) << "at " << records[k].clock;
    }
  }
}

TEST(flit_endpoint, registers_answer_reads_with_the_state_of_the_next_clock) {
  flit_pair pair{{}};
  const auto read = [](i64 clock, u32 offset) {
    return csr_access{.clock = clock, .offset = offset, .write = false};
  };
  pair.west->access_csr(read(2449, csr::status::info.offset));
  pair.west->access_csr(read(2454, csr::status::info.offset));
  pair.west->access_csr(read(2464, csr::round_trip::info.offset));
  pair.west->access_csr(read(2474, 0xFFC));
  std::vector<csr_reply> replies;
  while (pair.runner->now() < 2500) {
    pair.runner->step(2500);
    for (const csr_reply& r : pair.west->csr_replies())
      if (r.clock >= 2449) replies.push_back(r);
  }
  ASSERT_EQ(replies.size(), 4U);
  EXPECT_EQ(csr::status::from_word(replies[0].value).state, static_cast<u8>(pkg::state_e::init));
  EXPECT_EQ(csr::status::from_word(replies[1].value).state, static_cast<u8>(pkg::state_e::active));
  EXPECT_EQ(csr::status::from_word(replies[1].value).cause_state,
            static_cast<u8>(pkg::state_e::init));
  EXPECT_EQ(replies[2].value, 82U);
  EXPECT_FALSE(replies[2].error);
  EXPECT_TRUE(replies[3].error);
}

}  // namespace
}  // namespace lightrack::link
