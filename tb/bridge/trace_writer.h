// SPDX-License-Identifier: Apache-2.0
// tb/bridge/trace_writer.h
// The trace port of an RTL end as records, in the order of models/link/trace_events.h.
//
// Cost:   six compares in a clock without event; no allocation unless records are kept.
#pragma once

#include <array>

#include "models/base/trace.h"
#include "models/link/trace_events.h"
#include "rtl/link_pkg.h"

namespace lightrack::bridge {

/// What the trace port does not carry: digests of the payload that moved in this clock, zero where
/// none did.
struct moved_payload {
  link::u64 accepted = 0;
  std::array<link::u64, link::vc_count> delivered{};
  std::array<link::u64, link::vc_count> wrong{};  ///< of an earlier delivery, found wrong now
};

[[nodiscard]] inline base::trace_record record_of(link::i64 clock, link::trace_event event) {
  return {.clock = clock, .event = static_cast<link::u8>(event)};
}

/// `t` is unpacked by the caller in the same function body, so that fields of absent groups are
/// never taken apart.
[[gnu::always_inline]] inline void write_trace(base::trace_buffer& out, link::i64 clock,
                                               const link::pkg::trace& t,
                                               const moved_payload& moved) {
  using link::trace_event;
  const auto add = [&](trace_event event, link::u8 arg8, link::u16 arg16, link::u32 arg32,
                       link::u64 arg64) {
    base::trace_record r = record_of(clock, event);
    r.arg8 = arg8;
    r.arg16 = arg16;
    r.arg32 = arg32;
    r.arg64 = arg64;
    out.add(r);
  };
  if (t.verdict_valid) add(trace_event::verdict, t.verdict, 0, 0, t.verdict_header);
  if (t.mrx_valid) add(trace_event::marker_rx, t.mrx_flags, t.mrx_count, 0, 0);
  if (t.mtx_valid) add(trace_event::marker_tx, t.mtx_flags, t.mtx_count, 0, 0);
  if (t.ftx_valid) add(trace_event::flit_tx, 0, 0, 0, t.ftx_header);
  if (t.accept) {
    add(trace_event::accept, static_cast<link::u8>((t.ftx_header >> 3) & 1), 0, 0, moved.accepted);
  }
  for (link::u8 vc = 0; vc < link::vc_count; ++vc) {
    if ((t.deliver >> vc & 1) != 0) add(trace_event::deliver, vc, 0, 0, moved.delivered[vc]);
    if (moved.wrong[vc] != 0) add(trace_event::deliver, vc, 1, 0, moved.wrong[vc]);
  }
  if (t.replay) add(trace_event::replay, 0, 0, 0, 0);
  if (t.state_valid) add(trace_event::state, t.state, t.cause, 0, 0);
  if (t.lock_valid) add(trace_event::lock, 0, 0, t.locked, 0);
}

}  // namespace lightrack::bridge
