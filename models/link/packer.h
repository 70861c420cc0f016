// SPDX-License-Identifier: Apache-2.0
// models/link/packer.h
// The transaction side of an endpoint: requests packed into flits, and flits taken and unpacked.
//
// Time:   local_latency lies between a request's arrival and the port, and between delivery and the
//         sink. A VC's port presents one flit. When the port is free (4 clocks after the last
//         handshake) and at least one slot has waited (arrival + local latency <= n), the flit is
//         formed at the earliest such clock n from the slots that wait at n, 15 at most, and never
//         changes afterwards. So what is presented is a function of arrivals and handshakes alone,
//         however often it is asked. A read delivered at h has its data at the near port at
//         h + sink's local latency + service latency + source's local latency.
// Threads: a source is changed by its own endpoint only. Of a flit that was popped before the last
//         batch barrier any thread may call record(), fill(), digest() and request_of() while it is
//         among the last flits_kept: its entries are not written again until then.
// Cost:   next_ready(), pop(), take() are on the flit path: no allocation once queues have grown
//         and no virtual call. Source, sink and traffic together 650 instructions a flit, fill()
//         600.
// Not modelled: write acknowledgements (writes are posted); atomics and messages are carried like
//         writes; a poisoned message is delivered like any other.
//   flit_source west{{.path = "west", .seed = 1}, traffic_generator{load}};
//   flit_sink at_east{{}, &west, &east};
#pragma once

#include <array>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "models/base/stats.h"
#include "models/link/flit_codec.h"
#include "models/link/traffic.h"
#include "models/link/types.h"

namespace lightrack::link {

struct presented {
  u8 slots = 0;
  bool poison = false;
  payload_ref payload{};
};

/// What a source remembers of a flit.
struct flit_record {
  u64 request = 0;  ///< number of the request whose slot is the first in the flit
  i64 formed = 0;
  i64 accepted = -1;  ///< clock of the handshake
  u16 offset = 0;     ///< that slot's place in its message
  u8 slots = 0;
  bool poison = false;
};

/// Full flits that were accepted one after the other, `pitch` clocks apart, and carry writes of one
/// size.
struct flit_run {
  u64 index = 0;  ///< of the first, in its VC's stream
  u64 count = 0;
  i64 pitch = 4;  ///< clocks; 8 or 16 at reduced width
  i64 accepted = 0;  ///< clock of the first handshake
  u64 request = 0;   ///< number of the request whose slot is the first
  i64 open_arrival = 0;  ///< of that request, if it began in a flit before (offset > 0)
  request_pace pace{};   ///< of those that begin in the run
  u32 bytes = 0;         ///< useful ones of a request
  u16 message_slots = 0;  ///< of a request; 0: not such a run
  u16 offset = 0;         ///< slots of the first request in flits before
};

struct source_params {
  std::string path = "west";  ///< role of the sender, keys the payload
  u64 seed = 1;
  i64 local_latency = 4;  ///< clocks, at least 1
  u64 poison_every = 0;   ///< every nth flit of a VC is poisoned; 0 = none
};

class flit_source {
 public:
  static constexpr u64 flits_kept = 4096;
  static constexpr u64 requests_kept = flits_kept * 16;

  /// `offered` feeds VC0.
  flit_source(const source_params& params, traffic_generator offered);
  /// From now on `offered` feeds VC0; for a source that was made with an empty generator, between
  /// two batches. No arrival may lie before the clock that the endpoint has reached.
  void attach(traffic_generator offered) { offered_ = std::move(offered); }

  /// Clock from which a flit of vc is presented; never if none is to come as far as known.
  [[nodiscard]] i64 next_ready(int vc) const;
  /// Valid once next_ready(vc) <= now; everything that arrives up to that clock must have been
  /// offered.
  [[nodiscard]] const presented& front(int vc);
  /// Handshake at clock h; the next flit of the VC is presented at h + 4 or later.
  void pop(int vc, i64 h);
  /// The most flits, up to `most`, that could be popped at clocks h, h + pitch, ... as they stand:
  /// each full, formed in time, of writes of one size. 0 or fewer than there are where that is not
  /// known without a look at each.
  [[nodiscard]] u64 full_flits(int vc, i64 h, u64 most, i64 pitch = 4) const;
  /// Pops `count` of them at once. record() and digest() do not know these flits.
  [[nodiscard]] flit_run pop_full(int vc, i64 h, u64 count, i64 pitch = 4);
  /// From now on record() and digest() know flits [from, from + count) of a run (request_of() but
  /// for the addresses), as they know those popped one by one.
  void keep_records(int vc, const flit_run& run, u64 from, u64 count);
  /// Digest of flits [first, first + count) of a VC by their names.
  [[nodiscard]] u64 digest_of_run(int vc, u64 first, u64 count) const;
  /// Some request of the generator may be a read.
  [[nodiscard]] bool may_read() const { return offered_.may_read(); }

  /// One more request for a VC; arrivals of a VC must not go backwards nor lie before what was
  /// formed. Generated ones of the same clock go first.
  void offer(int vc, const request& r);

  /// The payload bytes of a flit that is kept.
  void fill(const payload_ref& ref, std::span<u8, payload_size> bytes) const;
  /// 64-bit name of the payload, includes the seed.
  [[nodiscard]] u64 digest(const payload_ref& ref) const;
  [[nodiscard]] const flit_record& record(const payload_ref& ref) const;
  [[nodiscard]] const request& request_of(int vc, u64 number) const;

  /// Flits handed over so far.
  [[nodiscard]] u64 popped(int vc) const { return port_[static_cast<std::size_t>(vc)].index; }
  [[nodiscard]] i64 local_latency() const { return latency_; }
  /// True if a request has arrived by clock `now` and has slots not yet in a popped flit.
  [[nodiscard]] bool work_waits(i64 now) const;
  void transfer(base::checkpoint& c);

 private:
  struct port {
    std::vector<flit_record> flits;  ///< ring of flits_kept
    std::vector<request> requests;   ///< ring of requests_kept
    std::vector<request> waiting;    ///< ring, power of two: offered, not yet in a flit
    u64 waiting_head = 0;
    u64 waiting_tail = 0;
    u64 begun = 0;        ///< requests moved to the ring of requests
    u16 open_offset = 0;  ///< next slot of request begun - 1 if it is unfinished, else 0
    u64 index = 0;        ///< of the flit presented or to be
    i64 free = 0;
    bool formed = false;
    presented flit{};
    u64 key = 0;
  };
  [[nodiscard]] const request* next_request(const port& p, int vc) const;
  [[nodiscard]] u64 flit_key(const payload_ref& ref) const;
  bool begin_request(port& p, int vc, i64 now);

  i64 latency_;
  u64 poison_every_;
  traffic_generator offered_;
  std::array<port, vc_count> port_;
};

struct sink_params {
  i64 local_latency = 4;    ///< clocks, at least 1
  i64 service_latency = 0;  ///< clocks from a read at the sink to its data at the packer
  u64 stall_every = 0;      ///< after so many flits of a VC the sink is not ready ...
  i64 stall_clocks = 0;     ///< ... for so many clocks beyond the flit's own 4; 0 = always ready
  /// Histograms hold flits accepted, and requests that arrived, from here on; counters count all.
  i64 warmup_clock = 0;
};

struct sink_counters {
  u64 flits = 0;
  u64 slots = 0;
  u64 poisoned = 0;
  u64 corrupt = 0;   ///< undetected errors, by the oracle
  u64 lost = 0;      ///< flits of the stream that never came (dropped by a session change)
  u64 repeated = 0;  ///< flits that came again or out of order: must be zero
  u64 requests = 0;  ///< messages complete
  /// Messages with a part lost; a lower bound once more than 2,048 flits in a row are lost.
  u64 broken = 0;
  u64 useful_bytes = 0;  ///< of complete messages that carry data
  friend bool operator==(const sink_counters&, const sink_counters&) = default;
};

class flit_sink {
 public:
  /// `far` = the source of the other end, whose flits come here; `near` = this end's source, for
  /// read data (may be null).
  flit_sink(const sink_params& params, const flit_source* far, flit_source* near);
  /// Sets sink_params::warmup_clock, which a platform knows only once the link is ACTIVE; between
  /// two batches.
  void set_warmup(i64 clock) { params_.warmup_clock = clock; }
  /// A flit that was taken as good turned out corrupt: at RTL ends its later beats come after the
  /// handshake.
  void found_corrupt(int vc) { ++counters_[static_cast<std::size_t>(vc)].corrupt; }

  /// Ready is high from this clock on, until the next handshake.
  [[nodiscard]] i64 ready_at(int vc) const { return ready_[static_cast<std::size_t>(vc)]; }
  /// Handshake at clock h; slots and poison as received.
  void take(int vc, i64 h, const payload_ref& ref, u8 slots, bool poison, bool corrupt);
  /// Handshakes at h, h + pitch, ... of flits [from, from + count) of a run; count at most
  /// until_stall().
  void take_run(int vc, i64 h, const flit_run& run, u64 from, u64 count);
  /// Flits up to and with the next after which the sink is not ready at once.
  [[nodiscard]] u64 until_stall(int vc) const {
    const u64 every = params_.stall_every;
    return every == 0 ? ~0ULL : every - counters_[static_cast<std::size_t>(vc)].flits % every;
  }
  [[nodiscard]] bool stalls() const { return params_.stall_every > 0; }

  [[nodiscard]] const sink_counters& counters(int vc) const {
    return counters_[static_cast<std::size_t>(vc)];
  }
  /// Clocks from acceptance at the far TX port to delivery here.
  [[nodiscard]] const base::histogram& flit_latency() const { return flit_latency_; }
  /// Clocks from arrival at the far packer to the last slot at the sink.
  [[nodiscard]] const base::histogram& request_latency() const { return request_latency_; }
  void transfer(base::checkpoint& c);

 private:
  void unpack(int vc, i64 h, const payload_ref& ref, bool delivered);
  void complete(int vc, i64 h, const request& r);

  sink_params params_;
  const flit_source* far_;
  flit_source* near_;
  std::array<i64, vc_count> ready_{};
  std::array<u64, vc_count> expected_{};
  std::array<bool, vc_count> whole_{};  ///< the message under way has lost nothing so far
  std::array<sink_counters, vc_count> counters_{};
  base::histogram flit_latency_;
  base::histogram request_latency_;
};

}  // namespace lightrack::link
