// SPDX-License-Identifier: Apache-2.0
#include "models/base/parameters.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace lightrack::base {
namespace {

parameter_set three() {
  parameter_set known;
  known.add({.name = "fiber.length", .unit = "m", .standard = "20", .min = 0.5, .max = 2000});
  known.add(
      {.name = "link.lanes", .unit = "count", .type = value_type::integer, .values = {4, 8, 16}});
  known.add({.name = "link.fidelity.INSTANCE",
             .unit = "enum",
             .type = value_type::choice,
             .choices = {"flit", "rtl"}});
  return known;
}

TEST(parameter_set, finds_names_and_members_of_families) {
  const parameter_set known = three();
  EXPECT_EQ(known.find("fiber.length")->unit, "m");
  EXPECT_EQ(known.find("link.fidelity.link0.west")->name, "link.fidelity.INSTANCE");
  EXPECT_EQ(known.find("fiber.len"), nullptr);
  EXPECT_EQ(known.find("link.fidelity."), nullptr) << "an instance without a name";
}

TEST(parameter_set, a_name_is_declared_once) {
  parameter_set known = three();
  EXPECT_THROW(known.add({.name = "fiber.length"}), std::logic_error);
}

TEST(parameter_set, a_typo_leads_to_the_nearest_name) {
  const parameter_set known = three();
  EXPECT_EQ(known.nearest("fibre.lenght"), "fiber.length");
  EXPECT_EQ(known.nearest("link.lane"), "link.lanes");
  EXPECT_EQ(known.nearest("engine.length"), "fiber.length") << "right word, wrong group";
  EXPECT_EQ(known.nearest("zzz"), "");
}

TEST(allowed_text, says_type_unit_and_range) {
  const parameter_set known = three();
  EXPECT_EQ(allowed_text(*known.find("fiber.length")), "a number of m from 0.5 to 2000");
  EXPECT_EQ(allowed_text(*known.find("link.lanes")), "one of 4, 8, 16");
  EXPECT_EQ(allowed_text(*known.find("link.fidelity.a")), "one of flit, rtl");
}

}  // namespace
}  // namespace lightrack::base
