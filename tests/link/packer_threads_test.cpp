// SPDX-License-Identifier: Apache-2.0
// tests/link/packer_threads_test.cpp
// Sources and sinks on two host threads: a sink reads flits of the far source while that one packs
// further.
#include <gtest/gtest.h>

#include <vector>

#include "models/link/batch_runner.h"
#include "models/link/packer.h"
#include "tests/link/chain_endpoint.h"

namespace lightrack::link {
namespace {

constexpr i64 flight = 60;

/// No protocol: what is ready goes, one flit each 4 clocks, and is taken when it arrives.
class pipe_endpoint final : public chain_endpoint {
 public:
  pipe_endpoint(flit_source& source, flit_sink& sink, const flit_source& far)
      : chain_endpoint{0, flight}, source_{source}, sink_{sink}, far_{far} {}

  [[nodiscard]] u64 payload_hash() const { return hash_; }

  void advance(i64 until) override {
    slots_.clear();
    for (; now_ < until; ++now_) {
      for (; next_ < arriving_.size() && arriving_[next_].clock + flight <= now_; ++next_)
        take(arriving_[next_]);
      for (int vc = 0; vc < vc_count && now_ >= free_; ++vc) {
        if (source_.next_ready(vc) > now_) continue;
        const presented flit = source_.front(vc);
        source_.pop(vc, now_);
        free_ = now_ + 4;
        slots_.push_back({.clock = now_, .payload = flit.payload});
      }
    }
  }
  [[nodiscard]] i64 now() const override { return now_; }
  [[nodiscard]] std::span<const wire_slot> sent() const override { return slots_; }
  void receive(std::span<const wire_slot> slots) override {
    arriving_.insert(arriving_.end(), slots.begin(), slots.end());
  }

 private:
  void take(const wire_slot& s) {
    payload_bytes bytes{};
    far_.fill(s.payload, bytes);
    for (const u8 b : bytes) hash_ = base::mix64(hash_ ^ b);
    hash_ = base::mix64(hash_ ^ far_.digest(s.payload));
    sink_.take(s.payload.vc, now_, s.payload, far_.record(s.payload).slots, false, false);
  }

  flit_source& source_;
  flit_sink& sink_;
  const flit_source& far_;
  i64 now_ = 0;
  i64 free_ = 0;
  u64 hash_ = 0;
  std::size_t next_ = 0;
  std::vector<wire_slot> arriving_;
  std::vector<wire_slot> slots_;
};

std::vector<u64> run(int threads, i64 max_batch) {
  const auto offered = [](const char* path) {
    return traffic_generator{
        traffic_params{.load = 0.5, .bytes = 300, .read_fraction = 0.4, .path = path}};
  };
  flit_source west{{.path = "west"}, offered("west")};
  flit_source east{{.path = "east"}, offered("east")};
  flit_sink at_west{{.service_latency = 20}, &east, &west};
  flit_sink at_east{{.service_latency = 20}, &west, &east};
  pipe_endpoint west_end{west, at_west, east};
  pipe_endpoint east_end{east, at_east, west};
  batch_runner runner{{{&west_end, &east_end, flight}}, threads, max_batch};
  while (runner.now() < 40'000) runner.step(40'000);
  std::vector<u64> result = {west_end.payload_hash(), east_end.payload_hash()};
  for (const flit_sink* sink : {&at_west, &at_east})
    for (int vc = 0; vc < vc_count; ++vc) {
      EXPECT_EQ(sink->counters(vc).lost + sink->counters(vc).repeated, 0U);
      EXPECT_GT(sink->counters(vc).requests, 1000U);
      result.push_back(sink->counters(vc).flits);
      result.push_back(sink->counters(vc).useful_bytes);
    }
  return result;
}

TEST(packer, a_sink_reads_the_far_source_while_that_one_goes_on) {
  const std::vector<u64> expected = run(1, 1);
  EXPECT_EQ(run(2, 0), expected);
  EXPECT_EQ(run(2, 7), expected);
  EXPECT_EQ(run(1, 0), expected);
}

}  // namespace
}  // namespace lightrack::link
