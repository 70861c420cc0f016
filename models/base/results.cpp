// SPDX-License-Identifier: Apache-2.0
#include "models/base/results.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sqlite3.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <set>

#include "models/base/error.h"
#include "models/base/units.h"

namespace lightrack::base {
namespace {

[[noreturn]] void refuse(const std::string& path, const std::string& reason) {
  throw config_error(
      fmt::format("{}: cannot be written ({}); allowed is a place for results that this user can "
                  "write, by --out DIR",
                  path, reason));
}

std::vector<result_row> tagged(const result_tags& tags, const std::vector<result_row>& rows) {
  std::vector<result_row> all;
  for (const result_row& row : rows) {
    result_row full = {{"git", tags.git},
                       {"config_hash", tags.config_hash},
                       {"seed", tags.seed},
                       {"fidelity", tags.fidelity}};
    for (const auto& [name, value] : row.items()) full[name] = value;
    all.push_back(std::move(full));
  }
  return all;
}

std::vector<std::string> column_names(const std::vector<result_row>& rows) {
  std::vector<std::string> names;
  std::set<std::string> seen;
  for (const result_row& row : rows)
    for (const auto& [name, value] : row.items())
      if (seen.insert(name).second) names.push_back(name);
  return names;
}

std::string csv_cell(const result_row& value) {
  if (value.is_null()) return "";
  if (value.is_number_float()) return number_text(value.get<double>());
  const std::string text = value.is_string() ? value.get<std::string>() : value.dump();
  if (text.find_first_of(",\"\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string{"\"\""} : std::string{c};
  return quoted + "\"";
}

std::string csv_text(const std::vector<std::string>& names, const std::vector<result_row>& rows) {
  std::string text = fmt::format("{}\n", fmt::join(names, ","));
  for (const result_row& row : rows) {
    std::vector<std::string> cells;
    for (const std::string& name : names)
      cells.push_back(row.contains(name) ? csv_cell(row[name]) : "");
    text += fmt::format("{}\n", fmt::join(cells, ","));
  }
  return text;
}

class database {
 public:
  explicit database(const std::string& file) : file_{file} {
    std::filesystem::remove(file);
    sqlite3* handle = nullptr;
    const int code = sqlite3_open(file.c_str(), &handle);
    handle_.reset(handle);
    if (code != SQLITE_OK) refuse(file_, sqlite3_errmsg(handle));
  }
  void run(const std::string& sql) {
    if (sqlite3_exec(handle_.get(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
      refuse(file_, sqlite3_errmsg(handle_.get()));
  }
  void insert(const std::string& sql, const std::vector<std::string>& names,
              const result_row& row) {
    sqlite3_stmt* raw = nullptr;
    if (sqlite3_prepare_v2(handle_.get(), sql.c_str(), -1, &raw, nullptr) != SQLITE_OK)
      refuse(file_, sqlite3_errmsg(handle_.get()));
    const std::unique_ptr<sqlite3_stmt, decltype(&sqlite3_finalize)> statement{raw,
                                                                               &sqlite3_finalize};
    for (std::size_t i = 0; i < names.size(); ++i) {
      const int place = static_cast<int>(i) + 1;
      if (!row.contains(names[i]) || row[names[i]].is_null()) continue;
      const result_row& v = row[names[i]];
      if (v.is_number_float()) {
        sqlite3_bind_double(raw, place, v.get<double>());
      } else if (v.is_number()) {
        sqlite3_bind_int64(raw, place, v.get<std::int64_t>());
      } else {
        const std::string text = v.is_string() ? v.get<std::string>() : v.dump();
        sqlite3_bind_text(raw, place, text.c_str(), static_cast<int>(text.size()),
                          SQLITE_TRANSIENT);
      }
    }
    if (sqlite3_step(raw) != SQLITE_DONE) refuse(file_, sqlite3_errmsg(handle_.get()));
  }

 private:
  std::string file_;
  std::unique_ptr<sqlite3, decltype(&sqlite3_close)> handle_{nullptr, &sqlite3_close};
};

void write_database(const std::string& file, const std::vector<std::string>& names,
                    const std::vector<result_row>& rows) {
  std::vector<std::string> columns;
  std::vector<std::string> places;
  for (const std::string& name : names) {
    columns.push_back(fmt::format("\"{}\"", name));
    places.emplace_back("?");
  }
  database db{file};
  db.run("PRAGMA synchronous = OFF");
  db.run("BEGIN");
  db.run(fmt::format("CREATE TABLE results ({})", fmt::join(columns, ", ")));
  const std::string sql = fmt::format("INSERT INTO results VALUES ({})", fmt::join(places, ", "));
  for (const result_row& row : rows) db.insert(sql, names, row);
  db.run("COMMIT");
}

}  // namespace

result_folder::result_folder(const std::string& path) : path_{path} {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) refuse(path, error.message());
  const std::string probe = file(".probe");
  if (!std::ofstream{probe}) refuse(path, std::strerror(errno));
  std::filesystem::remove(probe, error);
}

std::string csv_text(const std::vector<result_row>& rows) {
  return csv_text(column_names(rows), rows);
}

std::string result_folder::file(std::string_view name) const {
  return (std::filesystem::path{path_} / std::filesystem::path{name}).string();
}

void result_folder::write(std::string_view name, std::string_view text) const {
  std::ofstream out{file(name), std::ios::binary};
  out << text;
  out.close();
  if (!out) refuse(file(name), std::strerror(errno));
}

void result_folder::write_rows(const result_tags& tags, const std::vector<result_row>& rows) const {
  const std::vector<result_row> all = tagged(tags, rows);
  const std::vector<std::string> names = column_names(all);
  write("results.csv", csv_text(names, all));
  write_database(file("results.sqlite"), names, all);
}

}  // namespace lightrack::base
