// SPDX-License-Identifier: Apache-2.0
// models/link/link_registers.h
// The registers of an endpoint that several of its parts read: the state of training, as it stands
// at a clock.
#pragma once

#include <algorithm>

#include "models/link/lane_map.h"
#include "models/link/types.h"
#include "rtl/link_pkg.h"

namespace lightrack::link {

/// Written at the end of clock n with what stands from n + 1 on.
struct link_registers {
  pkg::state_e state = pkg::state_e::reset;
  pkg::state_e left = pkg::state_e::reset;  ///< the state before
  pkg::cause_e cause = pkg::cause_e::none;  ///< why it was left
  i64 enter = 0;                            ///< first clock of `state`
  i64 lock_enter = 0;                       ///< first clock of the last LOCK
  u32 good = 0;   ///< own bitmap: lanes locked and not off at the entry of MAP; zero before
  lane_map rx{};  ///< receive map, from the entry of MAP on
  lane_map tx{};  ///< transmit map, from the entry of DESKEW on

  /// Both maps are in use.
  [[nodiscard]] bool mapped() const {
    return state >= pkg::state_e::deskew && state <= pkg::state_e::quiesce;
  }
  /// The larger shift of both directions.
  [[nodiscard]] int widest_shift() const { return std::max(rx.shift, tx.shift); }
};

[[nodiscard]] constexpr bool is_lit(pkg::state_e s) {
  return s != pkg::state_e::reset && s != pkg::state_e::link_down;
}

}  // namespace lightrack::link
