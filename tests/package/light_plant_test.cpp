// SPDX-License-Identifier: Apache-2.0
// tests/package/light_plant_test.cpp
// Two engines and a fiber each way: start, faults of lasers, heaters, connectors and temperature.
#include "models/package/light_plant.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>
#include <tuple>

#include "models/base/error.h"
#include "tests/package/engine_rig.h"

namespace lightrack::package {
namespace {

using optics::ms;
using optics::never;
using optics::us;

constexpr int to_east = 0;
constexpr int to_west = 1;

/// West and east, port 0 each, locked from the start unless told otherwise.
struct two_engines {
  explicit two_engines(const engine_setup& s = rig_setup(), int lanes = 16, i64 clock_fs = 640'000)
      : plant{plant_of(s, {"west", "east"}, clock_fs)} {
    plant.connect({0, 0}, {1, 0}, s.port(lanes));
    plant.connect({1, 0}, {0, 0}, s.port(lanes));
    plant.start();
  }
  void run_to(time_fs t) {
    while (plant.next_time() <= t) plant.step(plant.next_time());
  }
  [[nodiscard]] std::set<int> dark(int direction) const {
    std::set<int> lanes;
    for (int l = 0; l < plant.port(direction).params().lanes; ++l)
      if (!plant.port(direction).lane(l).present) lanes.insert(l);
    return lanes;
  }

  light_plant plant;
};

std::set<int> all_of(int lanes) {
  std::set<int> all;
  for (int l = 0; l < lanes; ++l) all.insert(l);
  return all;
}

TEST(light_plant, starts_locked_and_at_rest) {
  two_engines two;
  EXPECT_EQ(two.plant.next_time(), never);
  EXPECT_TRUE(two.plant.changes().empty()) << "no lane is dark";
  for (const int d : {to_east, to_west}) {
    EXPECT_EQ(two.dark(d), std::set<int>{});
    for (int l = 0; l < 16; ++l)
      EXPECT_NEAR(std::log10(two.plant.port(d).lane(l).ber), std::log10(4e-16), 0.6);
  }
  EXPECT_FALSE(two.plant.recovers(to_east));
}

TEST(light_plant, cold_rings_take_41_ms_and_the_serdes_5_us) {
  two_engines two{rig_setup({"light.start=cold"})};
  EXPECT_EQ(two.plant.changes().size(), 32U) << "all lanes of both directions are dark";
  EXPECT_EQ(two.plant.changes()[0].quality.from, link::quality_lead);
  EXPECT_TRUE(two.plant.recovers(to_east));
  two.plant.clear_changes();
  two.run_to(41'264 * us);
  EXPECT_EQ(two.dark(to_east), all_of(16));
  two.run_to(41'265 * us);
  EXPECT_EQ(two.dark(to_east), std::set<int>{});
  ASSERT_EQ(two.plant.changes().size(), 32U);
  EXPECT_EQ(two.plant.changes()[0].quality.from, (41'265 * us + 10 * us + 639'999) / 640'000);
}

TEST(light_plant, a_connector_fades_one_direction_only) {
  two_engines two;
  two.plant.schedule({.time = 100 * us,
                      .what = light_fault::loss,
                      .direction = to_east,
                      .element = "connector_2",
                      .value = 2});
  EXPECT_EQ(two.plant.next_time(), 100 * us);
  two.run_to(100 * us);
  ASSERT_EQ(two.plant.changes().size(), 16U);
  for (const light_change& c : two.plant.changes()) {
    EXPECT_EQ(c.direction, to_east);
    EXPECT_EQ(c.quality.from, 171'875) << "110 us: a control period later";
    EXPECT_NEAR(std::log10(c.quality.ber), std::log10(2e-7), 0.35);
  }
  EXPECT_EQ(two.plant.next_time(), never);
}

TEST(light_plant, a_dead_laser_takes_its_wavelength_of_every_port_it_feeds) {
  const engine_setup s = rig_setup();
  light_plant plant{plant_of(s, {"west", "east"}, 640'000)};
  for (int p = 0; p < 8; ++p) {
    plant.connect({0, p}, {1, p}, s.port(16));
    plant.connect({1, p}, {0, p}, s.port(16));
  }
  plant.start();
  plant.schedule({.time = 50 * us, .what = light_fault::laser_lane, .engine = 0, .index = 3});
  plant.step(50 * us);
  for (int p = 0; p < 8; ++p)
    for (int l = 0; l < 16; ++l) {
      EXPECT_EQ(plant.port(2 * p).lane(l).present, l != 3) << "port " << p;
      EXPECT_TRUE(plant.port(2 * p + 1).lane(l).present) << "east has a module of its own";
    }
  EXPECT_EQ(plant.engine_at(0).laser().lanes_on(), 15);
  plant.schedule(
      {.time = 5 * ms, .what = light_fault::laser_lane, .engine = 0, .index = 3, .back = true});
  while (plant.next_time() <= 6 * ms) plant.step(plant.next_time());
  for (int p = 0; p < 8; ++p) EXPECT_TRUE(plant.port(2 * p).lane(3).present) << "port " << p;
}

TEST(light_plant, four_ports_of_pam4_share_no_laser_with_ports_of_another_copy) {
  const engine_setup s = rig_setup({"engine.profile=SC25_PAM4"});
  light_plant plant{plant_of(s, {"west", "east"}, 2'560'000)};
  plant.connect({0, 0}, {1, 0}, s.port(4));
  plant.connect({0, 9}, {1, 9}, s.port(4));
  plant.start();
  plant.schedule({.time = us, .what = light_fault::laser_lane, .engine = 0, .index = 2});
  plant.step(us);
  EXPECT_FALSE(plant.port(0).lane(2).present) << "laser 2 is color 2 of ports 0 to 7";
  EXPECT_TRUE(plant.port(1).lane(2).present) << "port 9 has color 2 from laser 6";
}

TEST(light_plant, a_module_that_dies_darkens_all_and_comes_back) {
  two_engines two;
  two.plant.schedule({.time = 20 * us, .what = light_fault::laser_module, .engine = 1});
  two.plant.schedule(
      {.time = 3 * ms, .what = light_fault::laser_module, .engine = 1, .back = true});
  two.run_to(20 * us);
  EXPECT_EQ(two.dark(to_west), all_of(16));
  EXPECT_EQ(two.dark(to_east), std::set<int>{});
  EXPECT_EQ(two.plant.engine_at(1).laser().power_w().total(), 0);
  two.run_to(4 * ms);
  EXPECT_EQ(two.dark(to_west), std::set<int>{});
}

TEST(light_plant, a_stuck_heater_takes_the_right_ring_only) {
  two_engines two;
  two.plant.schedule({.time = 10 * us,
                      .what = light_fault::heater,
                      .engine = 0,
                      .side = optics::bus_direction::tx,
                      .index = 6});
  two.run_to(1 * ms);
  EXPECT_EQ(two.dark(to_east), std::set<int>{})
      << "it stands where it should as long as the die does";
  const int line = two.plant.bank().line(6);
  two.plant.schedule({.time = 1 * ms,
                      .what = light_fault::temperature_ramp,
                      .engine = 0,
                      .value = -3,
                      .slew = 800});
  two.run_to(20 * ms);
  EXPECT_EQ(two.dark(to_east), std::set<int>{line});
  EXPECT_EQ(two.dark(to_west), std::set<int>{});
}

TEST(light_plant, forty_kelvin_make_the_bus_hop_and_all_its_lanes_pause_together) {
  two_engines two;
  two.plant.schedule({.time = 100 * us,
                      .what = light_fault::temperature_ramp,
                      .engine = 0,
                      .value = 40,
                      .slew = 800});
  int pauses = 0;
  bool away = false;
  while (two.plant.next_time() <= 60 * ms) {
    two.plant.step(two.plant.next_time());
    const std::size_t dark = two.dark(to_east).size();
    EXPECT_TRUE(dark == 0 || dark == 16) << dark;
    if (dark == 16 && !away) ++pauses;
    away = dark == 16;
  }
  EXPECT_GE(pauses, 1);
  EXPECT_FALSE(away);
  EXPECT_EQ(two.dark(to_west), std::set<int>{});
  EXPECT_NEAR(two.plant.bank().temperature_c(0, two.plant.bank_time(60 * ms)), 102.5, 1e-9);
  EXPECT_GE(two.plant.bank().counts(0).hops, 1U);
  for (int l = 0; l < 16; ++l) EXPECT_LT(two.plant.port(to_east).lane(l).ber, 1e-12);
}

TEST(light_plant, steps_of_any_length_give_the_same_changes) {
  const auto run = [](time_fs stride) {
    two_engines two;
    two.plant.schedule({.time = 33 * us + 7,
                        .what = light_fault::temperature_ramp,
                        .engine = 0,
                        .value = 12,
                        .slew = 2000});
    two.plant.schedule({.time = 812 * us, .what = light_fault::laser_lane, .index = 9});
    for (time_fs t = stride; t < 12 * ms; t += stride) two.plant.step(t);
    two.plant.step(12 * ms);
    std::vector<std::tuple<int, int, i64, bool, double>> told;
    for (const light_change& c : two.plant.changes())
      told.emplace_back(c.direction, c.quality.lane, c.quality.from, c.quality.present,
                        c.quality.ber);
    return told;
  };
  const auto each = run(10 * us);
  EXPECT_FALSE(each.empty());
  EXPECT_EQ(run(7'654'321), each);
  EXPECT_EQ(run(12 * ms), each);
}

TEST(light_plant, clocks_of_a_lane_rise) {
  two_engines two;
  two.plant.schedule(
      {.time = us, .what = light_fault::temperature_ramp, .engine = 1, .value = -40, .slew = 800});
  two.run_to(60 * ms);
  std::map<std::pair<int, int>, i64> last;
  for (const light_change& c : two.plant.changes()) {
    i64& before = last[{c.direction, c.quality.lane}];
    EXPECT_GT(c.quality.from, before);
    before = c.quality.from;
  }
  EXPECT_FALSE(last.empty());
}

TEST(light_plant, at_rest_nothing_is_evaluated) {
  two_engines two;
  const std::uint64_t before = two.plant.evaluations();
  two.plant.step(10'000 * ms);
  EXPECT_EQ(two.plant.evaluations(), before);
}

TEST(light_plant, what_is_not_there_is_refused_with_the_numbers) {
  two_engines two;
  const auto why = [&](const light_event& e) -> std::string {
    try {
      two.plant.schedule(e);
    } catch (const base::config_error& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_EQ(why({.what = light_fault::laser_lane, .index = 16}),
            "laser lane 16 is not there; allowed are 0 to 15");
  EXPECT_EQ(why({.what = light_fault::heater, .port = 8}),
            "port 8 is not there; allowed are 0 to 7");
  EXPECT_EQ(why({.what = light_fault::loss, .direction = 2, .element = "fiber"}),
            "direction 2 is not there; allowed are 0 to 1");
  EXPECT_THROW(two.plant.connect({0, 0}, {1, 3}, rig_setup().port(16)), base::config_error);
}

}  // namespace
}  // namespace lightrack::package
