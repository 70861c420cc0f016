// SPDX-License-Identifier: Apache-2.0
// models/link/trace_events.h
// The records of an endpoint's trace, equal at flit and rtl. Within a clock they are written in the order of the enum.
#pragma once

#include "models/link/types.h"

namespace lightrack::link {

/// `base::trace_record::event`; the comment names the fields in use, all others are zero.
enum class trace_event : u8 {
  verdict = 1,      ///< arg8 = pkg::verdict_e, arg16 = groups that the light FEC corrected, arg64 = header as received (zero if bad)
  marker_rx = 2,    ///< arg8 = flags, arg16 = count; a believed marker after alignment
  marker_tx = 3,    ///< arg8 = flags, arg16 = count; clock = D
  flit_tx = 4,      ///< arg64 = header, arg8 = byte 0 of a CTRL; clock = D
  accept = 5,       ///< arg8 = vc, arg64 = payload digest; clock = D
  deliver = 6,      ///< arg8 = vc, arg64 = payload digest (of the real bytes if they differ); clock = h
  replay = 7,       ///< a counted replay was started
  state = 8,        ///< arg8 = state, arg16 = cause; clock = first clock of the state
  lock = 9,         ///< arg32 = locked lanes; clock = first clock of the new value
};

}  // namespace lightrack::link
