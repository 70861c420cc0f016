// SPDX-License-Identifier: Apache-2.0
#include "models/link/burst_training.h"

#include <algorithm>

#include "models/link/flit_endpoint.h"
#include "models/link/trace_events.h"

namespace lightrack::link {

burst_training::burst_training(const std::array<endpoint_wiring, 2>& wiring)
    : lanes_{wiring[0].params.lanes},
      marker_interval_{wiring[0].params.marker_interval},
      marker_interval_bad_{wiring[0].params.marker_interval_bad} {
  for (trained& e : ends_)
    e.source = std::make_unique<flit_source>(source_params{}, traffic_generator{});
  step_ = never;
  for (std::size_t e = 0; e < ends_.size(); ++e) {
    trained& end = ends_[e];
    end.sink =
        std::make_unique<flit_sink>(sink_params{}, ends_[1 - e].source.get(), end.source.get());
    endpoint_wiring w = wiring[e];
    w.source = end.source.get();
    w.sink = end.sink.get();
    w.far_source = ends_[1 - e].source.get();
    end.model = make_flit_endpoint(w);
    end.model->trace().keep(true);
    step_ = std::min(step_, receive_channel{w.receive}.flight());
  }
}

void burst_training::advance(i64 until) {
  while (now_ < until) {
    const i64 next = std::min(until, now_ + step_);
    for (trained& e : ends_) e.model->advance(next);
    for (std::size_t e = 0; e < ends_.size(); ++e) {
      watch(ends_[e]);
      if (const auto slots = ends_[e].model->sent(); !slots.empty())
        ends_[1 - e].model->receive(slots);
    }
    now_ = next;
  }
}

bool burst_training::active_after(i64 clock) const {
  constexpr int active = static_cast<int>(pkg::state_e::active);
  return std::ranges::all_of(ends_, [clock](const trained& e) {
    return e.active > clock && e.model->status().state == active;
  });
}

void burst_training::watch(trained& e) {
  constexpr auto init = static_cast<unsigned>(pkg::state_e::init);
  for (const base::trace_record& r : e.model->trace().records())
    if (r.event == static_cast<u8>(trace_event::state) &&
        r.arg8 == static_cast<u8>(pkg::state_e::active))
      e.active = r.clock;
  e.model->trace().drop_kept();
  for (const wire_slot& s : e.model->sent()) {
    const i64 d = s.clock - pkg::tx_lat;
    if (s.kind == slot_kind::marker && s.flags >> 4U == init) e.marker = d;
    if (s.kind != slot_kind::flit) continue;
    e.last_flit = d;
    e.last_vc = s.header >> 31 & 1;
  }
}

slot_grid burst_training::grid(std::size_t e) const {
  const i64 marker = marker_clocks(lanes_);
  const u32 all = (u32{1} << lanes_) - 1;
  const bool bad_lane = (ends_[1 - e].model->status().good & all) != all;
  return {.first = ends_[e].marker + marker,
          .lead = pkg::init_interval,
          .interval = static_cast<u64>(bad_lane ? marker_interval_bad_ : marker_interval_),
          .marker = marker,
          .flit = pkg::beats_per_flit << ends_[e].model->status().tx_shift};
}

u64 burst_training::parity(std::size_t e) const {
  const slot_grid slots = grid(e);
  // Without a flit after the marker, slot 0 follows the last one before it.
  if (ends_[e].last_flit < slots.first) return (ends_[e].last_vc + 1) & 1;
  return (slots.at_or_after(ends_[e].last_flit) + ends_[e].last_vc) & 1;
}

}  // namespace lightrack::link
