// SPDX-License-Identifier: Apache-2.0
// platforms/study/point_store.h
// The rows of a study in results.sqlite, one a point, written as points end, so that a study that
// was stopped goes on where it was.
//
// A row counts as done if the same program made it from the same configuration: `key` is the
// point's configuration hash, `program` a hash of the executable file. Rows of another program are
// dropped on opening. Faults: a file that cannot be written, or is no database, is a config_error
// that names it.
//   point_store store{folder.file("results.sqlite"), program_hash()};  store.add(key, row);
#pragma once

#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

struct sqlite3;

namespace lightrack::platforms {

class point_store {
 public:
  /// An empty `file` keeps rows in memory only.
  point_store(std::string file, std::string program);
  ~point_store();
  point_store(const point_store&) = delete;
  point_store& operator=(const point_store&) = delete;

  /// Rows of this program by key: those found on opening and those added.
  [[nodiscard]] const std::map<std::string, nlohmann::ordered_json>& rows() const { return rows_; }
  /// Rows of another program that were dropped on opening.
  [[nodiscard]] int dropped() const { return dropped_; }
  /// Adds or replaces the row of a point. A column that is new is added to the table.
  void add(const std::string& key, const nlohmann::ordered_json& row);

 private:
  void run(const std::string& sql);
  void load();
  [[noreturn]] void refuse() const;

  std::string file_;
  std::string program_;
  sqlite3* handle_ = nullptr;
  std::map<std::string, nlohmann::ordered_json> rows_;
  std::map<std::string, bool> columns_;
  int dropped_ = 0;
};

/// A hash of the running program's file: two builds that differ have another.
[[nodiscard]] std::string program_hash();

}  // namespace lightrack::platforms
