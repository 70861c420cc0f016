// SPDX-License-Identifier: Apache-2.0
// platforms/link/link_platform.h
// Two endpoints and one fiber each way: configuration in, everything that is known about the run
// out.
//
// Time:   traffic starts at the clock at which both ends are ACTIVE; the run lasts `sim.time` from
// there, and
//         figures come from the window that begins `traffic.warmup` later.
// Faults: config_error (the input), no_progress_error (who waits for what), model_error
// (conservation, bounds).
//   auto c = link_config();  c.set("link.lanes=8");  auto r = run_link(make_link_setup(c), {.flit =
//   link::make_flit_endpoint}, {});
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/base/checkpoint.h"
#include "models/base/config.h"
#include "models/base/random.h"
#include "models/base/stats.h"
#include "models/link/channel.h"
#include "models/link/endpoint.h"
#include "models/link/packer.h"
#include "models/link/service_curve.h"
#include "models/link/traffic.h"
#include "models/link/types.h"
#include "platforms/link/link_light.h"

namespace lightrack::platforms {

using link::i64;
using link::u64;

enum class link_fidelity { burst, flit, rtl };
[[nodiscard]] std::string fidelity_name(link_fidelity f);

/// A configuration with all parameters of the link platform, at their defaults.
[[nodiscard]] base::config link_config();

/// One direction: who sends, through what, with which traffic.
struct link_direction_setup {
  link::channel_params channel;
  link::traffic_params offered;  ///< start_clock is set when the link is ACTIVE; load 0 = nothing
  std::vector<link::traffic_row> listed;  ///< of a traffic file; clocks count from ACTIVE
  bool from_file = false;
};

struct link_setup {
  std::string profile;
  u64 seed = 1;
  u64 config_hash = 0;   ///< over the configuration, and the content of a traffic file
  u64 traffic_hash = 0;  ///< of that content; 0 without a file
  std::string effective_toml;

  i64 clock_fs = 640'000;
  double gbps_per_lambda = 50;
  link::endpoint_params endpoint;  ///< both ends, but for what follows
  link::u32 west_lanes_off = 0;    ///< receive lanes not to be used
  link::u32 east_lanes_off = 0;
  link_fidelity west = link_fidelity::flit;
  link_fidelity east = link_fidelity::flit;
  link::service_curve curve;  ///< where both ends are burst
  std::string met_as_flit{};  ///< the end that burst was asked for and whose far end is not burst
  link_direction_setup to_east;  ///< sent by west
  link_direction_setup to_west;
  link_light_setup light{};
  i64 local_latency = 4;  ///< clocks, as are all below
  i64 warmup = 0;
  i64 time = 0;
  i64 progress_timeout = 0;

  [[nodiscard]] link::endpoint_params endpoint_of(bool is_west) const {
    link::endpoint_params p = endpoint;
    p.lanes_off = is_west ? west_lanes_off : east_lanes_off;
    return p;
  }
  [[nodiscard]] double raw_gbps() const { return gbps_per_lambda * endpoint.lanes; }
  [[nodiscard]] double clock_ns() const { return static_cast<double>(clock_fs) * 1e-6; }
  [[nodiscard]] bool burst() const { return west == link_fidelity::burst; }
  /// What a saved run must have in common with the one that goes on.
  [[nodiscard]] u64 saved_hash() const { return base::mix64(config_hash ^ base::mix64(seed)); }
  [[nodiscard]] std::string fidelity()
      const;  ///< "burst", "flit", "rtl", or "rtl-flit" (west first)
};

/// Checks what concerns more than one key. Profile and derived values are implied into `c`, so that
/// it is effective afterwards; throws base::config_error.
[[nodiscard]] link_setup make_link_setup(base::config& c);
[[nodiscard]] inline link_setup make_link_setup(base::config&& c) { return make_link_setup(c); }

struct link_factories {
  link::endpoint_factory flit{};
  link::endpoint_factory rtl{};  ///< empty: refused in a sentence
};

/// Sees the records of an instance after each batch, in order.
using record_reader =
    std::function<void(const std::string& instance, std::span<const base::trace_record>)>;

struct link_progress {
  double share = 0;  ///< 0 .. 1 of the run's clocks, training not counted
  i64 clock = 0;
  u64 useful_bytes_to_east = 0;  ///< delivered so far
};

/// When a run is saved, once.
struct link_save {
  std::string file{};  ///< empty: never
  /// At the first end of a batch that lies so many clocks after ACTIVE, or more; where `stop` ends
  /// the run if that comes first, and at -1 only there.
  i64 after_active = -1;
  bool ends_run = false;  ///< the run ends there, incomplete
};

struct link_run_options {
  int threads = 1;
  bool kernel = true;  ///< under the SystemC kernel; else a plain loop with the same results, any
                       ///< number a process
  i64 max_batch = 0;   ///< clocks, 0 = the fiber decides; changes no result
  record_reader records{};  ///< empty: records are hashed only
  std::function<void(const link_progress&)> progress{};
  const std::atomic<bool>* stop =
      nullptr;  ///< set from outside: ends the run after the batch, incomplete
  link_save save{};
  base::checkpoint* restore = nullptr;  ///< loaded: the run goes on from there
};

/// Counters of one direction between two clocks: what its sender and receiver did. All are
/// differences.
struct direction_counts {
  link::endpoint_counters sender{};    ///< of the endpoint that sends this direction
  link::endpoint_counters receiver{};  ///< of the endpoint at its end
  u64 offered_flits = 0;               ///< accepted at the TX port
  link::sink_counters sink{};          ///< both virtual channels together
};

struct confidence {
  double half_width = 0;  ///< 95 %, batch means
  int batches = 0;        ///< 0: too few samples
};

struct link_direction_result {
  std::string from{};
  std::string to{};
  direction_counts window{};
  direction_counts whole{};  ///< from clock 0
  u64 in_flight = 0;         ///< flits, at the end
  double goodput_gbps = 0;
  double offered_gbps =
      0;  ///< useful payload that the traffic asks for; of a file: what it lists in the run
  double bound_gbps = 0;  ///< what markers, flit and slots leave of the raw rate
  confidence goodput{};
  confidence latency_mean{};  ///< ns
  base::histogram
      flit_latency;  ///< clocks: accepted at the TX port to delivered at the RX port, in the window
  base::histogram request_latency{};  ///< clocks, with packing and source queue
  bool work_waits = false;            ///< requests still wait at the source
};

struct link_result {
  link_setup setup;
  bool complete = false;     ///< the whole time was simulated
  std::string stopped_by{};  ///< why not: "interrupted", or the sentence of a run without progress
  bool no_progress = false;
  i64 saved_clock = -1;   ///< link_run_options::save was done there
  i64 active_clock = -1;  ///< both ends ACTIVE
  i64 window_begin = 0;   ///< clocks
  i64 window_end = 0;
  i64 end_clock = 0;
  double wall_s = 0;
  double first_event_s = 0;  ///< host time from the call to the first batch
  u64 trace_hash = 0;
  u64 trace_records = 0;
  i64 round_trip = 0;  ///< measured, flit times
  link_direction_result to_east{};
  link_direction_result to_west{};
  link::endpoint_status west{};
  link::endpoint_status east{};
  std::optional<link_light_result> light{};  ///< where the light is on

  [[nodiscard]] double simulated_ns() const {
    return static_cast<double>(end_clock) * setup.clock_ns();
  }
  [[nodiscard]] double window_ns() const {
    return static_cast<double>(window_end - window_begin) * setup.clock_ns();
  }
};

/// Runs to the end, to an interrupt, or until nothing moves (result.no_progress with its sentence).
/// Throws model_error if a conservation law or a bound does not hold, config_error where it cannot
/// be saved or restored.
[[nodiscard]] link_result run_link(const link_setup& setup, const link_factories& factories,
                                   const link_run_options& options);

}  // namespace lightrack::platforms
