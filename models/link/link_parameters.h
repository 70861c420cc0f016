// SPDX-License-Identifier: Apache-2.0
// models/link/link_parameters.h
// The parameters of a link, its channel and its traffic; those of its engine stand in
// models/base/engine_profile.h.
#pragma once

#include "models/base/parameters.h"
#include "models/link/types.h"

namespace lightrack::link {

/// Clocks of the pipeline from acceptance to delivery that are not light: the rest of a hop is the
/// PMD's.
[[nodiscard]] i64 pipeline_clocks();

void declare_link_parameters(base::parameter_set& known);

}  // namespace lightrack::link
