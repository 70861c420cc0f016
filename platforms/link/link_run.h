// SPDX-License-Identifier: Apache-2.0
// platforms/link/link_run.h
// One run of a link under way: the parts, the clocks at which figures are taken, and the watch on
// progress.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/link/batch_runner.h"
#include "platforms/link/link_platform.h"

namespace lightrack::platforms {

/// What one end has done by a clock.
struct end_counts {
  link::endpoint_counters counters{};
  u64 popped = 0;
  link::sink_counters sink{};
  u64 latency_samples = 0;
  double latency_sum = 0;  ///< clocks
};
struct link_counts {
  i64 clock = 0;
  end_counts west;
  end_counts east;
};

class link_run {
 public:
  static constexpr int batches = 20;  ///< of the window, for confidence intervals

  link_run(const link_setup& setup, const link_factories& factories,
           const link_run_options& options);

  [[nodiscard]] link::batch_runner& runner() { return *runner_; }
  /// To be asked before each batch: the clock it may run to; not past now() when the run is over.
  [[nodiscard]] i64 next_limit();
  /// Saves or loads everything that the rest of the run depends on, between two batches.
  void transfer(base::checkpoint& c);
  [[nodiscard]] link_result result() const;

 private:
  using host_clock = std::chrono::steady_clock;
  struct end {
    std::string name{};
    std::unique_ptr<link::flit_source> source{};
    std::unique_ptr<link::flit_sink> sink{};
    std::unique_ptr<link::endpoint> endpoint{};
    link::endpoint_status last{};
    i64 widen_at = link::never;  ///< a lane is back: looks then whether its width can grow
  };

  [[nodiscard]] std::unique_ptr<link::endpoint> make(link_fidelity f,
                                                     const link_factories& factories, end& near,
                                                     end& far,
                                                     const link_direction_setup& receive) const;
  [[nodiscard]] link::endpoint_wiring wiring(end& near, end& far,
                                             const link_direction_setup& receive) const;
  [[nodiscard]] link::traffic_generator traffic(const link_direction_setup& d,
                                                bool from_west) const;
  [[nodiscard]] i64 warmup_in_force() const;
  void start_traffic();
  void save_if_due(bool stopped);
  void drain_records();
  [[nodiscard]] bool moved(end& e);
  [[nodiscard]] bool work_left() const;
  void watch_progress();
  [[nodiscard]] link_counts count() const;
  [[nodiscard]] static end_counts count(const end& e);
  [[nodiscard]] u64 delivered() const;
  [[nodiscard]] link_direction_result direction(bool to_east, const link_counts& begin,
                                                const link_counts& last) const;

  [[nodiscard]] std::vector<int> dark_lanes(const link_direction_setup& receive, i64 clock) const;
  void start_light();
  /// All that happened to the light by now() goes to the ends.
  void follow_light();
  void tell_light();
  /// Takes a light that has just begun to what it was before now(), told by nobody: its state is a
  /// function of the clocks at which it steps.
  void replay_light();
  /// Asks an end of reduced width for a retrain once a lane has come back, as firmware would.
  void widen(end& e);
  [[nodiscard]] i64 light_limit() const;
  [[nodiscard]] link_light_result light_result() const;
  [[nodiscard]] bool light_comes_back() const;

  const link_setup& setup_;
  const link_run_options& options_;
  link::receive_channel light_;
  end west_;
  end east_;
  std::unique_ptr<link::batch_runner> runner_;
  std::vector<i64> stops_;                       ///< clocks at which counts are taken, rising
  std::vector<link_counts> counts_;              ///< taken so far, one a stop
  std::unique_ptr<package::light_plant> plant_;  ///< null: the channel is what the keys say
  link_light_result light_result_;
  i64 active_ = -1;
  i64 saved_ = -1;
  i64 last_progress_ = 0;
  u64 last_delivered_ = 0;
  bool complete_ = false;
  bool no_progress_ = false;
  std::string stopped_by_;
  host_clock::time_point begun_ = host_clock::now();
  std::optional<host_clock::time_point> first_event_;
};

/// Flits, credits and bytes in = out + on the way + lost, by counters that do not know each other.
/// Throws model_error.
void check_conservation(const std::string& direction, const link_setup& setup,
                        const direction_counts& whole);
/// No figure is better than its own bound. `held` = flits in the receive buffer when the window
/// began. Throws model_error.
void check_bounds(const link_setup& setup, const link_direction_result& r, u64 held,
                  i64 window_clocks, i64 flight);

/// Differences of two counts, as seen by the direction west to east or back.
[[nodiscard]] direction_counts between(const link_counts& from, const link_counts& to,
                                       bool to_east);

/// Why nothing moves: who waits for what.
struct stuck_end {
  std::string name{};
  link::endpoint_status status{};
  bool work_waits = false;
  u64 unacknowledged = 0;
  std::vector<int> dark_lanes{};  ///< lanes that the channel towards this end has lost now
};
[[nodiscard]] std::string stuck_sentence(const stuck_end& west, const stuck_end& east,
                                         const std::string& waited);

}  // namespace lightrack::platforms
