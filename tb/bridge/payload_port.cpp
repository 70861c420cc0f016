// SPDX-License-Identifier: Apache-2.0
#include "tb/bridge/payload_port.h"

#include <fmt/format.h>

#include <algorithm>

#include "models/base/error.h"

namespace lightrack::bridge {

bool receive_port::find(const u8* beat) {
  const auto stands_at = [&](u64 index) {
    image_.fill(*far_, {.vc = vc_, .index = index});
    return std::memcmp(beat, image_.beat(0), beat_size) == 0;
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
  image_.fill(*far_, {.vc = vc_, .index = next_});
  return false;
}

u64 receive_port::handshake(i64 clock, const u8* beat, u8 slots, bool poison) {
  left_ = 3;
  if (wrong_) image_ = {};  // wrong bytes may stand where no payload is filled in
  wrong_ = far_ != nullptr && !find(beat);
  if (wrong_) std::memcpy(image_.beat(0), beat, beat_size);
  const link::payload_ref ref{.vc = vc_, .index = next_++};
  if (sink_ != nullptr) sink_->take(vc_, clock, ref, slots, poison, wrong_);
  return wrong_ || far_ == nullptr ? 0 : far_->digest(ref);
}

}  // namespace lightrack::bridge
