// SPDX-License-Identifier: Apache-2.0
// models/link/endpoint.h
// One end of a link at any fidelity, as the code that schedules batches sees it.
//
// Time:   advance(until) simulates clocks [now, until); everything that can reach the endpoint before `until`
//         must be in its receive queue already (the fiber is the lookahead).
// Cost:   the one virtual call is per batch, never per flit or clock.
// Threads: an endpoint touches only itself, its source and sink, and the slot queue that it alone writes.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "models/base/trace.h"
#include "models/link/types.h"

namespace lightrack::link {

class flit_source;  // models/link/packer.h: presents flits, per VC
class flit_sink;    // models/link/packer.h: takes flits, may stall

/// A register write that reaches the endpoint's APB port with its setup phase at `clock`.
struct csr_write {
  i64 clock = 0;
  u32 offset = 0;
  u32 value = 0;
};

class endpoint {
 public:
  endpoint() = default;
  endpoint(const endpoint&) = delete;
  endpoint& operator=(const endpoint&) = delete;
  virtual ~endpoint() = default;

  /// Simulates clocks [now(), until).
  virtual void advance(i64 until) = 0;
  [[nodiscard]] virtual i64 now() const = 0;

  /// Slots decided in the last advance(), in order; cleared by the next one. A slot may lie up to TxLat clocks past `now`.
  [[nodiscard]] virtual std::span<const wire_slot> sent() const = 0;
  /// Hands over slots of the far end, in order; clocks are the far end's transmit clocks.
  virtual void receive(std::span<const wire_slot> slots) = 0;

  /// A CSR write; clocks must not go backwards and not lie before now().
  virtual void write_csr(const csr_write& write) = 0;

  [[nodiscard]] virtual endpoint_counters counters() const = 0;
  [[nodiscard]] virtual endpoint_status status() const = 0;
  [[nodiscard]] virtual base::trace_buffer& trace() = 0;
  [[nodiscard]] virtual const base::trace_buffer& trace() const = 0;
};

}  // namespace lightrack::link
