// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "platforms/link/study_page.h"

namespace lightrack::platforms {

std::vector<document> verification_table(const std::vector<document>& rows) {
  std::vector<document> table;
  const std::vector<document> runs = rows_of(rows, "verify");
  for (const document& flit : runs) {
    if (text_of(flit, "fidelity") != "flit") continue;
    for (const document& rtl : runs) {
      if (text_of(rtl, "fidelity") != "rtl" || text_of(rtl, "pair") != text_of(flit, "pair"))
        continue;
      const double rtl_goodput = number(rtl, "goodput_gbps");
      table.push_back(
          {{"lanes", number(rtl, "lanes")},
           {"length_m", number(rtl, "length_m")},
           {"ber", number(rtl, "ber")},
           {"window", number(rtl, "window")},
           {"rx_depth", number(rtl, "rx_depth")},
           {"load", number(rtl, "load")},
           {"window_us", number(rtl, "window_us")},
           {"flit_errors", number(rtl, "flit_errors")},
           {"rtl_goodput_gbps", rtl_goodput},
           {"goodput_difference_percent",
            rtl_goodput == 0 ? document(nullptr)
                             : document(100 * (number(flit, "goodput_gbps") / rtl_goodput - 1))},
           {"p999_difference_ns", number(flit, "latency_p999_ns") - number(rtl, "latency_p999_ns")},
           {"trace",
            text_of(flit, "trace_hash") == text_of(rtl, "trace_hash") ? "equal" : "different"},
           {"rtl_wall_s", number(rtl, "wall_s")}});
    }
  }
  return table;
}

void add_window_table(page& p, const study_answers& answers) {
  if (answers.windows.empty()) return;
  std::vector<document> rows;
  for (const window_answer& w : answers.windows) {
    rows.push_back({{"length_m", w.length_m},
                    {"round_trip", w.round_trip},
                    {"needed", w.needed},
                    {"smallest", w.smallest_full},
                    {"standard", w.goodput_default},
                    {"deepest", w.goodput_deepest}});
  }
  p.table(
      "The window that each fiber needs",
      "Round trip as measured in training; needed window as measured where the window limits: "
      "window / efficiency.",
      {{"length_m", "fiber", "m", {}},
       {"round_trip", "round trip", "flits", 0},
       {"needed", "window needed, measured", "flits", 1},
       {"smallest", "smallest in the sweep that loses under 1 %", "flits", 0},
       {"standard", "goodput with 256", "Gb/s", 1},
       {"deepest", fmt::format("goodput with {:.0f}", answers.windows.back().deepest), "Gb/s", 1}},
      rows);
}

void add_all_points(page& p, const std::vector<document>& rows) {
  p.table("All points", "Click a column to sort. The direction with less goodput is shown.",
          {{"series", "series", "", {}},
           {"status", "status", "", {}},
           {"fidelity", "fidelity", "", {}},
           {"lanes", "lanes", "", {}},
           {"spares", "spares", "", {}},
           {"fec", "FEC", "", {}},
           {"quiesce_after", "quiesce after", "flit times", {}},
           {"length_m", "fiber", "m", {}},
           {"ber", "BER", "", {}},
           {"window", "window", "flits", {}},
           {"rx_depth", "receive buffer", "flits", {}},
           {"load", "load", "of raw", {}},
           {"round_trip_flits", "round trip", "flits", {}},
           {"flit_errors", "bad flits", "", {}},
           {"goodput_gbps", "goodput", "Gb/s", 2},
           {"goodput_ci95_gbps", "95 % interval, +/-", "Gb/s", 2},
           {"flit_efficiency", "efficiency", "of slots", 4},
           {"flit_efficiency_formula", "formula", "of slots", 4},
           {"request_latency_p50_ns", "request p50", "ns", 0},
           {"request_latency_p99_ns", "request p99", "ns", 0},
           {"request_latency_p999_ns", "request p99.9", "ns", 0},
           {"request_latency_max_ns", "request max", "ns", 0},
           {"latency_p50_ns", "flit p50", "ns", 0},
           {"latency_p999_ns", "flit p99.9", "ns", 0},
           {"retrains", "retrains", "", {}},
           {"window_us", "simulated", "us", 0},
           {"wall_s", "host time", "s", 2},
           {"config_hash", "configuration", "", {}}},
          rows);
}

void add_verification_table(page& p, const std::vector<document>& rows) {
  if (const std::vector<document> pairs = verification_table(rows); !pairs.empty()) {
    p.table("How far is the model from the RTL?",
            "Points of this study, run over the same shorter time by the flit model and by the "
            "Verilated RTL. "
            "Equal traces mean: every flit, header bit and clock is the same.",
            {{"lanes", "lanes", "", {}},
             {"length_m", "fiber", "m", {}},
             {"ber", "BER", "", {}},
             {"window", "window", "flits", {}},
             {"rx_depth", "receive buffer", "flits", {}},
             {"load", "load", "of raw", {}},
             {"window_us", "simulated", "us", 0},
             {"flit_errors", "bad flits", "", {}},
             {"rtl_goodput_gbps", "goodput, RTL", "Gb/s", 2},
             {"goodput_difference_percent", "goodput, model - RTL", "%", 4},
             {"p999_difference_ns", "p99.9, model - RTL", "ns", 2},
             {"trace", "traces", "", {}},
             {"rtl_wall_s", "host time, RTL", "s", 1}},
            pairs);
  }
}

}  // namespace lightrack::platforms
