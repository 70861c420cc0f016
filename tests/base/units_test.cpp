// SPDX-License-Identifier: Apache-2.0
#include "models/base/units.h"

#include <gtest/gtest.h>

namespace lightrack::base {
namespace {

TEST(quantity, a_bare_number_has_the_unit_of_its_key) {
  EXPECT_EQ(quantity("20", "m").value, 20.0);
  EXPECT_EQ(quantity(" 1e-9 ", "1").value, 1e-9);
  EXPECT_EQ(quantity("+5", "us").value, 5.0);
}

TEST(quantity, units_of_the_same_dimension_convert_exactly) {
  struct row {
    const char* text;
    const char* unit;
    double value;
  };
  for (const row& r :
       {row{"0.5 km", "m", 500}, row{"10us", "ns", 10'000}, row{"10us", "us", 10},
        row{"100 ns", "us", 0.1}, row{"2h", "s", 7200}, row{"1 KiB", "B", 1024},
        row{"0.05 Tb/s", "Gb/s", 50}, row{"3 %", "1", 0.03}, row{"4.895 us/km", "ns/m", 4.895}}) {
    SCOPED_TRACE(r.text);
    EXPECT_EQ(quantity(r.text, r.unit).value, r.value);
  }
}

TEST(quantity, another_dimension_is_refused_with_its_name) {
  const quantity_result r = quantity("3 s", "m");
  EXPECT_FALSE(r.value);
  EXPECT_EQ(r.problem, "'s' is a time, which the key is not");
}

TEST(quantity, what_is_no_number_or_no_unit_is_refused) {
  EXPECT_EQ(quantity("long", "m").problem, "'long' is no number");
  EXPECT_EQ(quantity("", "m").problem, "'' is no number");
  EXPECT_EQ(quantity("nan", "m").problem, "'nan' is no number");
  EXPECT_EQ(quantity("3 furlongs", "m").problem, "'furlongs' is no unit that is known");
}

TEST(number_text, reads_back_as_the_same_number) {
  EXPECT_EQ(number_text(16), "16");
  EXPECT_EQ(number_text(17.92), "17.92");
  EXPECT_EQ(number_text(1e-12), "1e-12");
}

TEST(time_text, takes_the_unit_that_reads_best) {
  EXPECT_EQ(time_text(97.9), "97.9 ns");
  EXPECT_EQ(time_text(12'500), "12.5 us");
  EXPECT_EQ(time_text(2e6), "2 ms");
}

}  // namespace
}  // namespace lightrack::base
