// SPDX-License-Identifier: Apache-2.0
// platforms/link/link_waterfall.cpp
// From the raw rate to the goodput, stage by stage, and the sentence that names the largest loss
// that can be changed.
//
// All factors come from counters of the window. What the sender spent on each kind of slot gives
// markers, retry, stalls and idle; what the receiver delivered gives slots and payload; the last
// factor is what the edges of the window cut.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "models/base/units.h"
#include "models/link/flit_codec.h"
#include "models/link/marker.h"
#include "platforms/link/link_report.h"

namespace lightrack::platforms {
namespace {

double ratio(double a, double b) { return b > 0 ? a / b : 0; }

// What the counters say of the sender's slots in the window. A stalled slot in which the other
// channel sent is no loss.
struct slot_use {
  double all = 0;
  double replay = 0;
  double credit = 0;
  double window = 0;
  double both =
      0;  ///< neither credit nor window: no stall counter counts these (docs/link-layer.md, 12.6)
  double idle = 0;
};
slot_use slots_of(const link_direction_result& r) {
  const direction_counts& c = r.window;
  slot_use u;
  u.replay = static_cast<double>(c.sender.sent_replay);
  const auto nop = static_cast<double>(c.sender.sent_nop);
  u.all = nop + static_cast<double>(c.sender.sent_data + c.sender.sent_ctrl) + u.replay;
  u.credit = std::min(nop, static_cast<double>(c.sender.credit_stalls));
  u.window = std::min(nop - u.credit, static_cast<double>(c.sender.window_stalls));
  const double rest = nop - u.credit - u.window + static_cast<double>(c.sender.sent_ctrl);
  // Work that still waits while more is offered than carried: then a slot without DATA was a stall,
  // not leisure.
  const bool backlog = r.work_waits && r.offered_gbps > 1.02 * r.goodput_gbps;
  (backlog ? u.both : u.idle) = rest;
  return u;
}

double marker_factor(const link_setup& s) {
  return 1 / (1 + static_cast<double>(link::marker_clocks(s.endpoint.lanes)) /
                      (4.0 * s.endpoint.marker_interval));
}

// Wrong bits of all lanes make a flit bad with this probability; bursts and drift are not in it.
double flit_error_rate(const link_setup& s) {
  const std::vector<double>& ber = s.to_east.channel.ber;
  if (ber.empty()) return 0;
  double log_good = 0;
  for (const double b : ber) log_good += std::log1p(-b) * 2048 / static_cast<double>(ber.size());
  return std::abs(std::expm1(log_good));  // never -0
}

std::string retry_formula(const link_setup& s, i64 round_trip) {
  const double p = flit_error_rate(s);
  const double m = static_cast<double>(round_trip) + 1;
  return fmt::format("(1-P)/((1-P)+m P) = {:.5f} with P = {:.3g}, m = {:.0f}",
                     (1 - p) / ((1 - p) + m * p), p, m);
}

}  // namespace

std::vector<waterfall_stage> waterfall(const link_setup& s, const link_direction_result& r,
                                       i64 window_clocks, i64 round_trip) {
  const slot_use u = slots_of(r);
  const auto sent = static_cast<double>(r.window.sender.sent_data);
  const auto delivered = static_cast<double>(r.window.sink.flits);
  const auto slots = static_cast<double>(r.window.sink.slots);
  const double payload = static_cast<double>(r.window.sink.useful_bytes);

  std::vector<waterfall_stage> stages{
      {"raw", 1, s.raw_gbps(),
       fmt::format("{} lanes x {} Gb/s", s.endpoint.lanes, base::number_text(s.gbps_per_lambda))}};
  const auto add = [&](const char* name, double factor, std::string formula) {
    stages.push_back({name, factor, stages.back().gbps * factor, std::move(formula)});
  };
  double lit = ratio(4 * u.all, static_cast<double>(window_clocks));
  const double markers = marker_factor(s);
  // Without a retrain in the window the width stood, and the slots were longer by it.
  const int shift = r.window.sender.retrains > 0 ? 0 : lit < 0.375 ? 2 : lit < 0.75 ? 1 : 0;
  if (shift > 0) {
    const double width = 1.0 / (1 << shift);
    add("width", width,
        fmt::format("{} of {} lanes carry flits", s.endpoint.lanes >> shift, s.endpoint.lanes));
    lit /= width;
  }
  if (r.window.sender.retrains > 0) {
    add("training", ratio(lit, markers),
        fmt::format("{} retrains in the window", r.window.sender.retrains));
    add("markers", markers,
        fmt::format("1/(1 + {}/(16 x {}))", s.endpoint.lanes, s.endpoint.marker_interval));
  } else {
    add("markers", lit,
        fmt::format("1/(1 + {}/(16 x {})) = {:.5f}", s.endpoint.lanes, s.endpoint.marker_interval,
                    markers));
  }
  add("flit", static_cast<double>(link::payload_size) / link::flit_size,
      "240/256: header, CRC, FEC bytes");
  add("slots", ratio(slots, 15 * delivered), "slots used of 15");
  add("data_slots", ratio(payload, 16 * slots),
      s.to_east.from_file
          ? "useful bytes of the bytes in used slots"
          : fmt::format(
                "{} useful bytes in {} slots = {:.5f} for a write", s.to_east.offered.bytes,
                1 + (s.to_east.offered.bytes + 15) / 16,
                s.to_east.offered.bytes / (16.0 * (1 + (s.to_east.offered.bytes + 15) / 16))));
  double left = u.all;
  const auto spend = [&](const char* name, double lost, std::string formula) {
    add(name, ratio(left - lost, left), std::move(formula));
    left -= lost;
  };
  spend("retry", u.replay, retry_formula(s, round_trip));
  spend("credits", u.credit, "flit slots without a credit of the far end");
  spend("window", u.window,
        fmt::format("window of {} flits, round trip {}",
                    std::min({s.endpoint.window, s.endpoint.replay_depth, 511}), round_trip));
  if (u.both > 0) spend("credits_window", u.both, "flit slots with neither credit nor window");
  spend("load", u.idle, fmt::format("nothing to send; {:.1f} Gb/s offered", r.offered_gbps));
  add("goodput", ratio(delivered, sent), "delivered over sent: the edges of the window");
  return stages;
}

std::string limit_sentence(const link_result& r) {
  const link_direction_result& d = slower(r);
  const i64 clocks = r.window_end - r.window_begin;
  const std::string name = d.from + " to " + d.to;
  if (!r.complete && clocks <= 0)
    return fmt::format("{}: stopped before figures were taken: {}.", name, r.stopped_by);
  const slot_use u = slots_of(d);
  const double trained = 1 - ratio(4 * u.all, static_cast<double>(clocks)) / marker_factor(r.setup);
  const struct {
    double share;
    std::string text;
  } causes[] = {
      {ratio(u.replay, u.all),
       fmt::format(
           "retry limits: {:.2f} % of the flit slots carry repetitions, {} replays in the window",
           100 * ratio(u.replay, u.all), d.window.sender.replays)},
      {ratio(u.credit, u.all),
       fmt::format("credits limit: {:.2f} % of the flit slots wait for a credit of {} "
                   "(link.rx_depth = {}, round trip {} flits)",
                   100 * ratio(u.credit, u.all), d.to, r.setup.endpoint.rx_depth, r.round_trip)},
      {ratio(u.window, u.all),
       fmt::format("the window limits: {:.2f} % of the flit slots wait for an acknowledgement "
                   "(window {} flits, round trip {})",
                   100 * ratio(u.window, u.all),
                   std::min({r.setup.endpoint.window, r.setup.endpoint.replay_depth, 511}),
                   r.round_trip)},
      {ratio(u.both, u.all),
       fmt::format("window and credits limit together: {:.2f} % of the flit slots wait for both "
                   "(window {} flits, link.rx_depth = {}, round trip {})",
                   100 * ratio(u.both, u.all),
                   std::min({r.setup.endpoint.window, r.setup.endpoint.replay_depth, 511}),
                   r.setup.endpoint.rx_depth, r.round_trip)},
      {ratio(u.idle, u.all),
       fmt::format("the offered load limits: {:.2f} % of the flit slots have nothing to send",
                   100 * ratio(u.idle, u.all))},
      {d.window.sender.retrains > 0 ? trained : 0,
       fmt::format("training limits: {:.2f} % of the window went into {} retrains", 100 * trained,
                   d.window.sender.retrains)},
  };
  const auto* worst =
      std::max_element(std::begin(causes), std::end(causes),
                       [](const auto& a, const auto& b) { return a.share < b.share; });
  const std::string of =
      fmt::format("{} reaches {:.1f} of {:.0f} Gb/s", name, d.goodput_gbps, r.setup.raw_gbps());
  const std::string asked =
      d.offered_gbps > d.bound_gbps
          ? fmt::format("; the offered {:.0f} Gb/s is saturation", d.offered_gbps)
          : "";
  if (worst->share < 0.005)
    return fmt::format(
        "{}: the link is full, and the missing {:.1f} are markers, flit headers and slot "
        "headers{}.",
        of, r.setup.raw_gbps() - d.goodput_gbps, asked);
  return fmt::format("{}: {}{}.", of, worst->text, asked);
}

}  // namespace lightrack::platforms
