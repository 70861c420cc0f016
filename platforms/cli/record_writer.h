// SPDX-License-Identifier: Apache-2.0
// platforms/cli/record_writer.h
// Trace records as they come, batch by batch: a CSV file, and a timeline that ui.perfetto.dev
// opens.
#pragma once

#include <fstream>
#include <span>
#include <string>
#include <vector>

#include "models/base/trace.h"
#include "models/link/types.h"

namespace lightrack::cli {

/// "accept", "flit_tx", ...
[[nodiscard]] const char* event_name(std::uint8_t event);
/// What a record says, for people: "DATA vc 0 seq 5 ack 3 slots 15".
[[nodiscard]] std::string record_text(const base::trace_record& r);

/// Lines of `instance,clock,time_ns,event,arg8,arg16,arg32,arg64,text`, of records whose instance,
/// or INSTANCE.EVENT, matches the shell pattern. Throws base::config_error if the file cannot be
/// written.
class record_csv {
 public:
  record_csv(const std::string& file, std::string pattern, link::i64 clock_fs);
  void write(const std::string& instance, std::span<const base::trace_record> records);
  void close();
  [[nodiscard]] link::u64 lines() const { return lines_; }

 private:
  std::string file_;
  std::ofstream out_;
  std::string pattern_;
  link::i64 clock_fs_;
  link::u64 lines_ = 0;
};

/// Trace-event JSON: one process an endpoint with rows for state, flits sent, verdicts and
/// deliveries.
class timeline {
 public:
  timeline(const std::string& file, link::i64 clock_fs);
  void write(const std::string& instance, std::span<const base::trace_record> records);
  /// Ends the last states and the file.
  void close(link::i64 end_clock);

 private:
  struct process {
    std::string name{};
    int state = 7;
    link::i64 state_since = 0;
  };
  [[nodiscard]] double us(link::i64 clock) const {
    return static_cast<double>(clock * clock_fs_) * 1e-9;
  }
  void slice(int pid, int row, const std::string& name, link::i64 from, link::i64 clocks);
  void instant(int pid, int row, const std::string& name, link::i64 clock);
  process& process_of(const std::string& instance);
  void put(const std::string& event);

  std::string file_;
  std::ofstream out_;
  link::i64 clock_fs_;
  bool first_ = true;
  std::vector<process> processes_;
};

}  // namespace lightrack::cli
