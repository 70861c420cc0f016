// SPDX-License-Identifier: Apache-2.0
#include "platforms/link/fit_link.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "models/base/error.h"
#include "models/base/results.h"
#include "models/link/batch_runner.h"
#include "models/link/flit_endpoint.h"
#include "models/link/marker.h"
#include "platforms/link/link_report.h"

namespace lightrack::platforms {
namespace {

using base::trace_record;
using link::trace_event;

// Two flit ends with a fiber of so many clocks, west sending all it can.
class flit_probe {
 public:
  flit_probe(const link_setup& s, i64 flight, int window)
      : west_source_{{.path = "west"},
                     link::traffic_generator{link::traffic_params{.load = 10, .bytes = 256}}},
        east_source_{{.path = "east"}, link::traffic_generator{}},
        west_sink_{{}, &east_source_, &west_source_},
        east_sink_{{}, &west_source_, &east_source_} {
    link::endpoint_params params = s.endpoint;
    params.window = window;
    params.lock_min_clocks = 2 * (flight + 16) + 2 * link::marker_clocks(params.lanes);
    const auto channel = [&](const char* path) {
      return link::channel_params{.lanes = params.lanes,
                                  .path = path,
                                  .clock_fs = s.clock_fs,
                                  .length_m = 0,
                                  .pmd_latency_ns = static_cast<double>(flight) * s.clock_ns(),
                                  .offset_bits = {0}};
    };
    west = link::make_flit_endpoint({.name = "west",
                                     .params = params,
                                     .receive = channel("east.tx"),
                                     .source = &west_source_,
                                     .sink = &west_sink_,
                                     .far_source = &east_source_});
    east = link::make_flit_endpoint({.name = "east",
                                     .params = params,
                                     .receive = channel("west.tx"),
                                     .source = &east_source_,
                                     .sink = &east_sink_,
                                     .far_source = &west_source_});
    for (link::endpoint* e : {west.get(), east.get()}) {
      e->trace().keep(true);
      for (const link::csr_access& a : link::configuration_writes(params)) e->access_csr(a);
    }
    runner_ = std::make_unique<link::batch_runner>(
        std::vector<link::runner_link>{{.west = west.get(), .east = east.get(), .flight = flight}},
        1);
  }
  void run_until(i64 clock) {
    while (runner_->now() < clock) runner_->step(clock);
  }
  [[nodiscard]] u64 delivered() const { return east_sink_.counters(0).flits; }
  [[nodiscard]] static std::vector<i64> clocks(const link::endpoint& e, trace_event kind,
                                               int arg8 = -1) {
    std::vector<i64> found;
    for (const trace_record& r : e.trace().records())
      if (r.event == static_cast<link::u8>(kind) && (arg8 < 0 || r.arg8 == arg8))
        found.push_back(r.clock);
    return found;
  }

 private:
  link::flit_source west_source_;
  link::flit_source east_source_;
  link::flit_sink west_sink_;
  link::flit_sink east_sink_;

 public:
  std::unique_ptr<link::endpoint> west;
  std::unique_ptr<link::endpoint> east;

 private:
  std::unique_ptr<link::batch_runner> runner_;
};

void require(bool holds, const char* what) {
  if (!holds)
    throw base::model_error(fmt::format("fit link: {}; no service curve describes that", what));
}

// The first clock of a rising list after `clock`; never without one.
i64 first_after(const std::vector<i64>& clocks, i64 clock) {
  const auto at = std::ranges::upper_bound(clocks, clock);
  return at == clocks.end() ? link::never : *at;
}

// With a window of one flit each next one waits for the acknowledgement of the one before, so the
// way there and back lies bare; fibers one clock apart show it at each place in a slot.
void measure_way(const link_setup& s, link::service_curve& curve) {
  const i64 shortest = link::receive_channel{s.to_east.channel}.flight();
  i64 wait = link::never;
  i64 use = link::never;
  curve.verdict_clocks = curve.deliver_clocks = curve.flit_clocks = curve.marker_clocks = -1;
  const auto same = [](i64& known, i64 value, const char* what) {
    require(known < 0 || known == value, what);
    known = value;
  };
  for (i64 flight = shortest; flight < shortest + 8; ++flight) {
    flit_probe probe{s, flight, 1};
    probe.run_until(40 * flight + 40'000);
    const auto accepted = flit_probe::clocks(*probe.west, trace_event::accept);
    const auto judged = flit_probe::clocks(*probe.east, trace_event::verdict,
                                           static_cast<int>(link::pkg::verdict_e::accepted));
    const auto delivered = flit_probe::clocks(*probe.east, trace_event::deliver);
    const auto headers = flit_probe::clocks(*probe.east, trace_event::flit_tx);
    require(delivered.size() > 10, "flit delivers next to nothing");
    for (std::size_t k = 0; k + 1 < delivered.size(); ++k) {
      same(curve.verdict_clocks, judged[k] - accepted[k] - flight, "the way of a flit differs");
      same(curve.deliver_clocks, delivered[k] - judged[k], "deliveries differ");
      const i64 header = first_after(headers, judged[k]);
      wait = std::min(wait, header - judged[k]);
      use = std::min(use, accepted[k + 1] - header - flight - curve.verdict_clocks);
    }
    for (const i64 marker : flit_probe::clocks(*probe.west, trace_event::marker_tx)) {
      const i64 next = first_after(headers, marker);
      if (const auto sent = flit_probe::clocks(*probe.west, trace_event::flit_tx);
          first_after(sent, marker) < next + link::never / 2 && marker > accepted[0])
        same(curve.marker_clocks, first_after(sent, marker) - marker, "markers differ");
    }
    i64 shortest_slot = link::never;
    for (std::size_t k = 0; k + 1 < headers.size(); ++k)
      shortest_slot = std::min(shortest_slot, headers[k + 1] - headers[k]);
    same(curve.flit_clocks, shortest_slot, "slots differ");
    curve.flits += probe.delivered();
  }
  curve.turn_clocks = wait + use;
}

void measure_retrain(const link_setup& s, link::service_curve& curve) {
  const i64 flight = link::receive_channel{s.to_east.channel}.flight();
  flit_probe probe{s, flight, 511};
  const i64 settled = 40 * flight + 20'000;
  probe.run_until(settled);
  probe.west->access_csr({.clock = settled,
                          .offset = link::csr::control::info.offset,
                          .value = link::csr::control{.enable = true, .retrain = true}.to_word()});
  probe.run_until(settled + 40 * flight + 20'000);
  const auto left = flit_probe::clocks(*probe.west, trace_event::state,
                                       static_cast<int>(link::pkg::state_e::lock));
  const int active = static_cast<int>(link::pkg::state_e::active);
  const i64 back =
      std::max(first_after(flit_probe::clocks(*probe.west, trace_event::state, active), settled),
               first_after(flit_probe::clocks(*probe.east, trace_event::state, active), settled));
  require(back < link::never, "a retrain does not end");
  curve.retrain_clocks = back - first_after(left, settled);
  curve.retrain_flight = flight;
  curve.flits += probe.delivered();
}

// While traffic flows, in fits that are not quick.
const std::string lane_lost =
    "channel.events=[{time=\"50us\", lane=3, direction=\"west_to_east\", what=\"lose\"}]";

struct figures {
  double useful_bytes = 0;
  base::histogram latency;
  base::histogram request_latency;
  u64 flits = 0;
};

figures run(link_setup s, bool burst, const link::service_curve& curve) {
  s.west = s.east = burst ? link_fidelity::burst : link_fidelity::flit;
  s.curve = curve;
  const link_result r = run_link(s, {.flit = link::make_flit_endpoint}, {.kernel = false});
  figures f;
  for (const link_direction_result* d : {&r.to_east, &r.to_west}) {
    f.useful_bytes += static_cast<double>(d->window.sink.useful_bytes);
    f.flits += d->window.sink.flits;
    f.latency.merge(d->flit_latency);
    f.request_latency.merge(d->request_latency);
  }
  return f;
}

/// Of flits or of requests, whichever is further off: a wait before acceptance shows at requests
/// only.
double larger(double a, double b) { return std::abs(a) >= std::abs(b) ? a : b; }

double percent(double value, double reference) {
  return reference == 0 ? 0 : 100 * (value / reference - 1);
}

}  // namespace

std::vector<fit_scenario> fit_scenarios(bool quick, int lanes) {
  std::vector<fit_scenario> all{
      {"tenth_20m", {"traffic.load=0.1"}},
      {"half_64B_1m", {"traffic.load=0.5", "traffic.bytes=64", "fiber.length=1"}},
      {"full_20m", {"traffic.load=1"}},
      {"full_64B_20m", {"traffic.load=1", "traffic.bytes=64"}},
      {"reads_20m", {"traffic.load=0.6", "traffic.read_fraction=0.5"}},
      {"full_reads_20m", {"traffic.load=1", "traffic.read_fraction=0.5"}},
      {"full_500m",
       {"traffic.load=1", "fiber.length=500", "link.window=511", "link.replay_depth=511",
        "link.rx_depth=511"}},
      {"small_window_20m", {"traffic.load=1", "link.window=32"}},
      {"small_buffer_20m", {"traffic.load=1", "link.rx_depth=64"}},
      {"ber_1e-7_20m", {"traffic.load=0.5", "channel.ber=1e-7"}, 1000},
      {"ber_1e-6_20m", {"traffic.load=1", "channel.ber=1e-6"}, 300},
      {"ber_1e-5_1m", {"traffic.load=0.5", "channel.ber=1e-5", "fiber.length=1"}},
      {"ber_1e-5_20m_reads",
       {"traffic.load=0.2", "channel.ber=1e-5", "traffic.read_fraction=0.5"},
       300},
      {"ber_1e-5_500m", {"traffic.load=0.02", "channel.ber=1e-5", "fiber.length=500"}, 600},
      {"ber_1e-4_1m", {"traffic.load=0.2", "channel.ber=1e-4", "fiber.length=1"}, 300},
      {"ber_1e-4_20m", {"traffic.load=1", "channel.ber=1e-4"}, 1000},
      {"ber_1e-6_small_window", {"traffic.load=1", "channel.ber=1e-6", "link.window=64"}, 300},
      {"lost_lane", {"traffic.load=0.2", lane_lost}},
      {"lost_lane_with_spare", {"traffic.load=0.6", "link.spares=1", lane_lost}},
      {"quiesce_duty", {"traffic.load=0.02", "traffic.bytes=4080", "link.quiesce_after=64"}},
      {"quiesce_often", {"traffic.load=0.002", "link.quiesce_after=64"}},
  };
  if (const int half = lanes / 2; half >= 4)
    all.push_back(
        {"half_width", {"traffic.load=1", fmt::format("link.lanes_off=[0, {}]", (1 << half) - 1)}});
  if (!quick) return all;
  std::erase_if(all, [](const fit_scenario& s) {
    return s.time_us > 300 || std::ranges::find(s.set, lane_lost) != s.set.end();
  });
  for (fit_scenario& s : all) s.time_us = 20;
  return all;
}

link::service_curve measure_curve(const link_setup& s) {
  link::service_curve curve{.lanes = s.endpoint.lanes, .gbps_per_lambda = s.gbps_per_lambda};
  measure_way(s, curve);
  measure_retrain(s, curve);
  return curve;
}

link::curve_error compare_burst(const base::config& c, const fit_scenario& scenario,
                                const link::service_curve& curve) {
  base::config point = c;
  for (const std::string& assignment : scenario.set) point.set(assignment);
  point.set(fmt::format("sim.time={}", scenario.time_us));
  const link_setup s = make_link_setup(point);
  const figures flit = run(s, false, curve);
  const figures burst = run(s, true, curve);
  const std::vector<double> ber = point.numbers("channel.ber");
  return {.scenario = scenario.name,
          .length_m = s.to_east.channel.length_m,
          .ber = ber.empty() ? 0 : ber.front(),
          .window = std::min(s.endpoint.window, s.endpoint.replay_depth),
          .rx_depth = s.endpoint.rx_depth,
          .load = point.number("traffic.load"),
          .flits = flit.flits,
          .throughput_percent = percent(burst.useful_bytes, flit.useful_bytes),
          .latency_mean_percent =
              larger(percent(burst.latency.mean(), flit.latency.mean()),
                     percent(burst.request_latency.mean(), flit.request_latency.mean())),
          .latency_p99_percent = larger(
              percent(burst.latency.quantile(0.99), flit.latency.quantile(0.99)),
              percent(burst.request_latency.quantile(0.99), flit.request_latency.quantile(0.99))),
          .latency_ns = (burst.latency.mean() - flit.latency.mean()) * s.clock_ns()};
}

link::service_curve fit_link(const base::config& c, const fit_options& options) {
  base::config fitted = c;
  fitted.set("link.fidelity.default=flit");
  if (!fitted.given("light.optics")) fitted.set("light.optics=off");
  const link_setup s = make_link_setup(fitted);
  link::service_curve curve = measure_curve(s);
  curve.fec = fitted.text("link.fec");
  curve.git = base::git_revision();
  curve.config_hash = base::hash_text(s.config_hash);
  curve.seed = s.seed;
  for (const fit_scenario& scenario : fit_scenarios(options.quick, s.endpoint.lanes)) {
    curve.errors.push_back(compare_burst(fitted, scenario, curve));
    curve.flits += curve.errors.back().flits;
    if (options.done) options.done(curve.errors.back());
  }
  return curve;
}

}  // namespace lightrack::platforms
