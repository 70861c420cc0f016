// SPDX-License-Identifier: Apache-2.0
#include "platforms/link/service_curve_store.h"

#include <cstdlib>
#include <filesystem>

namespace lightrack::platforms {
namespace {

const char* chosen_folder() { return std::getenv("LIGHTRACK_SERVICE_CURVES"); }

}  // namespace

std::string service_curve_folder() {
  const char* const given = chosen_folder();
  return given != nullptr ? given : LIGHTRACK_SERVICE_CURVE_FOLDER;
}

std::optional<link::service_curve> find_service_curve(int lanes, double gbps_per_lambda,
                                                      const std::string& fec) {
  const std::string name = link::service_curve_name(lanes, gbps_per_lambda, fec);
  if (const char* const folder = chosen_folder(); folder != nullptr) {
    const std::filesystem::path file = std::filesystem::path{folder} / name;
    if (std::filesystem::exists(file)) return link::read_service_curve(file.string());
  }
  for (const built_in_curve& curve : built_in_curves())
    if (curve.name == name) return link::parse_service_curve(curve.content, name);
  return std::nullopt;
}

}  // namespace lightrack::platforms
