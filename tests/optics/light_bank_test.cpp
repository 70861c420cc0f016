// SPDX-License-Identifier: Apache-2.0
// tests/optics/light_bank_test.cpp
// Buses of a bank from power-on through ramps, hops, faults and rest.
#include "models/optics/light_bank.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "models/base/random.h"

namespace lightrack::optics {
namespace {

constexpr int lines = 16;

bank_params small_bank(double sigma = 80) {
  const ring r = make_ring({}, 230'600);
  return {.engines = 1,
          .ports = 1,
          .lines = lines,
          .tx = {.response = r},
          .rx = r,
          .actuator = make_heater({}),
          .scatter = {.sigma_ghz = sigma}};
}

/// Power and light at time zero, all rings locked at 50 ms.
light_bank locked_bank(const bank_params& p) {
  light_bank bank{p};
  bank.set_light(0, true, 0);
  bank.power_on(0, 0);
  bank.advance(50 * ms);
  return bank;
}

int held(const light_bank& bank, int bus = 0) {
  int n = 0;
  for (int i = 0; i < lines; ++i) n += bank.lock(bus * lines + i).holds() ? 1 : 0;
  return n;
}

void expect_distinct_lines(const light_bank& bank, int bus = 0) {
  std::set<int> taken;
  for (int i = 0; i < lines; ++i) {
    const int line = bank.line(bus * lines + i);
    if (line < 0) continue;
    EXPECT_TRUE(taken.insert(line).second) << "line " << line << " twice";
  }
}

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

TEST(light_bank, a_stuck_heater_loses_its_ring_and_no_other) {
  light_bank bank = locked_bank(small_bank());
  bank.set_stuck(5, true, 50 * ms);
  bank.advance(60 * ms);
  EXPECT_EQ(held(bank), 16) << "as long as the temperature stays";
  bank.set_temperature(0, die_temperature::ramp(62.5, 102.5, 800, 60 * ms), 60 * ms);
  bank.advance(120 * ms);
  EXPECT_EQ(held(bank), 15);
  EXPECT_EQ(bank.lock(5).state, lock_state::fault);
  EXPECT_EQ(bank.lock(5).losses, 1U);
  EXPECT_FALSE(bank.output(5).present);
  for (int i = 0; i < 2 * lines; ++i) EXPECT_EQ(bank.lock(i).losses, i == 5 ? 1U : 0U) << i;
  EXPECT_GE(bank.counts(0).hops, 1U);
  bank.set_stuck(5, false, 120 * ms);
  bank.advance(180 * ms);
  EXPECT_EQ(held(bank), 16) << "mended, it finds the line that is left";
  expect_distinct_lines(bank);
}

TEST(light_bank, a_heater_stuck_at_power_on_leaves_fifteen) {
  light_bank bank{small_bank()};
  bank.set_stuck(9, true, 0);
  bank.set_light(0, true, 0);
  bank.power_on(0, 0);
  bank.advance(50 * ms);
  EXPECT_EQ(held(bank), 15);
  EXPECT_EQ(bank.lock(9).cause, lock_fault::no_line);
  EXPECT_EQ(bank.counts(0).incomplete, 0U) << "a broken ring is not asked for";
}

TEST(light_bank, a_dead_laser_lane_takes_its_ring_and_gives_it_back) {
  light_bank bank = locked_bank(small_bank());
  const int dark_line = bank.line(6);
  bank.clear_changed();
  bank.set_light(0, dark_line, false, 100 * ms + 3 * us);
  EXPECT_FALSE(bank.output(6).present) << "at once";
  EXPECT_EQ(bank.output(6).since, 100 * ms + 3 * us);
  bank.advance(100 * ms + 20 * us);
  EXPECT_TRUE(bank.lock(6).holds());
  bank.advance(100 * ms + 30 * us);
  EXPECT_EQ(bank.lock(6).state, lock_state::relock) << "three control periods";
  EXPECT_EQ(held(bank), 15);
  bank.advance(101 * ms);
  EXPECT_EQ(bank.next_time(), 700 * ms + 10 * us) << "600 ms after the light, at the next tick";
  bank.advance(700 * ms);
  EXPECT_FALSE(bank.lock(6).alarm);
  bank.advance(700 * ms + 10 * us);
  EXPECT_TRUE(bank.lock(6).alarm);
  EXPECT_EQ(bank.lock(6).state, lock_state::fault);
  EXPECT_EQ(bank.changed().size(), 1U);
  bank.set_light(0, dark_line, true, 900 * ms);
  bank.advance(900 * ms + 190 * us);
  EXPECT_FALSE(bank.output(6).present);
  bank.advance(900 * ms + 200 * us);
  EXPECT_TRUE(bank.output(6).present);
  EXPECT_EQ(bank.line(6), dark_line);
  EXPECT_FALSE(bank.lock(6).alarm);
  EXPECT_EQ(held(bank), 16);
}

TEST(light_bank, a_line_dark_from_the_start_leaves_one_ring_waiting) {
  light_bank bank{small_bank()};
  bank.power_on(0, 0);
  for (int k = 0; k < lines; ++k)
    if (k != 4) bank.set_light(0, k, true, 500 * ms);
  bank.advance(550 * ms);
  EXPECT_EQ(held(bank), 15);
  int waiting = -1;
  for (int i = 0; i < lines; ++i)
    if (bank.lock(i).state == lock_state::wait_light) waiting = i;
  ASSERT_GE(waiting, 0);
  EXPECT_EQ(bank.line(waiting), 4);
  bank.advance(600 * ms);
  EXPECT_TRUE(bank.lock(waiting).alarm) << "600 ms after power-on";
  bank.set_light(0, 4, true, 650 * ms);
  bank.advance(651 * ms);
  EXPECT_EQ(held(bank), 16);
}

TEST(light_bank, a_ring_out_of_reach_comes_back_with_the_temperature_and_alone) {
  bank_params p = small_bank();
  p.scheme = arbitration::sequential;  // no bus can hop
  light_bank bank = locked_bank(p);
  ASSERT_EQ(held(bank), 16);
  bank.set_temperature(0, die_temperature::ramp(62.5, 98.5, 800, 50 * ms), 50 * ms);
  bank.advance(120 * ms);
  const int left = held(bank);
  EXPECT_LT(left, 16);
  EXPECT_GT(left, 0);
  const std::uint32_t losses_of_those_that_held = [&] {
    std::uint32_t n = 0;
    for (int i = 0; i < lines; ++i) n += bank.lock(i).holds() ? bank.lock(i).losses : 0;
    return n;
  }();
  EXPECT_EQ(losses_of_those_that_held, 0U);
  bank.set_temperature(0, die_temperature::ramp(98.5, 62.5, 800, 120 * ms), 120 * ms);
  bank.advance(200 * ms);
  EXPECT_EQ(held(bank), 16);
  EXPECT_EQ(bank.counts(0).hops, 0U);
  expect_distinct_lines(bank);
}

TEST(light_bank, a_step_beyond_the_fine_search_takes_a_sweep) {
  bank_params p = small_bank();
  p.sweeps = sweep_order::all_at_once;
  light_bank bank = locked_bank(p);
  bank.set_temperature(0, die_temperature::step(62.5, 60.5, 60 * ms), 55 * ms);
  bank.advance(60 * ms);
  EXPECT_EQ(held(bank), 16) << "20 GHz at once: not yet three periods";
  bank.advance(59'000 * us + 2 * ms);
  EXPECT_EQ(held(bank), 16) << "a loop of 10 kHz takes 20 GHz back before it counts as lost";
  bank.set_temperature(0, die_temperature::step(60.5, 50.5, 70 * ms), 65 * ms);
  bank.advance(70 * ms);
  bank.advance(70 * ms + 10 * ms);
  EXPECT_EQ(held(bank), 16);
  EXPECT_EQ(held(bank, 1), 16);
}

TEST(light_bank, a_slow_loop_loses_cooling_dies_and_finds_them_again) {
  bank_params p = small_bank();
  p.loop_bw_khz = 0.25;
  light_bank bank = locked_bank(p);
  bank.set_temperature(0, die_temperature::ramp(62.5, 46.5, 800, 50 * ms), 50 * ms);
  bank.advance(70 * ms);
  EXPECT_GT(bank.lock(0).losses, 0U) << "a modulator on its steep side";
  EXPECT_EQ(bank.lock(lines).losses, 0U) << "a receive ring has 0.254 linewidths";
  bank.advance(90 * ms);
  EXPECT_EQ(held(bank), 16);
  EXPECT_EQ(bank.lock(0).relocks, bank.lock(0).losses);
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

TEST(light_bank_property, no_two_rings_share_a_wavelength_under_random_lives) {
  constexpr std::uint64_t seed = 4711;
  RecordProperty("seed", std::to_string(seed));
  const std::uint64_t key = base::stream_key(seed, "lab.lives");
  int moved = 0;
  for (std::uint64_t life = 0; life < 150; ++life) {
    bank_params p = small_bank(80 + 20.0 * static_cast<double>(life % 8));
    p.seed = life;
    p.scheme = static_cast<arbitration>(life % 4);
    p.sweeps = life % 3 == 0 ? sweep_order::all_at_once : sweep_order::one_by_one;
    light_bank bank = locked_bank(p);
    double celsius = 62.5;
    time_fs t = 50 * ms;
    for (std::uint64_t step = 0; step < 30; ++step) {
      const auto w = base::draw(key, life, step);
      t += static_cast<time_fs>(w[0] % 3000) * us + 7;
      switch (w[1] % 4) {
        case 0: {
          const double now = bank.temperature_c(0, t);
          celsius = 20 + 85 * base::unit(w[2], w[3]);
          bank.set_temperature(0, die_temperature::ramp(now, celsius, 800, t), t);
          break;
        }
        case 1:
          bank.set_light(static_cast<int>(w[2] % 2), static_cast<int>(w[3] % 16), w[0] % 2 == 0, t);
          break;
        case 2:
          bank.set_stuck(static_cast<int>(w[2] % 32), w[0] % 4 == 0, t);
          break;
        default: {
          const double now = bank.temperature_c(0, t);
          const double other = now + 16 * base::unit(w[2], w[3]) - 8;
          bank.set_temperature(0, die_temperature::step(now, other, t + 5 * us), t);
          break;
        }
      }
      bank.advance(t + 2 * ms);
      t += 2 * ms;
      for (const int bus : {0, 1}) {
        expect_distinct_lines(bank, bus);
        for (int i = 0; i < lines; ++i) {
          const int r = bus * lines + i;
          const bool present = bank.output(r).present;
          ASSERT_FALSE(present && !bank.lock(r).holds()) << "life " << life << ", seed " << seed;
          ASSERT_LE(bank.heater_ghz(r), 800);
          ASSERT_GE(bank.heater_ghz(r), 0);
        }
      }
      moved += bank.counts(0).hops > 0 ? 1 : 0;
    }
    if (HasFailure()) FAIL() << "life " << life << ", seed " << seed;
  }
  EXPECT_GT(moved, 500) << "buses have to hop in most lives";
}

}  // namespace
}  // namespace lightrack::optics
