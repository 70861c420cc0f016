// SPDX-License-Identifier: Apache-2.0
// tests/link/lane_bank_test.cpp
// The lanes of the flit model against a reading of every bit of every clock, written from
// docs/link-layer.md, 12.2.
#include "models/link/lane_bank.h"

#include <gtest/gtest.h>

#include <bit>

#include "models/base/random.h"
#include "models/link/stream_codec.h"

namespace lightrack::link {
namespace {

constexpr i64 lock_enter = 300;
constexpr i64 lock_min = 2000;

/// One lane, clock by clock, from the words that its SerDes delivers.
class lane_by_bits {
 public:
  lane_by_bits(int lane, int lanes) : lane_{lane}, lanes_{lanes} {}

  [[nodiscard]] bool locked() const { return locked_; }
  [[nodiscard]] int flags() const { return flags_; }
  [[nodiscard]] bool heard() const { return heard_; }

  /// Clock n; returns whether slip is high.
  bool clock(i64 n, bool signal, const lane_word& word) {
    const auto elements = static_cast<std::size_t>(lane_elements(lanes_));
    for (std::size_t k = 0; k < elements; ++k) {
      for (std::size_t i = 0; i + 1 < seen_.size(); ++i) seen_[i] = seen_[i + 1];
      seen_.back() = word[static_cast<std::size_t>(lane_) * elements + k];
    }
    if (!signal) {
      searching_ = false;
      locked_ = false;
      return false;
    }
    const i64 m = marker_clocks(lanes_);
    if (!searching_) {
      searching_ = true;
      search_ = n;
      run_ = 0;
    }
    const bool hit = marker_stands(seen_, lane_) && n - m + 1 >= search_;
    if (locked_) {
      if (hit) {
        missed_ = 0;
        phase_ = n;
        take(n);
      } else if ((n - phase_) % m == 0 && n - lock_enter >= lock_min && ++missed_ == 3) {
        locked_ = false;
        run_ = 0;
        search_ = n + 1;
      }
      return false;
    }
    if (run_ == 0 && n == search_ + 3 * m) {
      search_ = n + 1 + 32;
      return true;
    }
    if (hit) {
      run_ = run_ > 0 && n == phase_ + m ? run_ + 1 : 1;
      phase_ = n;
      if (run_ == 4) {
        locked_ = true;
        missed_ = 0;
        take(n);
      }
    } else if (run_ > 0 && n == phase_ + m) {
      run_ = 0;
      search_ = n + 1;
    }
    return false;
  }

 private:
  void take(i64 n) {
    flags_ = parse_marker(seen_).flags;
    heard_ = heard_ || n - lock_enter >= lock_min;
  }

  int lane_;
  int lanes_;
  marker_words seen_{};
  bool searching_ = false;
  i64 search_ = 0;
  i64 phase_ = 0;
  int run_ = 0;
  int missed_ = 0;
  bool locked_ = false;
  bool heard_ = false;
  int flags_ = 0;
};

/// Markers from clock 100, flits in between now and then, dark at 5000 for 60 clocks.
std::vector<wire_slot> stream(int lanes, u64 seed) {
  std::vector<wire_slot> slots;
  i64 clock = 100;
  u16 count = 0;
  const u64 key = base::stream_key(seed, "slots");
  while (clock < 9000) {
    if (clock >= 4990 && clock < 5060) {
      slots.push_back({.clock = clock, .kind = slot_kind::dark});
      clock = 5060;
      continue;
    }
    const u32 random = base::draw(key, count)[0] % 200;
    const int flits = random == 0 ? 40 : random < 4 ? 1 : 0;
    for (int k = 0; k < flits; ++k, clock += 4)
      slots.push_back({.clock = clock, .kind = slot_kind::flit});
    const u8 flags = static_cast<u8>((clock / 700 % 4) << 4 | 1);
    slots.push_back({.clock = clock,
                     .kind = slot_kind::marker,
                     .flags = flags,
                     .good_byte = 0xFF,
                     .count = count++,
                     .lanes = lane_mask(lanes)});
    clock += marker_clocks(lanes);
  }
  return slots;
}

TEST(lane_bank, locks_and_reads_markers_like_a_receiver_of_bits) {
  u64 locks_seen = 0;
  for (const int lanes : {4, 8, 16})
    for (const double ber : {0.0, 1e-3, 5e-3})
      for (u64 seed = 1; seed <= 4; ++seed) {
        SCOPED_TRACE(::testing::Message() << lanes << " lanes, BER " << ber << ", seed " << seed);
        channel_params params{.lanes = lanes, .seed = seed, .length_m = 1.0, .ber = {ber}};
        for (int l = 0; l < lanes; ++l)
          params.skew_words.push_back((l * 5 + static_cast<int>(seed)) % 16);
        params.events = {{.clock = 6000, .lane = 1, .what = lane_change::lose},
                         {.clock = 6050, .lane = 1, .what = lane_change::restore},
                         {.clock = 6500, .lane = 2, .what = lane_change::lose},
                         {.clock = 6501, .lane = 2, .what = lane_change::restore}};
        // By bits.
        receive_channel bit_channel{params};
        word_receiver serdes{bit_channel};
        slots_to_words words{lanes, nullptr};
        const auto slots = stream(lanes, seed);
        words.push(slots);
        std::vector<lane_by_bits> by_bits;
        for (int l = 0; l < lanes; ++l) by_bits.emplace_back(l, lanes);
        // By slots.
        receive_channel channel{params};
        slot_queue queue{lanes};
        slot_errors errors{channel, lanes};
        const link_registers registers{
            .state = pkg::state_e::lock, .enter = lock_enter, .lock_enter = lock_enter};
        const link_config config{.lock_min_clocks = lock_min};
        lane_bank bank{channel, queue, errors, registers, config};
        for (const wire_slot& s : slots) queue.push(s);
        bank.received(0);
        bank.set_lit(true, 0);

        int other_state = state_unknown;
        int other_next = state_unknown;
        for (i64 n = 0; n < 8900; ++n) {
          sent_word sent;
          sent.light = words.next(sent.word);
          serdes.push(sent);
          // Registers as they stand during n.
          u32 locked = 0;
          for (int l = 0; l < lanes; ++l)
            locked |= u32{by_bits[static_cast<std::size_t>(l)].locked()} << l;
          if (other_next != state_unknown) other_state = other_next;
          other_next = 0;
          const int reference = std::popcount(locked);
          for (const int bit : {0, 1, 4, 5, 6, 7}) {
            int ones = 0;
            int zeros = 0;
            for (const lane_by_bits& lane : by_bits)
              if (lane.heard() && lane.locked()) ++((lane.flags() >> bit & 1) != 0 ? ones : zeros);
            if (2 * ones <= reference && 2 * zeros <= reference) {
              other_next = state_unknown;
              break;
            }
            if (2 * ones > reference && bit > 3) other_next |= 1 << (bit - 4);
          }
          lane_word word{};
          const u32 signal = serdes.receive(word.data());
          u32 slips = 0;
          for (int l = 0; l < lanes; ++l)
            if (by_bits[static_cast<std::size_t>(l)].clock(n, (signal >> l & 1) != 0, word))
              slips |= u32{1} << l;
          serdes.slip(slips);

          while (bank.next() <= n) bank.step(n);
          ASSERT_EQ(bank.signal(), signal) << "clock " << n;
          ASSERT_EQ(bank.locked(), locked) << "clock " << n;
          ASSERT_EQ(bank.other_state(), other_state) << "clock " << n;
          if (bank.lock_changed(n)) ++locks_seen;
        }
      }
  EXPECT_GT(locks_seen, 500U);
}

}  // namespace
}  // namespace lightrack::link
