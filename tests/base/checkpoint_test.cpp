// SPDX-License-Identifier: Apache-2.0
// tests/base/checkpoint_test.cpp
// A state written and read back by one function, and every file that must be refused.
#include "models/base/checkpoint.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <fstream>

#include "models/base/error.h"

namespace lightrack::base {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::ThrowsMessage;

struct counter {
  int clock = 0;
  std::vector<std::uint16_t> waiting;
  std::array<std::uint64_t, 2> sent{};

  void transfer(checkpoint& c) {
    c.part("counter");
    c.values(clock, sent);
    c.list(waiting);
  }
};

struct checkpoint_file : testing::Test {
  std::filesystem::path file =
      std::filesystem::path{testing::TempDir()} /
      (std::string{testing::UnitTest::GetInstance()->current_test_info()->name()} + ".ckpt");

  void SetUp() override {
    counter saved{.clock = 7, .waiting = {3, 5}, .sent = {11, 13}};
    checkpoint c{0xC0FFEE};
    saved.transfer(c);
    c.write(file);
  }
  void TearDown() override { std::filesystem::remove(file); }

  std::string contents() {
    std::ifstream in{file, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
  }
  void replace(const std::string& contents) { std::ofstream{file, std::ios::binary} << contents; }
  void load() {
    counter loaded;
    checkpoint c{file, 0xC0FFEE};
    loaded.transfer(c);
    c.finish();
  }
  void is_refused(const std::string& why) {
    EXPECT_THAT([this] { load(); }, ThrowsMessage<config_error>(HasSubstr(why)));
  }
};

TEST_F(checkpoint_file, gives_back_what_was_saved) {
  counter loaded{.clock = 1, .waiting = {9, 9, 9, 9}};
  checkpoint c{file, 0xC0FFEE};
  EXPECT_TRUE(c.loads());
  loaded.transfer(c);
  c.finish();
  EXPECT_EQ(loaded.clock, 7);
  EXPECT_THAT(loaded.waiting, ElementsAre(3, 5));
  EXPECT_THAT(loaded.sent, ElementsAre(11, 13));
}

TEST_F(checkpoint_file, of_another_configuration_is_refused) {
  EXPECT_THAT([this] { checkpoint(file, 0xBEEF); },
              ThrowsMessage<config_error>(
                  file.string() + ": not restored, it was saved under another configuration "
                                  "(0000000000c0ffee, here 000000000000beef)."));
}

TEST_F(checkpoint_file, of_another_format_is_refused) {
  std::string other = contents();
  other[8] = 1;
  replace(other);
  is_refused("its format is 1, this program reads 2.");
}

TEST_F(checkpoint_file, of_another_program_is_refused) {
  std::string other = contents();
  std::memset(&other[24], 0x5A, 8);
  replace(other);
  is_refused("it was saved by another version of the program (5a5a5a5a5a5a5a5a, this is ");
}

TEST_F(checkpoint_file, names_what_its_state_belongs_to) {
  checkpoint saved{1};
  saved.same_revision("RTL", 0xAB);
  saved.write(file);
  checkpoint same{file, 1};
  same.same_revision("RTL", 0xAB);
  checkpoint other{file, 1};
  EXPECT_THAT([&other] { other.same_revision("RTL", 0xCD); },
              ThrowsMessage<config_error>(HasSubstr(
                  "it was saved with another RTL (00000000000000ab, here 00000000000000cd).")));
}

TEST_F(checkpoint_file, carries_a_text_that_is_read_before_anything_is_built) {
  checkpoint saved{0xC0FFEE, "[sim]\nseed = 7\n"};
  saved.part("counter");
  saved.write(file);
  checkpoint loaded{file};
  EXPECT_EQ(loaded.note(), "[sim]\nseed = 7\n");
  loaded.require(0xC0FFEE);
  loaded.part("counter");
  loaded.finish();
}

TEST_F(checkpoint_file, that_is_something_else_is_refused) {
  replace("time_ns,source,destination\n");
  is_refused("it is not a checkpoint.");
  std::filesystem::remove(file);
  is_refused("it cannot be read.");
}

TEST_F(checkpoint_file, cut_short_or_damaged_is_refused_at_every_place) {
  const std::string whole = contents();
  constexpr std::size_t head = 56;
  ASSERT_GT(whole.size(), head);
  for (std::size_t size = head; size < whole.size(); ++size) {
    replace(whole.substr(0, size));
    is_refused("it is cut short");
  }
  for (std::size_t at = 0; at < whole.size(); ++at) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 4);
    replace(damaged);
    is_refused(at >= head ? "its contents are damaged." : "not restored");
  }
  for (std::size_t size = 0; size < head; ++size) {
    replace(whole.substr(0, size));
    is_refused("it is not a checkpoint.");
  }
  replace(whole + "x");
  is_refused("its contents are damaged.");
}

TEST_F(checkpoint_file, with_other_parts_is_refused) {
  checkpoint c{file, 0xC0FFEE};
  EXPECT_THAT([&c] { c.part("endpoint"); },
              ThrowsMessage<config_error>(
                  HasSubstr("it holds the part 'counter' where 'endpoint' belongs.")));

  checkpoint short_of{1};
  short_of.part("counter");
  short_of.write(file);
  counter loaded;
  checkpoint shorter{file, 1};
  EXPECT_THAT([&] { loaded.transfer(shorter); },
              ThrowsMessage<config_error>(HasSubstr("it ends within the part 'counter'.")));
}

TEST_F(checkpoint_file, that_holds_more_is_refused) {
  checkpoint c{file, 0xC0FFEE};
  c.part("counter");
  EXPECT_THAT([&c] { c.finish(); },
              ThrowsMessage<config_error>(HasSubstr("32 bytes more than 'counter' takes.")));
}

}  // namespace
}  // namespace lightrack::base
