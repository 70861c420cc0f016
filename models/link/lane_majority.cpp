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
  const pkg::state_e state = registers_.state;
  if (state == pkg::state_e::map && l == std::countr_zero(registers_.good)) take_bitmap(m);
  if (state == pkg::state_e::deskew && !aligned_) take_target(l, m, s, n);
}

/// The lanes whose markers vote on the far end's state (13.1).
u32 lane_bank::reference() const {
  switch (registers_.state) {
    case pkg::state_e::detect:
    case pkg::state_e::lock:
      return locked_;
    case pkg::state_e::map:
      return registers_.good;
    default:
      return registers_.rx.lanes;
  }
}

/// Flags by majority of the reference lanes, bit by bit; unknown if one of the bits has none.
int lane_bank::majority() const {
  const u32 reference = this->reference();
  const int all = std::popcount(reference);
  int flags = 0;
  for (const int bit : {0, 1, 4, 5, 6, 7}) {
    int ones = 0;
    for (u32 left = heard_ & reference; left != 0; left &= left - 1)
      ones += lanes_[static_cast<std::size_t>(std::countr_zero(left))].flags >> bit & 1;
    const int zeros = std::popcount(heard_ & reference) - ones;
    if (2 * ones <= all && 2 * zeros <= all) return state_unknown;
    if (2 * ones > all) flags |= 1 << bit;
  }
  return flags;
}

/// In MAP: six hits of the lowest good lane with rising counts, all from MAP on, whose bytes agree
/// for equal count modulo 3.
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
  far_[2] = (bytes[0] | bytes[1] << 8 | bytes[2] << 16) & all_;
}

/// In DESKEW: the lowest lane in use sets the marker count to meet at, every good lane notes where
/// it saw that count, the last one in use ends it. A lane in use must show its logical number.
void lane_bank::take_target(int l, const marker_fields& m, const wire_slot& s, i64 n) {
  const u32 used = registers_.rx.lanes;
  const u32 bit = u32{1} << l;
  const bool in_use = (used & bit) != 0;
  if (in_use && m.logical != logical_lane(used, l)) return;
  if (align_at_ != never) {
    // Others may still note the target in the clock at which the last one in use did.
    if (!in_use && n + 2 == align_at_ && m.count == target_ && (registers_.good & bit) != 0) {
      noted_word_[static_cast<std::size_t>(l)] = s.clock + marker_clocks_;
      measure(l);
    }
    return;
  }
  if (target_on_ && n > target_set_ + pkg::deskew_retry) target_on_ = false;
  if (!target_on_) {
    if (l != std::countr_zero(used)) return;
    target_on_ = true;
    target_ = static_cast<u16>(m.count + 1 + pkg::deskew_words / marker_clocks_);
    target_set_ = n;
    noted_ = 0;
    return;
  }
  if (n == target_set_ || m.count != target_ || (registers_.good & bit) == 0) return;
  noted_ |= bit;
  noted_clock_[static_cast<std::size_t>(l)] = n;
  noted_word_[static_cast<std::size_t>(l)] = s.clock + marker_clocks_;
  if (in_use && (noted_ & used) == used) align(n);
}

/// The last lane in use noted the target at clock n.
void lane_bank::align(i64 n) {
  const u32 used = registers_.rx.lanes;
  for (u32 left = used; left != 0; left &= left - 1)
    if (n - noted_clock_[static_cast<std::size_t>(std::countr_zero(left))] >= pkg::deskew_words)
      return;
  align_at_ = n + 2;
  i64 base = 0;
  int most = 0;
  const auto word = [this](u32 lanes) {
    return noted_word_[static_cast<std::size_t>(std::countr_zero(lanes))];
  };
  for (u32 left = used; left != 0; left &= left - 1) {
    int same = 0;
    for (u32 other = used; other != 0; other &= other - 1)
      same += word(other) == word(left) ? 1 : 0;
    if (same <= most) continue;
    most = same;
    base = word(left);
  }
  alignment_ = {.first_word = base, .latency = align_at_ - base};
  for (u32 left = noted_; left != 0; left &= left - 1) {
    const int l = std::countr_zero(left);
    if (n - noted_clock_[static_cast<std::size_t>(l)] < pkg::deskew_words) measure(l);
  }
}

/// A lane that noted the target is measured, from its place on.
void lane_bank::measure(int l) {
  const auto k = static_cast<std::size_t>(l);
  alignment_.shift[k] = noted_word_[k] - alignment_.first_word;
  const bool in_use = (registers_.rx.lanes >> l & 1) != 0;
  if (alignment_.shift[k] != 0) (in_use ? alignment_.shifted : alignment_.spare_shifted) = true;
  alignment_.measured |= u32{1} << l;
}

}  // namespace lightrack::link
