// SPDX-License-Identifier: Apache-2.0
// tb/bridge/link_adapter.h
// What a link RTL of any making must be turned into to stand in the test bench: the concept behind
// foreign_endpoint, and the flits that cross it.
//
// An adapter owns one instance of the RTL (a Verilated model, as a rule) and knows its ports.
// docs/bring-your-own-rtl.md leads through it; tests/tb/small_link/small_adapter.h is one.
#pragma once

#include <verilated.h>

#include <concepts>

#include "models/link/endpoint.h"
#include "models/link/flit_codec.h"
#include "rtl/link_pkg.h"

namespace lightrack::bridge {

/// A flit at a transaction port: all that the far end must deliver unchanged.
struct port_flit {
  link::payload_bytes payload{};  ///< 240 bytes
  link::u8 slots = 0;             ///< 0 .. 15
  bool poison = false;
};

/// A clock is: word_in, control, offer and ready for each VC, low(); then the outputs are asked
/// for, each once; then high().
///
/// `check` throws base::config_error, one sentence, on a shape that the RTL does not have. The
/// constructor leaves the RTL out of reset. `word_in` gets the word as on the fiber (lane 0 lowest)
/// and a bit a lane; `word_out` gives one. `control` has the level of `enable`, and one clock of
/// `restart`. `offer` shows the flit that waits, the same until it is taken, or null; `taken` is
/// true in the clock in which the RTL has all of it. `ready` holds until a flit is delivered;
/// `delivered` points to the flit whose last part came in this clock, or is null. `state` is told
/// in our names: the bench looks for `active`.
template <class A>
concept link_adapter =
    std::constructible_from<A, VerilatedContext&, const link::endpoint_wiring&> &&
    requires(A a, const A& c, const link::endpoint_wiring& wiring, const link::u32* word,
             const port_flit* flit, link::u32 lanes, int vc, bool level) {
  { A::name } -> std::convertible_to<const char*>;
  { A::vcs } -> std::convertible_to<int>;  // 1 or 2
  A::check(wiring);
  a.word_in(word, lanes);
  a.control(level, level);
  a.offer(vc, flit);
  a.ready(vc, level);
  a.low();
  { a.word_out() } -> std::convertible_to<const link::u32*>;
  { c.light() } -> std::convertible_to<bool>;
  { a.taken(vc) } -> std::convertible_to<bool>;
  { a.delivered(vc) } -> std::convertible_to<const port_flit*>;
  { c.state() } -> std::convertible_to<link::pkg::state_e>;
  a.high();
};

/// Optional: `slips`, a bit for each lane that asks the receiver for one bit of shift.
template <class A>
concept has_slips = requires(const A& c) {
  { c.slips() } -> std::convertible_to<link::u32>;
};
/// Optional: `counters`, those that the RTL has; the others stay zero.
template <class A>
concept has_counters = requires(const A& c) {
  { c.counters() } -> std::convertible_to<link::endpoint_counters>;
};

}  // namespace lightrack::bridge
