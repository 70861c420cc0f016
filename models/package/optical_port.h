// SPDX-License-Identifier: Apache-2.0
// models/package/optical_port.h
// One direction of light between two ports: laser lines, the rings of the sender, the path, the
// rings of the receiver, the receiver; and what that allows each lane of the link.
//
// Lane l of the link is line `first_line` + l of the bus, spares last. Which ring serves it at
// either end follows from the assignments there: behind the SerDes of both engines a lane reaches
// the ring that holds its line. So a bus that hops changes rings, not lanes.
// A lane is present when its line is lit, a ring of the sender and one of the receiver hold it, its
// average power is above loss of signal, and the SerDes has had its lock time with that.
// Told changes: presence, or a BER that moved by more than `ber_step` (1 %) of what was told last;
//               nothing else, so a port at rest says nothing.
// Time:         evaluated when something moved; a change acts from the clock that the caller names.
// Cost:         an evaluation about 20 us, for it builds the budget of all lines (docs/speed.md).
// Not modelled: the light of a line that no ring modulates as crosstalk, rings that lost their line
//               standing in the way of others, and modal or polarization drift of the fiber.
//   optical_port port{{.light = setup.light, .los = setup.los}};
//   for (const link::lane_quality& q : port.evaluate(tx, rx, t, from)) ...
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "models/link/channel.h"
#include "models/optics/budget.h"
#include "models/optics/thermal.h"

namespace lightrack::package {

using link::i64;
using optics::time_fs;

struct optical_port_params {
  optics::light_params light{};
  optics::loss_of_signal::params los{};
  bool heavy_fec = false;  ///< the link gets what RS(544,514) leaves
  int lanes = 16;          ///< of the link, spares included
  int first_line = 0;
  time_fs serdes_lock = 5 * optics::us;
  std::vector<std::pair<std::string, double>> losses{};  ///< element, dB: there from the start
  double ber_step = 0.01;                                ///< of what was told last
};

/// Where a ring stands, in the words of optics::light_bank.
struct ring_place {
  int line = -1;
  bool present = false;  ///< holds it, and it is lit
  double error_ghz = 0;  ///< detuning less the one wanted
};

/// One line at the receiver.
struct line_light {
  int transmit_ring = -1;
  int receive_ring = -1;
  bool lost_signal = false;  ///< average power below the threshold
  bool usable = false;       ///< light and both rings are there
  bool present = false;      ///< and the SerDes has locked
  double received_oma_dbm = 0;
  double average_dbm = 0;
  double margin_db = 0;
  double raw_ber = 0.5;  ///< before FEC
  double ber = 0.5;      ///< what the link sees
};

class optical_port {
 public:
  /// Throws base::config_error if the link has more lanes than the bus has lines.
  explicit optical_port(const optical_port_params& p);

  /// Adds loss to an element of the path, in dB; negative takes away. Throws base::config_error for
  /// a name that the path does not have.
  void add_loss(std::string_view element, double db);
  /// The laser of a line shines or does not.
  void set_lit(int line, bool lit) { lit_[at(line)] = lit; }
  [[nodiscard]] bool lit(int line) const { return lit_[at(line)]; }

  /// The light with rings as they stand at `t`; returns what changed for the link, to act at clock
  /// `from`. Without a lock time of the SerDes if `settled` (a start that was locked before).
  [[nodiscard]] std::span<const link::lane_quality> evaluate(std::span<const ring_place> transmit,
                                                             std::span<const ring_place> receive,
                                                             time_fs t, i64 from,
                                                             bool settled = false);
  /// When the next SerDes will have locked; never if none is at it.
  [[nodiscard]] time_fs next_time() const;

  [[nodiscard]] int lines() const { return static_cast<int>(line_.size()); }
  [[nodiscard]] const line_light& line(int k) const { return line_[at(k)]; }
  [[nodiscard]] const line_light& lane(int l) const { return line_[at(l + params_.first_line)]; }
  [[nodiscard]] const optical_port_params& params() const { return params_; }
  /// The last budget that was made.
  [[nodiscard]] const optics::bus_budget& budget() const { return budget_; }
  [[nodiscard]] std::uint64_t evaluations() const { return evaluations_; }

 private:
  [[nodiscard]] static std::size_t at(int i) { return static_cast<std::size_t>(i); }
  void place(std::span<const ring_place> transmit, std::span<const ring_place> receive);
  void judge_light();
  void wait_for_serdes(time_fs t, bool settled);
  void leave_residual();

  optical_port_params params_;
  optics::light_faults faults_{};
  optics::bus_budget budget_{};
  std::vector<bool> lit_;
  std::vector<line_light> line_;
  std::vector<optics::loss_of_signal> signal_;
  std::vector<time_fs> locks_at_;  ///< by line; never while nothing waits
  std::vector<link::lane_quality> told_;
  std::vector<link::lane_quality> changes_;
  std::uint64_t evaluations_ = 0;
};

/// The independent BER of a link whose flits fail as often as those behind RS(544,514) at this BER
/// before it: 1 - (1 - P)^(1/2048), P of link::heavy_fec; the BER itself where no code word holds.
[[nodiscard]] double residual_ber(double raw_ber);

}  // namespace lightrack::package
