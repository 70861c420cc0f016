// SPDX-License-Identifier: Apache-2.0
// tests/platforms/point_store_test.cpp: the rows of a study survive, and only those of the same
// program count.
#include "platforms/study/point_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

#include "models/base/error.h"
#include "platforms/study/progress_bar.h"

namespace lightrack::platforms {
namespace {

class point_store_file : public testing::Test {
 protected:
  point_store_file() { std::filesystem::remove(file_); }
  ~point_store_file() override { std::filesystem::remove(file_); }
  std::string file_ = (std::filesystem::temp_directory_path() /
                       ("point_store_" + std::to_string(::getpid()) + ".sqlite"))
                          .string();
};

TEST_F(point_store_file, rows_are_there_again_with_their_types) {
  const nlohmann::ordered_json row = {
      {"lanes", 16}, {"ber", 1e-7}, {"status", "done"}, {"spread", nullptr}};
  point_store{file_, "build a"}.add("point 1", row);
  const point_store again{file_, "build a"};
  ASSERT_EQ(again.rows().size(), 1U);
  EXPECT_EQ(again.rows().at("point 1"), row);
}

TEST_F(point_store_file, a_row_replaces_the_one_of_the_same_point) {
  point_store store{file_, "build a"};
  store.add("point 1", {{"status", "failed"}});
  store.add("point 1", {{"status", "done"}});
  EXPECT_EQ(point_store(file_, "build a").rows().at("point 1")["status"], "done");
}

TEST_F(point_store_file, a_new_column_is_added_and_older_rows_lack_it) {
  point_store store{file_, "build a"};
  store.add("point 1", {{"lanes", 4}});
  store.add("point 2", {{"lanes", 8}, {"window", 64}});
  const point_store again{file_, "build a"};
  EXPECT_EQ(again.rows().at("point 2")["window"], 64);
  EXPECT_TRUE(again.rows().at("point 1")["window"].is_null());
}

TEST_F(point_store_file, rows_of_another_program_are_dropped) {
  point_store{file_, "build a"}.add("point 1", {{"lanes", 4}});
  EXPECT_EQ(point_store(file_, "build b").dropped(), 1);
  EXPECT_TRUE(point_store(file_, "build a").rows().empty());
}

TEST_F(point_store_file, a_reader_in_the_middle_of_its_query_only_delays_a_row) {
  point_store store{file_, "build a"};
  store.add("point 1", {{"lanes", 4}});
  sqlite3* reader = nullptr;
  ASSERT_EQ(sqlite3_open(file_.c_str(), &reader), SQLITE_OK);
  const auto run = [&](const char* sql) { sqlite3_exec(reader, sql, nullptr, nullptr, nullptr); };
  run("BEGIN; SELECT * FROM results");  // holds its lock until the end of the transaction
  std::thread later{[&] {
    std::this_thread::sleep_for(std::chrono::milliseconds{100});
    run("END");
  }};
  EXPECT_NO_THROW(store.add("point 2", {{"lanes", 8}}));
  later.join();
  sqlite3_close(reader);
  EXPECT_EQ(point_store(file_, "build a").rows().size(), 2U);
}

TEST_F(point_store_file, a_file_that_is_no_database_is_refused_by_name) {
  std::ofstream{file_} << "this is a letter, and longer than the header of a database would be";
  try {
    const point_store store{file_, "build a"};
    FAIL() << "no error";
  } catch (const base::config_error& e) {
    EXPECT_THAT(e.what(), testing::HasSubstr(file_));
  }
}

TEST(program_hash, is_sixteen_digits_and_stays_the_same) {
  EXPECT_THAT(program_hash(), testing::MatchesRegex("[0-9a-f]{16}"));
  EXPECT_EQ(program_hash(), program_hash());
}

TEST(progress_line, says_how_much_how_fast_and_how_long) {
  EXPECT_EQ(progress_line("points", 30, 120, 10),
            "[######..................] 30/120 points  3/s  30 s left");
  EXPECT_EQ(progress_line("points", 0, 8, 2),
            "[........................] 0/8 points  0/s  starting");
  EXPECT_EQ(progress_line("points", 8, 8, 4),
            "[########################] 8/8 points  2/s  0 s left");
}

}  // namespace
}  // namespace lightrack::platforms
