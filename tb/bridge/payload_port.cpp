// SPDX-License-Identifier: Apache-2.0
#include "tb/bridge/payload_port.h"

#include <fmt/format.h>

#include <algorithm>

#include "models/base/error.h"

namespace lightrack::bridge {

bool receive_port::find(const u8* beat) {
  const auto stands_at = [&](u64 index) {
    fill(image_, *far_, {.vc = vc_, .index = index});
    return same_beat(beat, beat_of(image_, 0));
  };
  const u64 first = next_;
  const u64 last = std::min(accepted_, first + search_flits);
  for (; next_ < last; ++next_) {
    if (stands_at(next_)) return true;
  }
  for (next_ = first; next_ > 0 && first - next_ < search_flits;) {
    if (stands_at(--next_)) return true;
  }
  next_ = first;
  if (next_ >= accepted_) {
    throw base::model_error(
        fmt::format("a flit of VC{} was delivered that the far end, with {} "
                    "accepted, has not sent",
                    vc_, accepted_));
  }
  fill(image_, *far_, {.vc = vc_, .index = next_});
  return false;
}

u64 receive_port::handshake(i64 clock, const u8* beat, u8 slots, bool poison) {
  left_ = 3;
  if (wrong_) [[unlikely]]
    image_ = {};  // wrong bytes may stand where no payload is filled in
  const link::payload_ref next{.vc = vc_, .index = next_};
  if (store_ != nullptr && store_->holds(next_, accepted_) &&
      same_beat(beat, beat_of(store_->at(next_), 0))) [[likely]] {
    wrong_ = false;
    expected_ = &store_->at(next_);
    const u64 digest = store_->digest(next_++);
    take(clock, next, slots, poison);
    return digest;
  }
  expected_ = &image_;
  wrong_ = far_ != nullptr && !find(beat);
  if (wrong_) std::memcpy(beat_of(image_, 0), beat, beat_size);
  const link::payload_ref ref{.vc = vc_, .index = next_++};
  take(clock, ref, slots, poison);
  return wrong_ || far_ == nullptr ? 0 : far_->digest(ref);
}

void receive_port::take(i64 clock, const link::payload_ref& ref, u8 slots, bool poison) {
  counted_ = wrong_;
  if (far_ != nullptr) {
    const link::flit_record& sent = far_->record(ref);
    counted_ = counted_ || sent.slots != slots || sent.poison != poison;
  }
  if (sink_ != nullptr) sink_->take(vc_, clock, ref, slots, poison, counted_);
}

u64 receive_port::follow_wrong(const u8* beat, int index) {
  if (expected_ != &image_) image_.bytes = expected_->bytes;
  expected_ = &image_;
  std::memcpy(beat_of(image_, index), beat, beat_size);  // the image is now what was delivered
  if (!counted_ && sink_ != nullptr) sink_->found_corrupt(vc_);
  counted_ = true;
  wrong_ = true;
  return left_ == 0 ? link::payload_digest(image_.payload()) : 0;
}

}  // namespace lightrack::bridge
