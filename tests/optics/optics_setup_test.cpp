// SPDX-License-Identifier: Apache-2.0
// tests/optics/optics_setup_test.cpp
// From keys to numbers: what profiles imply, what is refused, and that every figure that is listed
// as following from others does.
#include "models/optics/optics_setup.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <numbers>

#include "models/optics/crosstalk.h"
#include "models/optics/decibel.h"
#include "models/optics/gaussian.h"
#include "tests/optics/light_rig.h"
#include "tests/optics/refusal.h"

namespace lightrack::optics {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::MatchesRegex;

std::string refused(std::initializer_list<std::string> assignments) {
  return refusal([&] { (void)light_setup(assignments); });
}

TEST(optics_setup, a_profile_sets_grid_ports_launch_and_sensitivity) {
  const optics_setup s = light_setup({"engine.profile=SC25_PAM4"});
  EXPECT_EQ(s.light.lines.lines, 4);
  EXPECT_EQ(s.light.lines.spacing_ghz, 400);
  EXPECT_EQ(s.light.lines.fsr_ghz, 1'600);
  EXPECT_EQ(s.fiber_ports, 32);
  EXPECT_EQ(s.light.path.rings_passed(), 3);
  EXPECT_EQ(s.light.detector.symbol_rate_gbd, 26.5625);
  EXPECT_NEAR(s.light.detector.sensitivity_dbm, -7.8, 1e-12);
  EXPECT_EQ(s.light.detector.sensitivity_ber, 1e-6);
  EXPECT_NEAR(s.light.launch_dbm, 11, 1e-9);
  EXPECT_EQ(s.module.lanes, 16) << "4 colors x 4 copies";
}

TEST(optics_setup, modules_have_8_16_or_17_lanes) {
  EXPECT_EQ(light_setup({"engine.profile=GEN2_4T"}).module.lanes, 8);
  EXPECT_EQ(light_setup().module.lanes, 16);
  EXPECT_EQ(light_setup({"engine.profile=SC25_DWDM_SPARE"}).module.lanes, 17);
}

TEST(optics_setup, a_grid_wider_than_the_fsr_is_refused) {
  EXPECT_THAT(refused({"ring.fsr=1.6"}),
              AllOf(HasSubstr("ring.fsr = 1.6 THz"), HasSubstr("16 lines of 200 GHz take 3.2 THz"),
                    HasSubstr("wider than")));
  EXPECT_THAT(refused({"engine.profile=SC25_DWDM_SPARE", "ring.fsr=3.2"}),
              HasSubstr("17 lines of 200 GHz take 3.4 THz"));
  EXPECT_THAT(refused({"engine.profile=SC25_DWDM_SPARE", "laser.spacing=400"}),
              HasSubstr("ring.fsr = 6.8"))
      << "no ring is that small";
  EXPECT_EQ(refused({"laser.spacing=400"}), "");
}

TEST(optics_setup, a_ring_too_sharp_for_its_symbol_rate_is_refused) {
  EXPECT_THAT(
      refused({"engine.profile=OCI_GEN1", "ring.q=6500"}),
      AllOf(HasSubstr("ring.q = 6500"), HasSubstr("53.125 GBd"), HasSubstr("6201 or less")));
  EXPECT_EQ(refused({"ring.q=6500"}), "");
}

TEST(optics_setup, ports_and_wavelengths_that_do_not_give_the_profile_s_rate_are_refused) {
  EXPECT_THAT(refused({"engine.fiber_ports=4"}),
              AllOf(HasSubstr("engine.fiber_ports = 4"),
                    HasSubstr("4 ports x 16 wavelengths x 50 Gb/s = 3200 Gb/s"),
                    HasSubstr("engine.profile = SC25_DWDM, which gives 6400 Gb/s")));
  EXPECT_THAT(refused({"engine.gbps_per_lambda=25"}), HasSubstr("= 3200 Gb/s"));
  EXPECT_EQ(refused({"engine.gbps_per_lambda=25", "engine.fiber_ports=16"}), "");
}

TEST(optics_setup, two_hundred_gigabits_on_one_wavelength_are_refused_as_nrz) {
  EXPECT_THAT(refused({"engine.gbps_per_lambda=200", "engine.fiber_ports=2"}),
              AllOf(HasSubstr("200 GBd as NRZ"), HasSubstr("1647 or less"),
                    HasSubstr("allowed is PAM4, which with FEC needs ring.q of 3100 or less")));
  EXPECT_THAT(
      refused({"engine.profile=SC25_PAM4", "engine.gbps_per_lambda=200", "engine.fiber_ports=8"}),
      AllOf(HasSubstr("ring.q = 5000"), HasSubstr("106.25 GBd"), HasSubstr("3100 or less")));
  EXPECT_EQ(refused({"engine.profile=SC25_PAM4", "engine.gbps_per_lambda=200",
                     "engine.fiber_ports=8", "ring.q=3100"}),
            "");
}

TEST(optics_setup, copper_has_no_light) {
  EXPECT_THAT(refused({"engine.profile=COPPER_NVL72"}), HasSubstr("copper pairs have no light"));
}

TEST(optics_setup, other_contradictions_are_refused_with_the_numbers) {
  EXPECT_THAT(refused({"engine.profile=OCI_GEN1", "engine.gbps_per_lambda_raw=50"}),
              HasSubstr("engine.gbps_per_lambda = 50 with FEC rs544, which makes 53.125 Gb/s"));
  EXPECT_THAT(refused({"receiver.los_deassert=-14.9"}), HasSubstr("0.5 dB or more"));
  EXPECT_THAT(refused({"light.dark_lines=65536"}), HasSubstr("bits 0 to 15 for 16 lines"));
  EXPECT_THAT(refused({"light.receive_detuning=[1, 2]"}), HasSubstr("2 values contradict 16"));
  EXPECT_THAT(refusal([] { (void)light_budget({"light.extra_loss=[[\"conector_1\", 1]]"}); }),
              HasSubstr("nearest is connector_1"));
  EXPECT_THAT(refused({"engine.profile=SC25_PAM4", "laser.rin=-130"}), HasSubstr("RIN"));
}

// As from a template of which every line is taken.
TEST(optics_setup, every_key_at_its_default_is_the_default) {
  base::config c = light_configuration();
  for (const base::parameter& p : base::config{c}.known().all())
    if (!p.output && !p.family() && !p.standard.empty()) c.set(p.name + "=" + p.standard);
  const optics_setup s = make_optics_setup(c);
  EXPECT_EQ(evaluate(s.light, s.faults).lanes[0].ber, light_budget().lanes[0].ber);
}

TEST(optics_setup, outputs_cannot_be_set) {
  for (const char* output : {"ring.er=6", "ring.mod_shift=16", "path.total_loss=1",
                             "laser.module_power=10", "receiver.oma_nominal=-6"})
    EXPECT_THAT(refusal([&] { (void)light_configuration({output}); }),
                HasSubstr("follows from other keys"))
        << output;
}

TEST(optics_setup, a_faster_symbol_needs_as_much_more_power) {
  const optics_setup s = light_setup({"engine.gbps_per_lambda=25", "engine.fiber_ports=16"});
  EXPECT_NEAR(s.light.detector.sensitivity_dbm, -8 - 3.01, 0.005);
}

TEST(optics_setup, sensitivity_of_oci_is_that_of_50_gigabaud_at_its_rate_and_error_rate) {
  // -8 dBm - 1.70 dB (1e-12 to 1e-6) + 0.26 dB (50 to 53.125 GBd) = -9.44: -9.4 in the table.
  EXPECT_NEAR(light_setup({"engine.profile=OCI_GEN1"}).light.detector.sensitivity_dbm, -9.4, 1e-9);
  EXPECT_NEAR(-8 - 1.702 + 10 * std::log10(53.125 / 50), -9.4, 0.05);
}

TEST(optics_setup, an_old_laser_launches_less_once_its_driver_is_at_its_end) {
  EXPECT_NEAR(light_setup({"laser.hours=100000"}).light.launch_dbm, 11, 1e-9);
  EXPECT_LT(light_setup({"laser.hours=200000"}).light.launch_dbm, 10.95);
  EXPECT_LT(light_setup({"laser.hours=100000", "laser.control_mode=ACC"}).light.launch_dbm, 9.5);
}

TEST(optics_setup, a_laser_that_no_longer_lases_is_dark_and_not_a_number_that_is_none) {
  const bus_budget b =
      light_budget({"laser.hours=200000", "laser.aging_rate=20", "laser.control_mode=ACC"});
  EXPECT_FALSE(b.lanes[0].present);
  EXPECT_EQ(b.lanes[0].ber, 0.5);
}

TEST(require_margin, refuses_a_run_that_the_calculator_prints) {
  const optics_setup s = light_setup({"laser.power_per_lambda=9"});
  const bus_budget b = evaluate(s.light, s.faults);
  EXPECT_NEAR(b.lanes[0].margin_db, -1.41, 0.01);
  EXPECT_THAT(refusal([&] { require_margin(s, b); }),
              AllOf(HasSubstr("its margin is -1.41 dB"), HasSubstr("1.41 dB more launch power")));
  const optics_setup closes = light_setup();
  EXPECT_EQ(refusal([&] { require_margin(closes, evaluate(closes.light)); }), "");
}

// Every row that is listed as an output, against the model that makes it.
TEST(optics_parameters, outputs_are_what_the_models_give) {
  const optics_setup s = light_setup();
  const optics_setup slow = light_setup({"engine.profile=GEN3_8T"});
  const light_params& l = s.light;
  const bus_budget b = evaluate(l);
  const modulator_levels levels = l.transmit.at(l.transmit.bias_ghz);
  const laser_diode diode{s.diode};
  const auto module_of = [](const optics_setup& of) {
    return module_figures(of.module, laser_diode{of.diode}, of.lane());
  };
  const double pj_50 = module_of(s).module_w * 1e3 / s.engine_gbps();
  const double pj_32 = module_of(slow).module_w * 1e3 / slow.engine_gbps();
  const double at_fiber = s.module.power_dbm + 10 * std::log10(static_cast<double>(l.lines.lines));
  const std::map<std::string, double> figures{
      {"engine.energy_total_50g", s.engine_pj_per_bit + pj_50},
      {"engine.energy_total_32g", slow.engine_pj_per_bit + pj_32},
      {"engine.lambda_per_port", s.profile->lambda_per_port},
      {"fiber.delay", 1.4676 / 0.299792458},
      {"laser.lambda", l.lines.lines},
      {"laser.power_per_lane", s.module.lane_mw()},
      {"laser.power_per_fiber", at_fiber},
      {"laser.optical_power_per_engine", module_of(s).optical_w},
      {"laser.bias_bol", s.lane().bias_ma},
      {"laser.module_power", module_of(s).module_w},
      {"laser.wpe", module_of(s).wall_plug},
      {"laser.energy_32g", pj_32},
      {"laser.energy_50g", pj_50},
      {"ring.linewidth", l.receive.linewidth_ghz},
      {"ring.q_max_50g", q_max(l.lines.center_ghz, 50, 0.7)},
      {"ring.q_max_32g", q_max(l.lines.center_ghz, 32, 0.7)},
      {"ring.radius", 299'792.458 / (2 * std::numbers::pi * 4.3 * l.lines.fsr_ghz)},
      {"ring.mod_shift", l.transmit.swing_ghz},
      {"ring.bias_detuning", l.transmit.bias_ghz},
      {"ring.er", levels.er_db()},
      {"ring.il", levels.insertion_loss_db()},
      {"receiver.noise_rms_32g", receiver{slow.light.detector}.noise(-10, 5).total_ua()},
      {"receiver.noise_rms_50g", receiver{l.detector}.noise(-8, 5).total_ua()},
      {"receiver.oma_nominal", b.lanes[0].received_oma_dbm},
      {"receiver.q_at_1e12", nrz_q(1e-12)},
      {"path.mod_penalty", levels.oma_loss_db()},
      {"path.xtalk_penalty",
       crosstalk_penalty_db(crosstalk(l.lines, l.receive), levels.er_db(), base::modulation::nrz)},
      {"path.total_loss", b.total_db},
      {"path.required_power_32g",
       slow.light.detector.sensitivity_dbm + b.total_db + l.penalties_db + l.target_margin_db},
      {"path.required_power_50g",
       l.detector.sensitivity_dbm + b.total_db + l.penalties_db + l.target_margin_db},
  };
  int outputs = 0;
  const base::config c = light_configuration();
  for (const base::parameter& p : c.known().all()) {
    if (!p.output) continue;
    ++outputs;
    ASSERT_TRUE(figures.contains(p.name)) << p.name << " is listed and nothing makes it";
    // Half a unit of the last digit that is written, and a hair.
    const std::size_t point = p.standard.find('.');
    const double digits =
        point == std::string::npos ? 0 : static_cast<double>(p.standard.size() - point - 1);
    EXPECT_NEAR(figures.at(p.name), std::stod(p.standard), 0.55 * std::pow(10, -digits)) << p.name;
  }
  EXPECT_EQ(outputs, static_cast<int>(figures.size()));
}

TEST(optics_parameters, have_defaults_in_their_ranges_and_a_word_of_evidence) {
  const base::config c = light_configuration();
  for (const base::parameter& p : c.known().all()) {
    EXPECT_THAT(p.evidence, MatchesRegex("assumed|derived|published|press|standard")) << p.name;
    EXPECT_FALSE(p.note.empty()) << p.name;
    EXPECT_EQ(p.output, p.type == base::value_type::number && !p.min && p.columns.empty())
        << p.name << ": a numeric row without bounds is an output, and no other is";
  }
}

}  // namespace
}  // namespace lightrack::optics
