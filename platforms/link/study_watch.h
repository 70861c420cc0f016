// SPDX-License-Identifier: Apache-2.0
// platforms/link/study_watch.h
// What a point of the study shows along its time: the outage after a lost lane, and the sleep of
// lanes in QUIESCE.
//
// Reads the trace records of both ends while the run goes on, and the bytes delivered after each
// batch; between two batches they are taken to come evenly.
// Faults: none; a column that has nothing to say is null.
//   link_watch watch{setup};  watch.attach(options);  run_link(...);  watch.add_columns(row,
//   result);
#pragma once

#include <array>
#include <deque>
#include <string>
#include <vector>

#include "platforms/link/link_platform.h"
#include "platforms/link/study_rows.h"

namespace lightrack::platforms {

class link_watch {
 public:
  explicit link_watch(const link_setup& setup);

  void read(const std::string& instance, std::span<const base::trace_record> records);
  /// Bytes delivered to east by this clock; clocks rise.
  void delivered_bytes(i64 clock, u64 bytes) {
    bytes_.push_back({clock, static_cast<double>(bytes)});
  }
  /// Both from a run; the options then refer to this object.
  void attach(link_run_options& options);
  /// Adds the columns that docs/models/study_link.md lists for the series `repair` and `sleep`.
  void add_columns(document& row, const link_result& r) const;

 private:
  struct delivery {
    i64 clock = 0;
    i64 latency = 0;  ///< clocks since it was accepted
  };
  struct span {
    i64 begin = 0;
    i64 end = 0;
  };
  struct total {
    i64 clock = 0;
    double bytes = 0;
  };
  [[nodiscard]] double bytes_at(i64 clock) const;
  [[nodiscard]] double gbps(i64 begin, i64 end) const;
  [[nodiscard]] double asleep(std::size_t end, i64 first, i64 last) const;
  void add_outage(document& row, const link_result& r) const;
  void add_sleep(document& row, const link_result& r) const;

  double clock_ns_;
  i64 round_trip_;  ///< clocks, light alone
  i64 lost_at_;     ///< transmit clock of the first event toward east
  std::array<std::deque<i64>, link::vc_count> accepted_;  ///< at west, on their way to east
  std::vector<delivery> delivered_;                       ///< at east
  std::vector<total> bytes_;
  std::array<std::vector<span>, 2> quiet_;  ///< in QUIESCE: west, east
};

}  // namespace lightrack::platforms
