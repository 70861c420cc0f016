// SPDX-License-Identifier: Apache-2.0
// tests/package/laser_module_test.cpp
// Which laser feeds which line of which port, and what the module draws.
#include "models/package/laser_module.h"

#include <gtest/gtest.h>

#include "models/base/error.h"
#include "tests/package/engine_rig.h"

namespace lightrack::package {
namespace {

laser_module module_of(const engine_setup& s) {
  return {s.light.module, optics::laser_diode{s.light.diode}, s.light.lane(),
          s.light.light.lines.lines, s.light.fiber_ports};
}

TEST(laser_module, a_lane_feeds_its_line_of_all_eight_ports) {
  laser_module m = module_of(rig_setup());
  EXPECT_EQ(m.lanes(), 16);
  m.set_lane(3, false);
  for (int p = 0; p < 8; ++p)
    for (int k = 0; k < 16; ++k) EXPECT_EQ(m.lit(p, k), k != 3);
  EXPECT_EQ(m.lanes_on(), 15);
}

TEST(laser_module, four_copies_of_four_colors_feed_eight_ports_each) {
  laser_module m = module_of(rig_setup({"engine.profile=SC25_PAM4"}));
  EXPECT_EQ(m.lanes(), 16);
  EXPECT_EQ(m.lane_of(9, 2), 6);
  m.set_lane(6, false);
  EXPECT_FALSE(m.lit(9, 2));
  EXPECT_TRUE(m.lit(7, 2));
  EXPECT_TRUE(m.lit(16, 2));
}

TEST(laser_module, seventeen_lanes_feed_the_profile_with_a_spare) {
  EXPECT_EQ(module_of(rig_setup({"engine.profile=SC25_DWDM_SPARE"})).lanes(), 17);
}

TEST(laser_module, draws_12_watts_and_nothing_when_pulled) {
  laser_module m = module_of(rig_setup());
  EXPECT_NEAR(m.power_w().total(), 12.0, 0.05);
  EXPECT_NEAR(m.power_w().diodes, 6.8, 0.05) << "16 x 0.425 W";
  m.set_power(false);
  EXPECT_EQ(m.power_w().total(), 0);
  EXPECT_FALSE(m.lit(0, 0));
  m.set_power(true);
  EXPECT_TRUE(m.lit(0, 0));
}

TEST(laser_module, what_is_not_there_is_refused_with_the_numbers) {
  laser_module m = module_of(rig_setup());
  EXPECT_THROW(m.set_lane(16, false), base::config_error);
  const engine_setup s = rig_setup();
  EXPECT_THROW(
      (laser_module{s.light.module, optics::laser_diode{s.light.diode}, s.light.lane(), 8, 8}),
      base::config_error);
}

}  // namespace
}  // namespace lightrack::package
