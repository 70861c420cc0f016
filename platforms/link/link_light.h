// SPDX-License-Identifier: Apache-2.0
// platforms/link/link_light.h
// The light of a link run: two engines, a fiber each way, and what happens to them on the way.
//
// On unless the configuration says itself what the channel does to bits (channel.ber, bursts,
// drift), or asks for lanes or a rate that the profile's light does not have; the reason is part of
// the result. Direction 0 is west to east.
//   link_light_setup s = make_link_light(config, ...);  auto plant = build_plant(s);
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "models/base/config.h"
#include "models/package/light_plant.h"

namespace lightrack::platforms {

struct link_light_setup {
  bool on = false;
  std::string off_because{};
  package::plant_params plant{};
  package::optical_port_params port{};
  std::vector<std::pair<std::string, double>> losses{};  ///< from the start, both directions
  std::vector<package::light_event> events{};
  package::time_fs longest_hop = 0;  ///< what a bus that hops takes its lanes away for, at most
};

inline constexpr int light_to_east = 0;
inline constexpr int light_to_west = 1;

/// Keys of optics, lock and engine, and `light.events`.
void declare_link_light(base::parameter_set& known);

/// Implies what the profile says where the light is on. Throws base::config_error: what
/// make_engine_setup() refuses, a lane with a negative margin, events that do not fit.
[[nodiscard]] link_light_setup make_link_light(base::config& c, int lanes, int spares,
                                               package::i64 clock_fs);

/// Both directions, started, with all events queued; the same each time.
[[nodiscard]] std::unique_ptr<package::light_plant> build_plant(const link_light_setup& s);
/// BER of each lane of a direction now; a lane without light has that of its last light, or 0.
[[nodiscard]] std::vector<double> lane_bers(const package::light_plant& plant, int direction);

/// What the light was and did in a run.
struct light_end_result {
  std::string engine{};
  std::vector<package::energy_part> energy{};  ///< at the end of the run
  double temperature_c = 0;
  double heater_mw = 0;
  int lasers_on = 0;
  int lasers = 0;
  std::uint64_t hops = 0;    ///< of the two buses of its port
  std::uint64_t losses = 0;  ///< of lock, likewise
  package::host_counters host_out{};
  package::host_counters host_in{};

  [[nodiscard]] double pj_per_bit() const;
};
struct light_direction_result {
  optics::bus_budget budget{};               ///< at the start
  std::vector<package::line_light> start{};  ///< by lane
  std::vector<package::line_light> end{};
  std::uint64_t changes = 0;  ///< told to the receiving end
};
struct link_light_result {
  light_direction_result to_east{};
  light_direction_result to_west{};
  light_end_result west{};
  light_end_result east{};
};

[[nodiscard]] light_direction_result light_at_start(const package::light_plant& plant,
                                                    int direction);
[[nodiscard]] std::vector<package::line_light> lanes_of(const package::light_plant& plant,
                                                        int direction);
/// The engine of one end, which has passed so many flits toward the light and from it.
[[nodiscard]] light_end_result light_end(const package::light_plant& plant, int engine,
                                         package::time_fs t, std::uint64_t flits_out,
                                         std::uint64_t flits_in);

}  // namespace lightrack::platforms
