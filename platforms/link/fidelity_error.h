// SPDX-License-Identifier: Apache-2.0
// platforms/link/fidelity_error.h
// The table of measured errors of each fidelity against RTL: `compare link --record` writes it,
// every result quotes it.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace lightrack::platforms {

struct fidelity_error {
  std::string fidelity;  ///< "flit"
  int lanes = 16;
  double throughput_percent = 0;  ///< largest over the scenarios, absolute
  double latency_ns = 0;          ///< likewise
  int scenarios = 0;              ///< that were compared with RTL
  std::string git;                ///< revision that was measured
  friend bool operator==(const fidelity_error&, const fidelity_error&) = default;
};

/// Where the table lies: the environment's LIGHTRACK_FIDELITY_TABLE, or the one of the source tree
/// this was built from.
[[nodiscard]] std::string fidelity_table_file();
/// Rows of a table; empty if the file is not there. Throws base::config_error "file:line: ..." on a
/// malformed line.
[[nodiscard]] std::vector<fidelity_error> read_fidelity_table(const std::string& file);
/// Replaces the row of the same fidelity and lanes, or adds one. Throws base::config_error if it
/// cannot be written.
void record_fidelity_error(const std::string& file, const fidelity_error& row);
[[nodiscard]] std::optional<fidelity_error> find_fidelity_error(
    const std::vector<fidelity_error>& table, const std::string& fidelity, int lanes);

}  // namespace lightrack::platforms
