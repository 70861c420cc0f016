// SPDX-License-Identifier: Apache-2.0
#include "tb/verify/lockstep.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "models/link/flit_codec.h"
#include "models/link/marker.h"
#include "models/link/trace_events.h"
#include "rtl/link_pkg.h"
#include "tb/verify/counter_list.h"

namespace lightrack::verify {
namespace {

constexpr std::size_t records_around = 20;

std::string describe_header(u64 bits) {
  const link::flit_header h = link::unpack_header(bits);
  return fmt::format("{} seq {} ack {}{}{} vc {} slots {}{} crd{} {}",
                     name_of(static_cast<link::pkg::kind_e>(h.kind)), h.seq, h.ack,
                     h.nak != 0 ? " NAK" : "", h.replay != 0 ? " REPLAY" : "", h.vc, h.slots,
                     h.poison != 0 ? " POISON" : "", h.crd_vc, h.crd);
}

std::string describe_flags(u8 flags) {
  if ((flags & link::flag_training) == 0 && (flags & link::flag_wake) != 0)
    return fmt::format("wake{}, {} to come", (flags & link::flag_wake_answer) != 0 ? " answer" : "",
                       link::wake_markers_left(flags));
  return fmt::format("{}{}{}", name_of(static_cast<link::pkg::state_e>(flags >> 4)),
                     (flags & link::flag_training) != 0 ? " training" : "",
                     (flags & link::flag_quiesce) != 0 ? " quiesce" : "");
}

using records = std::vector<base::trace_record>;

std::string describe_end(const char* title, const records& list, std::size_t at) {
  std::string text = fmt::format("  {}\n", title);
  const std::size_t first = at < records_around ? 0 : at - records_around;
  const std::size_t last = std::min(list.size(), at + records_around + 1);
  for (std::size_t i = first; i < last; ++i)
    text += fmt::format("  {} {}\n", i == at ? "->" : "  ", describe(list[i]));
  if (at >= list.size()) text += "  -> no more records\n";
  return text;
}

void compare_records(const end_result& left, const end_result& right, run_difference& d) {
  const records& a = left.records;
  const records& b = right.records;
  const std::size_t common = std::min(a.size(), b.size());
  std::size_t first = std::max(a.size(), b.size());
  for (std::size_t i = 0; i < common; ++i) {
    if (a[i] == b[i]) continue;
    ++d.mismatches;
    first = std::min(first, i);
  }
  d.mismatches += std::max(a.size(), b.size()) - common;
  first = std::min(first, common);
  if (first == a.size() && first == b.size()) return;

  const i64 clock = std::min(first < a.size() ? a[first].clock : link::never,
                             first < b.size() ? b[first].clock : link::never);
  if (d.first_clock >= 0 && d.first_clock <= clock) return;
  d.first_clock = clock;
  d.first_instance = left.instance;
  d.first_divergence =
      fmt::format("{} differs first at clock {}, record {}\n{}{}", left.instance, clock, first,
                  describe_end("reference", a, first), describe_end("compared", b, first));
}

void compare_counters(const end_result& left, const end_result& right, run_difference& d) {
  const auto a = list_counters(left.counters);
  const auto b = list_counters(right.counters);
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i].value == b[i].value) continue;
    d.counters_equal = false;
    const double x = static_cast<double>(a[i].value);
    const double y = static_cast<double>(b[i].value);
    d.counters_error_percent =
        std::max(d.counters_error_percent, 100 * std::abs(x - y) / std::max(x, 1.0));
    d.counters_text +=
        fmt::format("{} {}: {} against {}\n", left.instance, a[i].name, a[i].value, b[i].value);
  }
}

}  // namespace

std::string describe(const base::trace_record& r) {
  using link::trace_event;
  const auto line = [&](const char* what, const std::string& text) {
    return fmt::format("{:>9} {:<9} {}", r.clock, what, text);
  };
  switch (static_cast<trace_event>(r.event)) {
    case trace_event::verdict:
      return line("verdict",
                  fmt::format("{} {}{}", name_of(static_cast<link::pkg::verdict_e>(r.arg8)),
                              r.arg64 == 0 ? "" : describe_header(r.arg64),
                              r.arg16 == 0 ? "" : fmt::format(" fec groups {:03b}", r.arg16)));
    case trace_event::marker_rx:
      return line("marker_rx", fmt::format("{} count {}", describe_flags(r.arg8), r.arg16));
    case trace_event::marker_tx:
      return line("marker_tx", fmt::format("{} count {}", describe_flags(r.arg8), r.arg16));
    case trace_event::flit_tx:
      return line("flit_tx", r.arg8 == 0
                                 ? describe_header(r.arg64)
                                 : fmt::format("{} {}", describe_header(r.arg64),
                                               name_of(static_cast<link::pkg::ctrl_e>(r.arg8))));
    case trace_event::accept:
      return line("accept", fmt::format("vc {} payload {:016x}", r.arg8, r.arg64));
    case trace_event::deliver:
      return line("deliver", fmt::format("vc {} payload {:016x}{}", r.arg8, r.arg64,
                                         r.arg16 != 0 ? " (found wrong)" : ""));
    case trace_event::replay:
      return line("replay", "started");
    case trace_event::state:
      return line("state",
                  fmt::format("{} cause {}", name_of(static_cast<link::pkg::state_e>(r.arg8)),
                              name_of(static_cast<link::pkg::cause_e>(r.arg16))));
    case trace_event::lock:
      return line("lock", fmt::format("lanes {:04x}", r.arg32));
  }
  return line("?", fmt::format("event {}", r.event));
}

run_difference compare_runs(const run_result& reference, const run_result& other) {
  run_difference d;
  for (const side who : {side::west, side::east}) {
    compare_records(reference.of(who), other.of(who), d);
    compare_counters(reference.of(who), other.of(who), d);
    d.latency_error_clocks =
        std::max(d.latency_error_clocks,
                 std::abs(reference.of(who).latency_clocks - other.of(who).latency_clocks));
  }
  const auto flits = static_cast<double>(reference.delivered());
  if (flits > 0) {
    d.throughput_error_percent =
        100 * std::abs(static_cast<double>(other.delivered()) - flits) / flits;
  } else if (other.delivered() > 0) {
    d.throughput_error_percent = 100;
  }
  return d;
}

}  // namespace lightrack::verify
