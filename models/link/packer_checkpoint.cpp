// SPDX-License-Identifier: Apache-2.0
// models/link/packer_checkpoint.cpp
// What sources, sinks and traffic keep, saved and loaded; parameters and keys are the
// configuration's.
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
  for (u64 at = first; at < end; ++at) c.value(ring[at % size]);
}

}  // namespace

void traffic_generator::transfer(base::checkpoint& c) {
  c.part("traffic");
  c.values(next_, index_, owed_, clock_);
}

void flit_source::transfer(base::checkpoint& c) {
  c.part("source");
  offered_.transfer(c);
  for (port& p : port_) {
    c.values(p.waiting_head, p.waiting_tail, p.begun, p.open_offset, p.index, p.free, p.formed,
             p.flit);
    c.list(p.waiting);
    // What may still be asked for: the flits kept, the one presented, and their requests.
    const u64 oldest = p.index - std::min(p.index, flits_kept - 1);
    transfer_ring(c, p.flits, flits_kept, oldest, p.index + 1);
    const u64 request = p.flits.empty() ? 0 : p.flits[oldest % flits_kept].request;
    transfer_ring(c, p.requests, requests_kept, request, p.begun);
  }
}

void flit_sink::transfer(base::checkpoint& c) {
  c.part("sink");
  c.values(params_.warmup_clock, ready_, expected_, whole_, counters_, flit_latency_,
           request_latency_);
}

}  // namespace lightrack::link
