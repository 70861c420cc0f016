// SPDX-License-Identifier: Apache-2.0
// platforms/link/service_curve_store.h
// Service curves by the kind of link: those of a folder that the environment names, and those that
// were built into the program, so that it finds them wherever it is run.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "models/link/service_curve.h"

namespace lightrack::platforms {

struct built_in_curve {
  std::string_view name;  ///< as service_curve_name() makes it
  std::string_view content;
};
/// platforms/link/service_curves as it was at build time.
[[nodiscard]] std::span<const built_in_curve> built_in_curves();

/// From the folder LIGHTRACK_SERVICE_CURVES where that has it, else the built-in one; none where
/// there is none. Throws base::config_error on a file that is no curve.
[[nodiscard]] std::optional<link::service_curve> find_service_curve(int lanes,
                                                                    double gbps_per_lambda,
                                                                    const std::string& fec);
/// Where a fit leaves its curve if it is not told: the environment's LIGHTRACK_SERVICE_CURVES, or
/// the folder of the source tree this was built from.
[[nodiscard]] std::string service_curve_folder();

}  // namespace lightrack::platforms
