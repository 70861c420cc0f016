// SPDX-License-Identifier: Apache-2.0
#include "models/optics/optics_parameters.h"

namespace lightrack::optics {
namespace {

using base::value_shape;
using base::value_type;

// One line a parameter: what it is called, what it may be, and who says so.
struct declare {
  base::parameter_set& known;

  void number(const char* name, const char* unit, const char* standard, double min, double max,
              const char* evidence, const char* note) const {
    known.add({.name = name,
               .unit = unit,
               .standard = standard,
               .min = min,
               .max = max,
               .evidence = evidence,
               .note = note});
  }
  void count(const char* name, const char* standard, double min, double max, const char* evidence,
             const char* note) const {
    known.add({.name = name,
               .unit = "count",
               .type = value_type::integer,
               .standard = standard,
               .min = min,
               .max = max,
               .evidence = evidence,
               .note = note});
  }
  void choice(const char* name, const char* standard, std::vector<std::string> choices,
              const char* note) const {
    known.add({.name = name,
               .unit = "enum",
               .type = value_type::choice,
               .standard = standard,
               .choices = std::move(choices),
               .evidence = "assumed",
               .note = note});
  }
  void output(const char* name, const char* unit, const char* standard, const char* note) const {
    known.add({.name = name,
               .unit = unit,
               .standard = standard,
               .evidence = "derived",
               .note = note,
               .output = true});
  }
};

void declare_engine_light(const declare& d) {
  d.count("engine.fiber_ports", "8", 1, 64, "derived",
          "the profile sets it; ports x wavelengths x rate must give the profile's rate");
  d.number("engine.gbps_per_lambda_raw", "Gb/s", "53.125", 16, 212.5, "derived",
           "FEC profiles only: payload rate x 17/16 (257/256 transcode with RS(544,514)); the "
           "others run at the payload rate");
  d.choice("engine.modulation", "NRZ", {"NRZ", "PAM4"}, "the profile sets it");
  d.number("engine.energy", "pJ/bit", "3.0", 0.7, 6, "assumed",
           "engine electronics and ring control, no laser; low end Sun et al. Nature 2015");
  d.output("engine.energy_total_50g", "pJ/bit", "4.87", "3.0 + 1.87 laser");
  d.output("engine.energy_total_32g", "pJ/bit", "5.23", "3.0 + 2.23 laser");
}

void declare_laser_light(const declare& d) {
  d.output("laser.lambda", "count", "16", "wavelengths of a port; the profile sets it");
  d.number("laser.f_center", "THz", "230.6", 229, 232, "published",
           "CW-WDM grid as used in wdmsim");
  d.number("laser.spacing", "GHz", "200", 100, 400, "published",
           "the profile sets it; CW-WDM grid as used in wdmsim (1.12 nm there is 198.7 GHz)");
  d.number("laser.power_per_lambda", "dBm", "11", 3, 14, "derived",
           "of a wavelength and port; the profile sets it: 11 at 50 Gb/s, 9 at 32 Gb/s");
  d.output("laser.power_per_lane", "mW", "100.7",
           "12.59 mW x 8 ports, splitter excess loss not counted");
  d.output("laser.power_per_fiber", "dBm per fiber", "23.04",
           "11 dBm + 10 log10(16); below the 26 dBm ceiling of ELSFP classes");
  d.output("laser.optical_power_per_engine", "W", "1.611",
           "128 carriers x 12.59 mW; 1.017 W at 9 dBm");
  d.number("laser.rin", "dB/Hz", "-145", -160, -130, "assumed",
           "engineering choice; -136 end from the Edgecore 400G-DR4 module datasheet");
}

void declare_laser_diode(const declare& d) {
  d.number("laser.df_dt", "GHz/K", "-12", -15, -8, "assumed",
           "typical DFB, about 0.07 nm/K at 1300 nm");
  d.number("laser.ith0", "mA", "12", 3, 40, "assumed",
           "chosen with the slope so that 100.7 mW at 45 degC closes at 12 W a module");
  d.number("laser.t_ref", "degC", "25", 0, 80, "assumed",
           "reference temperature of the L-I law, chosen here");
  d.number("laser.t_operating", "degC", "45", 20, 80, "assumed",
           "TEC-held laser temperature, chosen here; the lines stand on the grid at 45");
  d.number("laser.t_threshold", "K", "60", 30, 120, "assumed",
           "characteristic temperature of threshold, chosen here");
  d.number("laser.slope0", "W/A", "0.42", 0.1, 0.6, "assumed",
           "slope efficiency at the reference temperature, chosen here");
  d.number("laser.t_slope", "K", "200", 80, 400, "assumed",
           "characteristic temperature of slope, chosen here");
  d.number("laser.turn_on_voltage", "V", "1.0", 0.7, 1.6, "assumed",
           "turn-on voltage, chosen here");
  d.number("laser.series_resistance", "ohm", "1.8", 0.5, 10, "assumed",
           "series resistance, chosen here; 1.51 V at the default bias");
  d.output("laser.bias_bol", "mA", "281.8", "L-I law at 45 degC and 100.7 mW, new");
  d.number("laser.bias_max", "mA", "500", 200, 800, "assumed",
           "driver limit; past it APC can no longer hold the power and it falls");
  d.number("laser.tec_power", "W", "3.5", 0, 12, "assumed",
           "per module; fixed, not scaled with heat");
  d.number("laser.ctrl_power", "W", "1.7", 0.2, 5, "assumed", "per module");
  d.output("laser.module_power", "W", "12",
           "16 lanes x 0.425 W + TEC + control at 11 dBm a wavelength and port; 9.1 W at 9 dBm");
  d.output("laser.wpe", "1", "0.134",
           "whole module at the default point; the diodes alone reach 0.237");
  d.output("laser.energy_32g", "pJ/bit", "2.23", "9.12 W a module at 9 dBm / 4.096 Tb/s");
  d.output("laser.energy_50g", "pJ/bit", "1.87", "12.0 W a module / 6.4 Tb/s");
}

void declare_laser_life(const declare& d) {
  d.number("laser.aging_rate", "%/kh", "3", 0.01, 20, "assumed",
           "growth of threshold current at the reference temperature; 1 %/kh would never reach the "
           "115 % bias warning in service life");
  d.number("laser.aging_ea", "eV", "0.4", 0.2, 0.8, "assumed",
           "activation energy of aging (Arrhenius); value chosen here");
  d.number("laser.hours", "h", "0", 0, 200000, "assumed", "age of the laser");
  d.choice("laser.control_mode", "APC", {"APC", "ACC"},
           "APC holds power so that aging shows as bias; ACC holds bias");
  d.number("laser.apc_gain", "mA/mW", "1.3", 0.1, 2.6, "assumed",
           "half of 1/slope per step, stable; chosen here");
  d.number("laser.apc_period", "ms", "1", 0.1, 100, "assumed", "APC update step, chosen here");
  d.number("laser.power_lo_alarm", "dB vs set", "-3", -6, 0, "assumed", "engineering choice");
  d.number("laser.power_lo_warn", "dB vs set", "-1.5", -6, 0, "assumed", "engineering choice");
  d.number("laser.bias_hi_warn", "% of BOL", "115", 105, 150, "assumed", "engineering choice");
  d.number("laser.bias_hi_alarm", "% of BOL", "130", 105, 150, "assumed", "engineering choice");
  d.number("laser.fit_per_lane", "FIT", "50", 5, 500, "press",
           "WaveSplitter ELSFP note: laser diode MTBF 20 Mh");
}

void declare_ring(const declare& d) {
  d.number("ring.q", "1", "5000", 2500, 6500, "assumed",
           "loaded; 50 GBd needs about 6600 or less, 53.125 GBd about 6200");
  d.output("ring.linewidth", "GHz", "46.1", "230.60 THz / 5000");
  d.number("ring.bw_to_baud_min", "1", "0.7", 0.5, 1.0, "assumed",
           "optical bandwidth required per baud; bounds chosen here");
  d.output("ring.q_max_50g", "1", "6589", "230.60 THz / (0.7 x 50 GHz)");
  d.output("ring.q_max_32g", "1", "10295", "230.60 THz / (0.7 x 32 GHz)");
  d.number("ring.n_g", "1", "4.3", 3.5, 4.6, "assumed",
           "group index used for ring sizing; bounds chosen here");
  d.output("ring.radius", "um", "3.47", "c / (2 pi 4.3 x 3.2 THz)");
  d.number("ring.fsr", "THz", "3.2", 1.0, 6.4, "derived",
           "where not given, (lines + spares) x spacing, which it must equal within tolerance, so "
           "that a shift by one FSR is a shift by one bus; 3.4 with a spare line");
  d.number("ring.fsr_tolerance", "1", "0.01", 0, 0.05, "published",
           "wdmsim open DWDM arbitration simulator: +/- 1 %; upper bound chosen here");
  d.number("ring.t_min", "1", "0.129", 0.01, 0.3, "published",
           "ring extinction 8.9 dB, Scientific Reports 2017 link table; bounds chosen here");
  d.output("ring.mod_shift", "GHz", "15.6",
           "shift between 1 and 0 that gives ER 5 dB, IL 3 dB at t_min 0.129");
  d.output(
      "ring.bias_detuning", "GHz", "12.1",
      "the fine lock settles here (ER 5, IL 3, OMA -4.65 dB); the best OMA, 0.13 dB more, lies "
      "at 14.8 GHz with ER 4.4");
  d.output("ring.er", "dB", "5", "follows from q, t_min, mod_shift and bias");
  d.output("ring.il", "dB", "3", "follows likewise");
}

void declare_receiver(const declare& d) {
  d.number("receiver.sensitivity_oma_32g", "dBm", "-10", -14, -4, "assumed",
           "at 1e-12; near Li et al. JSSC 2014 (-9) and a DR4 receiver (-4.4)");
  d.number("receiver.sensitivity_oma_50g", "dBm", "-8", -12, -4, "assumed",
           "at 1e-12; engineering choice; OCI_GEN1 takes 1.4 dB less, at 1e-6 and 53.125 GBd");
  d.number("receiver.sensitivity_oma_pam4", "dBm", "-7.8", -12, -2, "derived",
           "outer OMA at 1e-6 and 26.56 GBd, scaled from the 32 and 50 Gb/s NRZ rows");
  d.number("receiver.los_assert", "dBm", "-15", -25, -5, "published",
           "average power; Edgecore 400G-DR4 module datasheet");
  d.number("receiver.los_deassert", "dBm", "-12", -25, -5, "published",
           "average power; a data sheet gives -10, which a 32 Gb/s link at its sensitivity "
           "(average -10.2) would never reach");
  d.number("receiver.los_hysteresis", "dB", "0.5", 0.5, 6, "published",
           "least distance of the two thresholds; Edgecore 400G-DR4 module datasheet minimum; "
           "upper bound chosen here");
  d.number("receiver.bandwidth_per_baud", "1", "0.7", 0.5, 1.0, "assumed",
           "noise bandwidth of the receiver over the symbol rate: shot and RIN need it");
  d.number("receiver.responsivity", "A/W", "0.8", 0.2, 1.1, "assumed", "engineering choice");
  d.output("receiver.noise_rms_32g", "uA", "5.69", "0.8 A/W x 0.1 mW / (2 x 7.034)");
  d.output("receiver.noise_rms_50g", "uA", "9.01", "0.8 A/W x 0.158 mW / (2 x 7.034)");
  d.output("receiver.oma_nominal", "dBm", "-6.41", "11 dBm - 17.41 dB, SC25_DWDM");
  d.output("receiver.q_at_1e12", "1", "7.034", "NRZ, 0.5 erfc(Q/sqrt 2) = 1e-12");
}

void declare_path(const declare& d) {
  d.number("path.laser_connector_loss", "dB", "0.5", 0.1, 0.75, "assumed",
           "each; bounds chosen here");
  d.count("path.laser_connectors", "2", 1, 4, "assumed", "laser to engine; bounds chosen here");
  d.number("path.coupler_loss", "dB", "1.75", 0.7, 4.8, "assumed",
           "each of three; bounds: oxiphoton link library edge coupler, Scientific Reports 2017 "
           "grating");
  d.number("path.waveguide_loss", "dB", "1.0", 0.2, 4.3, "assumed",
           "on-die guide and split; upper bound is 1 cm at 4.3 dB/cm, Sun et al. Nature 2015");
  d.output("path.mod_penalty", "dB", "4.65", "OMA over input power at ER 5 dB, IL 3 dB");
  d.number("path.offres_ring_loss", "dB per ring", "0.05", 0.01, 0.15, "assumed",
           "engineering choice");
  d.count("path.offres_rings", "15", 0, 31, "derived",
          "where not given, wavelengths of the port - 1, spares included; passed at both ends");
  d.number("path.drop_loss", "dB", "1.0", 0.3, 3, "assumed", "engineering choice");
  d.number("path.connector_loss", "dB", "0.25", 0.1, 0.75, "assumed",
           "each; low-loss MPO from memory");
  d.count(
      "path.connectors", "4", 0, 8, "assumed",
      "engine to engine; the detachable on-package joint is not among them; bounds chosen here");
  d.number("path.detachable_loss", "dB", "0.75", 0.5, 1.0, "assumed",
           "each; on-package detachable joint, midpoint of the stated range");
  d.count("path.detachable_joints", "2", 0, 4, "assumed", "one a package; default on");
  d.number("path.polarization_loss", "dB", "0.5", 0, 1.5, "assumed",
           "at the receive coupler; bounds chosen here");
  d.output("path.xtalk_penalty", "dB", "0.35",
           "whole 16-line bus with distances folded by the FSR (-14.0 dB at Q 5000); two neighbors "
           "alone 0.23");
  d.number("path.mpi_penalty", "dB", "0.2", 0.1, 0.3, "assumed",
           "multipath's share of path.penalties; midpoint of the stated range");
  d.number("path.penalties", "dB", "1.0", 0, 3, "assumed",
           "of the bus as designed: crosstalk 0.35 + multipath 0.2 + ISI residue 0.45; what the "
           "model computes of them replaces its share; RIN lives in the receiver noise");
  d.number("path.margin", "dB", "2", 0, 6, "assumed",
           "target for aging and connectors: reported against, not a loss");
  d.output("path.total_loss", "dB", "17.41",
           "sum of the budget rows at 20 m with two detachable joints of 0.75 dB; 15.91 without "
           "them");
  d.output("path.required_power_32g", "dBm", "10.41", "-10 + 17.41 + 1 + 2 dB target margin");
  d.output("path.required_power_50g", "dBm", "12.41", "-8 + 17.41 + 1 + 2 dB target margin");
  d.number("fiber.loss", "dB/km", "0.35", 0.3, 0.5, "standard",
           "ITU G.652D limit at 1310 nm as listed by Caledonian");
}

// What is wrong with the port that a calculator looks at.
void declare_faults(const declare& d) {
  d.known.add({.name = "light.extra_loss",
               .unit = "dB",
               .shape = value_shape::rows,
               .standard = "[]",
               .columns = {{.name = "element", .unit = "text", .type = value_type::text},
                           {.name = "db", .unit = "dB", .min = -20, .max = 60}},
               .evidence = "assumed",
               .note = "[[element, dB]]: a fault that adds loss to an element of the budget"});
  d.known.add({.name = "light.dark_lines",
               .unit = "bitmap",
               .type = value_type::integer,
               .standard = "0",
               .min = 0,
               .max = 0xFFFFFFFF,
               .evidence = "assumed",
               .note = "lines without light, bit k = line k, 0 the lowest frequency"});
  const auto list = [&](const char* name, const char* note) {
    d.known.add({.name = name,
                 .unit = "GHz",
                 .shape = value_shape::list,
                 .standard = "0",
                 .min = -3200,
                 .max = 3200,
                 .evidence = "assumed",
                 .note = note});
  };
  list("light.transmit_detuning",
       "line minus modulator ring beside the bias, one value or one a line; below 0 the ring has "
       "cooled");
  list("light.receive_detuning", "line minus receiver ring, one value or one a line");
}

}  // namespace

void declare_optics_parameters(base::parameter_set& known) {
  const declare d{known};
  declare_engine_light(d);
  declare_laser_light(d);
  declare_laser_diode(d);
  declare_laser_life(d);
  declare_ring(d);
  declare_receiver(d);
  declare_path(d);
  declare_faults(d);
}

}  // namespace lightrack::optics
