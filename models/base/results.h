// SPDX-License-Identifier: Apache-2.0
// models/base/results.h
// The folder that a run leaves: config.toml, results.sqlite and results.csv, and what else is
// written beside them.
//
// Faults: a folder or file that cannot be written is a config_error that names it.
//   result_folder out{"lightrack-out/link-0123456789ab-1"};  out.write("config.toml", c.toml());
//   out.write_rows(tags, rows);
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace lightrack::base {

/// What every row carries, so that it can be made again.
struct result_tags {
  std::string git;
  std::string config_hash;
  std::uint64_t seed = 1;
  std::string fidelity;
};

/// Flat objects: column and number, text or null. Rows may have different columns.
using result_row = nlohmann::ordered_json;

class result_folder {
 public:
  /// Makes the folder and checks that it can be written.
  explicit result_folder(const std::string& path);

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] std::string file(std::string_view name) const;
  /// Writes a whole file.
  void write(std::string_view name, std::string_view text) const;
  /// Writes results.csv and the table `results` of results.sqlite anew: tags first, then all
  /// columns met, in order.
  void write_rows(const result_tags& tags, const std::vector<result_row>& rows) const;

 private:
  std::string path_;
};

/// The rows as CSV with a header line of all columns met, in order.
[[nodiscard]] std::string csv_text(const std::vector<result_row>& rows);

/// Git revision that this program was built from, "+" behind it if the tree had changes; "unknown"
/// outside git.
[[nodiscard]] std::string git_revision();

}  // namespace lightrack::base
