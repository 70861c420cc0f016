// SPDX-License-Identifier: Apache-2.0
// models/optics/lock_setup.h
// From keys to the numbers of locking: the bank of an engine's rings, a ramp, and a draw of buses.
//
//   lock_setup s = make_lock_setup(config);  light_bank bank{s.bank};
#pragma once

#include "models/base/config.h"
#include "models/optics/assignment_yield.h"
#include "models/optics/light_bank.h"
#include "models/optics/optics_setup.h"

namespace lightrack::optics {

struct lock_setup {
  optics_setup light{};
  bank_params bank{};    ///< of one engine; the platform sets engines and role
  track_params track{};  ///< light.slew
  yield_params draw{};   ///< light.samples, light.temperature_offset
};

/// Reads make_optics_setup() and all keys of the lock. Throws base::config_error for
/// a control period at which the loop diverges.
[[nodiscard]] lock_setup make_lock_setup(base::config& c);

}  // namespace lightrack::optics
