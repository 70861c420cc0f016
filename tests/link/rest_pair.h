// SPDX-License-Identifier: Apache-2.0
// tests/link/rest_pair.h
// A flit pair at rest, and what its tests of QUIESCE and injection look for in the traces.
#pragma once

#include "flit_pair.h"
#include "models/link/flit_codec.h"

namespace lightrack::link {

class rest_pair : public flit_pair {
 public:
  explicit rest_pair(pair_options o = {}) : flit_pair{traced(std::move(o))} {}

  /// A register write with its setup phase at `clock`; it stands at clock + 2.
  template <class Register>
  void write(endpoint& e, i64 clock, const Register& value) {
    e.access_csr({.clock = clock, .offset = Register::info.offset, .value = value.to_word()});
  }
  void rest_after(endpoint& e, i64 clock, u32 flit_times) {
    write(e, clock, csr::quiesce_after{.flit_times = flit_times});
  }
  /// One request of one flit, valid at the endpoint at `clock`.
  static void offer(flit_source& source, i64 clock, u32 bytes = 64) {
    source.offer(0, {.clock = clock - source.local_latency(), .bytes = bytes});
  }

 private:
  static pair_options traced(pair_options o) {
    o.keep_trace = true;
    return o;
  }
};

/// Clocks of the CTRL flits of one kind that `e` sent.
inline std::vector<i64> sent_ctrl(const endpoint& e, pkg::ctrl_e what) {
  std::vector<i64> clocks;
  for (const auto& r : records_of(e, trace_event::flit_tx))
    if (r.arg8 == static_cast<u8>(what)) clocks.push_back(r.clock);
  return clocks;
}

struct marker_at {
  i64 clock = 0;
  int flags = 0;
  friend bool operator==(const marker_at&, const marker_at&) = default;
};
inline std::ostream& operator<<(std::ostream& out, const marker_at& m) {
  return out << m.clock << " flags " << std::hex << m.flags << std::dec;
}
/// Markers from clock `from` on, sent (marker_tx) or believed (marker_rx).
inline std::vector<marker_at> markers(const endpoint& e, trace_event which, i64 from) {
  std::vector<marker_at> found;
  for (const auto& r : records_of(e, which))
    if (r.clock >= from) found.push_back({r.clock, r.arg8});
  return found;
}

inline std::vector<state_at> states_from(const endpoint& e, i64 from) {
  std::vector<state_at> states = states_of(e);
  std::erase_if(states, [from](const state_at& s) { return s.clock < from; });
  return states;
}

}  // namespace lightrack::link
