// SPDX-License-Identifier: Apache-2.0
// tests/optics/grid_test.cpp
#include "models/optics/grid.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/optics/refusal.h"

namespace lightrack::optics {
namespace {

using testing::AllOf;
using testing::HasSubstr;

TEST(grid, of_sixteen_lines_is_centered_on_230_6_terahertz) {
  const grid g = make_grid({});
  EXPECT_EQ(g.lines, 16);
  EXPECT_EQ(g.fsr_ghz, 3200);
  EXPECT_DOUBLE_EQ(g.line_ghz(0), 229'100);
  EXPECT_DOUBLE_EQ(g.line_ghz(7), 230'500);
  EXPECT_DOUBLE_EQ(g.line_ghz(8), 230'700);
  EXPECT_DOUBLE_EQ(g.line_ghz(15), 232'100);
}

TEST(grid, with_a_spare_has_seventeen_lines_and_an_fsr_of_3_4_terahertz) {
  const grid g = make_grid({.spares = 1});
  EXPECT_EQ(g.lines, 17);
  EXPECT_DOUBLE_EQ(g.fsr_ghz, 3400);
  EXPECT_DOUBLE_EQ(g.line_ghz(8), 230'600) << "an odd count has a line in the middle";
}

TEST(grid, folds_distances_by_the_fsr) {
  const grid g = make_grid({});
  EXPECT_DOUBLE_EQ(g.fold(0), 0);
  EXPECT_DOUBLE_EQ(g.fold(200), 200);
  EXPECT_DOUBLE_EQ(g.fold(3'000), -200) << "line 15 is a neighbor of line 0";
  EXPECT_DOUBLE_EQ(g.fold(-3'000), 200);
  EXPECT_DOUBLE_EQ(g.fold(1'600), -1'600) << "the farthest point counts as below";
  EXPECT_DOUBLE_EQ(g.fold(3'200 * 5 + 12.5), 12.5);
  // Folding by stepping one FSR at a time, written differently.
  for (double d = -20'000; d < 20'000; d += 137.3) {
    double stepped = d;
    while (stepped >= 1'600) stepped -= 3'200;
    while (stepped < -1'600) stepped += 3'200;
    EXPECT_NEAR(g.fold(d), stepped, 1e-9) << d;
  }
}

TEST(grid, takes_an_fsr_within_its_tolerance) {
  EXPECT_EQ(make_grid({.fsr_thz = 3.23}).fsr_ghz, 3'230);
  EXPECT_EQ(make_grid({.fsr_thz = 3.17}).fsr_ghz, 3'170);
}

TEST(grid, wider_than_the_fsr_is_refused_with_the_numbers) {
  EXPECT_THAT(refusal([] { (void)make_grid({.spacing_ghz = 400, .fsr_thz = 3.2}); }),
              AllOf(HasSubstr("ring.fsr = 3.2 THz"), HasSubstr("16 lines of 400 GHz take 6.4 THz"),
                    HasSubstr("wider than"), HasSubstr("allowed is 6.4 THz within 1 %")));
  EXPECT_THAT(refusal([] { (void)make_grid({.spares = 1, .fsr_thz = 3.2}); }),
              HasSubstr("17 lines of 200 GHz take 3.4 THz"));
  EXPECT_THAT(refusal([] { (void)make_grid({.fsr_thz = 4}); }), HasSubstr("narrower than"));
  EXPECT_THAT(refusal([] { (void)make_grid({.lines = 0}); }), HasSubstr("0 lines"));
}

TEST(ghz_per_nm, is_177_at_1300_nanometers) { EXPECT_NEAR(ghz_per_nm(230'600), 177.4, 0.05); }

}  // namespace
}  // namespace lightrack::optics
