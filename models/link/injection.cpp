// SPDX-License-Identifier: Apache-2.0
#include "models/link/injection.h"

namespace lightrack::link {

void lane_injection::arm(i64 from, int lane, int bit, i64 words) {
  end(from);
  lane_ = lane;
  bit_ = bit;
  left_ = words;
  // What the light does is known a few clocks ahead of a register write.
  if (!lit_ && from >= dark_since_) return;
  begin(std::max(from, lit_since_));
  if (!lit_) end(dark_since_);
}

void lane_injection::light(i64 clock, bool on) {
  if (on == lit_) return;
  lit_ = on;
  if (on) {
    lit_since_ = clock;
    begin(clock);
  } else {
    dark_since_ = clock;
    end(clock);
  }
}

void lane_injection::begin(i64 from) {
  if (left_ == 0) return;
  constexpr std::size_t kept = 16;
  if (spans_.size() >= kept) spans_.erase(spans_.begin());
  spans_.push_back({.from = from, .until = from + left_, .lane = lane_, .bit = bit_});
  open_ = true;
}

void lane_injection::end(i64 clock) {
  if (!open_) return;
  span& s = spans_.back();
  left_ = std::max<i64>(0, s.until - std::max(clock, s.from));
  s.until = std::min(s.until, std::max(clock, s.from));
  open_ = false;
}

i64 lane_injection::next(i64 from) const {
  i64 first = never;
  for (const span& s : spans_)
    if (s.until > from && s.until > s.from) first = std::min(first, std::max(from, s.from));
  return first;
}

}  // namespace lightrack::link
