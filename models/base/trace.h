// SPDX-License-Identifier: Apache-2.0
// models/base/trace.h
// The event records of one instance: always hashed, kept only where somebody asked for them.
//
// Time:   records are written in order of their clocks; a clock without event makes none.
// Cost:   add() is a few multiplications and, if records are kept, one store. No allocation where
// they are not kept. Threads: a buffer belongs to its instance.
//   trace.add({.clock = d, .event = 4, .arg64 = header});
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace lightrack::base {

class checkpoint;  // models/base/checkpoint.h

/// Meaning of the fields by event: models/link/trace_events.h for links.
struct trace_record {
  std::int64_t clock = 0;
  std::uint64_t arg64 = 0;
  std::uint32_t arg32 = 0;
  std::uint16_t arg16 = 0;
  std::uint8_t arg8 = 0;
  std::uint8_t event = 0;
  friend bool operator==(const trace_record&, const trace_record&) = default;
};
static_assert(sizeof(trace_record) == 24);

class trace_buffer {
 public:
  /// From now on records are kept in memory, the newest `limit` at least (0: all).
  void keep(bool on, std::size_t limit = 0) {
    keep_ = on;
    limit_ = limit;
  }

  void add(const trace_record& r) {
    const std::uint64_t args = std::uint64_t{r.arg32} << 32 | std::uint64_t{r.arg16} << 16 |
                               std::uint64_t{r.arg8} << 8 | r.event;
    hash_ = fold(fold(hash_ ^ args, static_cast<std::uint64_t>(r.clock)), r.arg64);
    ++count_;
    if (keep_) [[unlikely]]
      store(r);
  }

  /// 64-bit hash over all records so far.
  [[nodiscard]] std::uint64_t hash() const { return hash_; }
  [[nodiscard]] std::uint64_t count() const { return count_; }
  /// The kept records, oldest first.
  [[nodiscard]] std::span<const trace_record> records() const { return records_; }
  /// Number of the first kept record, counted from 0 over the whole run.
  [[nodiscard]] std::uint64_t first_kept() const { return count_ - records_.size(); }
  /// A place to go back to, for a writer that learns more of a record after it has written it.
  struct place {
    std::uint64_t hash = 0;
    std::uint64_t count = 0;
  };
  [[nodiscard]] place here() const { return {.hash = hash_, .count = count_}; }
  /// Forgets what was added since; of kept records those that are still held.
  void rewind(const place& p);
  void transfer(checkpoint& c);
  /// Forgets kept records (the hash stays): for readers that drain a buffer batch by batch.
  void drop_kept() { records_.clear(); }

 private:
  static constexpr std::uint64_t fold(std::uint64_t a, std::uint64_t b) {
    const auto wide =
        static_cast<unsigned __int128>(a ^ 0x9E3779B97F4A7C15ULL) * (b ^ 0xD6E8FEB86659FD93ULL);
    return static_cast<std::uint64_t>(wide) ^ static_cast<std::uint64_t>(wide >> 64) ^ (b << 1);
  }
  void store(const trace_record& r);

  std::uint64_t hash_ = 0x6C696768747261ULL;
  std::uint64_t count_ = 0;
  bool keep_ = false;
  std::size_t limit_ = 0;
  std::vector<trace_record> records_;
};

/// One hash of several instances, combined in order of their names.
class trace_hash {
 public:
  void add(std::string_view instance, std::uint64_t hash);
  [[nodiscard]] std::uint64_t value() const { return value_; }

 private:
  std::uint64_t value_ = 0xCBF29CE484222325ULL;
};

}  // namespace lightrack::base
