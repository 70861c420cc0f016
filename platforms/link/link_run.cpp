// SPDX-License-Identifier: Apache-2.0
#include "platforms/link/link_run.h"

#include <fmt/format.h>

#include <algorithm>

#include "models/base/error.h"
#include "models/base/units.h"
#include "models/link/burst_pair.h"
#include "platforms/link/link_kernel.h"
#include "rtl/link_pkg.h"

namespace lightrack::platforms {
namespace {

link::source_params source_of(const link_setup& s, const char* path) {
  return {.path = path, .seed = s.seed, .local_latency = s.local_latency};
}

link::sink_params sink_of(const link_setup& s) {
  return {.local_latency = s.local_latency, .warmup_clock = link::never};
}

link::sink_counters minus(const link::sink_counters& a, const link::sink_counters& b) {
  return {.flits = a.flits - b.flits,
          .slots = a.slots - b.slots,
          .poisoned = a.poisoned - b.poisoned,
          .corrupt = a.corrupt - b.corrupt,
          .lost = a.lost - b.lost,
          .repeated = a.repeated - b.repeated,
          .requests = a.requests - b.requests,
          .broken = a.broken - b.broken,
          .useful_bytes = a.useful_bytes - b.useful_bytes};
}

link::sink_counters sum(const link::sink_counters& a, const link::sink_counters& b) {
  const link::sink_counters none;
  const link::sink_counters negative = minus(none, b);  // unsigned: wraps, and back
  return minus(a, negative);
}

// The counters of an endpoint are plain 64-bit numbers one after the other.
link::endpoint_counters minus(const link::endpoint_counters& a, const link::endpoint_counters& b) {
  link::endpoint_counters difference = a;
  static_assert(sizeof(link::endpoint_counters) % sizeof(u64) == 0 &&
                std::is_trivially_copyable_v<link::endpoint_counters>);
  constexpr std::size_t size = sizeof(link::endpoint_counters) / sizeof(u64);
  const auto words_a = std::bit_cast<std::array<u64, size>>(a);
  auto words = std::bit_cast<std::array<u64, size>>(b);
  for (std::size_t i = 0; i < size; ++i) words[i] = words_a[i] - words[i];
  difference = std::bit_cast<link::endpoint_counters>(words);
  return difference;
}

// Clocks of a batch where no fiber limits it.
constexpr i64 burst_batch = 1 << 14;

}  // namespace

link_run::link_run(const link_setup& setup, const link_factories& factories,
                   const link_run_options& options)
    : setup_{setup},
      options_{options},
      light_{setup.to_east.channel},
      west_{.name = "link0.west"},
      east_{.name = "link0.east"} {
  for (end* e : {&west_, &east_})
    e->source = std::make_unique<link::flit_source>(source_of(setup, e == &west_ ? "west" : "east"),
                                                    link::traffic_generator{});
  west_.sink =
      std::make_unique<link::flit_sink>(sink_of(setup), east_.source.get(), west_.source.get());
  east_.sink =
      std::make_unique<link::flit_sink>(sink_of(setup), west_.source.get(), east_.source.get());
  if (setup.burst()) {
    link::burst_ends ends = link::make_burst_ends(wiring(west_, east_, setup.to_west),
                                                  wiring(east_, west_, setup.to_east), setup.curve);
    west_.endpoint = std::move(ends.west);
    east_.endpoint = std::move(ends.east);
  } else {
    west_.endpoint = make(setup.west, factories, west_, east_, setup.to_west);
    east_.endpoint = make(setup.east, factories, east_, west_, setup.to_east);
  }
  for (end* e : {&west_, &east_})
    for (const link::csr_access& write :
         link::configuration_writes(setup_.endpoint_of(e == &west_)))
      e->endpoint->access_csr(write);
  const i64 longest = std::max<i64>(
      1, warmup_in_force());  // so that no batch passes a clock at which figures are taken
  const i64 cap = options.max_batch > 0 ? std::min(options.max_batch, longest) : longest;
  runner_ = std::make_unique<link::batch_runner>(
      std::vector<link::runner_link>{{.west = west_.endpoint.get(),
                                      .east = east_.endpoint.get(),
                                      .flight = setup.burst() ? burst_batch : light_.flight()}},
      options.threads, cap);
  if (options.records)
    for (end* e : {&west_, &east_}) e->endpoint->trace().keep(true);
  if (setup.light.on) start_light();
  if (setup.burst() && (options.restore != nullptr || !options.save.file.empty()))
    throw base::config_error(
        "link.fidelity = burst: a burst pair cannot be saved or restored yet; allowed are flit and "
        "rtl");
  if (options.restore == nullptr) return;
  options.restore->require(setup.saved_hash());
  transfer(*options.restore);
  options.restore->finish();
}

std::unique_ptr<link::endpoint> link_run::make(link_fidelity f, const link_factories& factories,
                                               end& near, end& far,
                                               const link_direction_setup& receive) const {
  const link::endpoint_factory& factory = f == link_fidelity::rtl ? factories.rtl : factories.flit;
  if (!factory)
    throw base::config_error(
        fmt::format("link.fidelity of {} = {}: this program was built without it; allowed is {}",
                    near.name, fidelity_name(f), f == link_fidelity::rtl ? "flit" : "rtl"));
  return factory(wiring(near, far, receive));
}

link::endpoint_wiring link_run::wiring(end& near, end& far,
                                       const link_direction_setup& receive) const {
  return {.name = near.name,
          .params = setup_.endpoint_of(&near == &west_),
          .receive = receive.channel,
          .source = near.source.get(),
          .sink = near.sink.get(),
          .far_source = far.source.get()};
}

link::traffic_generator link_run::traffic(const link_direction_setup& d, bool from_west) const {
  const i64 start = active_ + light_.flight();
  if (!d.from_file) {
    link::traffic_params p = d.offered;
    p.start_clock = start;
    return link::traffic_generator{p};
  }
  std::vector<link::request> list;
  for (const link::traffic_row& row : d.listed)
    list.push_back({.clock = start + row.clock,
                    .address = row.address,
                    .bytes = row.bytes,
                    .tag = static_cast<link::u16>(list.size()),
                    .source = link::u16{!from_west},
                    .destination = link::u16{from_west},
                    .op = row.op});
  return link::traffic_generator{std::move(list)};
}

// A run shorter than the warm-up is cut in halves, and says so.
i64 link_run::warmup_in_force() const {
  return setup_.time > setup_.warmup ? setup_.warmup : setup_.time / 2;
}

// Both ends are ACTIVE since `active_`. A batch up to there is no longer than a flight, so no
// endpoint has reached active_ + flight.
void link_run::start_traffic() {
  west_.source->attach(traffic(setup_.to_east, true));
  east_.source->attach(traffic(setup_.to_west, false));
  const i64 warm = warmup_in_force();
  for (end* e : {&west_, &east_}) e->sink->set_warmup(active_ + warm);
  const i64 window = setup_.time - warm;
  for (int k = 0; k <= batches; ++k) stops_.push_back(active_ + warm + window * k / batches);
}

void link_run::drain_records() {
  if (!options_.records) return;
  for (end* e : {&west_, &east_}) {
    base::trace_buffer& trace = e->endpoint->trace();
    if (trace.records().empty()) continue;
    options_.records(e->name, trace.records());
    trace.drop_kept();
  }
}

bool link_run::moved(end& e) {
  const link::endpoint_status now = e.endpoint->status();
  const bool step =
      now.state != e.last.state || now.locked != e.last.locked || now.session != e.last.session;
  e.last = now;
  return step;
}

u64 link_run::delivered() const {
  u64 flits = 0;
  for (const end* e : {&west_, &east_})
    for (int vc = 0; vc < link::vc_count; ++vc) flits += e->sink->counters(vc).flits;
  return flits;
}

bool link_run::work_left() const {
  if (active_ < 0) return true;
  if (west_.source->work_waits(runner_->now()) || east_.source->work_waits(runner_->now()))
    return true;
  const link_counts c = count();
  return c.west.popped + c.east.popped >
         c.west.sink.flits + c.west.sink.lost + c.east.sink.flits + c.east.sink.lost;
}

void link_run::watch_progress() {
  const i64 now = runner_->now();
  const bool trained = static_cast<int>(moved(west_)) + static_cast<int>(moved(east_)) > 0;
  if (trained || delivered() != last_delivered_) last_progress_ = now;
  last_delivered_ = delivered();
  const auto down = static_cast<int>(link::pkg::state_e::link_down);
  const bool dead = west_.last.state == down || east_.last.state == down;
  if (!dead && plant_ && light_comes_back()) last_progress_ = now;
  if (!dead && now - last_progress_ < setup_.progress_timeout) return;
  if (!work_left()) {
    last_progress_ = now;
    return;
  }
  const auto stuck = [&](const end& e, const link_direction_setup& receive) {
    const end_counts c = count(e);
    return stuck_end{.name = e.name,
                     .status = e.last,
                     .work_waits = e.source->work_waits(now),
                     .unacknowledged = c.popped,
                     .dark_lanes = dark_lanes(receive, now)};
  };
  const double waited_ns = static_cast<double>(now - last_progress_) * setup_.clock_ns();
  stuck_end west = stuck(west_, setup_.to_west);
  stuck_end east = stuck(east_, setup_.to_east);
  west.unacknowledged -= count(east_).sink.flits;
  east.unacknowledged -= count(west_).sink.flits;
  stopped_by_ = stuck_sentence(west, east, base::time_text(waited_ns));
  no_progress_ = true;
}

std::vector<int> link_run::dark_lanes(const link_direction_setup& receive, i64 clock) const {
  const link::receive_channel channel{receive.channel};
  const int direction = &receive == &setup_.to_east ? light_to_east : light_to_west;
  std::vector<int> lanes;
  for (int lane = 0; lane < channel.phys(); ++lane)
    if (channel.lane_lost(lane, clock) || (plant_ && !plant_->port(direction).lane(lane).present))
      lanes.push_back(lane);
  return lanes;
}

i64 link_run::next_limit() {
  const i64 now = runner_->now();
  if (now > 0 && !first_event_) first_event_ = host_clock::now();
  drain_records();
  const bool stopped = options_.stop != nullptr && options_.stop->load(std::memory_order_relaxed);
  save_if_due(stopped);
  if (plant_) follow_light();
  if (active_ < 0) {
    const auto west = west_.endpoint->status();
    const auto east = east_.endpoint->status();
    if (west.active_since >= 0 && east.active_since >= 0) {
      active_ = std::max(west.active_since, east.active_since);
      start_traffic();
    }
  }
  if (counts_.size() < stops_.size() && stops_[counts_.size()] == now) counts_.push_back(count());
  if (!stops_.empty() && counts_.size() == stops_.size()) {
    complete_ = true;
    return now;
  }
  watch_progress();
  if (stopped) stopped_by_ = "interrupted";
  if (saved_ == now && options_.save.ends_run) stopped_by_ = "ended where it was saved";
  if (!stopped_by_.empty()) return now;
  if (options_.progress)
    options_.progress({.share = active_ < 0 ? 0
                                            : static_cast<double>(now - active_) /
                                                  static_cast<double>(setup_.time),
                       .clock = now,
                       .useful_bytes_to_east = count(east_).sink.useful_bytes});
  i64 timeout = last_progress_ + setup_.progress_timeout;
  if (active_ < 0) timeout = std::min(timeout, now + light_.flight());
  if (plant_) timeout = std::min(timeout, light_limit());
  return std::max(now + 1, stops_.empty() ? timeout : std::min(stops_[counts_.size()], timeout));
}

end_counts link_run::count(const end& e) {
  end_counts c{.counters = e.endpoint->counters(),
               .sink = sum(e.sink->counters(0), e.sink->counters(1))};
  for (int vc = 0; vc < link::vc_count; ++vc) c.popped += e.source->popped(vc);
  c.latency_samples = e.sink->flit_latency().count();
  c.latency_sum = e.sink->flit_latency().mean() * static_cast<double>(c.latency_samples);
  return c;
}

link_counts link_run::count() const {
  return {.clock = runner_->now(), .west = count(west_), .east = count(east_)};
}

direction_counts between(const link_counts& from, const link_counts& to, bool to_east) {
  const end_counts& sender_0 = to_east ? from.west : from.east;
  const end_counts& sender_1 = to_east ? to.west : to.east;
  const end_counts& receiver_0 = to_east ? from.east : from.west;
  const end_counts& receiver_1 = to_east ? to.east : to.west;
  return {.sender = minus(sender_1.counters, sender_0.counters),
          .receiver = minus(receiver_1.counters, receiver_0.counters),
          .offered_flits = sender_1.popped - sender_0.popped,
          .sink = minus(receiver_1.sink, receiver_0.sink)};
}

}  // namespace lightrack::platforms
