// SPDX-License-Identifier: Apache-2.0
#include "platforms/link/link_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "models/base/results.h"
#include "models/base/units.h"
#include "platforms/link/fidelity_error.h"

namespace lightrack::platforms {
namespace {

using nlohmann::json;

json confidence_json(const confidence& c) {
  if (c.batches == 0) return "too few samples";
  return {{"half_width", c.half_width}, {"level", 0.95}, {"batches", c.batches}};
}

json latency_json(const base::histogram& h, double clock_ns) {
  const auto figure = [&](double clocks) {
    return h.count() == 0 ? json{} : json(clocks * clock_ns);
  };
  return {{"mean", figure(h.mean())},
          {"p50", figure(h.quantile(0.5))},
          {"p99", figure(h.quantile(0.99))},
          {"p999", figure(h.quantile(0.999))},
          {"max", figure(static_cast<double>(h.max()))},
          {"samples", h.count()},
          {"tail", h.count() < 10'000 ? json("too few samples for p999") : json("enough samples")}};
}

json waterfall_json(const std::vector<waterfall_stage>& stages) {
  json list = json::array();
  for (const waterfall_stage& s : stages)
    list.push_back(
        {{"stage", s.stage}, {"factor", s.factor}, {"gbps", s.gbps}, {"formula", s.formula}});
  return list;
}

json flits_json(u64 offered, u64 delivered, u64 lost, u64 in_flight) {
  return {{"offered", offered}, {"delivered", delivered}, {"lost", lost}, {"in_flight", in_flight}};
}

double slots_in(const direction_counts& c) {
  return static_cast<double>(c.sender.sent_nop + c.sender.sent_data + c.sender.sent_replay +
                             c.sender.sent_ctrl);
}

double stall_fraction(const direction_counts& c) {
  const double slots = slots_in(c);
  return slots > 0 ? static_cast<double>(c.sender.credit_stalls) / slots : 0;
}

json counters_json(const direction_counts& c) {
  return {{"sent_data", c.sender.sent_data},
          {"sent_replay", c.sender.sent_replay},
          {"sent_nop", c.sender.sent_nop},
          {"sent_ctrl", c.sender.sent_ctrl},
          {"received_bad", c.receiver.received_bad},
          {"duplicates", c.receiver.duplicates},
          {"ahead", c.receiver.ahead},
          {"replay_timeouts", c.sender.replay_timeouts},
          {"nak_timeouts", c.receiver.nak_timeouts},
          {"credit_stalls", c.sender.credit_stalls},
          {"window_stalls", c.sender.window_stalls},
          {"undetected_errors", c.sink.corrupt}};
}

json fidelity_error_json(const link_result& r) {
  const auto nothing = [](const std::string& source) {
    return json{{"throughput_percent", nullptr}, {"latency_ns", nullptr}, {"source", source}};
  };
  if (r.setup.west == link_fidelity::rtl && r.setup.east == link_fidelity::rtl)
    return {{"throughput_percent", 0.0}, {"latency_ns", 0.0}, {"source", "this is the RTL"}};
  if (r.setup.burst()) {
    const link::service_curve& curve = r.setup.curve;
    const link::curve_error worst = curve.worst();
    return {{"throughput_percent", worst.throughput_percent},
            {"latency_ns", worst.latency_ns},
            {"source",
             fmt::format("fit link: {} scenarios of {} lanes of {} Gb/s against flit, revision {}",
                         curve.errors.size(), curve.lanes, base::number_text(curve.gbps_per_lambda),
                         curve.git)}};
  }
  const auto row = find_fidelity_error(read_fidelity_table(fidelity_table_file()), "flit",
                                       r.setup.endpoint.lanes);
  if (!row) return nothing("not measured");
  return {{"throughput_percent", row->throughput_percent},
          {"latency_ns", row->latency_ns},
          {"source",
           fmt::format("compare link --record: {} scenarios of {} lanes against rtl, revision {}",
                       row->scenarios, row->lanes, row->git)}};
}

json pj_per_bit(const link_result& r, bool to_east) {
  if (!r.light) return nullptr;
  return (to_east ? r.light->west : r.light->east).pj_per_bit();
}

json direction_json(const link_result& r, const link_direction_result& d) {
  const double clock_ns = r.setup.clock_ns();
  return {{"from", d.from},
          {"to", d.to},
          {"profile", r.setup.profile},
          {"fidelity", r.setup.fidelity()},
          {"raw_gbps", r.setup.raw_gbps()},
          {"goodput_gbps", d.goodput_gbps},
          {"offered_gbps", d.offered_gbps},
          {"bound_gbps", d.bound_gbps},
          {"efficiency", d.goodput_gbps / r.setup.raw_gbps()},
          {"waterfall",
           waterfall_json(waterfall(r.setup, d, r.window_end - r.window_begin, r.round_trip))},
          {"flits",
           flits_json(d.whole.offered_flits, d.whole.sink.flits, d.whole.sink.lost, d.in_flight)},
          {"replays", d.whole.sender.replays},
          {"naks", d.whole.receiver.naks},
          {"retrains", d.whole.sender.retrains},
          {"credit_stall_fraction", stall_fraction(d.window)},
          {"latency_ns", latency_json(d.flit_latency, clock_ns)},
          {"request_latency_ns", latency_json(d.request_latency, clock_ns)},
          {"confidence",
           {{"goodput_gbps", confidence_json(d.goodput)},
            {"latency_mean_ns", confidence_json(d.latency_mean)}}},
          {"counters", counters_json(d.whole)},
          {"requests", d.whole.sink.requests},
          {"energy_pj_per_bit", pj_per_bit(r, d.to == "east")},
          {"energy_parts", energy_json(r, d.to == "east")}};
}

std::string nanoseconds(const json& v) {
  return v.is_null() ? "-" : fmt::format("{:.1f}", v.get<double>());
}

}  // namespace

std::string met_as_flit_sentence(const link_setup& s) {
  return fmt::format("{} was asked for as burst and is a flit end, for its far end is not burst.",
                     s.met_as_flit);
}

const link_direction_result& slower(const link_result& r) {
  const auto served = [](const link_direction_result& d) {
    return d.goodput_gbps / std::max(d.offered_gbps, 1e-9);
  };
  // Of two directions the one that does less; with nothing asked of one, the other.
  if (r.to_east.offered_gbps <= 0) return r.to_west;
  if (r.to_west.offered_gbps <= 0) return r.to_east;
  if (r.to_east.offered_gbps != r.to_west.offered_gbps)
    return served(r.to_west) < served(r.to_east) ? r.to_west : r.to_east;
  return r.to_west.goodput_gbps < r.to_east.goodput_gbps ? r.to_west : r.to_east;
}

json link_json(const link_result& r) {
  json j = direction_json(r, slower(r));
  for (const char* key : {"from", "to", "counters"}) j.erase(key);
  const direction_counts& e = r.to_east.whole;
  const direction_counts& w = r.to_west.whole;
  j["platform"] = "link";
  j["seed"] = r.setup.seed;
  j["config_hash"] = base::hash_text(r.setup.config_hash);
  j["git"] = base::git_revision();
  j["simulated_ns"] = r.simulated_ns();
  j["active_ns"] =
      r.active_clock < 0 ? json{} : json(static_cast<double>(r.active_clock) * r.setup.clock_ns());
  j["window_ns"] = r.window_ns();
  j["warmup_cut"] = r.setup.time <= r.setup.warmup;
  j["round_trip_ns"] = static_cast<double>(r.round_trip * 4) * r.setup.clock_ns();
  j["wall_s"] = r.wall_s;
  j["first_event_s"] = r.first_event_s;
  j["trace_hash"] = fmt::format("{:016x}", r.trace_hash);
  j["trace_records"] = r.trace_records;
  j["complete"] = r.complete;
  if (!r.complete) j["stopped_by"] = r.stopped_by;
  j["flits"] = flits_json(e.offered_flits + w.offered_flits, e.sink.flits + w.sink.flits,
                          e.sink.lost + w.sink.lost, r.to_east.in_flight + r.to_west.in_flight);
  j["replays"] = e.sender.replays + w.sender.replays;
  j["naks"] = e.receiver.naks + w.receiver.naks;
  j["retrains"] = e.sender.retrains + w.sender.retrains;
  j["requests"] = e.sink.requests + w.sink.requests;
  j["undetected_errors"] = e.sink.corrupt + w.sink.corrupt;
  j["limit"] = limit_sentence(r);
  j["slower_direction"] = slower(r).from + " to " + slower(r).to;
  j["directions"] = json::array({direction_json(r, r.to_east), direction_json(r, r.to_west)});
  j["fidelity_error"] = fidelity_error_json(r);
  j["light"] = light_json(r);
  if (!r.setup.met_as_flit.empty()) j["fidelity_note"] = met_as_flit_sentence(r.setup);
  return j;
}

std::string link_text(const link_result& r) {
  const json j = link_json(r);
  std::string t =
      fmt::format("link  {}  {} lanes x {} Gb/s  {}  seed {}  config {}\n", r.setup.profile,
                  r.setup.endpoint.lanes, base::number_text(r.setup.gbps_per_lambda),
                  r.setup.fidelity(), r.setup.seed, j["config_hash"].get<std::string>());
  t += fmt::format(
      "simulated {} ({} of it training), figures from the last {}; {:.2f} s of host time\n\n",
      base::time_text(r.simulated_ns()),
      base::time_text(static_cast<double>(std::max<i64>(0, r.active_clock)) * r.setup.clock_ns()),
      base::time_text(r.window_ns()), r.wall_s);
  t += fmt::format("{:<14}{:>12}{:>12}{:>11}{:>9}{:>9}{:>9}{:>10}{:>10}{:>10}\n", "direction",
                   "goodput", "+- 95 %", "delivered", "lost", "replays", "retrains", "mean ns",
                   "p99 ns", "max ns");
  for (const json& d : j["directions"]) {
    const json& c = d["confidence"]["goodput_gbps"];
    t += fmt::format(
        "{:<14}{:>7.1f} Gb/s{:>12}{:>11}{:>9}{:>9}{:>9}{:>10}{:>10}{:>10}\n",
        d["from"].get<std::string>() + " to " + d["to"].get<std::string>(),
        d["goodput_gbps"].get<double>(),
        c.is_string() ? "too few" : fmt::format("{:.2f}", c["half_width"].get<double>()),
        d["flits"]["delivered"].get<u64>(), d["flits"]["lost"].get<u64>(), d["replays"].get<u64>(),
        d["retrains"].get<u64>(), nanoseconds(d["latency_ns"]["mean"]),
        nanoseconds(d["latency_ns"]["p99"]), nanoseconds(d["latency_ns"]["max"]));
  }
  t += fmt::format("\nwaterfall, {}\n", j["slower_direction"].get<std::string>());
  for (const json& s : j["waterfall"])
    t += fmt::format("  {:<12}{:>9.5f}{:>10.2f} Gb/s  {}\n", s["stage"].get<std::string>(),
                     s["factor"].get<double>(), s["gbps"].get<double>(),
                     s["formula"].get<std::string>());
  t += light_text(j);
  const json& error = j["fidelity_error"];
  t += error["throughput_percent"].is_null()
           ? "\nerror against RTL: not measured\n"
           : fmt::format("\nerror against RTL: throughput {:.3g} %, latency {:.3g} ns ({})\n",
                         error["throughput_percent"].get<double>(),
                         error["latency_ns"].get<double>(), error["source"].get<std::string>());
  if (j.contains("fidelity_note")) t += j["fidelity_note"].get<std::string>() + "\n";
  return t + fmt::format("trace {}\n\n{}\n", j["trace_hash"].get<std::string>(),
                         j["limit"].get<std::string>());
}

}  // namespace lightrack::platforms
