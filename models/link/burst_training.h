// SPDX-License-Identifier: Apache-2.0
// models/link/burst_training.h
// Training of a link that moves in bursts, by two flit endpoints that carry no data: what training
// takes, where it fails and why is theirs, and is modeled once.
#pragma once

#include <array>
#include <memory>
#include <vector>

#include "models/link/endpoint.h"
#include "models/link/marker.h"
#include "models/link/packer.h"
#include "models/link/slot_grid.h"

namespace lightrack::link {

class burst_training {
 public:
  /// Ends 0 and 1 as wired, but for sources and sinks. Their registers are as after power-on.
  explicit burst_training(const std::array<endpoint_wiring, 2>& wiring);

  [[nodiscard]] i64 now() const { return now_; }
  [[nodiscard]] endpoint& end(std::size_t e) { return *ends_[e].model; }
  [[nodiscard]] const endpoint& end(std::size_t e) const { return *ends_[e].model; }
  /// Runs both ends up to `until`, in steps no longer than the fiber.
  void advance(i64 until);
  /// Clocks that one step may take.
  [[nodiscard]] i64 step() const { return step_; }
  /// Both are ACTIVE, since a clock after `clock`.
  [[nodiscard]] bool active_after(i64 clock) const;
  /// First clock of end e's last ACTIVE; -1 before.
  [[nodiscard]] i64 active(std::size_t e) const { return ends_[e].active; }

  /// The slots that end e sends from ACTIVE on.
  [[nodiscard]] slot_grid grid(std::size_t e) const;
  /// Slot s of them speaks of the credits of VC (s + parity) mod 2.
  [[nodiscard]] u64 parity(std::size_t e) const;

 private:
  struct trained {
    std::unique_ptr<flit_source> source{};
    std::unique_ptr<flit_sink> sink{};
    std::unique_ptr<endpoint> model{};
    i64 active = -1;     ///< first clock of the last ACTIVE
    i64 marker = 0;      ///< D of the last marker that showed INIT
    i64 last_flit = -1;  ///< D of the last flit
    u64 last_vc = 0;     ///< of whose credits it spoke
  };
  void watch(trained& e);

  int lanes_;
  int marker_interval_;
  int marker_interval_bad_;  ///< towards an end that misses a lane
  i64 step_ = 1;
  i64 now_ = 0;
  std::array<trained, 2> ends_;
};

}  // namespace lightrack::link
