// SPDX-License-Identifier: Apache-2.0
// platforms/link/study_fec_points.h
// Two ways to 6.4 Tb/s an engine: many slow NRZ lines without FEC, or few PAM4 lines with
// RS(544,514). What each does at a bit error rate of its light, by formula and as a run.
//
// A run of the design with FEC has `channel.ber` set to what the decoder leaves: the rate at which
// as many flits are wrong. It is rounded to six digits, so that every host simulates the same.
#pragma once

#include <string>
#include <vector>

#include "models/base/config.h"
#include "platforms/report/rows.h"

namespace lightrack::platforms {

struct fec_design {
  std::string profile{};
  std::string name{};  ///< for people
  bool rs544 = false;
  double hop_ns = 0;     ///< both ends' electronics of one hop, FEC included
  double laser_pj = 0;   ///< a bit, of the module at its launch power
  double engine_pj = 0;  ///< a bit
  double launch_dbm = 0;
  double design_ber = 0;  ///< of the optical budget, before FEC

  /// Probability that a flit is wrong when its light has this bit error rate.
  [[nodiscard]] double flit_failure(double ber) const;
  /// What `channel.ber` stands for it.
  [[nodiscard]] double channel_ber(double ber) const;
};

/// SC25_DWDM and SC25_PAM4 over the fiber of `base`.
[[nodiscard]] std::vector<fec_design> fec_designs(const base::config& base);

struct fec_point {
  base::config config;
  std::size_t design = 0;
  double ber = 0;  ///< of the light, before FEC
  std::string key{};
};
/// Runs of both designs at full and at half load. Throws base::config_error if `base` gives a key
/// that the study sets.
[[nodiscard]] std::vector<fec_point> plan_fec_study(const base::config& base,
                                                    const std::vector<fec_design>& designs,
                                                    bool quick);

/// One row a design and rate: flits lost, useful share, energy a delivered bit. `round_trip_flits`
/// has one value a design.
[[nodiscard]] std::vector<document> fec_formula_rows(const std::vector<fec_design>& designs,
                                                     const std::vector<double>& round_trip_flits,
                                                     double flight_ns);
/// What the optical budget gives at launch powers of 3 to 14 dBm.
[[nodiscard]] std::vector<document> fec_launch_rows(const base::config& base,
                                                    const std::vector<fec_design>& designs);

}  // namespace lightrack::platforms
