// SPDX-License-Identifier: Apache-2.0
#include "tb/verify/link_pair.h"

#include <algorithm>

namespace lightrack::verify {
namespace {

// No fiber limits a batch of bursts; the watch over progress looks at each.
constexpr i64 burst_batch = 64;  // clocks

}  // namespace

factories burst_factories() {
  return {.west = {},
          .east = {},
          .pair = [](const link::endpoint_wiring& west, const link::endpoint_wiring& east) {
            return link::make_burst_ends(
                west, east, link::specified_curve(west.params.lanes, west.params.light_fec));
          }};
}

link_pair::link_pair(const scenario& s, const factories& make)
    : flight_{flight_of(s)},
      to_east_{.changes = s.to_east.quality},
      to_west_{.changes = s.to_west.quality},
      west_source_{source_params_of(s, side::west),
                   link::traffic_generator{traffic_params_of(s, side::west)}},
      east_source_{source_params_of(s, side::east),
                   link::traffic_generator{traffic_params_of(s, side::east)}},
      west_sink_{sink_params_of(s, side::west), &east_source_, &west_source_},
      east_sink_{sink_params_of(s, side::east), &west_source_, &east_source_},
      west_{},
      east_{} {
  const link::endpoint_wiring west{.name = "link0.west",
                                   .params = endpoint_params_of(s, side::west),
                                   .receive = channel_of(s, side::east),
                                   .source = &west_source_,
                                   .sink = &west_sink_,
                                   .far_source = &east_source_};
  const link::endpoint_wiring east{.name = "link0.east",
                                   .params = endpoint_params_of(s, side::east),
                                   .receive = channel_of(s, side::west),
                                   .source = &east_source_,
                                   .sink = &east_sink_,
                                   .far_source = &west_source_};
  if (make.pair) {
    link::burst_ends ends = make.pair(west, east);
    west_ = std::move(ends.west);
    east_ = std::move(ends.east);
    flight_ = std::max(flight_, burst_batch);
  } else {
    west_ = make.west(west);
    east_ = make.east(east);
  }
  for (const link::csr_access& access : accesses_of(s, side::west)) west_->access_csr(access);
  for (const link::csr_access& access : accesses_of(s, side::east)) east_->access_csr(access);
}

u64 link_pair::delivered(side from) const {
  const link::flit_sink& sink = from == side::west ? east_sink_ : west_sink_;
  u64 flits = 0;
  for (int vc = 0; vc < link::vc_count; ++vc) flits += sink.counters(vc).flits;
  return flits;
}

bool link_pair::work_waits(side from, i64 now) const {
  const link::flit_source& source = from == side::west ? west_source_ : east_source_;
  return source.work_waits(now) || in_flight(from);
}

end_result link_pair::result(side who, i64 now) const {
  const bool is_west = who == side::west;
  const link::endpoint& end = is_west ? *west_ : *east_;
  const link::flit_source& source = is_west ? west_source_ : east_source_;
  const link::flit_sink& sink = is_west ? west_sink_ : east_sink_;
  end_result r;
  r.instance = std::string{"link0."} + name_of(who);
  r.counters = end.counters();
  r.status = end.status();
  r.trace_hash = end.trace().hash();
  r.trace_records = end.trace().count();
  r.records.assign(end.trace().records().begin(), end.trace().records().end());
  for (int vc = 0; vc < link::vc_count; ++vc) {
    r.accepted[static_cast<std::size_t>(vc)] = source.popped(vc);
    r.sink[static_cast<std::size_t>(vc)] = sink.counters(vc);
  }
  r.latency_clocks = sink.flit_latency().mean();
  r.work_waits = source.work_waits(now);
  return r;
}

void link_pair::tell_quality(i64 until) {
  const auto tell = [until](told_light& light, link::endpoint& receiver) {
    const std::size_t first = light.told;
    while (light.told < light.changes.size() && light.changes[light.told].from < until)
      ++light.told;
    receiver.set_lane_quality(std::span{light.changes}.subspan(first, light.told - first));
  };
  tell(to_east_, *east_);
  tell(to_west_, *west_);
}

void link_pair::transfer(base::checkpoint& c) {
  c.values(to_east_.told, to_west_.told);
  west_source_.transfer(c);
  east_source_.transfer(c);
  west_sink_.transfer(c);
  east_sink_.transfer(c);
}

bool link_pair::in_flight(side from) const {
  const link::flit_source& source = from == side::west ? west_source_ : east_source_;
  u64 taken = 0;
  for (int vc = 0; vc < link::vc_count; ++vc) taken += source.popped(vc);
  const u64 missing = taken - delivered(from);
  if (missing == 0) return false;
  const link::endpoint_counters near = (from == side::west ? *west_ : *east_).counters();
  const link::endpoint_counters far = (from == side::west ? *east_ : *west_).counters();
  return missing > near.lost_tx + far.lost_rx;
}

}  // namespace lightrack::verify
