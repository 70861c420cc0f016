// SPDX-License-Identifier: Apache-2.0
// platforms/link/study_fec.h
// `lightrack study fec`: many NRZ lines without FEC against few PAM4 lines with RS(544,514), in
// latency, tail, goodput and energy over the bit error rate of the light.
//
// Time:   measured points are runs of flit endpoints, each in a child process; the rest is closed
//         form. Faults: a point that fails is a row with its reason, and exit code 1.
//   study_options o{.config = link_config(), ...};  return run_study_fec(o);
#pragma once

#include <string>

#include "platforms/link/study_link.h"

namespace lightrack::platforms {

/// Exit code as run_study_link.
int run_study_fec(const study_options& options);

/// What `study --list` says of it.
[[nodiscard]] std::string study_fec_summary();

}  // namespace lightrack::platforms
