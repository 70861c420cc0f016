// SPDX-License-Identifier: Apache-2.0
// models/base/engine_profile.h
// The optical engines that can be chosen by name: one row holds what link and light both need, so
// that neither family must know the other.
//
// Rates are payload rates of one direction. What is the product or a ratio of other columns is
// computed, not written.
//   const engine_profile& p = *find_profile("SC25_DWDM");  p.gbps() == 6400;
#pragma once

#include <span>
#include <string_view>

#include "models/base/parameters.h"

namespace lightrack::base {

enum class modulation { nrz, pam4 };

struct engine_profile {
  std::string_view name{};
  int fiber_ports = 0;
  int lambda_per_port = 0;  ///< wavelengths of a port that carry data
  double gbps_per_lambda = 0;
  modulation symbols = modulation::nrz;
  int engines_per_package = 0;
  std::string_view fec{};  ///< as link.fec
  int spares = 0;          ///< wavelengths of a port beside those
  double hop_ns = 0;       ///< transmitter plus receiver of one hop, FEC included
  // Light; not used where there is none.
  double spacing_ghz = 0;
  double launch_dbm = 0;            ///< of a wavelength and port
  std::string_view sensitivity{};   ///< key of the receiver's sensitivity
  double sensitivity_shift_db = 0;  ///< to be added to it, for another rate or error rate
  double sensitivity_ber = 0;       ///< at which it is stated
  std::string_view note{};

  [[nodiscard]] bool optical() const { return spacing_ghz > 0; }
  /// Of one engine and direction.
  [[nodiscard]] double gbps() const { return fiber_ports * lambda_per_port * gbps_per_lambda; }
};

/// Line bits a payload bit of RS(544,514) behind the 257/256 transcoding: 53.125 Gb/s carry 50.
inline constexpr double rs544_line_rate = 17.0 / 16.0;

/// Symbols a second, in GBd: NRZ has one bit a symbol, PAM4 two; FEC adds its bits.
[[nodiscard]] double symbol_rate_gbd(double gbps_per_lambda, modulation symbols,
                                     std::string_view fec);

[[nodiscard]] std::span<const engine_profile> engine_profiles();
[[nodiscard]] const engine_profile* find_profile(std::string_view name);

/// Keys that link and light share: the engine, the length of its fiber, the seed.
void declare_engine_parameters(parameter_set& known);

inline constexpr double fiber_ns_per_m = 4.895;  ///< group index 1.4676 over the speed of light

}  // namespace lightrack::base
