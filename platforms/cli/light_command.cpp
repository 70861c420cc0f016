// SPDX-License-Identifier: Apache-2.0
// platforms/cli/light_command.cpp
// `lightrack light ...`: one calculator of optics each, as a table or as one JSON object.
#include <iostream>

#include "platforms/cli/commands.h"
#include "platforms/cli/help_examples.h"
#include "platforms/light/light_calculators.h"
#include "platforms/light/light_config.h"
#include "platforms/light/light_lock.h"

namespace lightrack::cli {

const std::vector<light_calculator>& light_calculators() {
  static const std::vector<light_calculator> all{
      {"budget", "Where each dB goes, from laser to margin, Q and bit error rate",
       examples::light_budget, platforms::light_budget, platforms::budget_text},
      {"ring", "A ring's width, crosstalk and what it does as a modulator", examples::light_ring,
       platforms::light_ring, platforms::ring_text},
      {"laser", "A laser module's bias, power, efficiency and alarms", examples::light_laser,
       platforms::light_laser, platforms::laser_text},
      {"track", "How far off a ring is held while its die warms or cools, and whether it is held",
       examples::light_track, platforms::light_track, platforms::track_text},
      {"assign", "How many fabricated buses find a wavelength for each ring, and at what heat",
       examples::light_assign, platforms::light_assign, platforms::assign_text},
  };
  return all;
}

int light_command(const light_calculator& calculator, const common_options& o) {
  base::config c = platforms::light_config();
  apply_to_light(o, c);
  const platforms::document result = calculator.compute(c);
  std::cout << (o.json ? result.dump(2) + '\n' : calculator.text(result));
  return exit_done;
}

}  // namespace lightrack::cli
