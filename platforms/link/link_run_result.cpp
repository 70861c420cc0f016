// SPDX-License-Identifier: Apache-2.0
// platforms/link/link_run_result.cpp
// From counts to figures, and the laws that they must obey.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "models/base/error.h"
#include "models/link/flit_codec.h"
#include "models/link/marker.h"
#include "platforms/link/link_kernel.h"
#include "platforms/link/link_run.h"
#include "rtl/link_pkg.h"

namespace lightrack::platforms {
namespace {

constexpr double student_95 =
    2.093;  // two-sided 95 %, 19 degrees of freedom: link_run::batches - 1
static_assert(link_run::batches == 20);
constexpr u64 samples_a_batch = 10;

confidence batch_means(const std::vector<double>& means, u64 smallest) {
  if (means.size() != link_run::batches || smallest < samples_a_batch) return {};
  double mean = 0;
  for (const double m : means) mean += m / static_cast<double>(means.size());
  double squares = 0;
  for (const double m : means) squares += (m - mean) * (m - mean);
  const double n = static_cast<double>(means.size());
  return {.half_width = student_95 * std::sqrt(squares / (n - 1) / n),
          .batches = link_run::batches};
}

// Useful share of the slots that the best message of this traffic has.
double best_data_share(const link_direction_setup& d) {
  const auto share = [](double bytes) { return bytes / (16 * (1 + std::ceil(bytes / 16))); };
  if (!d.from_file) return share(d.offered.bytes);
  double best = 0;
  for (const link::traffic_row& row : d.listed) best = std::max(best, share(row.bytes));
  return best;
}

u64 largest_message(const link_direction_setup& d) {
  u64 bytes = d.from_file ? 0 : d.offered.bytes;
  for (const link::traffic_row& row : d.listed) bytes = std::max<u64>(bytes, row.bytes);
  return bytes;
}

// Payload that this direction is asked to carry, write data of its own sender and read data of the
// other's reads.
double offered_gbps(const link_setup& s, bool to_east, i64 clocks) {
  const link_direction_setup& own = to_east ? s.to_east : s.to_west;
  const link_direction_setup& other = to_east ? s.to_west : s.to_east;
  if (!own.from_file)
    return s.raw_gbps() * (own.offered.load * (1 - own.offered.read_fraction) +
                           other.offered.load * other.offered.read_fraction);
  double bytes = 0;
  for (const link::traffic_row& row : own.listed)
    if (row.op != link::operation::read && row.clock < clocks) bytes += row.bytes;
  for (const link::traffic_row& row : other.listed)
    if (row.op == link::operation::read && row.clock < clocks) bytes += row.bytes;
  return bytes * 8 / (static_cast<double>(clocks) * s.clock_ns());
}

void require(bool holds, const std::string& direction, const std::string& law) {
  if (!holds)
    throw base::model_error(
        fmt::format("{}: {}; this is a fault of the model, please report it with the configuration",
                    direction, law));
}

}  // namespace

void check_conservation(const std::string& direction, const link_setup& setup,
                        const direction_counts& w) {
  const u64 window =
      static_cast<u64>(std::min({setup.endpoint.replay_depth, setup.endpoint.window, 511}));
  const u64 buffers = 2 * static_cast<u64>(setup.endpoint.rx_depth);
  require(w.sink.repeated == 0, direction,
          fmt::format("{} flits were delivered twice", w.sink.repeated));
  require(w.sender.sent_data == w.offered_flits, direction,
          fmt::format("{} flits accepted at the port, {} sent for the first time", w.offered_flits,
                      w.sender.sent_data));
  require(w.receiver.accepted >= w.sink.flits && w.receiver.accepted - w.sink.flits <= buffers,
          direction,
          fmt::format("{} flits received in order, {} delivered, buffers hold {}",
                      w.receiver.accepted, w.sink.flits, buffers));
  const u64 dropped = w.sender.lost_tx + w.receiver.lost_rx;
  const u64 arrived = w.receiver.accepted + dropped;
  require(w.sender.sent_data >= w.receiver.accepted &&
              (dropped > 0 || w.sender.sent_data - arrived <= window),
          direction,
          fmt::format("{} flits sent, {} received in order, {} counted lost, {} may be on the way",
                      w.sender.sent_data, w.receiver.accepted, dropped, window));
  require(
      w.offered_flits >= w.sink.flits + w.sink.lost, direction,
      fmt::format("{} flits in, {} out and {} lost", w.offered_flits, w.sink.flits, w.sink.lost));
  require(w.sink.lost <= dropped, direction,
          fmt::format("{} flits are missing, {} were counted lost", w.sink.lost, dropped));
}

void check_bounds(const link_setup& setup, const link_direction_result& r, u64 held,
                  i64 window_clocks, i64 flight) {
  const std::string name = r.from + " to " + r.to;
  const double ns = static_cast<double>(window_clocks) * setup.clock_ns();
  const link_direction_setup& d = r.to == "east" ? setup.to_east : setup.to_west;
  const link_direction_setup& back = r.to == "east" ? setup.to_west : setup.to_east;
  // What stood in the receive buffer, a flit and a message of each channel may come on top of what
  // the wire brings.
  const double edge_bytes = static_cast<double>(
      (held + 2) * link::payload_size + 2 * std::max(largest_message(d), largest_message(back)));
  const double most = r.bound_gbps * ns / 8 + edge_bytes;
  require(static_cast<double>(r.window.sink.useful_bytes) <= most, name,
          fmt::format("goodput of {:.3f} Gb/s is above its bound of {:.3f}", r.goodput_gbps,
                      r.bound_gbps));
  const i64 shortest = flight + link::pkg::tx_lat + 3 + link::pkg::deskew_lat + link::pkg::rx_lat +
                       link::pkg::deliver_lat;
  require(r.flit_latency.count() == 0 || r.flit_latency.min() >= static_cast<u64>(shortest), name,
          fmt::format("a flit took {} clocks, light and pipeline take {}", r.flit_latency.min(),
                      shortest));
}

link_direction_result link_run::direction(bool to_east, const link_counts& begin,
                                          const link_counts& last) const {
  const end& sender = to_east ? west_ : east_;
  const end& receiver = to_east ? east_ : west_;
  link_direction_result r;
  r.from = to_east ? "west" : "east";
  r.to = to_east ? "east" : "west";
  r.window = between(begin, last, to_east);
  r.whole = between(link_counts{}, last, to_east);
  r.in_flight = r.whole.offered_flits - r.whole.sink.flits - r.whole.sink.lost;
  r.flit_latency = receiver.sink->flit_latency();
  r.request_latency = receiver.sink->request_latency();
  r.work_waits = sender.source->work_waits(runner_->now());
  const double clocks = static_cast<double>(last.clock - begin.clock);
  if (clocks > 0)
    r.goodput_gbps =
        static_cast<double>(r.window.sink.useful_bytes) * 8 / (clocks * setup_.clock_ns());
  r.offered_gbps =
      offered_gbps(setup_, to_east, std::max<i64>(1, last.clock - std::max<i64>(0, active_)));
  const double markers = 1 / (1 + static_cast<double>(link::marker_clocks(setup_.endpoint.lanes)) /
                                      (4.0 * setup_.endpoint.marker_interval));
  const double share = std::max(best_data_share(setup_.to_east), best_data_share(setup_.to_west));
  r.bound_gbps = setup_.raw_gbps() * markers * link::payload_size / link::flit_size * share;

  std::vector<double> goodput;
  std::vector<double> latency;
  u64 messages = ~0ULL;
  u64 flits = ~0ULL;
  for (std::size_t k = 1; k < counts_.size(); ++k) {
    const direction_counts c = between(counts_[k - 1], counts_[k], to_east);
    const end_counts& a = to_east ? counts_[k - 1].east : counts_[k - 1].west;
    const end_counts& b = to_east ? counts_[k].east : counts_[k].west;
    const double ns =
        static_cast<double>(counts_[k].clock - counts_[k - 1].clock) * setup_.clock_ns();
    const u64 samples = b.latency_samples - a.latency_samples;
    goodput.push_back(static_cast<double>(c.sink.useful_bytes) * 8 / ns);
    latency.push_back(samples == 0 ? 0
                                   : (b.latency_sum - a.latency_sum) /
                                         static_cast<double>(samples) * setup_.clock_ns());
    messages = std::min(messages, c.sink.requests);
    flits = std::min(flits, samples);
  }
  r.goodput = batch_means(goodput, messages);
  r.latency_mean = batch_means(latency, flits);
  return r;
}

link_result link_run::result() const {
  link_result r;
  r.setup = setup_;
  r.complete = complete_;
  r.stopped_by = stopped_by_;
  r.no_progress = no_progress_;
  r.saved_clock = saved_;
  r.active_clock = active_;
  r.end_clock = runner_->now();
  const link_counts last = complete_ ? counts_.back() : count();
  const link_counts begin = counts_.empty() ? last : counts_.front();
  r.window_begin = begin.clock;
  r.window_end = last.clock;
  r.to_east = direction(true, begin, last);
  r.to_west = direction(false, begin, last);
  for (const link_direction_result* d : {&r.to_east, &r.to_west}) {
    const bool east = d == &r.to_east;
    check_conservation(d->from + " to " + d->to, setup_, d->whole);
    const direction_counts before = between(link_counts{}, begin, east);
    check_bounds(setup_, *d, before.receiver.accepted - before.sink.flits, last.clock - begin.clock,
                 light_.flight());
  }
  r.west = west_.endpoint->status();
  r.east = east_.endpoint->status();
  if (plant_) r.light = light_result();
  r.round_trip = std::max(r.west.round_trip, r.east.round_trip);
  base::trace_hash hash;
  for (const end* e : {&east_, &west_}) {  // in order of names
    hash.add(e->name, e->endpoint->trace().hash());
    r.trace_records += e->endpoint->trace().count();
  }
  r.trace_hash = hash.value();
  const host_clock::time_point now = host_clock::now();
  r.wall_s = std::chrono::duration<double>(now - begun_).count();
  r.first_event_s = std::chrono::duration<double>(first_event_.value_or(now) - begun_).count();
  return r;
}

link_result run_link(const link_setup& setup, const link_factories& factories,
                     const link_run_options& options) {
  link_run run{setup, factories, options};
  if (options.kernel) {
    run_under_kernel(run.runner(), setup.clock_fs, [&] { return run.next_limit(); });
  } else {
    for (i64 limit; (limit = run.next_limit()) > run.runner().now();) run.runner().step(limit);
  }
  return run.result();
}

}  // namespace lightrack::platforms
