// SPDX-License-Identifier: Apache-2.0
#include "models/package/engine_setup.h"

#include <cmath>

#include "models/optics/lock_setup.h"

namespace lightrack::package {
namespace {

using base::config;
using base::value_type;

time_fs time_of(const config& c, const char* key, time_fs unit) {
  return static_cast<time_fs>(std::llround(c.number(key) * static_cast<double>(unit)));
}

int count_of(const config& c, const char* key) { return static_cast<int>(c.integer(key)); }

void declare_host(base::parameter_set& known) {
  known.add({.name = "ucie.rate",
             .unit = "GT/s",
             .standard = "32",
             .min = 4,
             .max = 64,
             .values = {4, 8, 12, 16, 24, 32, 48, 64},
             .evidence = "standard",
             .note = "a lane of the engine's die-to-die side; rates of UCIe 3.0"});
  known.add({.name = "ucie.lanes_standard",
             .unit = "count",
             .type = value_type::integer,
             .standard = "16",
             .min = 8,
             .max = 16,
             .evidence = "standard",
             .note = "of a UCIe-S module, each direction"});
  known.add({.name = "ucie.modules_per_engine_standard",
             .unit = "count",
             .type = value_type::integer,
             .standard = "16",
             .min = 1,
             .max = 32,
             .evidence = "derived",
             .note =
                 "16 x 16 x 32 GT/s = 8.192 Tb/s a direction, 78 % loaded by 6.4 Tb/s of light; "
                 "upper bound chosen here"});
  known.add({.name = "ucie.raw_ber",
             .unit = "1",
             .standard = "1e-15",
             .min = 0,
             .max = 1e-6,
             .evidence = "assumed",
             .note = "before the CRC and retry of the die-to-die side; 16 to 32 GT/s value from "
                     "memory, upper bound chosen here"});
}

}  // namespace

void declare_engine_run_parameters(base::parameter_set& known) {
  declare_host(known);
  known.add({.name = "serdes.lock_time",
             .unit = "us",
             .standard = "5",
             .min = 0,
             .max = 1000,
             .evidence = "assumed",
             .note = "from usable light to a lane that the link may train; engineering choice"});
  known.add({.name = "light.start",
             .unit = "enum",
             .type = value_type::choice,
             .standard = "locked",
             .choices = {"locked", "cold"},
             .evidence = "assumed",
             .note = "locked: rings hold their lines at power-on of the link; cold: they sweep "
                     "first, 41 ms for 16 rings one after another"});
  known.add({.name = "light.temperature",
             .unit = "degC",
             .standard = "62.5",
             .min = 20,
             .max = 105,
             .evidence = "assumed",
             .note = "of all dies at start; the operating span of an engine"});
}

engine_setup make_engine_setup(config& c) {
  const optics::lock_setup lock = optics::make_lock_setup(c);
  engine_setup s{.light = lock.light, .bank = lock.bank};
  s.host = {.seed = s.bank.seed,
            .gt_per_s = c.number("ucie.rate"),
            .lanes = count_of(c, "ucie.lanes_standard"),
            .modules = count_of(c, "ucie.modules_per_engine_standard"),
            .raw_ber = c.number("ucie.raw_ber")};
  s.start = c.text("light.start") == "cold" ? light_start::cold : light_start::locked;
  s.start_c = c.number("light.temperature");
  s.serdes_lock = time_of(c, "serdes.lock_time", optics::us);
  s.fec = s.light.profile->fec;
  return s;
}

optical_port_params engine_setup::port(int lanes, int first_line) const {
  return {.light = light.light,
          .los = light.los,
          .heavy_fec = fec == "rs544",
          .lanes = lanes,
          .first_line = first_line,
          .serdes_lock = serdes_lock};
}

plant_params plant_of(const engine_setup& s, const std::vector<std::string>& engines,
                      i64 clock_fs) {
  plant_params p{.bank = s.bank, .clock_fs = clock_fs, .start = s.start, .start_c = s.start_c};
  for (const std::string& name : engines) {
    engine_params e{.name = name, .light = s.light, .host = s.host};
    e.host.role = name + ".host";
    p.engines.push_back(std::move(e));
  }
  return p;
}

}  // namespace lightrack::package
