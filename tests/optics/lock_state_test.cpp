// SPDX-License-Identifier: Apache-2.0
// tests/optics/lock_state_test.cpp
// The rules of one ring's lock, with times put in by hand.
#include "models/optics/lock_state.h"

#include <gtest/gtest.h>

namespace lightrack::optics {
namespace {

using need = lock_rules::need;

const lock_rules rules{lock_times{}};

ring_lock locked_at(time_fs t) {
  ring_lock r{.lit = true};
  EXPECT_EQ(rules.power_on(r, t), need::sweep);
  rules.begin_sweep(r, t, t + 2560 * us);
  rules.begin_assign(r, t + 2560 * us);
  rules.assigned(r, true, never, t + 2660 * us);
  EXPECT_EQ(rules.fine_ended(r, true, t + 2860 * us), need::nothing);
  return r;
}

TEST(lock_state, from_light_to_locked_in_2_86_ms) {
  EXPECT_EQ(rules.times().sweep(), 2560 * us);
  ring_lock r;
  EXPECT_EQ(rules.power_on(r, 0), need::nothing);
  EXPECT_EQ(r.state, lock_state::wait_light);
  EXPECT_EQ(rules.light(r, true, 500 * ms), need::sweep);
  rules.begin_sweep(r, 500 * ms, 500 * ms + rules.times().sweep());
  EXPECT_EQ(r.state, lock_state::sweep);
  rules.begin_assign(r, r.due);
  EXPECT_EQ(r.due, 500 * ms + 2660 * us);
  rules.assigned(r, true, never, r.due);
  EXPECT_EQ(r.state, lock_state::fine);
  EXPECT_EQ(r.due, 500 * ms + 2860 * us);
  EXPECT_EQ(rules.fine_ended(r, true, r.due), need::nothing);
  EXPECT_EQ(r.state, lock_state::locked);
  EXPECT_EQ(r.alarms, 0U) << "the ramp of the laser is waited out";
}

TEST(lock_state, locked_and_track_by_the_window) {
  ring_lock r = locked_at(0);
  EXPECT_FALSE(rules.period(r, false, false, 10 * ms));
  EXPECT_EQ(r.state, lock_state::track);
  EXPECT_FALSE(rules.period(r, false, true, 11 * ms));
  EXPECT_EQ(r.state, lock_state::locked);
}

TEST(lock_state, three_periods_in_a_row_lose_the_lock) {
  ring_lock r = locked_at(0);
  EXPECT_FALSE(rules.period(r, true, false, 10 * us));
  EXPECT_FALSE(rules.period(r, true, false, 20 * us));
  EXPECT_FALSE(rules.period(r, false, true, 30 * us)) << "one good period starts the count again";
  EXPECT_FALSE(rules.period(r, true, false, 40 * us));
  EXPECT_FALSE(rules.period(r, true, false, 50 * us));
  EXPECT_TRUE(rules.period(r, true, false, 60 * us));
  EXPECT_EQ(r.state, lock_state::relock);
  EXPECT_EQ(r.losses, 1U);
  EXPECT_EQ(r.due, 260 * us) << "one fine search";
  EXPECT_EQ(rules.fine_ended(r, true, r.due), need::nothing);
  EXPECT_EQ(r.state, lock_state::locked);
  EXPECT_EQ(r.relocks, 1U);
}

ring_lock lost_at(time_fs t) {
  ring_lock r = locked_at(0);
  for (int i = 2; i >= 0; --i) rules.period(r, true, false, t - i * 10 * us);
  return r;
}

TEST(lock_state, three_fine_searches_then_a_sweep) {
  ring_lock r = lost_at(10 * ms);
  EXPECT_EQ(rules.fine_ended(r, false, r.due), need::nothing);
  EXPECT_EQ(rules.fine_ended(r, false, r.due), need::nothing);
  EXPECT_EQ(r.due, 10 * ms + 600 * us);
  EXPECT_EQ(rules.fine_ended(r, false, r.due), need::sweep);
}

TEST(lock_state, three_sweeps_without_a_lock_are_a_fault) {
  ring_lock r = lost_at(10 * ms);
  time_fs t = r.due;
  int sweeps = 0;
  for (int i = 0; i < 100 && r.state != lock_state::fault; ++i) {
    t += 200 * us;
    if (rules.fine_ended(r, false, t) != need::sweep) continue;
    ++sweeps;
    rules.begin_sweep(r, t, t + 2560 * us);
    rules.begin_assign(r, t + 2560 * us);
    rules.assigned(r, true, never, t + 2660 * us);
  }
  EXPECT_EQ(sweeps, 3);
  EXPECT_EQ(r.state, lock_state::fault);
  EXPECT_EQ(r.cause, lock_fault::not_found);
  EXPECT_EQ(r.faults, 1U);
}

TEST(lock_state, no_line_in_reach_is_a_fault) {
  ring_lock r = locked_at(0);
  rules.begin_assign(r, 1 * ms);
  rules.assigned(r, false, never, r.due);
  EXPECT_EQ(r.state, lock_state::fault);
  EXPECT_EQ(r.cause, lock_fault::no_line);
}

TEST(lock_state, a_line_that_goes_dark_is_searched_for_only_when_it_is_back) {
  ring_lock r = locked_at(0);
  rules.light(r, false, 10 * ms);
  EXPECT_TRUE(r.holds()) << "nobody knows yet";
  for (int i = 1; i <= 3; ++i) rules.period(r, true, false, 10 * ms + i * 10 * us);
  EXPECT_EQ(r.state, lock_state::relock);
  EXPECT_EQ(r.due, never);
  EXPECT_EQ(rules.alarm_time(r), 610 * ms) << "600 ms after the light, not after the loss";
  EXPECT_EQ(rules.light(r, true, 100 * ms), need::nothing);
  EXPECT_EQ(r.due, 100 * ms + 200 * us);
  EXPECT_EQ(rules.alarm_time(r), never);
  rules.fine_ended(r, true, r.due);
  EXPECT_EQ(r.state, lock_state::locked);
}

TEST(lock_state, the_alarm_gives_up_and_light_gives_another_try) {
  ring_lock r = locked_at(0);
  rules.light(r, false, 10 * ms);
  for (int i = 1; i <= 3; ++i) rules.period(r, true, false, 10 * ms + i * 10 * us);
  rules.raise_alarm(r, 610 * ms);
  EXPECT_EQ(r.state, lock_state::fault);
  EXPECT_EQ(r.cause, lock_fault::no_light);
  EXPECT_TRUE(r.alarm);
  EXPECT_EQ(rules.alarm_time(r), never) << "raised once";
  EXPECT_EQ(rules.light(r, true, 900 * ms), need::nothing);
  EXPECT_EQ(r.state, lock_state::fine) << "its line is known";
  EXPECT_FALSE(r.alarm);
}

TEST(lock_state, no_light_since_power_on) {
  ring_lock r;
  rules.power_on(r, 5 * ms);
  EXPECT_EQ(rules.alarm_time(r), 605 * ms);
  rules.raise_alarm(r, 605 * ms);
  EXPECT_EQ(rules.light(r, true, 700 * ms), need::sweep) << "it has no line yet";
}

TEST(lock_state, light_that_goes_in_a_fine_search_waits) {
  ring_lock r = locked_at(0);
  rules.begin_assign(r, 1 * ms);
  rules.assigned(r, true, never, 1100 * us);
  rules.light(r, false, 1200 * us);
  EXPECT_EQ(rules.fine_ended(r, true, 1300 * us), need::nothing);
  EXPECT_EQ(r.state, lock_state::wait_light);
}

TEST(lock_state, names) {
  EXPECT_EQ(name_of(lock_state::wait_light), "WAIT_LIGHT");
  EXPECT_EQ(name_of(lock_state::fault), "FAULT");
  EXPECT_EQ(name_of(lock_fault::no_light), "no light");
}

}  // namespace
}  // namespace lightrack::optics
