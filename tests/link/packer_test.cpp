// SPDX-License-Identifier: Apache-2.0
// tests/link/packer_test.cpp
// Requests into flits, flits into requests: what waits goes together, nothing is lost, bytes are
// made on demand.
#include "models/link/packer.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "models/base/error.h"
#include "models/base/random.h"

namespace lightrack::link {
namespace {

request write_of(i64 clock, u32 bytes, u64 address = 0) {
  return {.clock = clock, .address = address, .bytes = bytes, .op = operation::write};
}
request read_of(i64 clock, u32 bytes, u64 address = 0) {
  return {.clock = clock, .address = address, .bytes = bytes, .op = operation::read};
}
flit_source source_of(std::vector<request> list, const source_params& params = {}) {
  return {params, traffic_generator{std::move(list)}};
}
payload_bytes bytes_of(const flit_source& source, const payload_ref& ref) {
  payload_bytes bytes{};
  source.fill(ref, bytes);
  return bytes;
}

/// Hands every flit of both VCs over as early as it can be; returns the last clock.
i64 run(flit_source& source, flit_sink& sink, i64 flight = 100) {
  i64 last = 0;
  for (;;) {
    const int vc = source.next_ready(0) <= source.next_ready(1) ? 0 : 1;
    const i64 ready = source.next_ready(vc);
    if (ready >= never) return last;
    const presented flit = source.front(vc);
    source.pop(vc, ready);
    last = ready + flight;
    sink.take(vc, last, flit.payload, flit.slots, flit.poison, false);
  }
}

TEST(flit_source, a_256_byte_write_is_17_slots_in_two_flits) {
  flit_source source = source_of({write_of(10, 256)});
  EXPECT_EQ(source.next_ready(0), 14) << "arrival + local latency of 4";
  EXPECT_EQ(source.next_ready(1), never);
  EXPECT_EQ(source.front(0).slots, 15);
  source.pop(0, 20);
  EXPECT_EQ(source.next_ready(0), 24) << "four beats later";
  EXPECT_EQ(source.front(0).slots, 2);
  EXPECT_EQ(source.record({.vc = 0, .index = 1}).offset, 15);
  EXPECT_TRUE(source.work_waits(24));
  source.pop(0, 24);
  EXPECT_EQ(source.next_ready(0), never);
  EXPECT_FALSE(source.work_waits(1000));
  EXPECT_EQ(source.popped(0), 2U);
}

TEST(flit_source, a_flit_takes_what_waits_when_it_is_formed_and_then_stays) {
  // Reads are one slot each: two have waited at 14, the third comes while the flit is on the port.
  flit_source source = source_of({read_of(9, 64), read_of(10, 64), read_of(11, 64)});
  EXPECT_EQ(source.next_ready(0), 13);
  source.pop(0, 20);
  EXPECT_EQ(source.record({.vc = 0, .index = 0}).slots, 1) << "only the first had waited at 13";
  EXPECT_EQ(source.next_ready(0), 24);
  EXPECT_EQ(source.front(0).slots, 2) << "both others waited at 24";
}

TEST(flit_source, forming_does_not_depend_on_when_or_how_often_it_is_asked) {
  const traffic_params load{.load = 0.4, .bytes = 48, .read_fraction = 0.5, .requests = 400};
  flit_source often{{}, traffic_generator{load}};
  flit_source once{{}, traffic_generator{load}};
  u64 step = 0;
  for (i64 ready = once.next_ready(0); ready < never; ready = once.next_ready(0)) {
    const i64 h = ready + static_cast<i64>(base::mix64(step++) % 12);  // some wait on the port
    for (i64 n = ready; n <= h; ++n) {
      EXPECT_EQ(often.next_ready(0), ready);
      static_cast<void>(often.front(0));
    }
    often.pop(0, h);
    static_cast<void>(once.front(0));
    once.pop(0, h);
    const payload_ref last{.vc = 0, .index = once.popped(0) - 1};
    ASSERT_EQ(often.record(last).slots, once.record(last).slots);
    ASSERT_EQ(often.record(last).request, once.record(last).request);
  }
  EXPECT_EQ(once.popped(0), often.popped(0));
}

TEST(flit_source, header_slots_are_as_the_protocol_says) {
  flit_source source = source_of({{.clock = 0,
                                   .address = 0x1122334455667788,
                                   .bytes = 33,
                                   .tag = 0xABCD,
                                   .source = 0x0102,
                                   .destination = 0x0304,
                                   .op = operation::message},
                                  read_of(0, 4080, 0x99)});
  EXPECT_EQ(source.front(0).slots, 5) << "header, 3 data slots for 33 bytes, header of the read";
  const payload_bytes bytes = bytes_of(source, {.vc = 0, .index = 0});
  const std::vector<u8> message = {5,    3,    0xCD, 0xAB, 2,    1,    4,    3,
                                   0x88, 0x77, 0x66, 0x55, 0x44, 0x33, 0x22, 0x11};
  EXPECT_EQ((std::vector<u8>{bytes.begin(), bytes.begin() + 16}), message);
  EXPECT_EQ(bytes[64], 1) << "read";
  EXPECT_EQ(bytes[65], 255) << "names the slots it asks for";
  EXPECT_EQ(bytes[72], 0x99);
  EXPECT_TRUE(std::all_of(bytes.begin() + 80, bytes.end(), [](u8 b) { return b == 0; }))
      << "unused slots";
}

TEST(flit_source, payload_differs_by_seed_path_channel_and_flit) {
  std::set<u64> digests;
  std::set<payload_bytes> payloads;
  for (const u64 seed : {1, 2}) {
    for (const char* path : {"west", "east"}) {
      flit_source source = source_of({write_of(0, 4080)}, {.path = path, .seed = seed});
      source.offer(1, {.clock = 0, .bytes = 4080, .op = operation::read_data});
      for (int vc = 0; vc < 2; ++vc) {
        for (u64 flit = 0; flit < 17; ++flit) {
          source.pop(vc, source.next_ready(vc));
          const payload_ref ref{.vc = static_cast<u8>(vc), .index = flit};
          digests.insert(source.digest(ref));
          payloads.insert(bytes_of(source, ref));
          EXPECT_EQ(bytes_of(source, ref), bytes_of(source, ref));
        }
      }
    }
  }
  EXPECT_EQ(digests.size(), 2U * 2 * 2 * 17);
  EXPECT_EQ(payloads.size(), 2U * 2 * 2 * 17);
}

TEST(flit_source, every_nth_flit_is_poisoned) {
  flit_source source = source_of({write_of(0, 1024)}, {.poison_every = 2});
  std::vector<bool> poison;
  while (source.next_ready(0) < never) {
    poison.push_back(source.front(0).poison);
    source.pop(0, source.next_ready(0));
  }
  EXPECT_EQ(poison, (std::vector<bool>{false, true, false, true, false}));
}

TEST(flit_source, offered_and_generated_requests_merge_by_arrival) {
  flit_source source = source_of({read_of(5, 16, 100), read_of(20, 16, 101)});
  source.offer(0, read_of(5, 16, 200));
  source.offer(0, read_of(7, 16, 201));
  source.pop(0, 50);
  source.pop(0, 54);
  std::vector<u64> order;
  for (u64 n = 0; n < 4; ++n) order.push_back(source.request_of(0, n).address);
  EXPECT_EQ(order, (std::vector<u64>{100, 200, 201, 101}));
}

TEST(flit_source, long_queues_of_offers_keep_their_order) {
  flit_source source = source_of({});
  for (u64 n = 0; n < 1000; ++n)
    source.offer(1, {.clock = 0, .address = n, .bytes = 16, .op = operation::read_data});
  flit_sink sink{{}, &source, nullptr};
  run(source, sink);
  EXPECT_EQ(sink.counters(1).requests, 1000U);
  for (u64 n = 0; n < 1000; ++n) ASSERT_EQ(source.request_of(1, n).address, n);
}

TEST(flit_sink, latencies_run_from_the_port_and_from_the_packer) {
  flit_source west = source_of({write_of(10, 256)});
  flit_sink at_east{{.local_latency = 4}, &west, nullptr};
  run(west, at_east, 100);  // formed and handed over at 14 and 18, delivered at 114 and 118
  EXPECT_EQ(at_east.flit_latency().count(), 2U);
  EXPECT_EQ(at_east.flit_latency().min(), 100U);
  EXPECT_EQ(at_east.flit_latency().max(), 100U);
  EXPECT_EQ(at_east.request_latency().count(), 1U);
  EXPECT_EQ(at_east.request_latency().max(), 112U) << "10 to 118 + 4";
  EXPECT_EQ(at_east.counters(0).useful_bytes, 256U);
}

TEST(flit_sink, a_read_is_answered_on_channel_1_by_the_near_source) {
  flit_source west = source_of({read_of(10, 100, 0x40)});
  flit_source east = source_of({});
  flit_sink at_east{{.local_latency = 5, .service_latency = 30}, &west, &east};
  flit_sink at_west{{}, &east, nullptr};
  run(west, at_east, 100);  // delivered at 114
  EXPECT_EQ(east.next_ready(1), 114 + 5 + 30 + 4) << "to the sink, served, to the port";
  run(east, at_west, 100);
  const request& data = east.request_of(1, 0);
  EXPECT_EQ(data.op, operation::read_data);
  EXPECT_EQ(data.address, 0x40U);
  EXPECT_EQ(at_west.counters(1).requests, 1U);
  EXPECT_EQ(at_west.counters(1).useful_bytes, 100U);
  EXPECT_EQ(at_west.counters(1).slots, 8U) << "header and 7 data slots";
  EXPECT_EQ(at_east.counters(0).useful_bytes, 0U) << "a read carries no data";
}

TEST(flit_sink, stalls_after_its_number_of_flits) {
  flit_source west = source_of({write_of(0, 4080)});
  flit_sink at_east{{.stall_every = 3, .stall_clocks = 50}, &west, nullptr};
  std::vector<i64> ready;
  for (u64 n = 0; n < 6; ++n) {
    west.pop(0, west.next_ready(0));
    const i64 h = 1000 + 4 * static_cast<i64>(n);
    at_east.take(0, h, {.vc = 0, .index = n}, 15, false, false);
    ready.push_back(at_east.ready_at(0) - h);
  }
  EXPECT_EQ(ready, (std::vector<i64>{1, 1, 54, 1, 1, 54}))
      << "50 clocks beyond the flit's own four";
  EXPECT_EQ(at_east.ready_at(1), 0) << "the other channel goes on";
}

TEST(flit_sink, warmup_leaves_counters_whole_and_histograms_short) {
  flit_source west{{}, traffic_generator{traffic_params{.load = 0.5, .requests = 100}}};
  flit_sink at_east{{.warmup_clock = 400}, &west, nullptr};
  run(west, at_east);
  EXPECT_EQ(at_east.counters(0).requests, 100U);
  EXPECT_EQ(at_east.request_latency().count(), 50U) << "one request each 8 clocks, from 400 on";
}

// Three writes of 17 slots in four flits (15, 15, 15, 6): 0 | 0 1 | 1 2 | 2.
sink_counters deliver(const std::vector<u64>& indices) {
  flit_source west = source_of({write_of(0, 256), write_of(0, 256), write_of(0, 256)});
  flit_sink at_east{{}, &west, nullptr};
  for (u64 n = 0; n < 4; ++n) west.pop(0, west.next_ready(0));
  for (const u64 n : indices) {
    const u8 slots = west.record({.vc = 0, .index = n}).slots;
    at_east.take(0, 1000 + static_cast<i64>(n), {.vc = 0, .index = n}, slots, false, false);
  }
  return at_east.counters(0);
}

TEST(flit_sink, lost_and_repeated_flits_are_counted_with_the_messages_they_break) {
  const sink_counters all = deliver({0, 1, 2, 3});
  EXPECT_EQ(all.lost + all.repeated + all.broken, 0U);
  EXPECT_EQ(all.requests, 3U);
  EXPECT_EQ(all.slots, 51U);

  const sink_counters second_lost = deliver({0, 2, 3});
  EXPECT_EQ(second_lost.lost, 1U);
  EXPECT_EQ(second_lost.broken, 2U) << "writes 0 and 1 had slots in it";
  EXPECT_EQ(second_lost.requests, 1U);
  EXPECT_EQ(second_lost.useful_bytes, 256U);

  const sink_counters first_two_lost = deliver({2, 3});
  EXPECT_EQ(first_two_lost.lost, 2U);
  EXPECT_EQ(first_two_lost.broken, 2U);
  EXPECT_EQ(first_two_lost.requests, 1U);

  const sink_counters repeated = deliver({0, 1, 1, 2, 0, 3});
  EXPECT_EQ(repeated.repeated, 2U);
  EXPECT_EQ(repeated.requests, 3U) << "a repetition is not unpacked";
}

TEST(flit_sink, poison_and_undetected_errors_are_counted) {
  flit_source west = source_of({write_of(0, 256)}, {.poison_every = 1});
  flit_sink at_east{{}, &west, nullptr};
  west.pop(0, 4);
  west.pop(0, 8);
  at_east.take(0, 50, {.vc = 0, .index = 0}, 15, true, false);
  at_east.take(0, 54, {.vc = 0, .index = 1}, 2, true, true);
  EXPECT_EQ(at_east.counters(0).poisoned, 2U);
  EXPECT_EQ(at_east.counters(0).corrupt, 1U);
  EXPECT_EQ(at_east.counters(0).requests, 1U);
}

TEST(packer, random_traffic_comes_out_as_it_went_in) {
  for (u64 seed = 1; seed <= 8; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::vector<request> list;
    u64 bytes = 0;
    u64 slots = 0;
    i64 clock = 0;
    for (u64 n = 0; n < 3000; ++n) {
      const u64 r = base::mix64(seed << 32 | n);
      clock += static_cast<i64>(r % 60);
      request q{.clock = clock,
                .address = n,
                .bytes = static_cast<u32>(1 + (r >> 8) % 600),
                .tag = static_cast<u16>(n)};
      q.op = (r >> 40) % 3 == 0 ? operation::read : operation::write;
      bytes += q.bytes;  // of reads: as read data, the other way
      slots += static_cast<u64>(message_slots(q));
      list.push_back(q);
    }
    flit_source west = source_of(list, {.seed = seed});
    flit_source east = source_of({}, {.path = "east", .seed = seed});
    flit_sink at_east{{}, &west, &east};
    flit_sink at_west{{}, &east, nullptr};
    // West's stream, read back from its bytes alone while it is sent.
    std::vector<u8> stream;
    while (west.next_ready(0) < never) {
      const i64 h = west.next_ready(0) + static_cast<i64>(base::mix64(west.popped(0)) % 5);
      const presented flit = west.front(0);
      const payload_bytes payload = bytes_of(west, flit.payload);
      stream.insert(stream.end(), payload.begin(), payload.begin() + flit.slots * slot_size);
      west.pop(0, h);
      at_east.take(0, h + 50, flit.payload, flit.slots, flit.poison, false);
    }
    run(east, at_west);
    EXPECT_EQ(at_east.counters(0).requests, 3000U);
    EXPECT_EQ(at_east.counters(0).slots, slots);
    EXPECT_EQ(at_east.counters(0).useful_bytes + at_west.counters(1).useful_bytes, bytes);
    ASSERT_EQ(stream.size(), slots * slot_size);
    std::size_t at = 0;
    for (const request& q : list) {
      ASSERT_EQ(stream[at], static_cast<u8>(q.op));
      ASSERT_EQ(stream[at + 1], named_slots(q));
      ASSERT_EQ(stream[at + 2] | stream[at + 3] << 8, q.tag);
      ASSERT_EQ(stream[at + 8] | stream[at + 9] << 8, static_cast<int>(q.address));
      at += static_cast<std::size_t>(message_slots(q)) * slot_size;
    }
  }
}

TEST(flit_source, what_cannot_be_is_refused) {
  EXPECT_THROW(source_of({}, {.local_latency = 0}), base::config_error);
  EXPECT_THROW((flit_sink{{.local_latency = 0}, nullptr, nullptr}), base::config_error);
  flit_source empty = source_of({});
  EXPECT_THROW(static_cast<void>(empty.front(0)), base::model_error);
}

}  // namespace
}  // namespace lightrack::link
