// SPDX-License-Identifier: Apache-2.0
// tb/bridge/waveform.h
// Waveforms of an RTL end, or none: the two policies of verilated_endpoint.
//
// Time:   a clock starts where the clock signal is low, so a value stands in the file from its
//         clock's first instant.
// Not modelled: signals wider than 64 bits and memories; the FST build leaves them out.
#pragma once

#include <verilated.h>
#include <verilated_fst_c.h>

#include <algorithm>

#include "tb/bridge/rtl_endpoint.h"

namespace lightrack::bridge {

struct no_waveform {
  static constexpr bool records = false;  ///< a file wants every clock
  template <class Model>
  no_waveform(Model&, const link::endpoint_wiring&, const rtl_options&) {}
  static void prepare(VerilatedContext&, const rtl_options&) {}
  void low(link::i64) {}
  void high(link::i64) {}
};

class fst_waveform {
 public:
  static constexpr bool records = true;
  template <class Model>
  fst_waveform(Model& model, const link::endpoint_wiring& wiring, const rtl_options& options)
      : windows_{options.fst_windows}, period_{wiring.receive.clock_fs} {
    std::sort(windows_.begin(), windows_.end());
    model.trace(&file_, 99);
    file_.open((options.fst_directory + "/" + wiring.name + ".fst").c_str());
  }
  ~fst_waveform() { file_.close(); }
  fst_waveform(const fst_waveform&) = delete;
  fst_waveform& operator=(const fst_waveform&) = delete;

  static void prepare(VerilatedContext& context, const rtl_options&) { context.traceEverOn(true); }

  void low(link::i64 clock) {
    while (next_ < windows_.size() && windows_[next_].second <= clock) ++next_;
    on_ = windows_.empty() || (next_ < windows_.size() && windows_[next_].first <= clock);
    if (on_) file_.dump(static_cast<uint64_t>(clock * period_));
  }
  void high(link::i64 clock) {
    if (on_) file_.dump(static_cast<uint64_t>(clock * period_ + period_ / 2));
  }

 private:
  VerilatedFstC file_;
  std::vector<std::pair<link::i64, link::i64>> windows_;
  std::size_t next_ = 0;
  link::i64 period_;
  bool on_ = false;
};

}  // namespace lightrack::bridge
