// SPDX-License-Identifier: Apache-2.0
// tests/platforms/link_light_test.cpp
// Runs of a link whose bit errors come from its light: one lab note a fault.
#include <gtest/gtest.h>

#include <cmath>

#include "models/base/error.h"
#include "models/link/flit_endpoint.h"
#include "models/link/light_fec_rate.h"
#include "platforms/link/link_report.h"

namespace lightrack::platforms {
namespace {

link_setup setup_of(const std::vector<std::string>& sets) {
  base::config c = link_config();
  c.imply("sim.time", 40);
  for (const std::string& s : sets) c.set(s);
  return make_link_setup(c);
}

link_result run(const std::vector<std::string>& sets, link_run_options options = {}) {
  options.kernel = false;
  return run_link(setup_of(sets), {.flit = link::make_flit_endpoint, .rtl = {}}, options);
}

std::string refusal(const std::vector<std::string>& sets) {
  try {
    (void)setup_of(sets);
  } catch (const base::config_error& e) {
    return e.what();
  }
  return "";
}

int present(const std::vector<package::line_light>& lanes) {
  int n = 0;
  for (const package::line_light& l : lanes) n += l.present ? 1 : 0;
  return n;
}

TEST(link_light, is_on_and_gives_each_lane_the_error_rate_of_the_budget) {
  const link_result r = run({});
  ASSERT_TRUE(r.light);
  ASSERT_EQ(r.setup.to_east.channel.ber.size(), 16U);
  for (const double ber : r.setup.to_east.channel.ber)
    EXPECT_NEAR(std::log10(ber), std::log10(4e-16), 0.6);
  EXPECT_EQ(r.light->to_east.changes, 0U) << "at rest nothing is told";
  EXPECT_NEAR(r.light->to_east.budget.lanes[0].margin_db, 0.6, 0.1);
}

TEST(link_light, is_off_where_the_channel_is_given_and_says_why) {
  for (const char* set : {"channel.ber=0", "channel.ber=1e-6", "channel.burst_rate=1e-7",
                          "link.spares=1", "engine.gbps_per_lambda=25", "light.optics=off"}) {
    const link_setup s = setup_of({set});
    EXPECT_FALSE(s.light.on) << set;
    EXPECT_FALSE(s.light.off_because.empty()) << set;
  }
  EXPECT_EQ(setup_of({"link.spares=1"}).light.off_because,
            "SC25_DWDM has 0 spare wavelengths a port and link.spares = 1, so the channel is one "
            "without errors");
  EXPECT_TRUE(setup_of({"link.lanes=8"}).light.on) << "fewer lanes than lines";
  EXPECT_TRUE(setup_of({"channel.skew_words=3"}).light.on);
}

TEST(link_light, the_effective_configuration_makes_the_same_light) {
  const link_setup first = setup_of({"light.events=[{time=20, what=\"laser_lane_dead\"}]"});
  base::config again = link_config();
  again.parse(first.effective_toml, "config.toml");
  const link_setup second = make_link_setup(again);
  EXPECT_TRUE(second.light.on);
  EXPECT_EQ(second.config_hash, first.config_hash);
  EXPECT_EQ(second.to_east.channel.ber, first.to_east.channel.ber);
  ASSERT_EQ(second.light.events.size(), 1U);
  EXPECT_EQ(second.light.events[0].time, 20 * optics::us);
}

TEST(link_light, energy_is_4_87_pj_a_bit_in_five_parts) {
  const link_result r = run({});
  EXPECT_NEAR(r.light->west.pj_per_bit(), 4.87, 0.01) << "3.0 and a laser of 1.87";
  ASSERT_EQ(r.light->west.energy.size(), 5U);
  EXPECT_NEAR(r.light->west.energy[1].pj_per_bit, 256 * 2.8 / 6400, 0.02)
      << "256 heaters at 2.8 mW: barrel shift takes the nearest hop";
  const nlohmann::json j = link_json(r);
  EXPECT_NEAR(j["energy_pj_per_bit"].get<double>(), 4.87, 0.01);
  double sum = 0;
  for (const auto& part : j["energy_parts"]) sum += part["pj_per_bit"].get<double>();
  EXPECT_NEAR(sum, j["energy_pj_per_bit"].get<double>(), 1e-12);
}

// 2 dB at a connector of one fiber: BER about 2e-7 on its 16 lanes, a flit in 2,450 is lost.
TEST(link_light, a_connector_fault_costs_what_go_back_n_says) {
  const link_result r =
      run({"light.events=[{time=5, what=\"connector_loss\", element=\"connector_2\", value=2}]",
           "sim.time=3ms", "traffic.warmup=50us"});
  ASSERT_TRUE(r.complete);
  EXPECT_EQ(r.light->to_east.changes, 16U);
  EXPECT_EQ(r.light->to_west.changes, 0U);
  double p = 0;
  for (const package::line_light& l : r.light->to_east.end) {
    EXPECT_NEAR(std::log10(l.ber), std::log10(2e-7), 0.35);
    p += link::plain_flit_failure(l.ber) / 16;
  }
  const direction_counts& c = r.to_east.window;
  const double flits = static_cast<double>(c.receiver.received_good + c.receiver.received_bad);
  const double bad = static_cast<double>(c.receiver.received_bad);
  EXPECT_NEAR(bad, flits * p, 3 * std::sqrt(flits * p)) << "of " << flits << " at P = " << p;
  const double m = static_cast<double>(r.round_trip) + 1;
  const double formula = 705.7 * (1 - p) / ((1 - p) + m * p);
  EXPECT_NEAR(r.to_east.goodput_gbps / formula, 1, 0.01);
  EXPECT_NEAR(r.to_west.goodput_gbps, 705.7, 1) << "the other fiber is clean";
}

TEST(link_light, measured_errors_of_a_bad_light_are_those_of_the_formula) {
  const link_result r =
      run({"light.events=[{time=5, what=\"connector_loss\", element=\"connector_2\", value=2.7}]",
           "sim.time=2ms", "traffic.warmup=50us"});
  double p = 0;
  for (const package::line_light& l : r.light->to_east.end)
    p += link::plain_flit_failure(l.ber) / 16;
  EXPECT_GT(p, 1e-3);
  const direction_counts& c = r.to_east.window;
  const double flits = static_cast<double>(c.receiver.received_good + c.receiver.received_bad);
  EXPECT_NEAR(static_cast<double>(c.receiver.received_bad), flits * p, 3 * std::sqrt(flits * p));
}

// Line 5 goes out at 60 us: half width, and full width again after it is back.
TEST(link_light, a_dead_laser_lane_is_half_width_until_it_returns) {
  const link_result r =
      run({"light.events=[{time=60, what=\"laser_lane_dead\", laser=5}]", "sim.time=200us"});
  EXPECT_EQ(present(r.light->to_east.end), 15);
  EXPECT_FALSE(r.light->to_east.end[5].present);
  EXPECT_EQ(present(r.light->to_west.end), 16);
  EXPECT_EQ(r.east.rx_shift, 1);
  EXPECT_EQ(r.west.rx_shift, 0);
  EXPECT_EQ(r.to_east.whole.sink.lost, 0U);

  const link_result back =
      run({"light.events=[{time=60, what=\"laser_lane_dead\", laser=5}, "
           "{time=150, what=\"laser_lane_back\", laser=5}]",
           "sim.time=3ms"});
  EXPECT_EQ(present(back.light->to_east.end), 16);
  EXPECT_EQ(back.east.rx_shift, 0);
  EXPECT_EQ(back.to_east.whole.sink.lost, 0U);
}

TEST(link_light, a_spare_wavelength_takes_over_at_full_width) {
  const link_result r =
      run({"engine.profile=SC25_DWDM_SPARE",
           "light.events=[{time=60, what=\"laser_lane_dead\", laser=5}]", "sim.time=200us"});
  EXPECT_EQ(present(r.light->to_east.end), 16) << "of 17";
  EXPECT_FALSE(r.light->to_east.end[5].present);
  EXPECT_EQ(r.east.rx_shift, 0);
  EXPECT_EQ(r.east.rx_lanes, 0x1FFFFU & ~(1U << 5));
  EXPECT_EQ(r.to_east.whole.sink.lost, 0U);
}

TEST(link_light, a_stuck_heater_takes_its_own_lane_when_the_die_moves) {
  const link_result r =
      run({"light.events=[{time=20, what=\"heater_stuck\", ring=6}, "
           "{time=40, what=\"temperature_ramp\", value=-3}]",
           "sim.time=5ms", "traffic.load=0.02"});
  ASSERT_TRUE(r.complete) << r.stopped_by;
  EXPECT_EQ(present(r.light->to_east.end), 15);
  int dark = -1;
  for (int l = 0; l < 16; ++l)
    if (!r.light->to_east.end[static_cast<std::size_t>(l)].present) dark = l;
  EXPECT_EQ(r.light->to_east.start[static_cast<std::size_t>(dark)].transmit_ring, 6)
      << "the lane that ring 6 served";
  EXPECT_EQ(present(r.light->to_west.end), 16);
  EXPECT_EQ(r.to_east.whole.sink.lost, 0U);
}

// 40 K at 800 K/s: the bus hops, all lanes pause for assignment and fine lock, the link retrains.
TEST(link_light, a_ramp_of_40_kelvin_loses_no_flit) {
  const link_result r = run({"light.events=[{time=100, what=\"temperature_ramp\", value=40}]",
                             "sim.time=60ms", "traffic.load=0.002"});
  ASSERT_TRUE(r.complete) << r.stopped_by;
  EXPECT_GE(r.light->west.hops, 1U);
  EXPECT_GE(r.west.session, 1U);
  EXPECT_GE(r.to_east.whole.sender.retrains + r.to_west.whole.sender.retrains, 1U);
  EXPECT_EQ(r.to_east.whole.sink.lost + r.to_west.whole.sink.lost, 0U);
  EXPECT_EQ(present(r.light->to_east.end), 16);
  EXPECT_EQ(r.east.rx_shift, 0);
  EXPECT_NEAR(r.light->west.temperature_c, 102.5, 1e-6);
}

TEST(link_light, a_cold_start_trains_after_41_ms) {
  const link_result r = run({"light.start=cold", "traffic.load=0.01"});
  ASSERT_TRUE(r.complete) << r.stopped_by;
  const double active_ms = static_cast<double>(r.active_clock) * r.setup.clock_ns() * 1e-6;
  EXPECT_GT(active_ms, 41.265);
  EXPECT_LT(active_ms, 41.4);
}

TEST(link_light, threads_batches_and_kernel_change_nothing) {
  const std::vector<std::string> sets{
      "light.events=[{time=30, what=\"connector_loss\", value=2.5}, "
      "{time=45, what=\"laser_lane_dead\", laser=2, engine=\"east\"}, "
      "{time=50, what=\"temperature_ramp\", value=-5, slew=2000}]",
      "sim.time=300us"};
  const link_result one = run(sets);
  EXPECT_EQ(run(sets, {.threads = 2}).trace_hash, one.trace_hash);
  EXPECT_EQ(run(sets, {.max_batch = 7}).trace_hash, one.trace_hash);
  EXPECT_EQ(run(sets, {.max_batch = 64}).trace_hash, one.trace_hash);
  EXPECT_GT(one.light->to_east.changes, 16U);
}

TEST(link_light, a_module_that_stays_dead_is_named) {
  const link_result r = run({"light.events=[{time=30, what=\"module_dead\"}]", "sim.time=2ms"});
  EXPECT_TRUE(r.no_progress);
  EXPECT_NE(r.stopped_by.find("link0.east"), std::string::npos) << r.stopped_by;
  EXPECT_NE(r.stopped_by.find("light"), std::string::npos) << r.stopped_by;
}

TEST(link_light, bursts_keep_the_light_of_the_start) {
  const link_setup s = setup_of({"link.fidelity.default=burst"});
  EXPECT_TRUE(s.light.on);
  EXPECT_NEAR(std::log10(s.to_east.channel.ber.front()), std::log10(4e-16), 0.6);
  EXPECT_NE(
      refusal({"link.fidelity.default=burst", "light.events=[{time=1, what=\"module_dead\"}]"})
          .find("1 events, and burst keeps the BER of the light at start"),
      std::string::npos);
}

TEST(link_light, every_optical_profile_runs) {
  for (const char* profile :
       {"GEN2_4T", "GEN3_8T", "SC25_DWDM_SPARE", "SC25_PAM4", "OCI_GEN1", "GUC_200T"}) {
    const link_result r = run({std::string{"engine.profile="} + profile, "sim.time=20us"});
    ASSERT_TRUE(r.light) << profile;
    EXPECT_EQ(r.to_east.whole.receiver.received_bad, 0U) << profile;
    EXPECT_GT(r.light->to_east.budget.lanes[0].margin_db, 0) << profile;
  }
}

TEST(link_light, what_does_not_fit_is_refused_with_the_numbers) {
  EXPECT_NE(refusal({"light.extra_loss=[[\"connector_1\", 1]]"}).find("its margin is -0.4"),
            std::string::npos)
      << refusal({"light.extra_loss=[[\"connector_1\", 1]]"});
  EXPECT_NE(refusal({"light.events=[{time=1, what=\"laser_lane_dead\", laser=16}]"})
                .find("laser lane 16 is not there; allowed are 0 to 15"),
            std::string::npos);
  EXPECT_NE(refusal({"light.events=[{time=1, what=\"connector_loss\", value=2, "
                     "element=\"conector_1\"}]"})
                .find("nearest is connector_1"),
            std::string::npos);
  EXPECT_NE(refusal({"light.events=[{time=1, what=\"connector_loss\"}]"})
                .find("connector_loss with value = 0 dB does nothing"),
            std::string::npos);
  EXPECT_NE(refusal({"channel.ber=1e-9", "light.events=[{time=1, what=\"module_dead\"}]"})
                .find("needs light, and channel.ber is given"),
            std::string::npos);
  EXPECT_NE(refusal({"light.optics=on", "channel.ber=1e-9"}).find("light.optics"),
            std::string::npos);
  EXPECT_NE(refusal({"light.dark_lines=3"}).find("allowed in a run are light.events"),
            std::string::npos);
  EXPECT_NE(refusal({"ucie.modules_per_engine_standard=8"}).find("4096 Gb/s"), std::string::npos);
}

}  // namespace
}  // namespace lightrack::platforms
