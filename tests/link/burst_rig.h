// SPDX-License-Identifier: Apache-2.0
// tests/link/burst_rig.h
// The same link, traffic and errors at flit and at burst, and what both made of it.
#pragma once

#include <gtest/gtest.h>

#include "models/link/burst_pair.h"
#include "tests/link/flit_pair.h"

namespace lightrack::link {

/// Two burst ends built from the options of a flit_pair.
class burst_rig {
 public:
  explicit burst_rig(const pair_options& o, i64 batch = 1 << 14)
      : west_source{{.path = "west", .seed = o.payload_seed}, traffic_generator{o.from_west}},
        east_source{{.path = "east", .seed = o.payload_seed}, traffic_generator{o.from_east}},
        at_west{o.sink, &east_source, &west_source},
        at_east{o.sink, &west_source, &east_source} {
    const service_curve curve = specified_curve(o.params.lanes, o.params.light_fec);
    burst_ends ends = make_burst_ends({.name = "west",
                                       .params = o.params,
                                       .receive = o.to_west,
                                       .source = &west_source,
                                       .sink = &at_west,
                                       .far_source = &east_source},
                                      {.name = "east",
                                       .params = o.params,
                                       .receive = o.to_east,
                                       .source = &east_source,
                                       .sink = &at_east,
                                       .far_source = &west_source},
                                      curve);
    west = std::move(ends.west);
    east = std::move(ends.east);
    for (endpoint* e : {west.get(), east.get()}) {
      for (const csr_access& a : configuration_writes(o.params)) e->access_csr(a);
      e->trace().keep(o.keep_trace);
    }
    runner = std::make_unique<batch_runner>(
        std::vector<runner_link>{{.west = west.get(), .east = east.get(), .flight = batch}}, 1,
        o.max_batch);
  }
  void run_until(i64 clock) {
    while (runner->now() < clock) runner->step(clock);
  }

  flit_source west_source;
  flit_source east_source;
  flit_sink at_west;
  flit_sink at_east;
  std::unique_ptr<endpoint> west;
  std::unique_ptr<endpoint> east;
  std::unique_ptr<batch_runner> runner;
};

}  // namespace lightrack::link
