// SPDX-License-Identifier: Apache-2.0
// tb/verify/scenario.h
// A named experiment on one link: shape, light, traffic, commands and length; nothing in it depends
// on a fidelity.
//
// Time:   clocks of the link from power-on; a scenario runs for a fixed number of them, on both
//         ends.
//   verify::scenario s{.name = "ber_1e-5", .to_east = {.ber = 1e-5}};  s.seed = 7;
#pragma once

#include <string>
#include <vector>

#include "models/link/channel.h"
#include "models/link/endpoint.h"
#include "models/link/packer.h"
#include "models/link/types.h"

namespace lightrack::verify {

using link::i64;
using link::u32;
using link::u64;
using link::u8;

/// What one end offers to the other, and how it takes what comes.
struct side_traffic {
  double load = 1;  ///< useful bytes over raw; more than fits saturates
  u32 bytes = 256;
  double read_fraction = 0;  ///< reads make the other end answer on VC1
  u64 requests = 0;          ///< stops after so many; 0 = never
  i64 start_clock = 0;
  u64 poison_every = 0;
  u64 stall_every = 0;   ///< the sink is not ready after so many flits of a VC ...
  i64 stall_clocks = 0;  ///< ... for so many clocks
  i64 service_latency = 50;
};

/// The light of one direction. Lists as in link::channel_params.
struct direction {
  double ber = 0;
  double burst_rate = 0;
  double burst_bits = 8;
  std::vector<int> skew_words{};
  std::vector<int> offset_bits{};
  std::vector<link::lane_event> events{};
  /// Told to the receiver while the run goes on, each not earlier than it must be; `from` rising.
  std::vector<link::lane_quality> quality{};
};

enum class side : u8 { west, east };
enum class action : u8 { retrain, disable, enable };

/// A write to `control`, with its setup phase at `clock`.
struct command {
  i64 clock = 0;
  side where = side::west;
  action what = action::retrain;
};

/// Any other register write, with its setup phase at `clock`.
struct register_write {
  i64 clock = 0;
  side where = side::west;
  u32 offset = 0;
  u32 value = 0;
};

enum class ending : u8 {
  up,       ///< both ends ACTIVE or QUIESCE, nothing lost
  down,     ///< at least one end LINK_DOWN
  resumed,  ///< both ends ACTIVE or QUIESCE; a session change may have lost flits, all counted
  any,      ///< likewise, or LINK_DOWN with a cause
};

struct scenario {
  std::string name;
  std::string why;  ///< half a sentence for --list
  int lanes = 16;
  double length_m = 20;
  u64 seed = 1;
  /// Of both ends; lanes, lanes_off and lock_min_clocks are set by endpoint_params_of.
  link::endpoint_params params;
  direction to_east;  ///< what west sends
  direction to_west;
  side_traffic west;
  side_traffic east;
  std::vector<command> commands{};       ///< at least 4 clocks apart on each side
  std::vector<register_write> writes{};  ///< likewise, commands included
  u32 west_lanes_off = 0;  ///< receive lanes that west does not use
  u32 east_lanes_off = 0;
  i64 clocks = 30'000;
  ending expected = ending::up;
  u64 flits_at_least = 1;        ///< delivered on both sides together
  i64 progress_clocks = 60'000;  ///< the longest time without delivery or step
                                 ///< of training while work waits
};

[[nodiscard]] link::channel_params channel_of(const scenario& s, side from);
/// With `lock_min_clocks` of one round trip and two markers, as a platform sets it.
[[nodiscard]] link::endpoint_params endpoint_params_of(const scenario& s, side who);
/// Whole clocks of flight; the same both ways.
[[nodiscard]] i64 flight_of(const scenario& s);
[[nodiscard]] link::source_params source_params_of(const scenario& s, side who);
[[nodiscard]] link::traffic_params traffic_params_of(const scenario& s, side who);
[[nodiscard]] link::sink_params sink_params_of(const scenario& s, side who);
/// Configuration and commands of one end, in order of their clocks.
[[nodiscard]] std::vector<link::csr_access> accesses_of(const scenario& s, side who);
[[nodiscard]] const char* name_of(side who);

}  // namespace lightrack::verify
