// SPDX-License-Identifier: Apache-2.0
// models/link/endpoint.h
// One end of a link at any fidelity, as the code that schedules batches sees it.
//
// Time:   advance(until) simulates clocks [now, until); everything that can reach the endpoint before `until`
//         must be in its receive queue already (the fiber is the lookahead).
// Cost:   the one virtual call is per batch, never per flit or clock.
// Threads: an endpoint touches only itself, its source and sink, and the slot queue that it alone writes.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>

#include "models/base/checkpoint.h"
#include "models/base/trace.h"
#include "models/link/channel.h"
#include "models/link/flit_store.h"
#include "models/link/types.h"

namespace lightrack::link {

class flit_source;  // models/link/packer.h: presents flits, per VC
class flit_sink;    // models/link/packer.h: takes flits, may stall

/// A register access that reaches the endpoint's APB port with its setup phase at `clock`. A write is in the core's
/// registers at clock + CsrLat; a read shows the registers as they stand at clock + 1.
struct csr_access {
  i64 clock = 0;
  u32 offset = 0;   ///< bytes, multiple of 4, below 4096
  u32 value = 0;    ///< of a write
  u8 strobe = 0xF;  ///< byte enables of a write
  bool write = true;
};
struct csr_reply {
  i64 clock = 0;    ///< setup phase of the access that is answered
  u32 offset = 0;
  u32 value = 0;    ///< of a read
  bool error = false;  ///< no register there
};
/// The interrupt line takes a new level; `clock` is its first.
struct interrupt_change {
  i64 clock = 0;
  bool level = false;
  friend bool operator==(const interrupt_change&, const interrupt_change&) = default;
};

/// Where an RTL end reads what another one sends, without slots between them.
struct word_input {
  word_fiber* words = nullptr;  ///< null: this end takes slots
  flit_store* flits = nullptr;  ///< one a VC
};

class endpoint {
 public:
  endpoint() = default;
  endpoint(const endpoint&) = delete;
  endpoint& operator=(const endpoint&) = delete;
  virtual ~endpoint() = default;

  /// Simulates clocks [now(), until).
  virtual void advance(i64 until) = 0;
  /// The first clock at which this end may do or show something if nothing new reaches it from fiber, registers or
  /// source; now() if it does not know. Clocks before it need not be simulated.
  [[nodiscard]] virtual i64 idle_until() const { return now(); }
  /// Moves now() to `until` <= idle_until() without simulation: afterwards sent(), csr_replies() and
  /// interrupt_changes() are empty, and all else is as advance() would leave it. To be had where idle_until() is.
  virtual void skip(i64 until) { advance(until); }
  [[nodiscard]] virtual i64 now() const = 0;

  /// Slots decided in the last advance(), in order; cleared by the next one. A slot may lie up to TxLat clocks past `now`.
  [[nodiscard]] virtual std::span<const wire_slot> sent() const = 0;
  /// Hands over slots of the far end, in order; clocks are the far end's transmit clocks. Called after each batch, with
  /// none if none came, while no endpoint runs.
  virtual void receive(std::span<const wire_slot> slots) = 0;

  /// What the light that comes here allows from a time on; `from` >= now() + quality_lead, and rising for each lane.
  /// Called between batches. Throws base::model_error where an end cannot follow it.
  virtual void set_lane_quality(std::span<const lane_quality> changes);

  /// RTL ends talk in words when the far end is RTL too: each writes its words, and the bytes of the flits it accepts,
  /// where the far end reads them, and sent() stays empty.
  [[nodiscard]] virtual word_input words_in() { return {}; }
  /// Where the far end reads; without it slots are sent. Before the first advance().
  virtual void send_words(const word_input&) {}

  /// Saves the state that stands between two batches, or loads it into an end that was built from the same wiring.
  /// Answers and interrupt changes of the last advance() are not part of it. Throws base::config_error where an end
  /// cannot be saved.
  virtual void transfer(base::checkpoint& c);

  /// Queues a register access; setup clocks must rise by at least 4 from access to access and not lie before now().
  virtual void access_csr(const csr_access& access) = 0;
  /// Answers to the accesses completed in the last advance(), in order.
  [[nodiscard]] virtual std::span<const csr_reply> csr_replies() const = 0;
  /// Level of the interrupt line at now() - 1.
  [[nodiscard]] virtual bool interrupt() const = 0;
  /// Its changes found in the last advance(), in order, the last at now() at most: with their clocks, so that no batch
  /// size shifts an interrupt. An end that names none cannot interrupt through a csr_socket.
  [[nodiscard]] virtual std::span<const interrupt_change> interrupt_changes() const { return {}; }

  /// The live counters (not the snapshot) and status as they stand at now().
  [[nodiscard]] virtual endpoint_counters counters() const = 0;
  [[nodiscard]] virtual endpoint_status status() const = 0;
  [[nodiscard]] virtual base::trace_buffer& trace() = 0;
  [[nodiscard]] virtual const base::trace_buffer& trace() const = 0;
};

/// What an endpoint is built from. Pointers look, never own, and must outlive the endpoint.
struct endpoint_wiring {
  std::string name;               ///< instance, such as "link0.west"
  endpoint_params params;
  channel_params receive;         ///< the direction that ends here (its `path` names the far transmitter)
  flit_source* source = nullptr;  ///< what this end sends
  flit_sink* sink = nullptr;      ///< what takes the flits received
  const flit_source* far_source = nullptr;  ///< the far end's source: payload of what is received
};
/// One factory a fidelity: make_flit_endpoint here, the RTL one in tb/bridge, passed down by the platform.
using endpoint_factory = std::function<std::unique_ptr<endpoint>(const endpoint_wiring&)>;

/// The register writes that a platform makes before time zero's traffic: one each 4 clocks from clock 0 on, and last
/// `control.enable` at params.enable_clock. Both fidelities are configured by these and nothing else.
[[nodiscard]] std::vector<csr_access> configuration_writes(const endpoint_params& params);

}  // namespace lightrack::link
