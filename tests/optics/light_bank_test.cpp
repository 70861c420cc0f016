// SPDX-License-Identifier: Apache-2.0
// tests/optics/light_bank_test.cpp
// Buses of a bank from power-on through ramps and hops to rest.
#include "models/optics/light_bank.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/optics/bank_rig.h"

namespace lightrack::optics {
namespace {

using namespace bank_rig;

TEST(light_bank, sixteen_rings_one_after_another_take_41_ms) {
  light_bank bank{small_bank()};
  bank.set_light(0, true, 0);
  bank.power_on(0, 0);
  bank.advance(40'950 * us);
  EXPECT_EQ(bank.lock(15).state, lock_state::sweep);
  bank.advance(40'960 * us);
  EXPECT_EQ(bank.lock(0).state, lock_state::assign);
  bank.advance(41'060 * us);
  EXPECT_EQ(bank.lock(0).state, lock_state::fine);
  EXPECT_FALSE(bank.output(0).present);
  bank.advance(41'260 * us);
  EXPECT_EQ(held(bank), 16);
  EXPECT_TRUE(bank.output(0).present);
  EXPECT_EQ(bank.output(0).since, 41'260 * us);
  expect_distinct_lines(bank);
}

TEST(light_bank, all_at_once_they_take_2_86_ms) {
  bank_params p = small_bank();
  p.sweeps = sweep_order::all_at_once;
  light_bank bank{p};
  bank.set_light(0, true, 0);
  bank.power_on(0, 0);
  bank.advance(2'850 * us);
  EXPECT_EQ(held(bank), 0);
  bank.advance(2'860 * us);
  EXPECT_EQ(held(bank), 16);
}

TEST(light_bank, waits_out_the_ramp_of_the_laser_without_an_alarm) {
  light_bank bank{small_bank()};
  bank.power_on(0, 0);
  bank.advance(500 * ms);
  EXPECT_EQ(bank.lock(3).state, lock_state::wait_light);
  EXPECT_EQ(bank.next_time(), 600 * ms) << "nothing to do before the alarm";
  bank.set_light(0, true, 500 * ms);
  bank.advance(545 * ms);
  EXPECT_EQ(held(bank), 16);
  EXPECT_EQ(bank.lock(3).alarms, 0U);
}

TEST(light_bank, a_bus_in_the_dark_alarms_at_600_ms_and_starts_with_light) {
  light_bank bank{small_bank()};
  bank.power_on(0, 5 * ms);
  bank.advance(604'990 * us);
  EXPECT_FALSE(bank.lock(3).alarm);
  bank.advance(605 * ms);
  EXPECT_TRUE(bank.lock(3).alarm);
  EXPECT_EQ(bank.lock(3).state, lock_state::fault);
  EXPECT_EQ(bank.next_time(), never);
  bank.set_light(0, true, 700 * ms);
  EXPECT_FALSE(bank.lock(3).alarm);
  bank.advance(750 * ms);
  EXPECT_EQ(held(bank), 16);
}

TEST(light_bank, at_rest_nothing_is_evaluated) {
  light_bank bank = locked_bank(small_bank());
  const std::uint64_t before = bank.evaluated();
  EXPECT_EQ(bank.next_time(), never);
  bank.advance(10'000 * ms);
  EXPECT_EQ(bank.evaluated(), before);
  bank.set_temperature(0, die_temperature::ramp(62.5, 63.5, 100, 10'001 * ms), 10'000 * ms);
  bank.advance(10'001 * ms);
  EXPECT_LE(bank.evaluated() - before, 2U * 32) << "the ramp is still to come";
  bank.advance(10'011 * ms);
  EXPECT_NEAR(static_cast<double>(bank.evaluated() - before), 1000 * 32, 32 * 30);
  EXPECT_EQ(bank.next_time(), 10'011 * ms + 10 * us) << "heaters still settle";
  bank.advance(20'000 * ms);
  EXPECT_EQ(bank.next_time(), never);
  EXPECT_NEAR(static_cast<double>(bank.evaluated() - before), 1000 * 32, 32 * 60);
}

TEST(light_bank, tracks_800_kelvin_a_second_within_0_13_ghz) {
  light_bank bank = locked_bank(small_bank());
  bank.set_temperature(0, die_temperature::ramp(62.5, 67.5, 800, 50 * ms), 50 * ms);
  double sum = 0;
  double worst = 0;
  int count = 0;
  for (time_fs t = 51 * ms; t < 54 * ms; t += 10 * us) {
    bank.advance(t);
    for (int r = 0; r < 2 * lines; ++r) {
      sum += bank.error_ghz(r);
      worst = std::max(worst, std::abs(bank.error_ghz(r)));
      ++count;
    }
  }
  EXPECT_NEAR(sum / count, 0.127 / 1.04, 0.002) << "the neighbors' heaters do 4 % of the work";
  EXPECT_LT(worst, 0.35) << "a code of the converter more";
  EXPECT_EQ(held(bank), 16);
}

TEST(light_bank, forty_kelvin_at_800_kelvin_a_second_make_whole_buses_hop) {
  light_bank bank = locked_bank(small_bank());
  ASSERT_EQ(held(bank), 16);
  const int before = bank.hop(0);
  bank.clear_changed();
  bank.set_temperature(0, die_temperature::ramp(62.5, 102.5, 800, 50 * ms), 50 * ms);
  time_fs paused = 0;
  int least_held = lines;
  for (time_fs t = 50 * ms; t <= 110 * ms; t += 10 * us) {
    bank.advance(t);
    const int now = held(bank);
    EXPECT_TRUE(now == 0 || now == lines) << "all together, at " << t / us << " us: " << now;
    least_held = std::min(least_held, now);
    if (now == 0) paused += 10 * us;
    expect_distinct_lines(bank);
  }
  EXPECT_EQ(least_held, 0);
  EXPECT_EQ(held(bank), 16);
  const int hops = before - bank.hop(0);
  EXPECT_GE(hops, 1) << "400 GHz are two spacings; from the middle of the range one hop may do";
  EXPECT_EQ(bank.counts(0).hops, static_cast<unsigned>(hops));
  EXPECT_EQ(paused, hops * 300 * us) << "assignment and fine lock, no sweep";
  for (int i = 0; i < lines; ++i) {
    EXPECT_EQ(bank.lock(i).losses, 0U);
    EXPECT_EQ(bank.line(i), (i + bank.hop(0) + lines) % lines);
    EXPECT_EQ(bank.output(i).line, bank.line(i));
  }
  EXPECT_EQ(bank.changed().size(), 2U * lines) << "each ring once";
}

TEST(light_bank, a_cycle_over_more_than_the_heater_s_range_comes_back) {
  light_bank bank = locked_bank(small_bank());
  time_fs t = 50 * ms;
  double from = 62.5;
  for (const double to : {105.0, 20.0, 62.5}) {
    bank.set_temperature(0, die_temperature::ramp(from, to, 800, t), t);
    t += 120 * ms;
    bank.advance(t);
    EXPECT_EQ(held(bank), 16) << to << " degC";
    EXPECT_EQ(held(bank, 1), 16) << to << " degC";
    from = to;
  }
  EXPECT_GE(bank.counts(0).hops, 4U) << "85 K are more than 80 K";
}

TEST(light_bank, an_output_follows_the_error) {
  bank_params p = small_bank();
  p.loop_bw_khz = 0.5;
  light_bank bank = locked_bank(p);
  bank.clear_changed();
  bank.set_temperature(0, die_temperature::ramp(62.5, 46.5, 800, 50 * ms), 50 * ms);
  bank.advance(60 * ms);
  EXPECT_NEAR(bank.error_ghz(3), -2.55, 0.2);
  EXPECT_NEAR(bank.output(3).penalty_db, p.tx.oma_penalty_db(-2.55), 0.07);
  EXPECT_GT(bank.output(3).penalty_db, 0.35);
  EXPECT_EQ(bank.lock(3).state, lock_state::track) << "beyond the window of 1 GHz";
  EXPECT_EQ(bank.changed().size(), 2U * lines);
}

TEST(light_bank, events_of_different_buses_in_any_order_and_any_cut_of_time_give_the_same) {
  bank_params p = small_bank();
  p.ports = 2;
  light_bank one = locked_bank(p);
  light_bank two = locked_bank(p);
  const auto ramp = die_temperature::ramp(62.5, 90, 700, 60 * ms);
  one.set_temperature(0, ramp, 55 * ms);
  one.set_light(1, 7, false, 64 * ms + 5);
  one.set_light(2, 3, false, 61 * ms + 5);
  one.advance(200 * ms);
  two.set_temperature(0, ramp, 55 * ms);
  two.set_light(2, 3, false, 61 * ms + 5);
  two.set_light(1, 7, false, 64 * ms + 5);
  for (time_fs t = 64 * ms + 10; t < 200 * ms; t += 777 * us) two.advance(t);
  two.advance(200 * ms);
  for (int r = 0; r < one.rings(); ++r) {
    EXPECT_EQ(one.heater_ghz(r), two.heater_ghz(r)) << one.role_of(r);
    EXPECT_EQ(one.line(r), two.line(r));
    EXPECT_EQ(one.output(r).since, two.output(r).since);
    EXPECT_EQ(one.output(r).penalty_db, two.output(r).penalty_db);
    EXPECT_EQ(one.lock(r).state, two.lock(r).state);
  }
  EXPECT_EQ(one.evaluated(), two.evaluated());
}

TEST(light_bank, a_saved_bank_goes_on_as_the_one_that_ran_through) {
  const bank_params p = small_bank();
  light_bank through = locked_bank(p);
  through.set_temperature(0, die_temperature::ramp(62.5, 100, 800, 55 * ms), 50 * ms);
  light_bank first = through;
  through.advance(150 * ms);

  first.advance(75 * ms);
  const std::string file = testing::TempDir() + "light_bank.ckpt";
  base::checkpoint out{17};
  first.transfer(out);
  out.write(file);
  light_bank second{p};
  base::checkpoint in{file, 17};
  second.transfer(in);
  in.finish();
  second.advance(150 * ms);
  for (int r = 0; r < through.rings(); ++r) {
    EXPECT_EQ(second.heater_ghz(r), through.heater_ghz(r));
    EXPECT_EQ(second.lock(r).state, through.lock(r).state);
    EXPECT_EQ(second.output(r).since, through.output(r).since);
  }
  EXPECT_EQ(second.counts(0).hops, through.counts(0).hops);
  EXPECT_GT(second.counts(0).hops, 0U);
}

TEST(light_bank, a_ring_is_named_and_drawn_by_its_role) {
  bank_params p = small_bank();
  p.engines = 2;
  p.ports = 4;
  const light_bank bank{p};
  const int ring = bank.ring_of({.engine = 1, .port = 3, .direction = bus_direction::rx}, 5);
  EXPECT_EQ(bank.role_of(ring), "engine1.port3.rx.ring5");
  EXPECT_EQ(bank.rings(), 2 * 4 * 2 * 16);
}

}  // namespace
}  // namespace lightrack::optics
