// SPDX-License-Identifier: Apache-2.0
#include "models/base/engine_profile.h"

#include <array>

namespace lightrack::base {
namespace {

constexpr auto nrz = modulation::nrz;
constexpr auto pam4 = modulation::pam4;
constexpr std::string_view nrz_32g = "receiver.sensitivity_oma_32g";
constexpr std::string_view nrz_50g = "receiver.sensitivity_oma_50g";
constexpr std::string_view outer_pam4 = "receiver.sensitivity_oma_pam4";

// clang-format off
// name, ports, wavelengths, Gb/s, modulation, engines, FEC, spares, hop ns,
// spacing GHz, launch dBm, sensitivity, shift dB, at BER, note
constexpr std::array profiles{
    engine_profile{"GEN2_4T", 8, 8, 32, nrz, 8, "none", 0, 10,
                   200, 9, nrz_32g, 0, 1e-12,
                   "8 x 8 x 32 Gb/s, the published 4 Tb/s demonstrator"},
    engine_profile{"GEN3_8T", 8, 16, 32, nrz, 8, "none", 0, 24,
                   200, 9, nrz_32g, 0, 1e-12,
                   "8 x 16 x 32 Gb/s; hop of the 50 Gb/s engine"},
    engine_profile{"SC25_DWDM", 8, 16, 50, nrz, 8, "none", 0, 24,
                   200, 11, nrz_50g, 0, 1e-12,
                   "8 x 16 x 50 Gb/s NRZ without FEC; the default"},
    engine_profile{"SC25_DWDM_SPARE", 8, 16, 50, nrz, 8, "none", 1, 24,
                   200, 11, nrz_50g, 0, 1e-12,
                   "the default with a 17th wavelength"},
    engine_profile{"SC25_PAM4", 32, 4, 50, pam4, 8, "rs544", 0, 150,
                   400, 11, outer_pam4, 0, 1e-6,
                   "PAM4; 150 ns is the middle of 100 to 200, FEC included"},
    // Sensitivity: 1.70 dB less from 1e-12 to 1e-6, 0.26 dB more from 50 to 53.125 GBd.
    engine_profile{"OCI_GEN1", 32, 4, 50, nrz, 8, "rs544", 0, 100.6,
                   400, 9, nrz_50g, -1.4, 1e-6,
                   "30 ns of engines, 25.6 ns to fill a codeword, 45 ns to decode"},
    engine_profile{"GUC_200T", 8, 16, 50, nrz, 16, "none", 0, 24,
                   200, 11, nrz_50g, 0, 1e-12,
                   "16 engines of the default kind a package"},
    engine_profile{"COPPER_NVL72", 36, 1, 200, pam4, 1, "none", 0, 175,
                   0, 0, "", 0, 0,
                   "baseline of copper pairs; has no optical link"},
};
// clang-format on

}  // namespace

double symbol_rate_gbd(double gbps_per_lambda, modulation symbols, std::string_view fec) {
  const double line_gbps = fec == "rs544" ? gbps_per_lambda * rs544_line_rate : gbps_per_lambda;
  return symbols == modulation::pam4 ? line_gbps / 2 : line_gbps;
}

std::span<const engine_profile> engine_profiles() { return profiles; }

const engine_profile* find_profile(std::string_view name) {
  for (const engine_profile& p : profiles)
    if (p.name == name) return &p;
  return nullptr;
}

void declare_engine_parameters(parameter_set& known) {
  std::vector<std::string> names;
  for (const engine_profile& p : profiles) names.emplace_back(p.name);
  known.add({.name = "engine.profile",
             .unit = "enum",
             .type = value_type::choice,
             .standard = "SC25_DWDM",
             .choices = names,
             .evidence = "derived",
             .note = "optical engine: sets ports, lanes, lane rate, spares, FEC, latency of a hop, "
                     "spacing, launch power and sensitivity"});
  known.add({.name = "engine.lambda_per_port",
             .unit = "count",
             .standard = "16",
             .evidence = "derived",
             .note = "the profile sets it",
             .output = true});
  known.add({.name = "engine.links_per_port",
             .unit = "count",
             .type = value_type::integer,
             .standard = "1",
             .min = 1,
             .max = 4,
             .evidence = "assumed",
             .note = "a link takes the wavelengths of a port divided by this; 1 in link and "
                     "package, 4 in the rack"});
  known.add({.name = "engine.gbps_per_lambda",
             .unit = "Gb/s",
             .standard = "50",
             .min = 16,
             .max = 200,
             .evidence = "press",
             .note = "payload rate of a lane; press reports of the OCI MSA, 16 to 32 in the first "
                     "generation; "
                     "the clock, lane bits / rate, must be whole femtoseconds"});
  known.add({.name = "fiber.length",
             .unit = "m",
             .standard = "20",
             .min = 0.5,
             .max = 2000,
             .evidence = "assumed",
             .note = "engineering choice"});
  known.add({.name = "fiber.delay",
             .unit = "ns/m",
             .standard = "4.895",
             .evidence = "derived",
             .note = "group index 1.4676 of single-mode fiber at 1310 nm over the speed of light",
             .output = true});
  known.add({.name = "sim.seed",
             .unit = "count",
             .type = value_type::integer,
             .standard = "1",
             .min = 0,
             .max = 9e15,
             .evidence = "assumed",
             .note = "of all random numbers; also --seed",
             .hashed = false});
}

}  // namespace lightrack::base
