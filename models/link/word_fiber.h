// SPDX-License-Identifier: Apache-2.0
// models/link/word_fiber.h
// The lane words between a transmitter and a receiver in RTL, written and read in place.
//
// Time:   the transmitter writes clock c when it simulates c, the receiver reads it a flight or
//         more later; a place is written again no sooner than capacity() clocks after.
// Threads: transmitter and receiver may run at the same time within one batch: they are at
//         different places as long as neither runs ahead of the other by more than the flight.
//         A place belongs to the receiver from the batch after the one that wrote it.
// Cost:   one copy of 64 bytes in and one out; a word without spares is one cache line. While the
//         transmitter rests every place holds a zero word after capacity() clocks; from then on
//         nothing is written.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cstring>
#include <utility>
#include <vector>

#include "models/base/checkpoint.h"
#include "models/link/types.h"

namespace lightrack::link {

class word_fiber {
 public:
  /// Room for at least `clocks` words of `size` elements, 16 or more; none is lit yet.
  word_fiber(i64 clocks, int size, u32 all_lanes)
      : lit_(std::bit_ceil(static_cast<std::size_t>(clocks))),
        lines_(lit_.size() * lines_of(size)),
        mask_{lit_.size() - 1},
        size_{size},
        all_lanes_{all_lanes} {}

  [[nodiscard]] i64 capacity() const { return static_cast<i64>(lit_.size()); }
  [[nodiscard]] u32 all_lanes() const { return all_lanes_; }

  /// The transmitter's word of `clock`: the elements in use, lane 0 lowest.
  void put(i64 clock, const u32* from, bool light) {
    move(word(clock), from);
    lit(clock) = light ? all_lanes_ : 0;
  }
  void copy(i64 clock, u32* to) { move(to, word(clock)); }
  /// As sent, until the receiver puts in wrong bits and takes out lost lanes.
  [[nodiscard]] u32* word(i64 clock) {
    return lines_[place(clock) * lines_of(size_)].elements.data();
  }
  /// The transmitter rests: its words from `clock` on are zero and lit, until it stirs.
  void rest(i64 clock) {
    if (rests_from() == never) rests_from_.store(clock, std::memory_order_relaxed);
  }
  void stir() { rests_from_.store(never, std::memory_order_relaxed); }
  /// Zero words with light are all that lies at this clock and behind it; `never` where others do.
  [[nodiscard]] i64 rests_from() const { return rests_from_.load(std::memory_order_relaxed); }
  /// The words of [from, until) of a transmitter that rests, put where others still lie.
  void put_rest(i64 from, i64 until) {
    for (const i64 end = std::min(until, rests_from() + capacity()); from < end; ++from) {
      std::fill_n(word(from), size_, 0);
      lit(from) = all_lanes_;
    }
  }
  /// What the receiver finds at `clock` is not what was sent: its place must be written again.
  void touched(i64 clock) {
    i64 from = rests_from();
    while (from != never && from <= clock &&
           !rests_from_.compare_exchange_weak(from, clock + 1, std::memory_order_relaxed)) {
    }
  }

  /// Lanes with light, bit a lane.
  [[nodiscard]] u32& lit(i64 clock) { return lit_[place(clock)]; }

  /// Twice the room; words of the clocks [oldest, end) stay. Not while the other end runs.
  void grow(i64 oldest, i64 end) {
    word_fiber larger{2 * capacity(), size_, all_lanes_};
    for (i64 clock = oldest; clock < end; ++clock) {
      copy(clock, larger.word(clock));
      larger.lit(clock) = lit(clock);
    }
    lit_ = std::move(larger.lit_);
    lines_ = std::move(larger.lines_);
    mask_ = larger.mask_;
  }

  void transfer(base::checkpoint& c) {
    c.list(lit_);
    c.list(lines_);
    mask_ = lit_.size() - 1;
    stir();  // whoever rests says so again
  }

 private:
  struct alignas(64) line {
    std::array<u32, 16> elements{};
  };
  /// Cache lines of a word: those of spare lanes take a second one.
  [[nodiscard]] static constexpr std::size_t lines_of(int size) { return size > 16 ? 2 : 1; }
  [[nodiscard]] std::size_t place(i64 clock) const {
    return static_cast<std::size_t>(clock) & mask_;
  }
  void move(u32* to, const u32* from) const {
    std::memcpy(to, from, sizeof(line));
    if (size_ > 16) [[unlikely]]
      std::copy_n(from + 16, size_ - 16, to + 16);
  }

  std::vector<u32> lit_;
  std::vector<line> lines_;
  std::size_t mask_;
  int size_;
  u32 all_lanes_;
  /// Written by the transmitter; the receiver only moves it on while it stands. What either sees of
  /// the other's writes in the same batch decides how much is simulated, never what comes out.
  std::atomic<i64> rests_from_{never};
};

}  // namespace lightrack::link
