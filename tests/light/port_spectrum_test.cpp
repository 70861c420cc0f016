// SPDX-License-Identifier: Apache-2.0
// tests/light/port_spectrum_test.cpp
#include "platforms/light/port_spectrum.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "platforms/light/light_config.h"

namespace lightrack::platforms {
namespace {

optics::lock_setup setup(const char* assignment = "sim.seed=1") {
  base::config c = light_config();
  c.set(assignment);
  return optics::make_lock_setup(c);
}

TEST(port_spectrum, locked_has_every_ring_on_a_line_of_its_own) {
  const port_spectrum p = spectrum_locked(setup());
  EXPECT_EQ(p.locked, 32);
  std::set<int> lines;
  for (const ring_view& r : p.receive) {
    lines.insert(r.line);
    EXPECT_NEAR(r.at_ghz, p.line_ghz[static_cast<std::size_t>(r.line)], 1.0);
    EXPECT_NEAR(r.own_db, -1.0, 0.02) << "drop loss";
    EXPECT_NEAR(r.foreign_db, -1.0 - 14.0, 0.15) << "crosstalk of the whole bus";
  }
  EXPECT_EQ(lines.size(), 16U);
  for (const ring_view& r : p.transmit)
    EXPECT_NEAR(r.at_ghz, p.line_ghz[static_cast<std::size_t>(r.line)] - 12.1, 1.0);
}

TEST(port_spectrum, cold_has_rings_where_fabrication_put_them) {
  const optics::lock_setup s = setup();
  const port_spectrum p = spectrum_cold(s);
  ASSERT_EQ(p.receive.size(), 16U);
  double sum2 = 0;
  for (std::size_t k = 0; k < 16; ++k) {
    const double offset = s.light.light.lines.fold(p.receive[k].at_ghz - p.line_ghz[k] - 400);
    EXPECT_LT(std::abs(offset), 5 * 80) << k;
    sum2 += offset * offset;
  }
  EXPECT_GT(std::sqrt(sum2 / 16), 40) << "sigma 80 GHz, 16 samples";
  EXPECT_LT(std::sqrt(sum2 / 16), 130);
  EXPECT_NE(spectrum_cold(setup("sim.seed=2")).receive[0].at_ghz, p.receive[0].at_ghz)
      << "another seed";
}

TEST(port_spectrum, curves_dip_at_the_rings_and_peak_at_the_drop_loss) {
  const optics::lock_setup locked = setup();
  const optics::optics_setup& s = locked.light;
  const port_spectrum p = spectrum_locked(locked);
  const curve through = bus_through(s, p);
  const auto dip = std::ranges::min_element(through.y);
  EXPECT_LT(*dip, -8.0) << "8.9 dB at a resonance, sampled every 4 GHz";
  const curve drop = drop_responses(s, p);
  double peak = -100;
  for (const double y : drop.y)
    if (!std::isnan(y)) peak = std::max(peak, y);
  EXPECT_NEAR(peak, -1.0, 0.01);
  EXPECT_EQ(line_stems(p, -30).x.size(), 3U * 16);
}

}  // namespace
}  // namespace lightrack::platforms
