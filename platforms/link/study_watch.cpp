// SPDX-License-Identifier: Apache-2.0
#include "platforms/link/study_watch.h"

#include <algorithm>
#include <cmath>

#include "models/link/trace_events.h"
#include "rtl/link_pkg.h"

namespace lightrack::platforms {
namespace {

constexpr double bin_us = 0.25;
constexpr int bins_before = 20;  ///< of the timeline
constexpr int bins_after = 60;
constexpr double bin_round_trips = 0.3;  ///< at least: a long fiber has longer bins
constexpr double steady_bins = 80;       ///< over which goodput before and after is taken
constexpr i64 awake = link::never;

}  // namespace

link_watch::link_watch(const link_setup& setup)
    : clock_ns_{setup.clock_ns()},
      round_trip_{2 * link::receive_channel{setup.to_east.channel}.flight()},
      lost_at_{link::never} {
  for (const link::lane_event& e : setup.to_east.channel.events) {
    lost_at_ = std::min(lost_at_, e.clock);
  }
}

void link_watch::attach(link_run_options& options) {
  options.records = [this](const std::string& instance,
                           std::span<const base::trace_record> records) {
    read(instance, records);
  };
  if (lost_at_ == link::never) return;
  options.progress = [this](const link_progress& p) {
    delivered_bytes(p.clock, p.useful_bytes_to_east);
  };
}

void link_watch::read(const std::string& instance, std::span<const base::trace_record> records) {
  const bool west = instance == "link0.west";
  std::vector<span>& quiet = quiet_[west ? 0 : 1];
  for (const base::trace_record& r : records) {
    switch (static_cast<link::trace_event>(r.event)) {
      case link::trace_event::accept:
        if (west && lost_at_ != link::never) accepted_[r.arg8].push_back(r.clock);
        break;
      case link::trace_event::deliver:
        if (west || accepted_[r.arg8].empty()) break;
        delivered_.push_back({.clock = r.clock, .latency = r.clock - accepted_[r.arg8].front()});
        accepted_[r.arg8].pop_front();
        break;
      case link::trace_event::state:
        if (!quiet.empty() && quiet.back().end == awake) quiet.back().end = r.clock;
        if (r.arg8 == static_cast<int>(link::pkg::state_e::quiesce)) {
          quiet.push_back({.begin = r.clock, .end = awake});
        }
        break;
      default:
        break;
    }
  }
}

double link_watch::bytes_at(i64 clock) const {
  const auto next = std::ranges::lower_bound(bytes_, clock, {}, &total::clock);
  if (next == bytes_.end()) return bytes_.empty() ? 0 : bytes_.back().bytes;
  if (next == bytes_.begin()) return 0;
  const total& a = *std::prev(next);
  return a.bytes + (next->bytes - a.bytes) * static_cast<double>(clock - a.clock) /
                       static_cast<double>(next->clock - a.clock);
}

double link_watch::gbps(i64 begin, i64 end) const {
  return 8 * (bytes_at(end) - bytes_at(begin)) / (static_cast<double>(end - begin) * clock_ns_);
}

double link_watch::asleep(std::size_t end, i64 first, i64 last) const {
  i64 clocks = 0;
  for (const span& s : quiet_[end]) {
    clocks += std::max<i64>(0, std::min(s.end, last) - std::max(s.begin, first));
  }
  return static_cast<double>(clocks) / static_cast<double>(last - first);
}

void link_watch::add_outage(document& row, const link_result& r) const {
  const auto first = std::ranges::lower_bound(delivered_, lost_at_, {}, &delivery::clock);
  const auto warm = std::ranges::lower_bound(delivered_, r.window_begin, {}, &delivery::clock);
  if (warm >= first || first == delivered_.end()) return;
  auto after = first;  // the delivery that ends the longest gap
  i64 gap = 0;
  for (auto d = first; d != delivered_.end(); ++d) {
    if (d->clock - std::prev(d)->clock <= gap) continue;
    gap = d->clock - std::prev(d)->clock;
    after = d;
  }
  // What was accepted late in the gap came after training, and was not stopped by it.
  const i64 stopped = std::prev(after)->clock + gap / 2;
  const auto delayed = std::count_if(
      after, delivered_.end(), [&](const delivery& d) { return d.clock - d.latency < stopped; });
  const double round_trip_us = static_cast<double>(round_trip_) * clock_ns_ * 1e-3;
  const double bin = bin_us * std::max(1.0, std::ceil(bin_round_trips * round_trip_us / bin_us));
  const auto clocks = [&](double us) { return std::llround(us * 1e3 / clock_ns_); };
  const i64 steady = clocks(bin * steady_bins);
  const i64 last = bytes_.empty() ? 0 : std::min(r.window_end, bytes_.back().clock);
  row["outage_us"] = static_cast<double>(gap) * clock_ns_ * 1e-3;
  row["outage_begin_us"] =
      static_cast<double>(std::prev(after)->clock - lost_at_) * clock_ns_ * 1e-3;
  row["flits_delayed"] = delayed;
  row["flits_lost"] = r.to_east.whole.sink.lost + r.to_west.whole.sink.lost;
  row["goodput_before_gbps"] = gbps(std::max(r.window_begin, lost_at_ - steady), lost_at_);
  row["goodput_after_gbps"] =
      last - steady > after->clock ? document(gbps(last - steady, last)) : document(nullptr);
  row["repair_flit_max_ns"] = static_cast<double>(r.to_east.flit_latency.max()) * clock_ns_;
  row["repair_request_p99_ns"] = r.to_east.request_latency.quantile(0.99) * clock_ns_;
  row["repair_request_max_ns"] = static_cast<double>(r.to_east.request_latency.max()) * clock_ns_;
  document timeline = {{"begin_us", -bin * bins_before}, {"bin_us", bin}, {"gbps", nullptr}};
  for (int k = -bins_before; k < bins_after; ++k) {
    const i64 begin = lost_at_ + clocks(k * bin);
    const i64 end = lost_at_ + clocks((k + 1) * bin);
    timeline["gbps"].push_back(end > last ? document(nullptr)
                                          : document(std::round(10 * gbps(begin, end)) / 10));
  }
  row["timeline"] = timeline.dump();
}

void link_watch::add_sleep(document& row, const link_result& r) const {
  const double clocks = static_cast<double>(r.window_end - r.window_begin);
  if (clocks <= 0) return;
  const auto ends = {&r.to_east.window.sender, &r.to_west.window.sender};
  double busy = 0;
  for (const link::endpoint_counters* c : ends) {
    busy += 2 * static_cast<double>(c->sent_data + c->sent_replay) / clocks;
  }
  row["sleep_share"] =
      (asleep(0, r.window_begin, r.window_end) + asleep(1, r.window_begin, r.window_end)) / 2;
  row["idle_share"] = 1 - busy;
  row["sleeps"] = r.to_east.window.sender.quiesces;
  const base::histogram& h = r.to_east.request_latency;
  row["sleep_requests"] = h.count();
  if (h.count() == 0) return;
  row["sleep_request_mean_ns"] = h.mean() * clock_ns_;
  row["sleep_request_max_ns"] = static_cast<double>(h.max()) * clock_ns_;
}

void link_watch::add_columns(document& row, const link_result& r) const {
  if (!r.complete) return;
  if (lost_at_ != link::never) {
    add_outage(row, r);
  } else {
    add_sleep(row, r);
  }
}

}  // namespace lightrack::platforms
