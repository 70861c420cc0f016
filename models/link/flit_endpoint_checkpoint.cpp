// SPDX-License-Identifier: Apache-2.0
// models/link/flit_endpoint_checkpoint.cpp
// The state of a flit endpoint between two batches, saved and loaded; sources and sinks are the
// platform's.
#include "models/link/flit_endpoint.h"

namespace lightrack::link {

void flit_endpoint::transfer(base::checkpoint& c) {
  // Each member by name: one more does not compile until it is saved, or known to be made anew.
  auto& [wiring, trace, counters, channel, slots, errors, csr, config, registers, lanes, framer,
         quiesce, header_injection, source, sink, marker_clocks, tx_lat, flit_clocks, now,
         slow_next, wake, deadline, reasons, state_changed, replay_started, train, replay_tries,
         retrain_tries, active_since, last_good, silence_at, quiet_at, wake_from, stop_sent,
         far_lit, sent, next_decision, first_slot, shown, flits_since_marker, interval,
         marker_interval, marker_count, decided, retry, consumed, limit, grant, credit_sent, ready,
         credit_vc, turn, expected, requested, nak_due, limits_fresh, seen, init_ok, session, peer,
         far_stamp, far_stamp_clock, far_stamped, held, deliver_at, round_trip, nak_timeout,
         replay_timeout, ask_time, silence_time, replay_timer, request_timer, timer_check, accesses,
         access_next, command_at, replies, raised, irq_raised, irq_level, irq_before, irq_since,
         irq_changes] = *this;
  c.part(wiring.name + ", flit");
  trace.transfer(c);
  channel.transfer(c);
  slots.transfer(c);
  errors.transfer(c);
  lanes.transfer(c);
  framer.transfer(c);
  c.list(accesses);
  c.values(counters, csr, registers, quiesce, header_injection, flit_clocks, now, slow_next, wake,
           deadline, reasons, state_changed, replay_started, train, replay_tries, retrain_tries,
           active_since, last_good, silence_at, quiet_at, wake_from, stop_sent, far_lit,
           next_decision, first_slot, shown, flits_since_marker, interval, marker_interval,
           marker_count, decided, retry, consumed, limit, grant, credit_sent, ready, credit_vc,
           turn, expected, requested, nak_due, limits_fresh, seen, init_ok, session, peer,
           far_stamp, far_stamp_clock, far_stamped, held, deliver_at, round_trip, nak_timeout,
           replay_timeout, ask_time, silence_time, replay_timer, request_timer, timer_check,
           access_next, command_at, raised, irq_raised, irq_level, irq_before, irq_since);
}

}  // namespace lightrack::link
