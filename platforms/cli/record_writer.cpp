// SPDX-License-Identifier: Apache-2.0
#include "platforms/cli/record_writer.h"

#include <fmt/format.h>
#include <fnmatch.h>

#include "models/base/error.h"
#include "models/link/flit_codec.h"
#include "models/link/trace_events.h"
#include "rtl/link_pkg.h"

namespace lightrack::cli {
namespace {

using link::trace_event;
namespace pkg = link::pkg;

enum row { row_state = 1, row_sent, row_verdict, row_deliver_0, row_deliver_1 };

std::string header_text(link::u64 bits) {
  const link::flit_header h = link::unpack_header(bits);
  std::string text = pkg::name_of(static_cast<pkg::kind_e>(h.kind));
  if (h.kind == link::kind_data) text += fmt::format(" vc {} slots {}", h.vc, h.slots);
  text += fmt::format(" seq {} ack {} crd{} {}", h.seq, h.ack, h.crd_vc, h.crd);
  if (h.nak != 0) text += " nak";
  if (h.replay != 0) text += " replay";
  if (h.poison != 0) text += " poison";
  return text;
}

void check(const std::ofstream& out, const std::string& file) {
  if (!out)
    throw base::config_error(
        fmt::format("{}: cannot be written; allowed is a place that this user can write", file));
}

}  // namespace

const char* event_name(std::uint8_t event) {
  switch (static_cast<trace_event>(event)) {
    case trace_event::verdict:
      return "verdict";
    case trace_event::marker_rx:
      return "marker_rx";
    case trace_event::marker_tx:
      return "marker_tx";
    case trace_event::flit_tx:
      return "flit_tx";
    case trace_event::accept:
      return "accept";
    case trace_event::deliver:
      return "deliver";
    case trace_event::replay:
      return "replay";
    case trace_event::state:
      return "state";
    case trace_event::lock:
      return "lock";
  }
  return "unknown";
}

std::string record_text(const base::trace_record& r) {
  switch (static_cast<trace_event>(r.event)) {
    case trace_event::verdict: {
      const auto verdict = static_cast<pkg::verdict_e>(r.arg8);
      return verdict == pkg::verdict_e::bad
                 ? "BAD"
                 : fmt::format("{}: {}", pkg::name_of(verdict), header_text(r.arg64));
    }
    case trace_event::marker_rx:
    case trace_event::marker_tx:
      return fmt::format("count {} flags {:02x}", r.arg16, r.arg8);
    case trace_event::flit_tx:
      return header_text(r.arg64);
    case trace_event::accept:
    case trace_event::deliver:
      return fmt::format("vc {}", r.arg8);
    case trace_event::replay:
      return "started";
    case trace_event::state:
      return fmt::format("{} ({})", pkg::name_of(static_cast<pkg::state_e>(r.arg8)),
                         pkg::name_of(static_cast<pkg::cause_e>(r.arg16)));
    case trace_event::lock:
      return fmt::format("lanes {:04x}", r.arg32);
  }
  return "";
}

record_csv::record_csv(const std::string& file, std::string pattern, link::i64 clock_fs)
    : file_{file}, out_{file}, pattern_{std::move(pattern)}, clock_fs_{clock_fs} {
  out_ << "instance,clock,time_ns,event,arg8,arg16,arg32,arg64,text\n";
  check(out_, file_);
}

void record_csv::write(const std::string& instance, std::span<const base::trace_record> records) {
  const bool whole = fnmatch(pattern_.c_str(), instance.c_str(), 0) == 0;
  fmt::memory_buffer lines;
  for (const base::trace_record& r : records) {
    const char* const event = event_name(r.event);
    if (!whole && fnmatch(pattern_.c_str(), (instance + "." + event).c_str(), 0) != 0) continue;
    fmt::format_to(std::back_inserter(lines), "{},{},{:.6f},{},{},{},{},{:016x},{}\n", instance,
                   r.clock, static_cast<double>(r.clock * clock_fs_) * 1e-6, event, r.arg8, r.arg16,
                   r.arg32, r.arg64, record_text(r));
    ++lines_;
  }
  out_.write(lines.data(), static_cast<std::streamsize>(lines.size()));
}

void record_csv::close() {
  out_.close();
  check(out_, file_);
}

timeline::timeline(const std::string& file, link::i64 clock_fs)
    : file_{file}, out_{file}, clock_fs_{clock_fs} {
  out_ << "{\"displayTimeUnit\": \"ns\", \"traceEvents\": [\n";
  check(out_, file_);
}

void timeline::put(const std::string& event) {
  out_ << (first_ ? "" : ",\n") << event;
  first_ = false;
}

void timeline::slice(int pid, int row, const std::string& name, link::i64 from, link::i64 clocks) {
  put(fmt::format(
      R"({{"ph": "X", "pid": {}, "tid": {}, "ts": {:.6f}, "dur": {:.6f}, "name": "{}"}})", pid, row,
      us(from), us(clocks), name));
}

void timeline::instant(int pid, int row, const std::string& name, link::i64 clock) {
  put(fmt::format(R"({{"ph": "i", "s": "t", "pid": {}, "tid": {}, "ts": {:.6f}, "name": "{}"}})",
                  pid, row, us(clock), name));
}

timeline::process& timeline::process_of(const std::string& instance) {
  for (process& p : processes_)
    if (p.name == instance) return p;
  const int pid = static_cast<int>(processes_.size()) + 1;
  put(fmt::format(R"({{"ph": "M", "pid": {}, "name": "process_name", "args": {{"name": "{}"}}}})",
                  pid, instance));
  for (const auto& [row, name] : {std::pair{row_state, "state"},
                                  {row_sent, "sent"},
                                  {row_verdict, "received"},
                                  {row_deliver_0, "delivered vc 0"},
                                  {row_deliver_1, "delivered vc 1"}})
    put(fmt::format(
        R"({{"ph": "M", "pid": {}, "tid": {}, "name": "thread_name", "args": {{"name": "{}"}}}})",
        pid, static_cast<int>(row), name));
  return processes_.emplace_back(process{.name = instance});
}

void timeline::write(const std::string& instance, std::span<const base::trace_record> records) {
  process& p = process_of(instance);
  const int pid = static_cast<int>(&p - processes_.data()) + 1;
  for (const base::trace_record& r : records) {
    switch (static_cast<trace_event>(r.event)) {
      case trace_event::flit_tx:
        slice(pid, row_sent, record_text(r), r.clock, 4);
        break;
      case trace_event::marker_tx:
        slice(pid, row_sent, "marker", r.clock, 4);
        break;
      case trace_event::verdict:
        instant(pid, row_verdict, record_text(r), r.clock);
        break;
      case trace_event::deliver:
        slice(pid, row_deliver_0 + r.arg8, "flit", r.clock, 4);
        break;
      case trace_event::replay:
        instant(pid, row_state, "replay", r.clock);
        break;
      case trace_event::state:
        slice(pid, row_state, pkg::name_of(static_cast<pkg::state_e>(p.state)), p.state_since,
              r.clock - p.state_since);
        p.state = r.arg8;
        p.state_since = r.clock;
        break;
      case trace_event::marker_rx:
      case trace_event::accept:
      case trace_event::lock:
        break;
    }
  }
}

void timeline::close(link::i64 end_clock) {
  for (std::size_t i = 0; i < processes_.size(); ++i)
    slice(static_cast<int>(i) + 1, row_state,
          pkg::name_of(static_cast<pkg::state_e>(processes_[i].state)), processes_[i].state_since,
          end_clock - processes_[i].state_since);
  out_ << "\n]}\n";
  out_.close();
  check(out_, file_);
}

}  // namespace lightrack::cli
