// SPDX-License-Identifier: Apache-2.0
// models/package/die_to_die.h
// The electrical side of an engine: UCIe modules toward the compute die, both ways.
//
// Raw bit errors are drawn from (seed, role, bit), so that neither batch nor order of counting
// changes them; the CRC of the adapter finds each and the flit is sent again. At 1e-15 that is one
// flit in 5e11, so repetitions cost no time here: latency and rate stand in `link.local_latency`
// and in the packer's rate.
// Not modelled: training, lane repair and power states of UCIe.
//   die_to_die host{{.role = "package0.engine3.host"}};  host.carry(host_way::to_light, flits);
#pragma once

#include <array>
#include <string>

#include "models/link/error_process.h"
#include "models/link/types.h"

namespace lightrack::package {

enum class host_way : link::u8 { to_light, from_light };

struct die_to_die_params {
  std::string role = "engine0.host";
  link::u64 seed = 1;
  double gt_per_s = 32;  ///< a lane
  int lanes = 16;        ///< of a module
  int modules = 16;      ///< of the engine
  double latency_ns = 2;
  double raw_ber = 1e-15;

  /// Of one direction.
  [[nodiscard]] double gbps() const { return gt_per_s * lanes * modules; }
};

struct host_counters {
  link::u64 flits = 0;
  link::u64 bit_errors = 0;
  link::u64 retries = 0;  ///< flits hit, each sent again
};

class die_to_die {
 public:
  /// Throws base::config_error if `engine_gbps` of light do not fit through the modules.
  die_to_die(const die_to_die_params& p, double engine_gbps);

  /// So many more flits of 256 bytes.
  void carry(host_way way, link::u64 flits);
  [[nodiscard]] const host_counters& counters(host_way way) const {
    return counters_[static_cast<std::size_t>(way)];
  }
  void clear() { counters_ = {}; }
  /// Share of the modules' rate that the light can ask for.
  [[nodiscard]] double load() const { return load_; }
  [[nodiscard]] const die_to_die_params& params() const { return params_; }

 private:
  die_to_die_params params_;
  double load_;
  std::array<link::error_process, 2> errors_;
  std::array<link::i64, 2> bits_{};  ///< carried so far
  std::array<host_counters, 2> counters_{};
};

}  // namespace lightrack::package
