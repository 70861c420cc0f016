// SPDX-License-Identifier: Apache-2.0
// models/package/laser_module.h
// The laser module that feeds one engine: which of its lanes shine, and what it draws.
//
// A laser lane is split to `ports_per_lane` ports: with 8 ports of 16 lines, laser k is line k of
// every port; with 32 ports of 4 lines there are 4 copies of 4 colors, a copy for 8 ports. So a
// lane that dies is seen by every port it feeds, and a module that dies by all of them. Not
// modelled: the ramp of 500 ms after power-on, and heat; the module of CMIS registers has them.
//   laser_module m{{.lanes = 16}, 16, 8};  m.set_lane(3, false);  m.lit(7, 3) == false;
#pragma once

#include <vector>

#include "models/optics/laser.h"

namespace lightrack::package {

struct laser_parts_w {
  double diodes = 0;
  double cooler = 0;
  double control = 0;
  [[nodiscard]] double total() const { return diodes + cooler + control; }
};

class laser_module {
 public:
  /// `lines` of each of the engine's `ports`; `lane` is where a lane that shines stands.
  laser_module(const optics::laser_module_params& p, const optics::laser_diode& diode,
               const optics::laser_state& lane, int lines, int ports);

  [[nodiscard]] int lanes() const { return static_cast<int>(on_.size()); }
  /// The laser that feeds a line of a port.
  [[nodiscard]] int lane_of(int port, int line) const {
    return port / params_.ports_per_lane * lines_ + line;
  }
  [[nodiscard]] bool lit(int port, int line) const {
    return powered_ && on_[static_cast<std::size_t>(lane_of(port, line))];
  }
  [[nodiscard]] bool powered() const { return powered_; }
  [[nodiscard]] int lanes_on() const;

  /// A laser dies or is back. Throws base::config_error for one that is not there.
  void set_lane(int lane, bool on);
  /// The module dies, is pulled, or is back.
  void set_power(bool on) { powered_ = on; }

  /// Electrical power now; nothing without power, and no diode's for a dead lane.
  [[nodiscard]] laser_parts_w power_w() const;

 private:
  optics::laser_module_params params_;
  int lines_;
  double diode_w_;
  bool powered_ = true;
  std::vector<bool> on_;
};

}  // namespace lightrack::package
