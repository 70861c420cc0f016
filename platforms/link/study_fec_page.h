// SPDX-License-Identifier: Apache-2.0
// platforms/link/study_fec_page.h
// Sentences and figures of the FEC study.
#pragma once

#include <string>
#include <vector>

#include "platforms/link/study_fec_points.h"

namespace lightrack::platforms {

[[nodiscard]] std::vector<std::string> fec_answers(const std::vector<fec_design>& designs,
                                                   const std::vector<document>& rows,
                                                   double flight_ns);
void add_fec_figures(page& p, const std::vector<fec_design>& designs,
                     const std::vector<document>& rows, const std::string& command);

/// The greatest rate of the light at which a formula row still has this useful share; 0 if none.
[[nodiscard]] double last_ber_above(const std::vector<document>& rows, const fec_design& d,
                                    double efficiency);

}  // namespace lightrack::platforms
