// SPDX-License-Identifier: Apache-2.0
// tests/light/light_lock_test.cpp
// `light track` and `light assign` as an engineer asks them: keys in, figures out.
#include "platforms/light/light_lock.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "models/base/error.h"
#include "platforms/light/light_config.h"

namespace lightrack::platforms {
namespace {

using testing::HasSubstr;

base::config with(const std::vector<std::string>& keys) {
  base::config c = light_config();
  for (const std::string& k : keys) c.set(k);
  return c;
}

document track(const std::vector<std::string>& keys = {}) {
  base::config c = with(keys);
  return light_track(c);
}

document assign(std::vector<std::string> keys = {}) {
  if (keys.empty() || !keys.back().starts_with("light.samples")) {
    keys.push_back("light.samples=4000");
  }
  base::config c = with(keys);
  return light_assign(c);
}

TEST(light_track, eight_hundred_kelvin_a_second_and_ten_kilohertz) {
  const document t = track();
  EXPECT_NEAR(t["error_ghz"].get<double>(), 0.127, 0.002);
  EXPECT_NEAR(t["penalty_db"].get<double>(), 0, 0.01);
  EXPECT_TRUE(t["locked"].get<bool>());
  EXPECT_TRUE(t["lost_after_ms"].is_null());
  EXPECT_NEAR(track({"ring.loop_bw=1.27"})["error_ghz"].get<double>(), 1, 0.01);
}

TEST(light_track, slew_has_a_sign) {
  EXPECT_NEAR(track({"light.slew=-800"})["error_ghz"].get<double>(), -0.127, 0.002);
  const document cools = track({"light.slew=-800", "ring.loop_bw=0.28"});
  EXPECT_FALSE(cools["locked"].get<bool>());
  EXPECT_FALSE(cools["modulator_locked"].get<bool>());
  EXPECT_TRUE(cools["receive_locked"].get<bool>());
  EXPECT_GT(cools["penalty_db"].get<double>(), 1);
  EXPECT_TRUE(track({"light.slew=-800", "ring.loop_bw=0.31"})["locked"].get<bool>());
  EXPECT_TRUE(track({"light.slew=800", "ring.loop_bw=0.12"})["locked"].get<bool>());
  EXPECT_FALSE(track({"light.slew=800", "ring.loop_bw=0.1"})["locked"].get<bool>());
}

TEST(light_track, thresholds_follow_the_ring) {
  const document t = track();
  const double linewidth = t["linewidth_ghz"].get<double>();
  EXPECT_NEAR(t["thresholds_ghz"]["cooling"].get<double>() / linewidth, 0.094, 0.001);
  EXPECT_NEAR(t["thresholds_ghz"]["warming"].get<double>() / linewidth, 0.28, 0.002);
  EXPECT_NEAR(t["thresholds_ghz"]["receive"].get<double>() / linewidth, 0.254, 0.001);
}

TEST(light_track, a_loop_that_diverges_is_refused) {
  try {
    (void)track({"ring.loop_bw=30", "sim.control_period=20"});
    FAIL();
  } catch (const base::config_error& e) {
    EXPECT_THAT(e.what(), HasSubstr("a loop of 30 kHz diverges at a control period of 20 us"));
    EXPECT_THAT(e.what(), HasSubstr("allowed is a loop below"));
  }
}

TEST(light_assign, yields_of_the_schemes) {
  const document barrel = assign({"ring.fab_sigma=120"});
  EXPECT_NEAR(1 - barrel["yield"].get<double>(), 0.0071, 0.004);
  EXPECT_EQ(barrel["hops"].get<double>(), 0);
  EXPECT_NEAR(assign({"ring.fab_sigma=120", "ring.arbitration=NEAREST"})["yield"].get<double>(),
              0.35, 0.02);
  EXPECT_EQ(assign()["yield"].get<double>(), 1);
  EXPECT_NEAR(assign({"ring.arbitration=SEQUENTIAL"})["mean_heater_mw"].get<double>(), 4, 0.02);
}

TEST(light_assign, a_warm_die_has_hopped) {
  const document warm = assign({"light.temperature_offset=40"});
  EXPECT_NEAR(warm["hops"].get<double>(), 2, 0.05);
  EXPECT_EQ(warm["yield"].get<double>(), 1);
  EXPECT_EQ(assign({"ring.arbitration=SEQUENTIAL", "light.temperature_offset=60"})["yield"], 0.0);
}

TEST(light_assign, a_spare_line_is_a_ring_more) {
  const document spare = assign({"engine.profile=SC25_DWDM_SPARE"});
  EXPECT_EQ(spare["rings"].get<int>(), 17);
  EXPECT_EQ(spare["yield"].get<double>(), 1);
}

TEST(light_assign, another_seed_is_another_draw) {
  const auto yield = [](const char* seed) {
    base::config c = with({"ring.fab_sigma=160", "light.samples=2000"});
    c.set(seed);
    return light_assign(c)["failed"].get<int>();
  };
  EXPECT_EQ(yield("sim.seed=1"), yield("sim.seed=1"));
  EXPECT_NE(yield("sim.seed=1"), yield("sim.seed=2"));
}

TEST(light_lock, tables_say_what_the_objects_say) {
  EXPECT_THAT(track_text(track({"light.slew=-800", "ring.loop_bw=0.28"})),
              testing::AllOf(HasSubstr("a die that cools by 800 K/s"), HasSubstr("-4.547"),
                             HasSubstr("lost; lost below -4.36")));
  EXPECT_THAT(assign_text(assign()),
              testing::AllOf(HasSubstr("4000 buses of 16 rings, BARREL_SHIFT"),
                             HasSubstr("1.000000"), HasSubstr("256 buses each")));
}

}  // namespace
}  // namespace lightrack::platforms
