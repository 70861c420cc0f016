// SPDX-License-Identifier: Apache-2.0
#include "models/optics/lock_parameters.h"

namespace lightrack::optics {
namespace {

using base::value_type;

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
  void count(const char* name, const char* unit, const char* standard, double min, double max,
             const char* note) const {
    known.add({.name = name,
               .unit = unit,
               .type = value_type::integer,
               .standard = standard,
               .min = min,
               .max = max,
               .evidence = "assumed",
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

void declare_heater(const declare& d) {
  d.number("ring.drift", "GHz/K", "10", 5, 12, "published",
           "MIT MTL annual report 2012; a magnitude, the resonance falls as it warms");
  d.number("ring.heater_cost", "uW/GHz", "10", 4.4, 80, "assumed",
           "between MIT MTL annual report 2012 (4.4) and a TiN heater in Photonics Research 2022 "
           "(80)");
  d.number("ring.heater_max", "mW", "8", 2, 30, "assumed", "800 GHz of tuning at the default cost");
  d.output("ring.tuning_range", "GHz", "800", "8 mW / 10 uW/GHz; wdmsim's 4.48 nm is 795 GHz");
  d.output("ring.temp_window", "K", "80", "800 GHz / 10 GHz/K at a fixed wavelength");
  d.number("ring.heater_tau", "us", "5", 1, 50, "assumed", "engineering choice");
  d.count(
      "ring.heater_dac_bits", "bit", "12", 6, 14,
      "0.2 GHz a code over 800 GHz; with 10 bits the tracking limit cycle (0.8 GHz peak) buries "
      "the ramp error");
  d.number("ring.thermal_xtalk", "1", "0.02", 0, 0.1, "assumed",
           "share of a neighbor's heater power, 1-3 % typical");
}

void declare_fabrication(const declare& d) {
  d.number("ring.fab_sigma", "GHz", "80", 20, 355, "derived",
           "at 120 GHz, a study point, 0.7 % of 16-ring buses find no barrel-shift assignment and "
           "most blades miss a link");
  d.number("ring.cold_offset", "GHz", "400", 0, 1600, "assumed",
           "a cold unheated ring sits this far above its line at ring.t_ref: mid range of the "
           "heater");
  d.number("ring.t_ref", "degC", "62.5", 0, 105, "assumed", "middle of the 20-105 degC span");
  d.number("ring.tuning_tolerance", "1", "0", 0, 0.3, "assumed",
           "half-range of each heater's range; wdmsim has 0.1, with which 1.1 % instead of 0.7 % "
           "of buses fail at 120 GHz and 6e-6 instead of 8e-7 at 80 GHz");
}

void declare_lock(const declare& d) {
  d.number("ring.t_wait_light_alarm", "ms", "600", 10, 10000, "assumed",
           "waits out the 500 ms laser ramp");
  d.number("ring.t_sweep_step", "us", "10", 1, 50, "assumed", "heater settle per code");
  d.count("ring.sweep_steps", "count", "256", 64, 1024, "coarse sweep; the DAC has finer codes");
  d.choice("ring.sweep_order", "ONE_BY_ONE", {"ONE_BY_ONE", "ALL_AT_ONCE"},
           "rings of a bus sweep one after another, or together with collisions masked");
  d.output("ring.t_sweep", "ms", "2.56", "256 x 10 us, one ring or all rings in parallel");
  d.output("ring.t_sweep_bus", "ms", "40.96", "16 rings swept one after another");
  d.number("ring.t_assign", "us", "100", 10, 1000, "assumed",
           "wavelength arbitration; bounds chosen here");
  d.choice("ring.arbitration", "BARREL_SHIFT", {"SEQUENTIAL", "NEAREST", "BARREL_SHIFT", "OPTIMUM"},
           "SEQUENTIAL (ring i takes line i), NEAREST (in bus order, nearest free line in reach), "
           "BARREL_SHIFT (cyclic shift with least heater power), OPTIMUM (any permutation)");
  d.number("ring.t_fine_lock", "us", "200", 50, 5000, "published",
           "MIT MTL annual report 2012: recovery in as little as 200 us");
  d.number("ring.lock_window", "GHz", "1", 0.1, 5, "assumed",
           "a ring within it is LOCKED, beyond it in TRACK; bounds chosen here");
  d.count("ring.relock_fine_tries", "count", "3", 1, 10, "then a full sweep; bounds chosen here");
  d.output("ring.t_relock_min", "ms", "0.2", "one FINE pass");
  d.output("ring.t_relock_max", "ms", "3",
           "sweep 2.56 + assign 0.1 + FINE 0.2, rounded; 0.6 more for the FINE passes before it");
}

void declare_tracking(const declare& d) {
  d.number("ring.loop_bw", "kHz", "10", 0.1, 30, "derived",
           "discrete integrator of gain 2 pi f_bw T; at 10 us it diverges above 31.8 kHz; 1 GHz "
           "error at 800 degC/s needs 1.27 kHz");
  d.output("ring.loop_bw_min_800", "kHz", "1.27", "8 THz/s / (2 pi x 1 GHz)");
  d.output("ring.ramp_error", "GHz", "0.127", "8 THz/s / (2 pi x 10 kHz)");
  d.number("ring.lol_penalty", "dB", "1", 0.1, 6, "assumed",
           "OMA lost to detuning above which the lock counts as lost");
  d.output("ring.lol_threshold", "x linewidth", "0.094",
           "error that costs lol_penalty: steep side of the modulator (cooling) 0.094, flat side "
           "0.28, receive ring 0.254");
  d.count("ring.lol_periods", "count", "3", 1, 100,
          "consecutive periods over threshold; bounds chosen here");
  d.number("sim.control_period", "us", "10", 1, 1000, "assumed",
           "rings are evaluated at this step; bounds chosen here");
}

void declare_questions(const declare& d) {
  d.number("light.slew", "K/s", "800", -3000, 3000, "assumed",
           "of the die in `light track`, signed: warming is positive");
  d.count("light.samples", "count", "20000", 1, 1e8, "buses drawn by `light assign`");
  d.number("light.temperature_offset", "K", "0", -100, 100, "assumed",
           "of the die in `light assign`, above ring.t_ref");
}

}  // namespace

void declare_lock_parameters(base::parameter_set& known) {
  const declare d{known};
  declare_heater(d);
  declare_fabrication(d);
  declare_lock(d);
  declare_tracking(d);
  declare_questions(d);
}

}  // namespace lightrack::optics
