// SPDX-License-Identifier: Apache-2.0
// models/link/word_receiver.cpp
// Words out of the fiber as a receiver's SerDes hands them to the RTL.
//
// A word meets its wrong bits and lost lanes once, when the least skewed lane comes to it; lanes
// behind find it done. Lost lanes are kept beside the words, so that those of a far end that rests
// stay as they are.
#include <algorithm>

#include "models/link/channel.h"

namespace lightrack::link {
namespace {

constexpr lane_word nothing{};

}  // namespace

word_receiver::word_receiver(receive_channel& channel)
    : channel_{channel},
      // What lanes still need behind, a flight ahead, and the clock itself.
      fiber_{2 * channel.flight() + channel.max_skew() + 2,
             lane_word_size(channel.lanes(), channel.spares()), (u32{1} << channel.phys()) - 1},
      lane_(static_cast<std::size_t>(channel.phys())) {
  min_skew_ = channel.max_skew();
  for (int lane = 0; lane < channel.phys(); ++lane)
    min_skew_ = std::min(min_skew_, channel.skew(lane));
  arrival_ = channel.flight() + min_skew_;
}

void word_receiver::slip(u32 lanes_mask) {
  if (lanes_mask == 0) return;
  const int bits = lane_bits(channel_.lanes());
  for (std::size_t l = 0; l < lane_.size(); ++l)
    if ((lanes_mask >> l & 1) != 0) lane_[l].offset = (lane_[l].offset + bits - 1) % bits;
  quiet_until_ = 0;
}

void word_receiver::arrive(i64 clock) {
  u32* const sent = fiber_.word(clock);
  const u32 lit = fiber_.lit(clock);
  const int elements = lane_elements(channel_.lanes());
  if (clock >= change_at_) {
    lost_ = 0;
    change_at_ = never;
    for (int lane = 0; lane < channel_.phys(); ++lane) {
      if (channel_.lane_lost(lane, clock)) lost_ |= u32{1} << lane;
      change_at_ = std::min(change_at_, channel_.next_change(lane, clock));
    }
  }
  lost_at(clock) = lost_;
  const u32 received = lit & ~lost_;
  if (received != 0 && !channel_.clean(clock, 1)) {
    fiber_.touched(clock);
    channel_.errors_in(clock, 1, [&](int lane, int bit) {
      if ((received >> lane & 1) != 0) sent[lane * elements + bit / 32] ^= u32{1} << (bit % 32);
    });
  }
  if (lit == fiber_.all_lanes()) return;
  for (int lane = 0; lane < channel_.phys(); ++lane)
    if ((lit >> lane & 1) == 0) std::fill_n(sent + lane * elements, elements, 0);
}

u32 word_receiver::deliver(int lane, i64 clock, u32* word) {
  const int elements = lane_elements(channel_.lanes());
  const int first = lane * elements;
  lane_state& state = lane_[static_cast<std::size_t>(lane)];
  const i64 sent_at = clock - (channel_.skew(lane) - min_skew_);
  const u32* const now = fiber_.word(sent_at);
  const bool signal = ((fiber_.lit(sent_at) & ~lost_at(sent_at)) >> lane & 1) != 0;
  if (signal && !state.signal) state.offset = channel_.offset(lane, state.lights++);
  state.signal = signal;
  if (!signal) {
    std::fill_n(word + first, elements, 0);
    return 0;
  }
  const bool lost_before = (lost_at(sent_at - 1) >> lane & 1) != 0;
  const u32* const before = lost_before ? nothing.data() : fiber_.word(sent_at - 1);
  const int whole = state.offset / 32;
  const int part = state.offset % 32;
  const auto element = [&](int k) {
    return k >= 0 ? now[first + k] : before[first + elements + k];
  };
  for (int k = 0; k < elements; ++k) {
    const u64 pair = u64{element(k - whole)} << 32 | element(k - whole - 1);
    word[first + k] = static_cast<u32>(pair >> (32 - part));
  }
  return u32{1} << lane;
}

void word_receiver::find_quiet(i64 clock) {
  quiet_until_ = 0;
  for (int lane = 0; lane < channel_.phys(); ++lane) {
    const lane_state& state = lane_[static_cast<std::size_t>(lane)];
    if (!state.signal || state.offset != 0 || channel_.skew(lane) != min_skew_) return;
  }
  quiet_until_ = std::min(channel_.next_error_clock(clock + 1, clock + 2), change_at_);
}

u32 word_receiver::receive_slowly(u32* word) {
  const i64 clock = now_ - arrival_;
  if (clock >= 0) arrive(clock);
  u32 signal = 0;
  for (int lane = 0; lane < channel_.phys(); ++lane) signal |= deliver(lane, clock, word);
  find_quiet(clock);
  ++now_;
  return signal;
}

i64 word_receiver::disturbed_at() {
  const i64 next = now_ - arrival_;
  if (change_at_ < next) {  // look_again(): what has changed lies ahead
    change_at_ = never;
    for (int lane = 0; lane < channel_.phys(); ++lane)
      change_at_ = std::min(change_at_, channel_.next_change(lane, next - 1));
  }
  const i64 disturbed = std::min(channel_.next_error_clock(next, next + 1), change_at_);
  return disturbed >= never ? never : disturbed + arrival_;
}

void word_receiver::rest(i64 until) {
  if (now_ != rested_until_) lost_at_.fill(lost_);
  now_ = rested_until_ = until;
}

void word_receiver::transfer(base::checkpoint& c) {
  c.part("fiber");
  fiber_.transfer(c);
  c.list(lane_);
  c.values(quiet_until_, lost_, lost_at_, change_at_, pushed_, now_);
  rested_until_ = -1;
}

}  // namespace lightrack::link
