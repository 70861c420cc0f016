// SPDX-License-Identifier: Apache-2.0
// tb/verify/catalog_light.cpp: what two engines and a fiber make of faults, told to a link.
#include <memory>

#include "models/optics/lock_parameters.h"
#include "models/optics/optics_parameters.h"
#include "models/package/engine_setup.h"
#include "tb/verify/shaped.h"

namespace lightrack::verify {
namespace {

using optics::us;
using package::light_fault;

constexpr i64 clock_fs = 640'000;

/// The default engine in a hurry: what takes 10 to 200 us there takes 1 to 3 us, so that a scenario
/// of the gate sees it.
package::engine_setup hasty_engine() {
  auto known = std::make_shared<base::parameter_set>();
  base::declare_engine_parameters(*known);
  optics::declare_optics_parameters(*known);
  optics::declare_lock_parameters(*known);
  package::declare_engine_run_parameters(*known);
  base::config c{known};
  package::engine_setup s = package::make_engine_setup(c);
  s.bank.control_period = us;
  s.bank.times.assign = us;
  s.bank.times.fine = 3 * us;
  s.bank.times.sweep_step = us / 100;
  s.serdes_lock = us;
  return s;
}

}  // namespace

std::vector<scenario> light_catalog() {
  scenario s = shaped("light_of_engines", 16, 20,
                      "a connector fades, a laser dies and returns, a die jumps by 4 K", 50'000);
  s.params.lane_wait_clocks = search_clocks(s.lanes) + 1'000;
  const package::engine_setup e = hasty_engine();
  package::light_plant plant{package::plant_of(e, {"west", "east"}, clock_fs)};
  constexpr int to_east = 0;
  constexpr int east = 1;
  plant.connect({0, 0}, {1, 0}, e.port(s.lanes));
  plant.connect({1, 0}, {0, 0}, e.port(s.lanes));
  plant.schedule({.time = 6 * us,
                  .what = light_fault::loss,
                  .direction = to_east,
                  .element = "connector_2",
                  .value = 2.7});
  plant.schedule({.time = 9 * us, .what = light_fault::laser_lane, .engine = east, .index = 4});
  plant.schedule(
      {.time = 12 * us, .what = light_fault::laser_lane, .engine = east, .index = 4, .back = true});
  plant.schedule({.time = 20 * us,
                  .what = light_fault::temperature_ramp,
                  .engine = east,
                  .value = 4,
                  .slew = 5e6});
  plant.start();
  plant.step(s.clocks * clock_fs);
  for (const package::light_change& c : plant.changes())
    (c.direction == to_east ? s.to_east : s.to_west).quality.push_back(c.quality);
  return {s};
}

}  // namespace lightrack::verify
