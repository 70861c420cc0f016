// SPDX-License-Identifier: Apache-2.0
// models/link/packer_checkpoint.cpp
// What sources, sinks and traffic keep, saved and loaded; parameters and keys are the
// configuration's. Each function names all members: one more does not compile until it is saved, or
// known to be made anew.
#include <algorithm>

#include "models/link/packer.h"

namespace lightrack::link {
namespace {

/// The entries [first, end) of a ring that may still be empty.
template <class T>
void transfer_ring(base::checkpoint& c, std::vector<T>& ring, u64 size, u64 first, u64 end) {
  bool used = !ring.empty();
  c.value(used);
  if (!used) return;
  ring.resize(size);
  for (u64 at = std::max(first, end - std::min(end, size)); at < end; ++at)
    c.value(ring[at % size]);
}

}  // namespace

void traffic_generator::transfer(base::checkpoint& c) {
  auto& [next, index, limit, step, per_clock, owed, clock, key, read_limit, reads, shape, rows] =
      *this;
  c.part("traffic");
  c.values(next, index, owed, clock);
}

void flit_source::transfer(base::checkpoint& c) {
  auto& [latency, poison_every, offered, ports] = *this;
  c.part("source");
  offered.transfer(c);
  for (port& p : ports) {
    auto& [flits, requests, waiting, waiting_head, waiting_tail, begun, open_offset, index, free,
           formed, flit, key] = p;
    c.values(waiting_head, waiting_tail, begun, open_offset, index, free, formed, flit);
    c.list(waiting);
    // What may still be asked for: the flits kept, the one presented, and their requests.
    const u64 oldest = index - std::min(index, flits_kept - 1);
    transfer_ring(c, flits, flits_kept, oldest, index + 1);
    const u64 request = flits.empty() ? 0 : flits[oldest % flits_kept].request;
    transfer_ring(c, requests, requests_kept, request, begun);
  }
}

void flit_sink::transfer(base::checkpoint& c) {
  auto& [params, far, near, ready, expected, whole, counters, flit_latency, request_latency] =
      *this;
  c.part("sink");
  c.values(params.warmup_clock, ready, expected, whole, counters, flit_latency, request_latency);
}

}  // namespace lightrack::link
