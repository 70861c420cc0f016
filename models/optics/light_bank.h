// SPDX-License-Identifier: Apache-2.0
// models/optics/light_bank.h
// All micro-rings of some engines: where each stands, its lock, and what that costs its lane.
//
// One ring for each (engine, port, direction, wavelength); a bus is the rings of one port and
// direction, on one waveguide. Structure of arrays, evaluated at the ticks of the control period,
// and at once where light comes or goes.
//
// Time:   absolute, femtoseconds. Events may reach different buses in any order; of one bus in
// order
//         of time. advance() runs the ticks up to a time; next_time() is when it has to be called.
// Faults: a stuck heater, dark lines and rings without a line in reach are states, never errors.
// Cost:   a tick of 16 rings that move about 0.3 us; a bus at rest is not looked at
// (docs/speed.md).
//         At rest: its die keeps its temperature and each heater has arrived. No allocation in
//         advance() but for the list of changes.
// Random: fabrication scatter by (seed, role), such as "engine0.port3.rx.ring5".
// Not modelled: light that a sweeping ring takes from other lines; noise of the error signal;
//         self-heating by light.
//   light_bank bank{params};  bank.power_on(0, 0);  bank.set_light(0, true, 500 * ms);
//   bank.advance(600 * ms);  for (auto r : bank.changed()) use(r, bank.output(r));
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "models/base/checkpoint.h"
#include "models/optics/assignment.h"
#include "models/optics/lock_state.h"
#include "models/optics/scatter.h"
#include "models/optics/tracking.h"

namespace lightrack::optics {

enum class bus_direction : std::uint8_t { tx, rx };
enum class sweep_order : std::uint8_t { one_by_one, all_at_once };

struct bank_params {
  int engines = 16;  ///< of a blade: 2 packages of 8
  int ports = 8;
  int lines = 16;      ///< of a port, spares included; as many rings
  std::string role{};  ///< before "engine0.port3...", such as "blade3."
  std::uint64_t seed = 1;
  double spacing_ghz = 200;
  double fsr_ghz = 3200;
  modulator tx{};
  ring rx{};
  heater actuator{};
  scatter_params scatter{};
  double cold_offset_ghz = 400;  ///< of a cold ring above its line at `t_ref_c`
  double t_ref_c = 62.5;
  double drift_ghz_per_k = 10;
  double neighbor_share = 0.02;
  arbitration scheme = arbitration::barrel_shift;
  sweep_order sweeps = sweep_order::one_by_one;
  lock_times times{};
  time_fs control_period = 10 * us;
  double loop_bw_khz = 10;
  double window_ghz = 1;          ///< of LOCKED
  double lol_penalty_db = 1;      ///< loss of lock above it
  double report_step_ghz = 0.25;  ///< an error that moved by more is a new output
};

struct bus_place {
  int engine = 0;
  int port = 0;
  bus_direction direction = bus_direction::tx;
};

/// What a ring does to its lane from `since` on.
struct ring_output {
  time_fs since = 0;
  double penalty_db = 0;  ///< of detuning; below zero on the way to the best OMA
  int line = -1;
  bool present = false;  ///< holds its line, and there is light on it
};

/// What a bus counts.
struct bus_counts {
  std::uint32_t hops = 0;
  std::uint32_t assignments = 0;
  std::uint32_t incomplete = 0;  ///< of these, those that left a working ring without a line
};

class light_bank {
 public:
  explicit light_bank(const bank_params& p);

  [[nodiscard]] const bank_params& params() const { return params_; }
  [[nodiscard]] int rings() const { return static_cast<int>(lock_.size()); }
  [[nodiscard]] int buses() const { return static_cast<int>(bus_.size()); }
  [[nodiscard]] int bus_of(const bus_place& at) const {
    return (at.engine * params_.ports + at.port) * 2 + static_cast<int>(at.direction);
  }
  [[nodiscard]] int ring_of(const bus_place& at, int ring) const {
    return bus_of(at) * params_.lines + ring;
  }
  [[nodiscard]] bus_direction direction_of(int bus) const {
    return static_cast<bus_direction>(bus % 2);
  }
  [[nodiscard]] std::string role_of(int ring) const;

  // Events: each acts at `t` and first runs the ticks of its buses up to `t`.
  void power_on(int engine, time_fs t);
  void power_off(int engine, time_fs t);
  void set_temperature(int engine, const die_temperature& profile, time_fs t);
  void set_light(int bus, int line, bool lit, time_fs t);
  /// All lines of all ports, both directions.
  void set_light(int engine, bool lit, time_fs t);
  /// A heater that no longer follows its DAC, or does again.
  void set_stuck(int ring, bool stuck, time_fs t);

  void advance(time_fs t);
  /// The next tick at which something may change; never if all buses are at rest.
  [[nodiscard]] time_fs next_time() const;

  [[nodiscard]] const ring_output& output(int ring) const { return output_[at(ring)]; }
  /// Rings whose output changed since clear_changed(), each once.
  [[nodiscard]] std::span<const std::uint32_t> changed() const { return changed_; }
  void clear_changed();

  [[nodiscard]] const ring_lock& lock(int ring) const { return lock_[at(ring)]; }
  [[nodiscard]] const bus_counts& counts(int bus) const { return bus_[at(bus)].counts; }
  /// The hop that a bus holds: that of its first ring with a line; no_hop if there is none.
  [[nodiscard]] int hop(int bus) const;
  [[nodiscard]] int line(int ring) const { return line_[at(ring)]; }
  [[nodiscard]] double heater_ghz(int ring) const { return heat_[at(ring)]; }
  /// Detuning less the one wanted, at the last tick that looked at the ring while it held.
  [[nodiscard]] double error_ghz(int ring) const { return error_[at(ring)]; }
  [[nodiscard]] double temperature_c(int engine, time_fs t) const { return die_[at(engine)].at(t); }
  /// Electrical power of all heaters of an engine.
  [[nodiscard]] double heater_mw(int engine) const;
  /// Rings that ticks have looked at so far.
  [[nodiscard]] std::uint64_t evaluated() const { return evaluated_; }

  /// Saves or loads; the same parameters build the bank first.
  void transfer(base::checkpoint& c);

 private:
  struct bus_state {
    std::int64_t ticks_done = 0;
    time_fs ring_due = never;    ///< a timed state ends, or an alarm
    time_fs due = never;         ///< that, or the die begins to warm or cool
    time_fs sweep_free = 0;      ///< the waveguide is being swept until then
    double decided_at_c = -1e9;  ///< temperature of the last look for another assignment
    std::uint64_t holds = 0;     ///< bit a ring: locked or track
    std::uint64_t tracks = 0;
    std::uint64_t over = 0;  ///< beyond the threshold in the last period
    std::uint64_t stuck = 0;
    std::uint64_t dark = 0;  ///< ring without light, as of its line
    bool active = false;     ///< every tick counts
    bool plan = false;       ///< `ring_due` and `lost` are to be found anew
    bool lost = false;       ///< a ring without a line waits for another chance
    bool on = false;
    bus_counts counts{};
  };

  [[nodiscard]] static std::size_t at(int i) { return static_cast<std::size_t>(i); }
  [[nodiscard]] int engine_of(int bus) const { return bus / (2 * params_.ports); }
  [[nodiscard]] std::int64_t tick_at_or_after(time_fs t) const;
  [[nodiscard]] std::int64_t next_tick(const bus_state& s) const;
  template <class Body>
  void each_bus(int engine, Body body);

  void run_bus(int bus, time_fs until);
  void wake(int bus);
  void tick(int bus, time_fs t);
  void run_due(int bus, time_fs t, double fall_ghz);
  void track_bus(int bus, time_fs t, double fall_ghz, bool moved);
  void judge(int bus, time_fs t, std::uint64_t over, std::uint64_t in_window);
  void report(int bus, time_fs t);
  void plan_rest(int bus, time_fs t);

  void begin_sweep(int ring, time_fs t);
  void sweeps_ended(int bus, time_fs t);
  void assign_bus(int bus, time_fs t, double fall_ghz);
  [[nodiscard]] assignment decide(int bus, double fall_ghz) const;
  void take(int bus, const assignment& a, time_fs t, double fall_ghz);
  void aim_heaters(int bus, double fall_ghz);
  void end_fine(int ring, time_fs t, double fall_ghz);
  /// Its line is in reach of its heater.
  [[nodiscard]] bool keeps_line(int ring, double fall_ghz) const;
  void give_line(int ring, const assignment& a);
  void take_line(int ring);
  /// True if the bus hops; a ring without a line may get a free one without that.
  bool look_for_better(int bus, time_fs t, double fall_ghz);
  void hop_bus(int bus, time_fs t);

  [[nodiscard]] double leak_ghz(int bus, int i) const;
  [[nodiscard]] bool any_light(int bus) const;
  /// Brings masks and output of a ring in step with its lock.
  void settle(int ring, time_fs t);
  void put_output(int ring, time_fs t, double error_ghz);
  void note_change(int ring);

  bank_params params_;
  lock_rules rules_;
  double gain_ = 0;
  double settled_ = 0;
  std::array<double, 2> limit_low_{};  ///< by direction: errors that lose the lock
  std::array<double, 2> limit_high_{};

  std::vector<die_temperature> die_;  ///< by engine
  std::vector<bus_state> bus_;
  // By ring.
  std::vector<double> above_ghz_;  ///< of the wanted place when cold at t_ref, over the own line
  std::vector<double> fsr_excess_;
  std::vector<double> high_ghz_;  ///< full heater
  std::vector<double> need_ghz_;  ///< shift to its line at t_ref
  std::vector<double> aim_ghz_;
  std::vector<double> heat_;
  std::vector<double> error_;
  std::vector<double> told_error_;  ///< error of the last output
  std::vector<std::int8_t> hop_;
  std::vector<std::int8_t> line_;
  std::vector<ring_lock> lock_;
  std::vector<ring_output> output_;
  std::vector<std::uint8_t> is_changed_;
  std::vector<time_fs> dark_since_;  ///< by bus and line; never while lit
  std::vector<std::uint32_t> changed_;
  std::uint64_t evaluated_ = 0;
};

}  // namespace lightrack::optics
