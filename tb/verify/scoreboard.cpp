// SPDX-License-Identifier: Apache-2.0
#include "tb/verify/scoreboard.h"

#include <fmt/format.h>

#include <algorithm>

#include "models/link/flit_codec.h"
#include "models/link/trace_events.h"
#include "rtl/link_pkg.h"

namespace lightrack::verify {
namespace {

using link::trace_event;
using findings = std::vector<std::string>;

constexpr auto active = static_cast<int>(link::pkg::state_e::active);
constexpr auto quiesce = static_cast<int>(link::pkg::state_e::quiesce);
constexpr auto link_down = static_cast<int>(link::pkg::state_e::link_down);

std::vector<u64> digests(const end_result& end, trace_event event, int vc) {
  std::vector<u64> list;
  for (const base::trace_record& r : end.records)
    if (r.event == static_cast<u8>(event) && r.arg8 == vc) list.push_back(r.arg64);
  return list;
}

/// What was delivered is what was accepted, in order, each once; where sessions changed, with gaps.
/// As many deliveries as the sink calls corrupt may have another digest.
void judge_order(const end_result& from, const end_result& to, bool gaps, findings& out) {
  for (int vc = 0; vc < link::vc_count; ++vc) {
    const auto sent = digests(from, trace_event::accept, vc);
    const auto got = digests(to, trace_event::deliver, vc);
    std::size_t at = 0;
    u64 corrupt = to.sink[static_cast<std::size_t>(vc)].corrupt;
    for (std::size_t i = 0; i < got.size(); ++i, ++at) {
      if (at < sent.size() && sent[at] == got[i]) continue;
      const auto known = std::find(sent.begin(), sent.end(), got[i]);
      if (known == sent.end() && corrupt > 0) {
        --corrupt;
        continue;
      }
      const auto place = static_cast<std::size_t>(known - sent.begin());
      if (gaps && known != sent.end() && place > at) {
        at = place;
        continue;
      }
      out.push_back(
          fmt::format("{} to {}, VC{}: delivery {} is not the flit that was accepted then",
                      from.instance, to.instance, vc, i));
      break;
    }
  }
}

void judge_counts(const scenario& s, const end_result& from, const end_result& to, findings& out) {
  u64 lost = 0;
  for (std::size_t vc = 0; vc < link::vc_count; ++vc) {
    const link::sink_counters& sink = to.sink[vc];
    lost += sink.lost;
    const std::string where = fmt::format("{} to {}, VC{}", from.instance, to.instance, vc);
    if (sink.repeated != 0)
      out.push_back(fmt::format("{}: {} flits came again", where, sink.repeated));
    // CRC lets one in some 65,536 flits through that have many wrong bits.
    if (sink.corrupt > to.counters.received_bad / 1000 + (to.counters.received_bad > 0 ? 1 : 0))
      out.push_back(fmt::format("{}: {} flits are corrupt, {} were seen bad", where, sink.corrupt,
                                to.counters.received_bad));
    const u64 out_of_source = from.accepted[vc];
    const u64 ended = sink.flits + sink.lost;
    const u64 held_at_most = 2 * static_cast<u64>(link::pkg::max_window);
    if (ended > out_of_source || (s.expected == ending::up && out_of_source - ended > held_at_most))
      out.push_back(
          fmt::format("{}: {} accepted, {} delivered and {} lost "
                      "leave no possible number in flight",
                      where, out_of_source, sink.flits, sink.lost));
  }
  const u64 counted = from.counters.lost_tx + to.counters.lost_rx;
  if (lost > counted)
    out.push_back(fmt::format("{} to {}: {} flits lost, only {} counted", from.instance,
                              to.instance, lost, counted));
  if (s.expected == ending::up && lost != 0)
    out.push_back(fmt::format("{} to {}: {} flits lost without a change of session", from.instance,
                              to.instance, lost));
}

/// The credits granted in the last header of each VC are the buffer and all that was delivered
/// before it.
void judge_credits(const scenario& s, const end_result& end, findings& out) {
  if (s.expected != ending::up) return;
  for (u8 vc = 0; vc < link::vc_count; ++vc) {
    u64 delivered = 0;
    u64 delivered_then = 0;
    i64 granted = -1;
    i64 previous_clock = -1;
    u64 delivered_before = 0;  // at clocks before the record under the loop
    for (const base::trace_record& r : end.records) {
      if (r.clock != previous_clock) {
        delivered_before = delivered;
        previous_clock = r.clock;
      }
      if (r.event == static_cast<u8>(trace_event::deliver) && r.arg8 == vc) ++delivered;
      if (r.event != static_cast<u8>(trace_event::flit_tx)) continue;
      const link::flit_header h = link::unpack_header(r.arg64);
      if (h.crd_vc != vc) continue;
      granted = h.crd;
      delivered_then = delivered_before;
    }
    if (granted < 0) continue;
    const auto depth = static_cast<u64>(std::min(s.params.rx_depth, 511));
    const u64 expected = (depth + delivered_then) % 1024;
    if (expected != static_cast<u64>(granted))
      out.push_back(fmt::format("{}: VC{} grants {} credits, buffer and deliveries make {}",
                                end.instance, vc, granted, expected));
  }
}

void judge_clocks(const end_result& end, findings& out) {
  for (std::size_t i = 1; i < end.records.size(); ++i) {
    const base::trace_record& a = end.records[i - 1];
    const base::trace_record& b = end.records[i];
    if (a.clock < b.clock || (a.clock == b.clock && a.event <= b.event)) continue;
    out.push_back(fmt::format("{}: record {} is out of order", end.instance, i));
    return;
  }
}

void judge_ending(const scenario& s, const run_result& run, findings& out) {
  const int west = run.west.status.state;
  const int east = run.east.status.state;
  const auto up = [](int state) { return state == active || state == quiesce; };
  const bool both_up = up(west) && up(east);
  const bool one_down = west == link_down || east == link_down;
  const bool as_wanted = s.expected == ending::down  ? one_down
                         : s.expected == ending::any ? both_up || one_down
                                                     : both_up;
  if (!as_wanted)
    out.push_back(fmt::format("the link ends in {} and {}",
                              name_of(static_cast<link::pkg::state_e>(west)),
                              name_of(static_cast<link::pkg::state_e>(east))));
  if (run.delivered() < s.flits_at_least)
    out.push_back(fmt::format("{} flits delivered, {} wanted", run.delivered(), s.flits_at_least));
}

}  // namespace

std::vector<std::string> judge(const scenario& s, const run_result& run) {
  findings out;
  if (!run.broken.empty()) out.push_back(run.broken);
  if (!run.stuck.empty()) out.push_back(run.stuck);
  const bool gaps = s.expected == ending::resumed || s.expected == ending::any;
  judge_counts(s, run.west, run.east, out);
  judge_counts(s, run.east, run.west, out);
  // Of bursts the sinks tell what came twice or out of order; single flits have no records.
  if (!run.in_bursts) {
    judge_order(run.west, run.east, gaps, out);
    judge_order(run.east, run.west, gaps, out);
    judge_credits(s, run.west, out);
    judge_credits(s, run.east, out);
  }
  judge_clocks(run.west, out);
  judge_clocks(run.east, out);
  judge_ending(s, run, out);
  return out;
}

}  // namespace lightrack::verify
