// SPDX-License-Identifier: Apache-2.0
#include "models/base/results.h"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "models/base/error.h"

namespace lightrack::base {
namespace {

std::string temporary(const char* name) {
  return (std::filesystem::path{testing::TempDir()} / name).string();
}

std::string read(const std::string& file) {
  std::ostringstream text;
  text << std::ifstream{file}.rdbuf();
  return text.str();
}

const result_tags tags{.git = "abc", .config_hash = "0123", .seed = 7, .fidelity = "flit"};

TEST(result_folder, rows_carry_their_tags_in_csv) {
  const result_folder out{temporary("results-csv")};
  out.write_rows(
      tags, {{{"goodput", 705.7}, {"note", "a, \"b\""}}, {{"goodput", nullptr}, {"replays", 3}}});
  EXPECT_EQ(read(out.file("results.csv")),
            "git,config_hash,seed,fidelity,goodput,note,replays\n"
            "abc,0123,7,flit,705.7,\"a, \"\"b\"\"\",\n"
            "abc,0123,7,flit,,,3\n");
}

TEST(result_folder, rows_are_in_the_database_with_their_types) {
  const result_folder out{temporary("results-db")};
  out.write_rows(tags, {{{"goodput", 705.5}, {"replays", 3}}});
  sqlite3* db = nullptr;
  ASSERT_EQ(sqlite3_open(out.file("results.sqlite").c_str(), &db), SQLITE_OK);
  sqlite3_stmt* row = nullptr;
  ASSERT_EQ(sqlite3_prepare_v2(db, "SELECT seed, fidelity, goodput, replays FROM results", -1, &row,
                               nullptr),
            SQLITE_OK);
  ASSERT_EQ(sqlite3_step(row), SQLITE_ROW);
  EXPECT_EQ(sqlite3_column_int64(row, 0), 7);
  EXPECT_STREQ(reinterpret_cast<const char*>(sqlite3_column_text(row, 1)), "flit");
  EXPECT_EQ(sqlite3_column_double(row, 2), 705.5);
  EXPECT_EQ(sqlite3_column_type(row, 3), SQLITE_INTEGER);
  EXPECT_EQ(sqlite3_step(row), SQLITE_DONE);
  sqlite3_finalize(row);
  sqlite3_close(db);
}

TEST(result_folder, a_second_run_replaces_the_first) {
  const result_folder out{temporary("results-again")};
  out.write_rows(tags, {{{"goodput", 1}}, {{"goodput", 2}}});
  out.write_rows(tags, {{{"goodput", 3}}});
  EXPECT_EQ(read(out.file("results.csv")),
            "git,config_hash,seed,fidelity,goodput\nabc,0123,7,flit,3\n");
}

TEST(result_folder, a_place_that_cannot_be_written_is_named) {
  try {
    const result_folder out{"/dev/null/results"};
    FAIL() << "accepted";
  } catch (const config_error& e) {
    EXPECT_EQ(
        std::string{e.what()},
        "/dev/null/results: cannot be written (Not a directory); allowed is a place for results "
        "that this user can write, by --out DIR");
  }
}

TEST(git_revision, is_a_commit_or_unknown) {
  const std::string r = git_revision();
  EXPECT_TRUE(r == "unknown" || r.size() == 12 || (r.size() == 13 && r.back() == '+')) << r;
}

}  // namespace
}  // namespace lightrack::base
