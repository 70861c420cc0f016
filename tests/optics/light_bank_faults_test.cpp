// SPDX-License-Identifier: Apache-2.0
// tests/optics/light_bank_faults_test.cpp
// Stuck heaters, dark lines, dies that jump, slow loops: who is lost, and who comes back when.
#include "models/optics/light_bank.h"

#include <gtest/gtest.h>

#include "models/base/random.h"
#include "tests/optics/bank_rig.h"

namespace lightrack::optics {
namespace {

using namespace bank_rig;

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
