// SPDX-License-Identifier: Apache-2.0
// models/package/light_plant.h
// All light of a platform: engines with their laser modules, and the directions between their
// ports; what happens to it, and what that means for the lanes of the links.
//
// Time:   femtoseconds from clock 0 of the links. step() runs the control periods and events up to
//         a time; next_time() is when it has to be called, never while all is at rest. A change
//         acts one control period after the tick or event that made it, so endpoints may run ahead.
// Start:  locked: the rings have swept and settled before time zero. Cold: power comes at time
// zero,
//         and 16 rings that sweep one after another lock at 41 ms.
// Cost:   at rest nothing; else the bank's tick, and an evaluation of each direction that moved.
// Not modelled: time of flight of a change; a control period covers it.
//   light_plant plant{p};  plant.connect({0, 0}, {1, 0}, port);  plant.start();
//   while (plant.next_time() <= t) plant.step(t);  for (auto& c : plant.changes()) ...
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "models/package/engine.h"

namespace lightrack::package {

enum class light_start { locked, cold };

struct plant_params {
  std::vector<engine_params> engines{};
  optics::bank_params bank{};  ///< engines and ports are set from `engines`
  i64 clock_fs = 640'000;      ///< of the links
  light_start start = light_start::locked;
  double start_c = 62.5;  ///< of all dies
};

struct port_end {
  int engine = 0;
  int port = 0;
};

enum class light_fault {
  loss,             ///< `value` dB more on `element` of a direction
  laser_lane,       ///< laser `index` of an engine's module dies, or is back
  laser_module,     ///< the module
  heater,           ///< ring `index` no longer follows its DAC, or does again
  temperature_ramp  ///< the die goes `value` K up or down at `slew` K/s
};

struct light_event {
  time_fs time = 0;
  light_fault what = light_fault::loss;
  int engine = 0;                                          ///< all but loss
  int direction = 0;                                       ///< of a loss
  int port = 0;                                            ///< of a heater
  optics::bus_direction side = optics::bus_direction::tx;  ///< of a heater
  int index = 0;
  bool back = false;
  std::string element{};
  double value = 0;
  double slew = 800;
};

struct light_change {
  int direction = 0;
  link::lane_quality quality{};
};

class light_plant {
 public:
  explicit light_plant(const plant_params& p);

  /// A direction of light; returns its number. Before start().
  int connect(port_end from, port_end to, const optical_port_params& p);
  /// Checks it and queues it; in any order, not before a time that has been stepped to. Throws
  /// base::config_error where it names what is not there.
  void schedule(const light_event& e);
  /// Brings the rings up. Afterwards port() says where each lane starts, and changes() which lanes
  /// have no light at `from`.
  void start(i64 from = link::quality_lead);

  /// When something may change next; never while all is at rest.
  [[nodiscard]] time_fs next_time() const;
  void step(time_fs t);
  /// A register write of firmware at `t`, which may take power from rings or give it. False where no
  /// register is.
  bool write(int engine, link::u32 offset, link::u32 value, link::u8 strobe, time_fs t);
  /// What changed since clear_changes(), rising in time for each lane.
  [[nodiscard]] std::span<const light_change> changes() const { return changes_; }
  void clear_changes() { changes_.clear(); }
  /// A ring of this direction is on its way back to a line: its link has something to wait for.
  [[nodiscard]] bool recovers(int direction) const;

  [[nodiscard]] bool events_left() const { return next_event_ < events_.size(); }

  [[nodiscard]] int directions() const { return static_cast<int>(directions_.size()); }
  [[nodiscard]] const optical_port& port(int direction) const { return *of(direction).port; }
  [[nodiscard]] engine& engine_at(int i) { return *engines_[at(i)]; }
  [[nodiscard]] const engine& engine_at(int i) const { return *engines_[at(i)]; }
  [[nodiscard]] const optics::light_bank& bank() const { return bank_; }
  /// Time of the bank at a time of the links: rings may have locked before zero.
  [[nodiscard]] time_fs bank_time(time_fs t) const { return t + origin_; }
  [[nodiscard]] time_fs control_period() const { return bank_.params().control_period; }
  /// Evaluations of all directions so far.
  [[nodiscard]] std::uint64_t evaluations() const;

 private:
  struct direction_state {
    port_end from{};
    port_end to{};
    int transmit_bus = 0;
    int receive_bus = 0;
    std::unique_ptr<optical_port> port{};
    bool moved = false;
  };

  [[nodiscard]] static std::size_t at(int i) { return static_cast<std::size_t>(i); }
  [[nodiscard]] const direction_state& of(int direction) const {
    return directions_[at(direction)];
  }
  [[nodiscard]] i64 clock_at(time_fs t) const;
  void bring_up();
  void act(const light_event& e);
  void light_lanes(int engine, time_fs t);
  void note_moves(time_fs t);
  void settle(time_fs t, i64 from, bool settled);
  void evaluate(int direction, time_fs t, i64 from, bool settled);

  plant_params params_;
  optics::light_bank bank_;
  std::vector<std::unique_ptr<engine>> engines_;
  std::vector<direction_state> directions_;
  std::vector<int> direction_of_bus_;
  std::vector<light_event> events_;  ///< rising in time
  std::size_t next_event_ = 0;
  time_fs origin_ = 0;
  std::vector<light_change> changes_;
  std::vector<ring_place> transmit_;
  std::vector<ring_place> receive_;
};

}  // namespace lightrack::package
