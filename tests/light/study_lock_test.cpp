// SPDX-License-Identifier: Apache-2.0
// tests/light/study_lock_test.cpp
// Points of the lock study, what they compute, and what it says of them.
#include "platforms/light/study_lock.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <set>

#include "platforms/light/light_config.h"
#include "platforms/light/study_lock_page.h"
#include "platforms/light/study_lock_points.h"
#include "platforms/report/rows.h"

namespace lightrack::platforms {
namespace {

using testing::AnyOf;
using testing::Contains;
using testing::Each;
using testing::HasSubstr;

document point_row(const std::string& series, const std::vector<std::string>& keys) {
  lock_point p{.config = light_config(), .series = series};
  for (const std::string& k : keys) p.config.set(k);
  return compute_lock_point(p);
}

TEST(study_lock, has_all_series_and_no_point_twice) {
  const auto plan = plan_lock_study(light_config(), true);
  std::set<std::string> series;
  std::set<std::string> keys;
  for (const lock_point& p : plan) {
    series.insert(p.series);
    EXPECT_TRUE(keys.insert(p.key).second) << p.key;
  }
  EXPECT_EQ(series, (std::set<std::string>{"dac", "ramp", "start", "track", "warm", "yield"}));
  EXPECT_GT(plan_lock_study(light_config(), false).size(), 2 * plan.size() - 100);
}

TEST(study_lock, a_key_that_is_given_is_not_swept) {
  base::config c = light_config();
  c.set("ring.arbitration=OPTIMUM");
  c.set("light.slew=-800");
  for (const lock_point& p : plan_lock_study(c, true)) {
    EXPECT_EQ(p.config.text("ring.arbitration"), "OPTIMUM");
    EXPECT_EQ(p.config.number("light.slew"), -800);
  }
}

TEST(study_lock, a_start_takes_the_sweeps_of_its_rings) {
  const document one = point_row("start", {"ring.fab_sigma=80"});
  EXPECT_NEAR(number(one, "time_to_lock_ms"), 41.26, 1e-9);
  EXPECT_EQ(number(one, "buses"), 8 * 8 * 2);
  EXPECT_GT(number(one, "rings_held"), 0.999);
  const document all = point_row("start", {"ring.fab_sigma=80", "ring.sweep_order=ALL_AT_ONCE"});
  EXPECT_NEAR(number(all, "time_to_lock_ms"), 2.86, 1e-9);
}

TEST(study_lock, a_ramp_of_40_kelvin_hops_and_loses_nothing) {
  const document warm = point_row("ramp", {"light.temperature_offset=40", "light.slew=800"});
  EXPECT_GT(number(warm, "hops"), 1);
  EXPECT_EQ(number(warm, "losses_per_ring"), 0);
  EXPECT_EQ(number(warm, "rings_held"), number(warm, "rings_up_before"));
  EXPECT_NEAR(number(warm, "dark_ms_per_lane"), 0.3 * number(warm, "hops"), 1e-6)
      << "assignment and fine lock a hop";
}

TEST(study_lock, own_lines_alone_go_dark) {
  const document warm = point_row(
      "ramp", {"ring.arbitration=SEQUENTIAL", "light.temperature_offset=40", "light.slew=800"});
  EXPECT_LT(number(warm, "rings_held"), 0.7);
  EXPECT_EQ(number(warm, "hops"), 0);
}

TEST(study_lock, sentences_name_the_figures) {
  std::vector<document> rows;
  for (const char* slew : {"light.slew=800", "light.slew=-800"}) {
    for (const char* loop : {"ring.loop_bw=0.2", "ring.loop_bw=0.3", "ring.loop_bw=10"}) {
      rows.push_back(point_row("track", {slew, loop}));
    }
  }
  const std::vector<std::string> said = lock_answers(rows);
  EXPECT_THAT(said,
              Contains(HasSubstr("lost below 0.29 kHz when the die cools and below 0.11 kHz")));
  EXPECT_THAT(said, Contains(HasSubstr("hold: 0.3 and 0.2 kHz")));
  EXPECT_THAT(said, Contains(HasSubstr("0.127 GHz off with a loop of 10 kHz")));
  EXPECT_EQ(said.size(), 2U) << "nothing about series that are not there";
}

TEST(study_lock, writes_a_folder_and_goes_on_where_it_was) {
  const std::string folder = testing::TempDir() + "study_lock";
  std::filesystem::remove_all(folder);
  lock_study_options o{.config = light_config()};
  for (const char* key : {"ring.arbitration=BARREL_SHIFT", "ring.fab_sigma=120",
                          "light.samples=200", "light.slew=800", "ring.loop_bw=10",
                          "light.temperature_offset=20", "ring.heater_dac_bits=12"}) {
    o.config.set(key);
  }
  o.quick = true;
  o.quiet = true;
  o.out = folder;
  EXPECT_EQ(run_study_lock(o), 0);
  for (const char* file :
       {"report.html", "report.json", "results.csv", "results.sqlite", "config.toml"}) {
    EXPECT_TRUE(std::filesystem::exists(folder + "/" + file)) << file;
  }
  const auto first = std::filesystem::last_write_time(folder + "/results.sqlite");
  EXPECT_EQ(run_study_lock(o), 0);
  EXPECT_EQ(std::filesystem::last_write_time(folder + "/results.sqlite"), first)
      << "nothing was run again";
}

}  // namespace
}  // namespace lightrack::platforms
