// SPDX-License-Identifier: Apache-2.0
// models/link/flit_standing.h
// Where an end of a link in ACTIVE stands at a clock: what a leap over many clocks changes, as
// plain values. What it does not change (lanes, maps, sessions, registers) stays in the endpoint.
#pragma once

#include <array>
#include <vector>

#include "models/link/receive_buffer.h"
#include "models/link/retry_buffer.h"
#include "models/link/types.h"

namespace lightrack::link {

struct flit_standing {
  // Transmit.
  i64 next_decision = 0;
  int since_marker = 0;     ///< flits since the last marker
  int interval = 0;         ///< flits that follow it
  int marker_interval = 0;  ///< and the markers after it
  u16 marker_count = 0;     ///< of the next marker
  u8 credit_vc = 0;         ///< of whose credits the next header speaks
  u8 turn = 0;
  int oldest = 0;                             ///< number of the oldest flit not acknowledged
  std::vector<stored_flit> unacknowledged{};  ///< from there on
  int repeat_from = -1;  ///< number from which flits are to go again; -1: nowhere
  std::array<u16, vc_count> consumed{};
  std::array<u16, vc_count> limit{};
  std::array<u16, vc_count> credit_sent{};
  i64 quiet = 0;  ///< flit times without anything to do
  int replay_tries = 0;
  bool replay_limit_reached = false;
  bool freed = false;  ///< something was acknowledged in the leap

  // Receive.
  int expected = 0;
  std::array<u16, vc_count> grant{};
  std::array<std::vector<received_flit>, vc_count> held{};
  std::array<i64, vc_count> port_free{};
  /// Slots of the far end; those before `pending` were judged already.
  std::vector<wire_slot> arriving{};
  std::size_t pending = 0;
  int flits_left = 0;               ///< from there to the next marker
  std::array<u8, max_lanes> bip{};  ///< parity of wrong bits since the last marker

  endpoint_counters counted{};  ///< in the leap

  // Only told.
  i64 nak_timeout = 0;  ///< clocks
  i64 replay_timeout = 0;
  u32 marker_lanes = 0;  ///< physical lanes that carry a logical one
  u32 good = 0;          ///< bitmap that markers show
};

}  // namespace lightrack::link
