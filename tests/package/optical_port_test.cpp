// SPDX-License-Identifier: Apache-2.0
// tests/package/optical_port_test.cpp
// One direction of light: what rings, lasers and connectors do to the lanes of a link.
#include "models/package/optical_port.h"

#include <gtest/gtest.h>

#include <cmath>

#include "models/base/error.h"
#include "models/link/heavy_fec.h"
#include "tests/package/engine_rig.h"

namespace lightrack::package {
namespace {

constexpr i64 later = 20'000;

std::vector<ring_place> all_locked(int lines) {
  std::vector<ring_place> rings;
  for (int k = 0; k < lines; ++k) rings.push_back({.line = k, .present = true});
  return rings;
}

/// A port of a profile with all rings on their own lines, evaluated once.
struct settled_port {
  explicit settled_port(std::initializer_list<std::string> sets = {}, int lanes = 16)
      : port{rig_setup(sets).port(lanes)},
        transmit{all_locked(port.lines())},
        receive{all_locked(port.lines())} {
    (void)port.evaluate(transmit, receive, 0, 64, true);
  }
  std::vector<link::lane_quality> again(time_fs t = optics::ms) {
    const auto changes = port.evaluate(transmit, receive, t, later);
    return {changes.begin(), changes.end()};
  }

  optical_port port;
  std::vector<ring_place> transmit;
  std::vector<ring_place> receive;
};

TEST(optical_port, default_engine_arrives_with_0_6_db_of_margin) {
  const settled_port p;
  for (int l = 0; l < 16; ++l) {
    EXPECT_TRUE(p.port.lane(l).present);
    EXPECT_NEAR(p.port.lane(l).received_oma_dbm, -6.41, 0.01);
    EXPECT_NEAR(p.port.lane(l).margin_db, 0.6, 0.05);
    EXPECT_NEAR(std::log10(p.port.lane(l).ber), std::log10(4e-16), 0.3);
  }
}

TEST(optical_port, each_lane_is_told_once_and_then_nothing_at_rest) {
  optical_port port{rig_setup().port(16)};
  const auto rings = all_locked(16);
  EXPECT_EQ(port.evaluate(rings, rings, 0, 64, true).size(), 16U);
  EXPECT_EQ(port.evaluate(rings, rings, optics::us, 80, true).size(), 0U);
}

TEST(optical_port, two_db_at_a_connector_are_2e_7_on_all_lanes) {
  settled_port p;
  p.port.add_loss("connector_2", 2);
  const auto changes = p.again();
  ASSERT_EQ(changes.size(), 16U);
  for (const link::lane_quality& q : changes) {
    EXPECT_TRUE(q.present);
    EXPECT_EQ(q.from, later);
    EXPECT_NEAR(std::log10(q.ber), std::log10(2e-7), 0.2);
  }
  p.port.add_loss("connector_2", -2);
  EXPECT_NEAR(std::log10(p.again().front().ber), std::log10(4e-16), 0.3) << "cleaned again";
}

TEST(optical_port, a_ber_is_told_when_it_moved_by_more_than_one_percent) {
  settled_port p;
  // 0.0001 dB move this BER by about 0.3 %, 0.001 dB by about 3 %.
  p.port.add_loss("connector_1", 0.0001);
  EXPECT_EQ(p.again().size(), 0U);
  p.port.add_loss("connector_1", 0.0009);
  EXPECT_EQ(p.again().size(), 16U) << "against what was told last, not what was seen last";
}

TEST(optical_port, a_dark_line_takes_its_lane_and_some_crosstalk_of_its_neighbors) {
  settled_port p;
  const double before = p.port.lane(4).ber;
  p.port.set_lit(3, false);
  p.transmit[3].present = false;
  const auto changes = p.again();
  EXPECT_FALSE(p.port.lane(3).present);
  EXPECT_LT(p.port.lane(4).ber, before);
  ASSERT_FALSE(changes.empty());
  for (const link::lane_quality& q : changes) EXPECT_EQ(q.present, q.lane != 3);
}

TEST(optical_port, lanes_follow_lines_whatever_rings_hold_them) {
  settled_port p;
  // The receiver has hopped by 2: its ring i holds line i + 2.
  for (int i = 0; i < 16; ++i) p.receive[static_cast<std::size_t>(i)].line = (i + 2) % 16;
  EXPECT_EQ(p.again().size(), 0U);
  EXPECT_EQ(p.port.lane(5).transmit_ring, 5);
  EXPECT_EQ(p.port.lane(5).receive_ring, 3);
  p.receive[3].present = false;
  const auto changes = p.again();
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_EQ(changes[0].lane, 5);
  EXPECT_FALSE(changes[0].present);
}

TEST(optical_port, a_ring_that_is_off_costs_its_own_lane_most) {
  settled_port p;
  const double before = p.port.lane(5).margin_db;
  p.transmit[5].error_ghz = -4.3;  // cooled by 0.43 K: the steep side, 1 dB
  (void)p.again();
  EXPECT_NEAR(p.port.lane(5).margin_db, before - 1, 0.25);
  EXPECT_NEAR(p.port.lane(9).margin_db, before, 0.05);
}

TEST(optical_port, light_that_comes_back_waits_for_the_serdes) {
  settled_port p;
  p.receive[7].present = false;
  (void)p.again(optics::ms);
  p.receive[7].present = true;
  EXPECT_EQ(p.again(2 * optics::ms).size(), 0U);
  EXPECT_TRUE(p.port.lane(7).usable);
  EXPECT_FALSE(p.port.lane(7).present);
  EXPECT_EQ(p.port.next_time(), 2 * optics::ms + 5 * optics::us);
  const auto changes = p.again(p.port.next_time());
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_TRUE(changes[0].present);
  EXPECT_EQ(p.port.next_time(), optics::never);
}

TEST(optical_port, a_cut_fiber_is_loss_of_signal_and_needs_3_db_more_to_clear) {
  settled_port p;
  p.port.add_loss("fiber", 8.6);  // average power -6.6 - 8.6: below -15 dBm
  EXPECT_EQ(p.again().size(), 16U);
  EXPECT_TRUE(p.port.line(0).lost_signal);
  p.port.add_loss("fiber", -2);  // -13.2: between the thresholds
  EXPECT_EQ(p.again().size(), 0U);
  p.port.add_loss("fiber", -6.6);
  EXPECT_FALSE((void(p.again()), p.port.line(0).lost_signal));
}

TEST(optical_port, fec_leaves_what_its_flits_lose) {
  settled_port p{{"engine.profile=OCI_GEN1"}, 4};
  EXPECT_NEAR(std::log10(p.port.lane(0).raw_ber), std::log10(2e-10), 0.3);
  EXPECT_LT(p.port.lane(0).ber, 1e-60);
  p.port.add_loss("connector_1", 3.2);
  (void)p.again();
  const double raw = p.port.lane(0).raw_ber;
  EXPECT_GT(raw, 1e-4);
  EXPECT_NEAR(p.port.lane(0).ber, residual_ber(raw), residual_ber(raw) * 0.05);
  EXPECT_LT(p.port.lane(0).ber, raw / 10);
}

TEST(optical_port, residual_ber_loses_as_many_flits_as_the_code) {
  for (const double raw : {2e-4, 1e-3, 3e-3}) {
    const double lost = -std::expm1(2048 * std::log1p(-residual_ber(raw)));
    EXPECT_NEAR(lost / link::heavy_fec::flit_failure(raw), 1, 1e-6) << raw;
  }
  EXPECT_EQ(residual_ber(0), 0);
  EXPECT_EQ(residual_ber(0.5), 0.5);
}

TEST(optical_port, what_is_not_there_is_refused_with_the_numbers) {
  EXPECT_THROW(optical_port{rig_setup().port(17)}, base::config_error);
  optical_port port{rig_setup().port(16)};
  try {
    port.add_loss("conector_1", 2);
    FAIL();
  } catch (const base::config_error& e) {
    EXPECT_NE(std::string{e.what()}.find("nearest is connector_1"), std::string::npos) << e.what();
  }
}

}  // namespace
}  // namespace lightrack::package
