// SPDX-License-Identifier: Apache-2.0
// models/optics/optics_parameters.h
// The parameters of laser, ring, path, receiver and of the faults that the calculators take.
#pragma once

#include "models/base/parameters.h"

namespace lightrack::optics {

/// Beside base::declare_engine_parameters, which has the engine profile and the fiber's length.
void declare_optics_parameters(base::parameter_set& known);

}  // namespace lightrack::optics
