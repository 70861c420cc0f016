// SPDX-License-Identifier: Apache-2.0
// platforms/link/link_kernel.h
// The one place where a platform starts the SystemC kernel. It elaborates once a process.
#pragma once

#include <functional>

#include "models/link/batch_runner.h"

namespace lightrack::platforms {

/// Runs `runner` as a self-timed SystemC process until `limit` (asked after each batch) is not past
/// its clock. What `limit` or an endpoint throws comes out as it was. Throws std::logic_error when
/// called a second time.
void run_under_kernel(link::batch_runner& runner, link::i64 clock_fs,
                      const std::function<link::i64()>& limit);

}  // namespace lightrack::platforms
