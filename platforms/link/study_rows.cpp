// SPDX-License-Identifier: Apache-2.0
#include "platforms/link/study_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "models/base/results.h"
#include "models/link/light_fec_rate.h"
#include "models/link/link_formulas.h"
#include "platforms/link/link_report.h"

namespace lightrack::platforms {
namespace {

double mean_ber(const link::channel_params& c) {
  if (c.ber.empty()) return 0;
  return std::accumulate(c.ber.begin(), c.ber.end(), 0.0) / static_cast<double>(c.ber.size());
}

void add_latency(document& row, const std::string& name, const base::histogram& h,
                 double clock_ns) {
  const auto put = [&](const char* what, double clocks) {
    row[name + what + "_ns"] = h.count() == 0 ? document(nullptr) : document(clocks * clock_ns);
  };
  put("_mean", h.mean());
  put("_p50", h.quantile(0.5));
  put("_p99", h.quantile(0.99));
  put("_p999", h.quantile(0.999));
  put("_max", static_cast<double>(h.max()));
}

document stages(const link_result& r, const link_direction_result& d) {
  document list = document::array();
  for (const waterfall_stage& s :
       waterfall(r.setup, d, r.window_end - r.window_begin, r.round_trip)) {
    list.push_back(
        {{"stage", s.stage}, {"factor", s.factor}, {"gbps", s.gbps}, {"formula", s.formula}});
  }
  return list;
}

}  // namespace

document study_row(const link_result& r, const std::vector<fidelity_error>& errors) {
  const link_setup& s = r.setup;
  const link_direction_result& d = slower(r);
  const link::endpoint_counters& tx = d.window.sender;
  const double ber = mean_ber(s.to_east.channel);
  const double p =
      s.endpoint.light_fec ? link::light_fec_flit_failure(ber) : link::flit_error_probability(ber);
  const int window = std::min({s.endpoint.window, s.endpoint.replay_depth, 511});
  const auto slots =
      static_cast<double>(tx.sent_nop + tx.sent_data + tx.sent_replay + tx.sent_ctrl);
  const auto share = [&](link::u64 n) {
    return slots == 0 ? document(nullptr) : document(static_cast<double>(n) / slots);
  };
  document row;
  row["git"] = base::git_revision();
  row["config_hash"] = base::hash_text(s.config_hash);
  row["seed"] = s.seed;
  row["fidelity"] = s.fidelity();
  row["status"] = r.complete ? "done" : r.stopped_by;
  row["lanes"] = s.endpoint.lanes;
  row["length_m"] = s.to_east.channel.length_m;
  row["ber"] = ber;
  row["flit_error_probability"] = p;
  row["window"] = window;
  row["rx_depth"] = s.endpoint.rx_depth;
  row["spares"] = s.endpoint.spares;
  row["fec"] = s.endpoint.light_fec ? "light" : "none";
  row["quiesce_after"] = s.endpoint.quiesce_after;
  row["load"] = s.to_east.offered.load;
  row["window_us"] = r.window_ns() * 1e-3;
  row["wall_s"] = r.wall_s;
  row["flit_ns"] = 4 * s.clock_ns();
  row["round_trip_flits"] = r.round_trip;
  row["raw_gbps"] = s.raw_gbps();
  row["bound_gbps"] = d.bound_gbps;
  row["offered_gbps"] = d.offered_gbps;
  row["goodput_gbps"] = d.goodput_gbps;
  row["goodput_ci95_gbps"] =
      d.goodput.batches == 0 ? document(nullptr) : document(d.goodput.half_width);
  row["efficiency"] = d.goodput_gbps / s.raw_gbps();
  row["flit_efficiency"] = share(d.window.receiver.accepted);
  row["flit_efficiency_formula"] =
      link::retry_efficiency(p, static_cast<double>(r.round_trip), window);
  row["flit_errors"] = d.window.receiver.received_bad;
  row["flits_received"] = d.window.receiver.received_good + d.window.receiver.received_bad;
  row["replays"] = tx.replays;
  row["naks"] = d.window.receiver.naks;
  row["retrains"] = r.to_east.whole.sender.retrains + r.to_west.whole.sender.retrains;
  row["credit_stall_fraction"] = share(tx.credit_stalls);
  row["window_stall_fraction"] = share(tx.window_stalls);
  add_latency(row, "latency", d.flit_latency, s.clock_ns());
  add_latency(row, "request_latency", d.request_latency, s.clock_ns());
  row["latency_samples"] = d.flit_latency.count();
  const std::optional<fidelity_error> known =
      find_fidelity_error(errors, s.fidelity(), s.endpoint.lanes);
  const bool exact = s.fidelity() == "rtl";
  row["fidelity_error_throughput_percent"] = exact   ? document(0.0)
                                             : known ? document(known->throughput_percent)
                                                     : document(nullptr);
  row["fidelity_error_latency_ns"] = exact   ? document(0.0)
                                     : known ? document(known->latency_ns)
                                             : document(nullptr);
  row["trace_hash"] = fmt::format("{:016x}", r.trace_hash);
  row["waterfall"] = stages(r, d).dump();
  return row;
}

}  // namespace lightrack::platforms
