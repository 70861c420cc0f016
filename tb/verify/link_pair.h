// SPDX-License-Identifier: Apache-2.0
// tb/verify/link_pair.h
// Both ends of a scenario with their sources, sinks and register writes, ready for a batch runner.
//
//   verify::link_pair pair{s, {.west = rtl, .east = rtl}};
//   link::batch_runner runner{{pair.link()}, 1};  while (runner.now() < s.clocks)
//     runner.step(s.clocks);
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "models/base/trace.h"
#include "models/link/batch_runner.h"
#include "models/link/burst_pair.h"
#include "models/link/endpoint.h"
#include "models/link/packer.h"
#include "tb/verify/scenario.h"

namespace lightrack::verify {

struct factories {
  link::endpoint_factory west;
  link::endpoint_factory east;
  /// Where both ends are made at once: west, east.
  std::function<link::burst_ends(const link::endpoint_wiring&, const link::endpoint_wiring&)>
      pair{};
};
/// Both ends leap, with the times of the specification.
[[nodiscard]] factories burst_factories();

/// One end after the run.
struct end_result {
  std::string instance;
  link::endpoint_counters counters;
  link::endpoint_status status;
  u64 trace_hash = 0;
  u64 trace_records = 0;
  std::vector<base::trace_record> records;
  std::array<u64, link::vc_count> accepted{};              ///< flits taken from this end's source
  std::array<link::sink_counters, link::vc_count> sink{};  ///< flits delivered at this end
  double latency_clocks = 0;  ///< mean, accepted at the far end to delivered here
  bool work_waits = false;
};

class link_pair {
 public:
  link_pair(const scenario& s, const factories& make);

  [[nodiscard]] link::endpoint& west() { return *west_; }
  [[nodiscard]] link::endpoint& east() { return *east_; }
  /// What takes the flits delivered at an end.
  [[nodiscard]] const link::flit_sink& sink(side at) const {
    return at == side::west ? west_sink_ : east_sink_;
  }
  [[nodiscard]] link::runner_link link() {
    return {.west = west_.get(), .east = east_.get(), .flight = flight_};
  }
  /// Flits delivered that `from` has sent.
  [[nodiscard]] u64 delivered(side from) const;
  [[nodiscard]] u64 delivered() const { return delivered(side::west) + delivered(side::east); }
  /// Requests wait at the source of `from`, or flits are on their way from there.
  [[nodiscard]] bool work_waits(side from, i64 now) const;
  [[nodiscard]] bool work_waits(i64 now) const {
    return work_waits(side::west, now) || work_waits(side::east, now);
  }
  /// Tells the ends what their light does before clock `until`.
  void tell_quality(i64 until);
  /// Saves or loads sources and sinks; the ends are the batch runner's.
  void transfer(base::checkpoint& c);
  [[nodiscard]] end_result result(side who, i64 now) const;

 private:
  [[nodiscard]] bool in_flight(side from) const;

  struct told_light {
    std::vector<link::lane_quality> changes{};
    std::size_t told = 0;
  };

  i64 flight_;
  told_light to_east_;
  told_light to_west_;
  link::flit_source west_source_;
  link::flit_source east_source_;
  link::flit_sink west_sink_;
  link::flit_sink east_sink_;
  std::unique_ptr<link::endpoint> west_;
  std::unique_ptr<link::endpoint> east_;
};

}  // namespace lightrack::verify
