// SPDX-License-Identifier: Apache-2.0
// models/package/engine.h
// One optical engine: its rings in a light_bank, the laser module that feeds it, the die-to-die
// side, what all of it draws, and the registers that firmware sees.
//
// Time:   reads take the simulated time that they see; nothing here runs by itself. A write of
//         `control` acts on the rings at once.
// Energy: parts in pJ per payload bit at the full rate of one direction; they sum to the total.
//         engine.energy is electronics and ring control, so that heaters are a share of it.
// Not modelled: the time of a register access (the bus has it), and power of a port that sleeps.
//   engine e{p, bank, 0};  e.laser().set_power(false);  e.read(engine::csr::laser::info.offset, t);
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "models/link/types.h"
#include "models/optics/light_bank.h"
#include "models/optics/optics_setup.h"
#include "models/package/die_to_die.h"
#include "models/package/laser_module.h"
#include "models/package/optical_port.h"

namespace lightrack::package {

struct engine_params {
  std::string name = "engine0";
  optics::optics_setup light{};
  die_to_die_params host{};
  /// Payload of the engine and direction, all ports and wavelengths.
  [[nodiscard]] double gbps() const {
    return light.fiber_ports * light.profile->lambda_per_port * light.gbps_per_lambda;
  }
};

struct energy_part {
  std::string name{};
  double pj_per_bit = 0;
};

class engine {
 public:
  /// Engine `index` of the bank, which must outlive it. Throws base::config_error where heaters
  /// could draw more than engine.energy holds, or light does not fit through the die-to-die side.
  engine(const engine_params& p, optics::light_bank& bank, int index);

  [[nodiscard]] const std::string& name() const { return params_.name; }
  [[nodiscard]] const engine_params& params() const { return params_; }
  [[nodiscard]] int index() const { return index_; }
  [[nodiscard]] laser_module& laser() { return laser_; }
  [[nodiscard]] const laser_module& laser() const { return laser_; }
  [[nodiscard]] die_to_die& host() { return host_; }
  [[nodiscard]] const die_to_die& host() const { return host_; }
  /// What comes to a port: the registers show its light.
  void set_receive(int port, const optical_port* from) {
    receive_[static_cast<std::size_t>(port)] = from;
  }

  /// electronics, heaters, laser diodes, laser cooler, laser control.
  [[nodiscard]] std::vector<energy_part> energy() const;

  /// Nothing where no register is. `t` is time of the bank.
  [[nodiscard]] std::optional<link::u32> read(link::u32 offset, time_fs t) const;
  /// False where no register is; writes to read-only bits are ignored. In a plant by
  /// light_plant::write(), which tells the links what it did.
  bool write(link::u32 offset, link::u32 value, link::u8 strobe, time_fs t);

 private:
  [[nodiscard]] link::u32 live(link::u32 offset, time_fs t) const;
  [[nodiscard]] std::optional<int> selected_ring() const;
  [[nodiscard]] link::u32 ring_word(link::u32 offset, int ring) const;
  [[nodiscard]] link::u32 receive_word(link::u32 offset) const;

  engine_params params_;
  optics::light_bank* bank_;
  int index_;
  laser_module laser_;
  die_to_die host_;
  std::vector<const optical_port*> receive_;
  std::vector<link::u32> stored_;  ///< one a register of the table
};

/// A number as CMIS writes F16: mantissa x 10^(exponent - 24), three significant digits at least.
[[nodiscard]] link::u16 cmis_f16(double value);

}  // namespace lightrack::package
