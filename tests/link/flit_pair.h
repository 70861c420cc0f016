// SPDX-License-Identifier: Apache-2.0
// tests/link/flit_pair.h
// Two flit endpoints, 20 m of fiber, traffic both ways: what the tests of the endpoint stand on.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "models/link/batch_runner.h"
#include "models/link/flit_endpoint.h"
#include "models/link/packer.h"

namespace lightrack::link {

struct pair_options {
  endpoint_params params{.lock_min_clocks = 1000};
  channel_params to_west{.path = "east.tx", .offset_bits = {0}};
  channel_params to_east{.path = "west.tx", .offset_bits = {0}};
  traffic_params from_west{};
  traffic_params from_east{};
  sink_params sink{};
  u64 payload_seed = 1;
  i64 max_batch = 0;
  bool keep_trace = false;
};

class flit_pair {
 public:
  explicit flit_pair(const pair_options& o)
      : west_source{{.path = "west", .seed = o.payload_seed}, traffic_generator{o.from_west}},
        east_source{{.path = "east", .seed = o.payload_seed}, traffic_generator{o.from_east}},
        at_west{o.sink, &east_source, &west_source},
        at_east{o.sink, &west_source, &east_source} {
    west = make_flit_endpoint({.name = "west",
                               .params = o.params,
                               .receive = o.to_west,
                               .source = &west_source,
                               .sink = &at_west,
                               .far_source = &east_source});
    east = make_flit_endpoint({.name = "east",
                               .params = o.params,
                               .receive = o.to_east,
                               .source = &east_source,
                               .sink = &at_east,
                               .far_source = &west_source});
    for (endpoint* e : {west.get(), east.get()}) {
      for (const csr_access& a : configuration_writes(o.params)) e->access_csr(a);
      e->trace().keep(o.keep_trace);
    }
    const i64 flight =
        std::min(receive_channel{o.to_west}.flight(), receive_channel{o.to_east}.flight());
    runner = std::make_unique<batch_runner>(
        std::vector<runner_link>{{.west = west.get(), .east = east.get(), .flight = flight}}, 1,
        o.max_batch);
  }

  void run_until(i64 clock) {
    while (runner->now() < clock) runner->step(clock);
  }
  /// Both ends in ACTIVE, or the test fails here.
  void run_to_active(i64 limit = 100'000) {
    const auto active = [](const endpoint& e) {
      return e.status().state == static_cast<int>(pkg::state_e::active);
    };
    while (!(active(*west) && active(*east))) {
      ASSERT_LT(runner->now(), limit)
          << "not ACTIVE: west " << west->status().state << ", east " << east->status().state;
      runner->step(limit);
    }
  }
  /// Runs until nothing is offered, unacknowledged or held. Fails if no flit is delivered for
  /// `patience` clocks.
  void run_until_drained(i64 patience = 200'000) {
    u64 delivered = 0;
    i64 last = runner->now();
    for (;;) {
      const u64 now_delivered = total_delivered();
      if (now_delivered != delivered) last = runner->now();
      delivered = now_delivered;
      if (!west_source.work_waits(runner->now()) && !east_source.work_waits(runner->now()) &&
          west_source.popped(0) == at_east.counters(0).flits &&
          west_source.popped(1) == at_east.counters(1).flits &&
          east_source.popped(0) == at_west.counters(0).flits &&
          east_source.popped(1) == at_west.counters(1).flits)
        return;
      ASSERT_LT(runner->now() - last, patience)
          << "no progress: west state " << west->status().state << ", east state "
          << east->status().state;
      runner->step(never);
    }
  }
  [[nodiscard]] u64 total_delivered() const {
    return at_west.counters(0).flits + at_west.counters(1).flits + at_east.counters(0).flits +
           at_east.counters(1).flits;
  }
  /// Every flit once and in order; the sinks check the numbers.
  void expect_nothing_lost() const {
    for (const flit_sink* sink : {&at_west, &at_east})
      for (int vc = 0; vc < vc_count; ++vc) {
        EXPECT_EQ(sink->counters(vc).lost, 0U);
        EXPECT_EQ(sink->counters(vc).repeated, 0U);
        EXPECT_EQ(sink->counters(vc).broken, 0U);
        EXPECT_EQ(sink->counters(vc).corrupt, 0U);
      }
  }

  flit_source west_source;
  flit_source east_source;
  flit_sink at_west;
  flit_sink at_east;
  std::unique_ptr<endpoint> west;
  std::unique_ptr<endpoint> east;
  std::unique_ptr<batch_runner> runner;
};

inline std::vector<base::trace_record> records_of(const endpoint& e, trace_event kind) {
  std::vector<base::trace_record> found;
  for (const base::trace_record& r : e.trace().records())
    if (r.event == static_cast<u8>(kind)) found.push_back(r);
  return found;
}

struct state_at {
  i64 clock = 0;
  pkg::state_e state{};
  pkg::cause_e cause{};
  friend bool operator==(const state_at&, const state_at&) = default;
};
inline std::ostream& operator<<(std::ostream& out, const state_at& s) {
  return out << s.clock << ' ' << name_of(s.state) << '/' << name_of(s.cause);
}
inline std::vector<state_at> states_of(const endpoint& e) {
  std::vector<state_at> states;
  for (const auto& r : records_of(e, trace_event::state))
    states.push_back(
        {r.clock, static_cast<pkg::state_e>(r.arg8), static_cast<pkg::cause_e>(r.arg16)});
  return states;
}

}  // namespace lightrack::link
