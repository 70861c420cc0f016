// SPDX-License-Identifier: Apache-2.0
// tests/light/light_calculators_test.cpp
// What `lightrack light` prints: the known answers in its JSON, and tables that say the same.
#include "platforms/light/light_calculators.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <initializer_list>
#include <string>

#include "platforms/light/light_config.h"

namespace lightrack::platforms {
namespace {

using testing::HasSubstr;

base::config keys(std::initializer_list<std::string> assignments) {
  base::config c = light_config();
  for (const std::string& a : assignments) c.set(a);
  return c;
}
document budget(std::initializer_list<std::string> assignments = {}) {
  base::config c = keys(assignments);
  return light_budget(c);
}
document ring(std::initializer_list<std::string> assignments = {}) {
  base::config c = keys(assignments);
  return light_ring(c);
}
document laser(std::initializer_list<std::string> assignments = {}) {
  base::config c = keys(assignments);
  return light_laser(c);
}
double number(const document& j, const char* key) { return j.at(key).get<double>(); }

TEST(light_budget, has_the_members_that_scripts_read) {
  const document b = budget();
  for (const char* key : {"elements", "launch_dbm", "received_oma_dbm", "penalties_db",
                          "sensitivity_dbm", "margin_db", "q", "ber"})
    EXPECT_TRUE(b.contains(key)) << key;
  for (const char* key : {"name", "place", "db"})
    EXPECT_TRUE(b["elements"][0].contains(key)) << key;
  EXPECT_NEAR(number(b, "launch_dbm"), 11, 1e-9);
  EXPECT_NEAR(number(b, "received_oma_dbm"), -6.41, 0.005);
  EXPECT_NEAR(number(b, "penalties_db"), 1, 1e-9);
  EXPECT_EQ(number(b, "sensitivity_dbm"), -8);
  EXPECT_NEAR(number(b, "margin_db"), 0.59, 0.005);
  EXPECT_NEAR(number(b, "q"), 8.03, 0.01);
  EXPECT_NEAR(number(b, "ber"), 5e-16, 0.5e-16);
}

TEST(light_budget, elements_and_penalties_add_up) {
  const document b = budget({"light.extra_loss=[[\"connector_2\", 2]]", "ring.q=4000"});
  double elements = 0;
  double penalties = 0;
  for (const document& e : b["elements"]) elements += number(e, "db");
  for (const document& p : b["penalties"]) penalties += number(p, "db");
  EXPECT_NEAR(elements, number(b, "launch_dbm") - number(b, "received_oma_dbm"), 1e-9);
  EXPECT_NEAR(penalties, number(b, "penalties_db"), 1e-9);
  EXPECT_NEAR(number(b, "received_oma_dbm") - penalties - number(b, "sensitivity_dbm"),
              number(b, "margin_db"), 1e-9);
}

TEST(light_budget, prints_a_negative_margin) {
  const document b = budget({"laser.power_per_lambda=9"});
  EXPECT_NEAR(number(b, "margin_db"), -1.41, 0.005);
  EXPECT_THAT(budget_text(b), HasSubstr("below sensitivity: a run refuses it"));
}

TEST(light_budget, shows_the_worst_line_that_has_light) {
  const document b = budget({"light.dark_lines=1",
                             "light.receive_detuning=[0, 0, 0, 0, 0, 9, 0, "
                             "0, 0, 0, 0, 0, 0, 0, 0, 0]"});
  EXPECT_EQ(b["line"], 5);
  EXPECT_FALSE(b["lines"][0]["present"].get<bool>());
  EXPECT_TRUE(b["lines"][0]["margin_db"].is_null());
  EXPECT_THAT(budget_text(b), HasSubstr("    0       dark"));
}

TEST(light_budget, of_a_dark_port_has_no_numbers_that_are_none) {
  const document b = budget({"light.dark_lines=0xFFFF"});
  EXPECT_TRUE(b["margin_db"].is_null());
  EXPECT_TRUE(b["los"].get<bool>());
  EXPECT_EQ(number(b, "ber"), 0.5);
  EXPECT_THAT(budget_text(b), HasSubstr("loss of signal"));
}

TEST(light_budget, table_has_each_element_and_the_level_behind_it) {
  const std::string text = budget_text(budget());
  EXPECT_THAT(text, HasSubstr("SC25_DWDM: 16 lines, 50 Gb/s NRZ (50 GBd), 20 m of fiber"));
  EXPECT_THAT(text, HasSubstr("joint_2               receiving package          0.75    -2.41"));
  EXPECT_THAT(text, HasSubstr("drop_ring             receiving die              1.00    -6.41"));
  EXPECT_THAT(text, HasSubstr("crosstalk 0.35 + multipath 0.20 + intersymbol_residue 0.45"));
  EXPECT_THAT(text, HasSubstr("target 2 dB, 1.41 short"));
}

TEST(light_ring, has_the_known_answers) {
  const document r = ring();
  EXPECT_NEAR(number(r, "linewidth_ghz"), 46.1, 0.05);
  EXPECT_EQ(number(r, "fsr_ghz"), 3200);
  EXPECT_NEAR(number(r, "neighbor_suppression_db"), -18.8, 0.05);
  EXPECT_NEAR(number(r, "crosstalk_db"), -14.0, 0.05);
  EXPECT_NEAR(number(r, "crosstalk_penalty_db"), 0.35, 0.005);
  EXPECT_NEAR(number(r, "er_db"), 5.0, 0.05);
  EXPECT_NEAR(number(r, "insertion_loss_db"), 3.0, 0.05);
  EXPECT_NEAR(number(r, "oma_penalty_db"), 4.65, 0.005);
  EXPECT_NEAR(number(r, "radius_um"), 3.47, 0.005);
  EXPECT_NEAR(number(ring({"laser.spacing=400"}), "neighbor_suppression_db"), -24.8, 0.05);
  EXPECT_THAT(ring_text(r), HasSubstr("neighbor suppression, dB        -18.82"));
}

TEST(light_laser, has_the_known_answers) {
  const document l = laser();
  EXPECT_NEAR(number(l, "power_mw_per_lane"), 100.7, 0.05);
  EXPECT_NEAR(number(l, "bias_ma"), 281.8, 0.05);
  EXPECT_NEAR(number(l, "threshold_ma"), 16.75, 0.005);
  EXPECT_NEAR(number(l, "module_w"), 12.0, 0.05);
  EXPECT_NEAR(number(l, "wall_plug"), 0.134, 0.0005);
  EXPECT_NEAR(number(l, "wall_plug_diode"), 0.237, 0.0005);
  EXPECT_NEAR(number(l, "pj_per_bit"), 1.87, 0.006);
  EXPECT_EQ(number(l, "shift_ghz"), 0);
  EXPECT_TRUE(l["alarms"].empty());
}

TEST(light_laser, of_32000_hours_warns_and_keeps_its_power) {
  const document l = laser({"laser.hours=32000"});
  EXPECT_EQ(l["alarms"], document::array({"bias_high_warning"}));
  EXPECT_NEAR(number(l, "power_mw_per_lane"), 100.7, 0.05);
  EXPECT_THAT(laser_text(l), HasSubstr("bias_high_warning"));
}

TEST(light_laser, ten_kelvin_warmer_stands_120_gigahertz_lower) {
  const document l = laser({"laser.t_operating=55"});
  EXPECT_EQ(number(l, "shift_ghz"), -120);
  EXPECT_GT(number(l, "bias_ma"), 281.8);
}

TEST(light_laser, of_gen2_has_8_lanes_and_with_a_spare_17) {
  EXPECT_EQ(laser({"engine.profile=GEN2_4T"})["lanes"], 8);
  EXPECT_EQ(laser({"engine.profile=SC25_DWDM_SPARE"})["lanes"], 17);
}

}  // namespace
}  // namespace lightrack::platforms
