// SPDX-License-Identifier: Apache-2.0
// models/link/traffic.h
// Requests offered to an endpoint: generated at a load, or read from a file.
//
// Time:   arrivals in clocks, paced in exact integers: after n useful bytes the next request
//         comes at start + floor(n / (64 x load)).
//   traffic_generator offered{traffic_params{.load = 0.5, .bytes = 256, .seed = 1}};
#pragma once

#include <istream>
#include <string>
#include <vector>

#include "models/base/checkpoint.h"
#include "models/link/types.h"

namespace lightrack::link {

enum class operation : u8 {
  read = 1,
  write = 2,
  read_data = 3,
  write_acknowledge = 4,
  message = 5,
  atomic = 6
};

struct request {
  i64 clock = 0;  ///< arrival at the packer
  u64 address = 0;
  u32 bytes = 0;  ///< useful bytes; of a read: those asked for
  u16 tag = 0;
  u16 source = 0;
  u16 destination = 0;
  operation op = operation::write;
};

/// The header slot counts data slots in one byte.
inline constexpr u32 max_request_bytes = 255 * 16;

/// Data slots that the header slot names; a read names those it asks for, and carries none.
[[nodiscard]] constexpr int named_slots(const request& r) {
  return static_cast<int>((r.bytes + 15) / 16);
}
[[nodiscard]] constexpr int message_slots(const request& r) {
  return r.op == operation::read || r.op == operation::write_acknowledge ? 1 : 1 + named_slots(r);
}

struct traffic_params {
  double load = 0;  ///< useful bytes (of reads those asked for) over the raw 64 a clock, 0 .. 10
  u32 bytes = 256;  ///< 1 .. max_request_bytes
  double read_fraction = 0;  ///< 0 .. 1
  u64 seed = 1;
  std::string path = "west";  ///< role of the sender
  u16 source = 0;
  u16 destination = 1;
  i64 start_clock = 0;
  u64 requests = 0;  ///< stops after so many; 0 = never
};

/// A row of a traffic file; the platform knows which endpoint `source` names.
struct traffic_row {
  i64 clock = 0;  ///< first clock edge at or after time_ns
  std::string source;
  std::string destination;
  operation op = operation::write;
  u64 address = 0;
  u32 bytes = 0;
};
/// Rows in order of clock (equal ones as in the file). The first line is the header
/// `time_ns,source,destination,operation,address,bytes`; empty lines are skipped. Throws
/// base::config_error "file:line: column: 'found' found, ... allowed." on a malformed line.
[[nodiscard]] std::vector<traffic_row> read_traffic_csv(std::istream& in, const std::string& file,
                                                        i64 clock_fs);

/// Arrivals of equal requests: the kth (from 0) comes at clock + floor((owed + k step) / per_clock).
struct request_pace {
  i64 clock = 0;
  u64 owed = 0;
  u64 step = 0;
  u64 per_clock = 1;
  [[nodiscard]] i64 arrival(u64 k) const {
    return clock + static_cast<i64>((owed + k * step) / per_clock);
  }
};

/// The requests of one sender, in order of arrival.
class traffic_generator {
 public:
  traffic_generator() = default;  ///< offers nothing
  explicit traffic_generator(const traffic_params& params);
  explicit traffic_generator(std::vector<request> list);

  /// Arrival of the next request; never if there is none.
  [[nodiscard]] i64 next_clock() const { return next_.clock; }
  [[nodiscard]] const request& front() const { return next_; }
  void pop();
  [[nodiscard]] u64 taken() const { return index_; }
  void transfer(base::checkpoint& c);

  /// Writes of one size at a constant pace, so that a run of them needs no look at each.
  [[nodiscard]] bool uniform() const { return per_clock_ > 0 && read_limit_ == 0; }
  /// Some request may be a read.
  [[nodiscard]] bool may_read() const { return reads_; }
  /// What pop() would do `count` times; only where uniform().
  void skip(u64 count);
  /// Requests from front() on that arrive by `clock`, counted up to some millions of clocks back; only where
  /// uniform().
  [[nodiscard]] u64 arrived(i64 clock) const;
  [[nodiscard]] request_pace pace() const {
    return {.clock = clock_, .owed = owed_, .step = step_, .per_clock = per_clock_};
  }

 private:
  void make();

  request next_{.clock = never};
  u64 index_ = 0;
  u64 limit_ = 0;
  u64 step_ = 0;       ///< useful bytes x 10^9 a request
  u64 per_clock_ = 0;  ///< useful bytes x 10^9 a clock; 0 = nothing or a list
  u64 owed_ = 0;
  i64 clock_ = 0;
  u64 key_ = 0;
  u64 read_limit_ = 0;
  bool reads_ = false;
  request shape_{};
  std::vector<request> list_;
};

}  // namespace lightrack::link
