// SPDX-License-Identifier: Apache-2.0
// models/link/lane_majority.cpp
// What the lanes' markers say together: the far end's state, its lane bitmap, and the deskew depth.
#include <algorithm>
#include <bit>

#include "models/link/lane_bank.h"

namespace lightrack::link {

void lane_bank::take_fields(int l, const marker_fields& m, const wire_slot& s, i64 n) {
  const u32 bit = u32{1} << l;
  if (n - registers_.lock_enter >= config_.lock_min_clocks) {
    fresh_ = fresh_ || at(l).flags != m.flags || (heard_ & bit) == 0;
    heard_ |= bit;
  }
  at(l).flags = m.flags;
  if (l == 0) take_bitmap(m);
  if (registers_.state == pkg::state_e::deskew && !aligned_ && align_at_ == never)
    take_target(l, m, s, n);
}

/// State by majority of all lanes, bit by bit; unknown if one of the bits has none.
int lane_bank::majority() const {
  int state = 0;
  for (const int bit : {0, 4, 5, 6, 7}) {
    int ones = 0;
    for (u32 left = heard_; left != 0; left &= left - 1)
      ones += lanes_[static_cast<std::size_t>(std::countr_zero(left))].flags >> bit & 1;
    const int zeros = std::popcount(heard_) - ones;
    if (2 * ones <= count_ && 2 * zeros <= count_) return state_unknown;
    if (2 * ones > count_ && bit >= 4) state |= 1 << (bit - 4);
  }
  return state;
}

/// Six hits of lane 0 with rising counts, all from MAP on, whose bytes agree for equal count
/// modulo 3.
void lane_bank::take_bitmap(const marker_fields& m) {
  const int state = m.flags >> 4;
  const bool mapped = state >= static_cast<int>(pkg::state_e::map) &&
                      state <= static_cast<int>(pkg::state_e::active);
  const bool follows =
      bitmap_run_ > 0 && m.count == static_cast<u16>(bitmap_hits_.back().count + 1);
  bitmap_run_ = !mapped ? 0 : follows ? bitmap_run_ + 1 : 1;
  std::ranges::rotate(bitmap_hits_, bitmap_hits_.begin() + 1);
  bitmap_hits_.back() = m;
  if (bitmap_run_ < pkg::bitmap_hits) return;
  std::array<u32, 3> bytes{};
  for (const marker_fields& h : bitmap_hits_) bytes[h.count % 3] = h.good_byte;
  for (const marker_fields& h : bitmap_hits_)
    if (bytes[h.count % 3] != h.good_byte) return;
  const u32 good = bytes[0] | bytes[1] << 8 | bytes[2] << 16;
  far_[2] = (good & all_) == all_ ? far_all_good : 1;
}

/// In DESKEW: lane 0 sets the marker count to meet at, every lane notes where it saw that count,
/// the last one ends it.
void lane_bank::take_target(int l, const marker_fields& m, const wire_slot& s, i64 n) {
  if (target_on_ && n > target_set_ + pkg::deskew_retry) target_on_ = false;
  if (!target_on_) {
    if (l != 0) return;
    target_on_ = true;
    target_ = static_cast<u16>(m.count + 1 + pkg::deskew_words / marker_clocks_);
    target_set_ = n;
    noted_ = 0;
    return;
  }
  if (n == target_set_ || m.count != target_) return;
  noted_ |= u32{1} << l;
  noted_clock_[static_cast<std::size_t>(l)] = n;
  noted_word_[static_cast<std::size_t>(l)] = s.clock + marker_clocks_;
  if (noted_ != all_) return;
  const auto clocks = std::span{noted_clock_}.first(static_cast<std::size_t>(count_));
  if (n - std::ranges::min(clocks) >= pkg::deskew_words) return;
  align_at_ = n + 2;
  const auto words = std::span{noted_word_}.first(static_cast<std::size_t>(count_));
  const i64 base = *std::ranges::max_element(
      words, {}, [&words](i64 word) { return std::ranges::count(words, word); });
  alignment_ = {.first_word = base, .latency = align_at_ - base};
  for (std::size_t k = 0; k < words.size(); ++k) {
    alignment_.shift[k] = words[k] - base;
    alignment_.shifted = alignment_.shifted || alignment_.shift[k] != 0;
  }
}

}  // namespace lightrack::link
