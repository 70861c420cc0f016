// SPDX-License-Identifier: Apache-2.0
#include "platforms/study/point_store.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <fstream>
#include <utility>
#include <vector>

#include "models/base/error.h"
#include "models/base/random.h"

namespace lightrack::platforms {
namespace {

using nlohmann::ordered_json;
using statement = std::unique_ptr<sqlite3_stmt, decltype(&sqlite3_finalize)>;

constexpr int patience_ms = 60'000;

ordered_json column_value(sqlite3_stmt* s, int i) {
  switch (sqlite3_column_type(s, i)) {
    case SQLITE_INTEGER:
      return sqlite3_column_int64(s, i);
    case SQLITE_FLOAT:
      return sqlite3_column_double(s, i);
    case SQLITE_TEXT:
      return reinterpret_cast<const char*>(sqlite3_column_text(s, i));
    default:
      return nullptr;
  }
}

void bind_value(sqlite3_stmt* s, int place, const ordered_json& v) {
  if (v.is_null()) return;
  if (v.is_number_float()) {
    sqlite3_bind_double(s, place, v.get<double>());
  } else if (v.is_number() || v.is_boolean()) {
    sqlite3_bind_int64(s, place, v.is_boolean() ? v.get<bool>() : v.get<sqlite3_int64>());
  } else {
    const std::string text = v.is_string() ? v.get<std::string>() : v.dump();
    sqlite3_bind_text(s, place, text.c_str(), static_cast<int>(text.size()), SQLITE_TRANSIENT);
  }
}

}  // namespace

point_store::point_store(std::string file, std::string program)
    : file_{std::move(file)}, program_{std::move(program)} {
  const std::string name = file_.empty() ? ":memory:" : file_;
  if (sqlite3_open(name.c_str(), &handle_) != SQLITE_OK) refuse();
  // Somebody may read the rows while the study goes on.
  sqlite3_busy_timeout(handle_, patience_ms);
  run("PRAGMA synchronous = NORMAL");
  run("CREATE TABLE IF NOT EXISTS results (key TEXT PRIMARY KEY, program TEXT)");
  load();
}

point_store::~point_store() { sqlite3_close(handle_); }

void point_store::refuse() const {
  const std::string reason = sqlite3_errmsg(handle_);
  throw base::config_error(
      fmt::format("{}: cannot be used for results ({}); allowed is a folder that this program made "
                  "or a new one, by --out DIR",
                  file_, reason));
}

void point_store::run(const std::string& sql) {
  if (sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) refuse();
}

void point_store::load() {
  sqlite3_stmt* raw = nullptr;
  if (sqlite3_prepare_v2(handle_, "SELECT * FROM results ORDER BY rowid", -1, &raw, nullptr) !=
      SQLITE_OK) {
    refuse();
  }
  {
    const statement select{raw, &sqlite3_finalize};
    const int count = sqlite3_column_count(raw);
    for (int i = 0; i < count; ++i) columns_[sqlite3_column_name(raw, i)] = true;
    while (sqlite3_step(raw) == SQLITE_ROW) {
      ordered_json row;
      for (int i = 0; i < count; ++i) row[sqlite3_column_name(raw, i)] = column_value(raw, i);
      if (row["program"] != program_) {
        ++dropped_;
        continue;
      }
      const std::string key = row["key"].get<std::string>();
      row.erase("key");
      row.erase("program");
      rows_[key] = std::move(row);
    }
  }
  if (dropped_ > 0) run(fmt::format("DELETE FROM results WHERE program <> '{}'", program_));
}

void point_store::add(const std::string& key, const ordered_json& row) {
  std::string names = "key, program";
  std::string places = "?, ?";
  for (const auto& [name, value] : row.items()) {
    if (columns_.emplace(name, true).second) {
      run(fmt::format("ALTER TABLE results ADD COLUMN \"{}\"", name));
    }
    names += fmt::format(", \"{}\"", name);
    places += ", ?";
  }
  const std::string sql =
      fmt::format("INSERT OR REPLACE INTO results ({}) VALUES ({})", names, places);
  sqlite3_stmt* raw = nullptr;
  if (sqlite3_prepare_v2(handle_, sql.c_str(), -1, &raw, nullptr) != SQLITE_OK) refuse();
  const statement insert{raw, &sqlite3_finalize};
  bind_value(raw, 1, key);
  bind_value(raw, 2, program_);
  int place = 3;
  for (const auto& [name, value] : row.items()) bind_value(raw, place++, value);
  if (sqlite3_step(raw) != SQLITE_DONE) refuse();
  rows_[key] = row;
}

std::string program_hash() {
  std::ifstream in{"/proc/self/exe", std::ios::binary};
  std::uint64_t hash = 0;
  std::vector<std::uint64_t> words(1 << 16);
  while (in) {
    words.assign(words.size(), 0);
    in.read(reinterpret_cast<char*>(words.data()),
            static_cast<std::streamsize>(words.size() * sizeof(std::uint64_t)));
    const auto bytes = static_cast<std::size_t>(in.gcount());
    for (std::size_t i = 0; i * sizeof(std::uint64_t) < bytes; ++i) {
      hash = base::mix64(hash ^ words[i]);
    }
  }
  return fmt::format("{:016x}", hash);
}

}  // namespace lightrack::platforms
