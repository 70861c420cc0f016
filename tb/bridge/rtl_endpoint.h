// SPDX-License-Identifier: Apache-2.0
// tb/bridge/rtl_endpoint.h
// link::endpoint over the Verilated lr_endpoint: the RTL behind the same interface as the flit
// model.
//
// Time:   clock by clock, lane words and transaction ports as in section 12.9; a batch is as long
//         as the caller says.
// Faults: a failed assertion of the RTL, or an accept or deliver that trace and ports tell
//         differently, is a base::model_error with instance and clock.
// Cost:   one evaluation a clock; payload, trace and words together stay below a tenth of that
//         (tests/bench). An end at rest in QUIESCE is not evaluated.
// Not modelled: shapes beside the built set, depths other than by CSR: refused, naming it.
//   link::endpoint_factory make = bridge::rtl_factory();  auto west = make(wiring);
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "models/link/endpoint.h"

namespace lightrack::bridge {

struct rtl_options {
  /// Instances that write waveforms of their control signals: a shell pattern such as "link0.*";
  /// empty = none.
  std::string fst_pattern{};
  std::string fst_directory = ".";  ///< gets INSTANCE.fst
  /// Clocks [first, last) of which waveforms are written; none = all.
  std::vector<std::pair<link::i64, link::i64>> fst_windows{};
  /// Registers and memories without reset value start at random values made from this; 0 = all
  /// zero.
  int power_on_seed = 0;
  /// Clocks of QUIESCE are passed over where nothing can happen in them; off: each is evaluated.
  /// Ends that write waveforms evaluate each.
  bool skip_quiet = true;
  bool assertions = true;  ///< of the RTL, looked at in each clock; 5 % of its instructions
};

/// A factory of RTL ends. It throws base::config_error on a shape that is not built.
[[nodiscard]] link::endpoint_factory rtl_factory(const rtl_options& options = {});

}  // namespace lightrack::bridge
