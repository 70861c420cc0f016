// SPDX-License-Identifier: Apache-2.0
// tests/optics/bank_rig.h
// One engine with one port, and questions to its two buses.
#pragma once

#include <gtest/gtest.h>

#include <set>

#include "models/optics/light_bank.h"

namespace lightrack::optics::bank_rig {

inline constexpr int lines = 16;

inline bank_params small_bank(double sigma = 80) {
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
inline light_bank locked_bank(const bank_params& p) {
  light_bank bank{p};
  bank.set_light(0, true, 0);
  bank.power_on(0, 0);
  bank.advance(50 * ms);
  return bank;
}

inline int held(const light_bank& bank, int bus = 0) {
  int n = 0;
  for (int i = 0; i < lines; ++i) n += bank.lock(bus * lines + i).holds() ? 1 : 0;
  return n;
}

inline void expect_distinct_lines(const light_bank& bank, int bus = 0) {
  std::set<int> taken;
  for (int i = 0; i < lines; ++i) {
    const int line = bank.line(bus * lines + i);
    if (line < 0) continue;
    EXPECT_TRUE(taken.insert(line).second) << "line " << line << " twice";
  }
}

}  // namespace lightrack::optics::bank_rig
