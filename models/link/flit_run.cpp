// SPDX-License-Identifier: Apache-2.0
// models/link/flit_run.cpp
// Runs of full flits through source and sink: arithmetic once a run, nothing once a flit.
#include <algorithm>

#include "models/base/error.h"
#include "models/base/random.h"
#include "models/link/packer.h"

namespace lightrack::link {
namespace {

constexpr i64 clocks_per_flit = 4;
constexpr u64 full = slots_per_flit;
// Older arrivals need not be told apart, and products of clocks and pace stay below 2^64.
constexpr i64 furthest_back = 1 << 22;

}  // namespace

void traffic_generator::skip(u64 count) {
  if (count == 0) return;
  index_ += count;
  owed_ += count * step_;
  clock_ += static_cast<i64>(owed_ / per_clock_);
  owed_ %= per_clock_;
  make();
}

u64 traffic_generator::arrived(i64 clock) const {
  if (next_.clock > clock) return 0;
  const i64 waited = std::min(clock - clock_, furthest_back);
  const u64 paced = ((static_cast<u64>(waited) + 1) * per_clock_ - owed_ + step_ - 1) / step_;
  return limit_ > 0 ? std::min(paced, limit_ - index_) : paced;
}

u64 flit_source::full_flits(int vc, i64 h, u64 most, i64 pitch) const {
  const port& p = port_[static_cast<std::size_t>(vc)];
  if (vc != 0 || p.formed || !offered_.uniform() || p.waiting_head != p.waiting_tail ||
      poison_every_ > 0)
    return 0;
  const i64 formed = next_ready(vc);
  if (formed > h || most == 0) return 0;
  const auto message = static_cast<u64>(message_slots(offered_.front()));
  const u64 open = p.open_offset > 0 ? message - p.open_offset : 0;
  if (open < full && offered_.next_clock() + latency_ > formed) return 0;  // and no division
  const auto waiting = [&](i64 clock) {
    return open + message * offered_.arrived(clock - latency_);
  };
  const u64 at_first = waiting(formed);
  if (at_first < full) return 0;
  // Slots that wait, less those taken, are a straight line in time but for one message: where they
  // suffice at both ends with one to spare they do between.
  const u64 at_last = waiting(h + pitch * static_cast<i64>(most - 1));
  if (at_first >= 2 * full + message && at_last >= full * most + message) return most;
  return std::min(most, at_first / full);
}

flit_run flit_source::pop_full(int vc, i64 h, u64 count, i64 pitch) {
  port& p = port_[static_cast<std::size_t>(vc)];
  const request& shape = offered_.front();
  const auto message = static_cast<u64>(message_slots(shape));
  const bool open = p.open_offset > 0;
  flit_run run{.index = p.index,
               .count = count,
               .pitch = pitch,
               .accepted = h,
               .request = open ? p.begun - 1 : p.begun,
               .open_arrival = open ? p.requests[(p.begun - 1) % requests_kept].clock : 0,
               .pace = offered_.pace(),
               .bytes = shape.bytes,
               .message_slots = static_cast<u16>(message),
               .offset = p.open_offset};
  const u64 slots = p.open_offset + full * count;
  const u64 begun = (slots + message - 1) / message - (open ? 1 : 0);
  p.index += count;
  p.free = h + pitch * static_cast<i64>(count - 1) + clocks_per_flit;
  p.open_offset = static_cast<u16>(slots % message);
  if (begun > 0) {
    offered_.skip(begun - 1);
    p.begun += begun - 1;
    // The last one may go on in flits that are looked at one by one.
    if (!begin_request(p, vc, p.free))
      throw base::model_error{"flit_source::pop_full: a run of flits without its requests."};
  }
  return run;
}

void flit_source::keep_records(int vc, const flit_run& run, u64 from, u64 count) {
  port& p = port_[static_cast<std::size_t>(vc)];
  if (p.flits.empty()) p.flits.resize(flits_kept);
  if (p.requests.empty()) p.requests.resize(requests_kept);
  const u64 message = run.message_slots;
  const u64 earlier = run.offset > 0 ? 1 : 0;
  for (u64 k = from; k < from + count; ++k) {
    const u64 begin = run.offset + full * k;
    const i64 accepted = run.accepted + run.pitch * static_cast<i64>(k);
    p.flits[(run.index + k) % flits_kept] = {.request = run.request + begin / message,
                                             .formed = accepted,
                                             .accepted = accepted,
                                             .offset = static_cast<u16>(begin % message),
                                             .slots = static_cast<u8>(full)};
    for (u64 m = begin / message; m <= (begin + full - 1) / message; ++m) {
      request& r = p.requests[(run.request + m) % requests_kept];
      r = {.clock = m < earlier ? run.open_arrival : run.pace.arrival(m - earlier),
           .bytes = run.bytes,
           .tag = static_cast<u16>(run.request + m)};
    }
  }
}

u64 flit_source::digest_of_run(int vc, u64 first, u64 count) const {
  return base::mix64(base::mix64(port_[static_cast<std::size_t>(vc)].key + first) ^ count);
}

void flit_sink::take_run(int vc, i64 h, const flit_run& run, u64 from, u64 count) {
  const auto channel = static_cast<std::size_t>(vc);
  sink_counters& counter = counters_[channel];
  const i64 last = h + run.pitch * static_cast<i64>(count - 1);
  counter.flits += count;
  counter.slots += full * count;
  const bool stall = params_.stall_every > 0 && counter.flits % params_.stall_every == 0;
  ready_[channel] = stall ? last + clocks_per_flit + params_.stall_clocks : last + 1;

  u64& expected = expected_[channel];
  if (run.index + from != expected)
    throw base::model_error{"flit_sink::take_run: flits missing before a run of VC" +
                            std::to_string(vc) + "."};
  expected += count;

  const i64 accepted = run.accepted + run.pitch * static_cast<i64>(from);
  const i64 early = params_.warmup_clock - accepted;
  if (early < run.pitch * static_cast<i64>(count)) {
    const u64 before =
        early <= 0 ? 0 : static_cast<u64>((early + run.pitch - 1) / run.pitch);
    flit_latency_.add(static_cast<u64>(h - accepted), count - before);
  }

  // Slots count from the beginning of the run's first message, messages from that one.
  const u64 message = run.message_slots;
  const u64 begin = run.offset + full * from;
  const u64 end = begin + full * count;
  u64 done = begin / message;
  const u64 complete = end / message;
  if (begin % message == 0) whole_[channel] = true;
  if (complete > done && !whole_[channel]) {
    ++counter.broken;
    ++done;
  }
  if (complete > done) {
    counter.requests += complete - done;
    counter.useful_bytes += (complete - done) * run.bytes;
    const u64 earlier = run.offset > 0 ? 1 : 0;
    const auto arrival = [&](u64 k) {
      return k < earlier ? run.open_arrival : run.pace.arrival(k - earlier);
    };
    if (arrival(done) < params_.warmup_clock) {  // once or never in most calls
      while (done < complete && arrival(done) < params_.warmup_clock) ++done;
    }
    const auto latency = [&](u64 k) {
      const u64 flit = ((k + 1) * message - 1 - begin) / full;
      return static_cast<u64>(h + run.pitch * static_cast<i64>(flit) + params_.local_latency -
                              arrival(k));
    };
    if (complete > done)
      request_latency_.add_evenly(latency(done), latency(complete - 1), complete - done);
  }
  whole_[channel] = complete > begin / message ? end % message != 0 : whole_[channel];
}

}  // namespace lightrack::link
