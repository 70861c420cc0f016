// SPDX-License-Identifier: Apache-2.0
#include "models/base/config.h"

#include <gtest/gtest.h>

#include <functional>

namespace lightrack::base {
namespace {

config fresh() {
  static const auto known = [] {
    auto set = std::make_shared<parameter_set>();
    set->add({.name = "fiber.length", .unit = "m", .standard = "20", .min = 0.5, .max = 2000});
    set->add({.name = "fiber.delay", .unit = "ns/m", .standard = "4.895", .output = true});
    set->add({.name = "link.lanes",
              .unit = "count",
              .type = value_type::integer,
              .standard = "16",
              .values = {4, 8, 16}});
    set->add({.name = "link.fec",
              .unit = "enum",
              .type = value_type::choice,
              .standard = "none",
              .choices = {"none", "rs544"}});
    set->add({.name = "link.fidelity.INSTANCE",
              .unit = "enum",
              .type = value_type::choice,
              .choices = {"flit", "rtl"}});
    set->add({.name = "channel.ber",
              .unit = "1",
              .shape = value_shape::list,
              .standard = "0",
              .min = 0,
              .max = 0.5});
    set->add({.name = "channel.offset",
              .unit = "bits",
              .type = value_type::integer,
              .shape = value_shape::list,
              .standard = "random",
              .min = 0,
              .max = 31,
              .choices = {"random"}});
    set->add(
        {.name = "channel.events",
         .unit = "us",
         .shape = value_shape::rows,
         .standard = "[]",
         .columns = {
             {.name = "time", .unit = "us"},
             {.name = "lane", .unit = "count", .type = value_type::integer, .min = 0, .max = 15},
             {.name = "what",
              .unit = "enum",
              .type = value_type::choice,
              .standard = "lose",
              .choices = {"lose", "return"}}}});
    set->add({.name = "traffic.file", .unit = "text", .type = value_type::text});
    set->add({.name = "sim.seed",
              .unit = "count",
              .type = value_type::integer,
              .standard = "1",
              .hashed = false});
    return set;
  }();
  return config{known};
}

std::string refusal(const std::function<void(config&)>& action) {
  config c = fresh();
  try {
    action(c);
  } catch (const config_error& e) {
    return e.what();
  }
  return "accepted";
}

std::string refused_text(const char* toml) {
  return refusal([&](config& c) { c.parse(toml, "run.toml"); });
}
std::string refused_set(const char* text) {
  return refusal([&](config& c) { c.set(text); });
}

TEST(config, starts_from_declared_defaults) {
  const config c = fresh();
  EXPECT_EQ(c.number("fiber.length"), 20);
  EXPECT_EQ(c.integer("link.lanes"), 16);
  EXPECT_EQ(c.text("link.fec"), "none");
  EXPECT_EQ(c.text("traffic.file"), "");
  EXPECT_TRUE(c.numbers("channel.offset").empty()) << "a word stands for the list";
}

TEST(config, a_profile_gives_way_to_the_file_and_that_to_the_command_line) {
  config c = fresh();
  c.parse("[link]\nlanes = 8\n", "run.toml");
  c.imply("link.lanes", 4);
  EXPECT_EQ(c.integer("link.lanes"), 8);
  c.set("link.lanes=16");
  EXPECT_EQ(c.integer("link.lanes"), 16);
  config d = fresh();
  d.imply("link.lanes", 4);
  EXPECT_EQ(d.integer("link.lanes"), 4);
  EXPECT_FALSE(d.given("link.lanes"));
}

TEST(config, a_set_needs_no_quotes) {
  config c = fresh();
  c.set("fiber.length=0.5 km");
  c.set("link.fec=rs544");
  c.set("channel.ber=[0, 1e-9]");
  c.set("traffic.file=2024-01-01.csv");
  c.set("link.fidelity.link0.west=rtl");
  EXPECT_EQ(c.number("fiber.length"), 500);
  EXPECT_EQ(c.text("link.fec"), "rs544");
  EXPECT_EQ(c.numbers("channel.ber"), (std::vector<double>{0, 1e-9}));
  EXPECT_EQ(c.text("traffic.file"), "2024-01-01.csv");
  EXPECT_EQ(c.family("link.fidelity.INSTANCE").at(0),
            (std::pair<std::string, std::string>{"link0.west", "rtl"}));
}

TEST(config, instances_are_named_alike_with_and_without_quotes_in_a_file) {
  config quoted = fresh();
  quoted.parse("[link.fidelity]\n\"link0.west\" = \"rtl\"\n", "a.toml");
  config plain = fresh();
  plain.parse("[link.fidelity]\nlink0.west = \"rtl\"\n", "a.toml");
  EXPECT_EQ(quoted.hash(), plain.hash());
}

TEST(config, rows_come_as_lists_or_tables) {
  config c = fresh();
  c.set("channel.events=[{time = \"2 ms\", lane = 3}, [5, 4, \"return\"]]");
  const auto rows = c.rows("channel.events");
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0]["time"], 2000.0);
  EXPECT_EQ(rows[0]["what"], "lose") << "the column's default";
  EXPECT_EQ(rows[1]["lane"], 4);
}

TEST(config, every_mistake_is_one_sentence_with_place_key_found_and_allowed) {
  EXPECT_EQ(refused_text("[link]\n\nlane = 8\n"),
            "run.toml:3: link.lane = 8: no such key; allowed are those of 'lightrack params', "
            "nearest is link.lanes");
  EXPECT_EQ(
      refused_text("[link]\nlanes = 5\n"),
      "run.toml:2: link.lanes = 5: not one of the values that exist; allowed is one of 4, 8, 16");
  EXPECT_EQ(refused_text("[link]\nlanes = true\n"),
            "run.toml:2: link.lanes = true: a number is wanted; allowed is one of 4, 8, 16");
  EXPECT_EQ(
      refused_text("[fiber]\nlength = 5000\n"),
      "run.toml:2: fiber.length = 5000: out of range; allowed is a number of m from 0.5 to 2000");
  EXPECT_EQ(refused_text("[fiber]\nlength = \"3 s\"\n"),
            "run.toml:2: fiber.length = \"3 s\": 's' is a time, which the key is not; allowed is a "
            "number of m from 0.5 to 2000");
  EXPECT_EQ(refused_text("[fiber]\nlength = [1, 2]\n"),
            "run.toml:2: fiber.length = [1, 2]: one value is wanted; allowed is a number of m from "
            "0.5 to 2000");
  EXPECT_EQ(refused_text("[link]\nfec = \"rs54\"\n"),
            "run.toml:2: link.fec = \"rs54\": no such choice, nearest is rs544; allowed is one of "
            "none, rs544");
  EXPECT_EQ(refused_text("[fiber]\ndelay = 5\n"),
            "run.toml:2: fiber.delay = 5: follows from other keys and cannot be set; allowed are "
            "keys with a range");
  EXPECT_EQ(refused_set("channel.ber=[0, 0.7]"),
            "--set: channel.ber = [0, 0.7]: out of range; allowed is a number from 0 to 0.5, or a "
            "list of such");
  EXPECT_EQ(refused_set("link.lanes"),
            "--set link.lanes: no '=' after a key; allowed is key=value");
  EXPECT_EQ(refused_set("channel.events=[{time = 1, lane = 3, wat = 1}]"),
            "--set: channel.events = [{\"lane\":3,\"time\":1,\"wat\":1}]: a row has no 'wat', "
            "nearest is what; "
            "allowed is a list of rows of time (us), lane (count), what (lose or return)");
}

TEST(config, text_that_is_not_toml_names_its_line) {
  EXPECT_TRUE(refused_text("[link]\nlanes = \n").starts_with("run.toml:2: not TOML: "))
      << refused_text("[link]\nlanes = \n");
}

TEST(config, a_file_that_is_not_there_is_named) {
  EXPECT_EQ(refusal([](config& c) { c.load("no-such.toml"); }),
            "no-such.toml: cannot be read (No such file or directory); allowed is a TOML file, "
            "'lightrack params --toml' writes one");
}

TEST(config, two_values_for_a_key_on_one_command_line_are_a_contradiction) {
  EXPECT_EQ(refusal([](config& c) {
              c.set("link.lanes=8");
              c.set("link.lanes=16");
            }),
            "--set: link.lanes = 16: contradicts link.lanes = 8 on the same command line; allowed "
            "is one value a key");
  EXPECT_EQ(refusal([](config& c) {
              c.set("link.lanes=8");
              c.set("link.lanes=8");
            }),
            "accepted");
}

TEST(config, the_effective_configuration_reads_back_as_itself) {
  config c = fresh();
  c.set("fiber.length=0.5 km");
  c.set("channel.ber=[0, 1e-12]");
  c.set("link.fidelity.link0.*=rtl");
  c.set("channel.events=[[5, 4, \"return\"]]");
  config again = fresh();
  again.parse(c.toml(), "config.toml");
  EXPECT_EQ(again.toml(), c.toml());
  EXPECT_EQ(again.hash(), c.hash());
}

TEST(config, the_hash_follows_values_but_not_the_seed_or_who_said_them) {
  config c = fresh();
  const auto before = c.hash();
  c.set("sim.seed=7");
  c.set("fiber.length=20");
  EXPECT_EQ(c.hash(), before);
  c.set("link.lanes=8");
  EXPECT_NE(c.hash(), before);
}

}  // namespace
}  // namespace lightrack::base
