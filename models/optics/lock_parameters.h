// SPDX-License-Identifier: Apache-2.0
// models/optics/lock_parameters.h
// The parameters of heaters, fabrication, arbitration, lock and tracking.
#pragma once

#include "models/base/parameters.h"

namespace lightrack::optics {

/// Beside declare_optics_parameters(), which has what the responses of rings need.
void declare_lock_parameters(base::parameter_set& known);

}  // namespace lightrack::optics
