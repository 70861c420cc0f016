// SPDX-License-Identifier: Apache-2.0
// models/link/flit_judge.cpp
// A framed flit with wrong bits: caught by a CRC, or what it has become.
#include "models/link/crc16.h"
#include "models/link/flit_codec.h"
#include "models/link/packer.h"
#include "models/link/payload_digest.h"
#include "models/link/slot_framer.h"

namespace lightrack::link {
namespace {

payload_bytes sent_payload(const wire_slot& s, const flit_source* source) {
  payload_bytes bytes{};
  switch (unpack_header(s.header).kind) {
    case kind_data:
      source->fill(s.payload, bytes);
      break;
    case kind_ctrl:
      bytes = pack_init(s.init);
      break;
    default:
      break;
  }
  return bytes;
}

}  // namespace

framed_flit slot_framer::take_flit() {
  framed_flit flit;
  const bool clean = channel_.clean(position_, pkg::beats_per_flit);
  if (!garbage_) {
    const wire_slot& s = slots_[place_];
    flit = {.good = true, .header = s.header, .sent = &s};
  }
  if (!clean) [[unlikely]]
    judge_damaged(flit);
  --flits_left_;
  position_ += pkg::beats_per_flit;
  frame();
  return flit;
}

void slot_framer::judge_damaged(framed_flit& flit) {
  std::array<u16, 2048> wrong;  // filled as far as it is read
  std::size_t count = 0;
  error_syndrome syndrome;
  channel_.errors_in(position_, pkg::beats_per_flit, [&](int lane, int bit) {
    const int place = flit_bit(count_, lane, bit);
    syndrome.flip(place);
    bip_[static_cast<std::size_t>(lane)] ^= static_cast<u8>(1U << (bit % 8));
    wrong[count++] = static_cast<u16>(place);
  });
  if (!flit.good || !syndrome.good()) {
    flit.good = false;
    flit.header = 0;
    return;
  }
  flit.damaged = true;
  payload_bytes bytes = sent_payload(*flit.sent, far_source_);
  damage_ = {};
  for (std::size_t k = 0; k < count; ++k) {
    const std::size_t byte = wrong[k] / 8U;
    if (byte < 6) {
      flit.header ^= u64{1} << wrong[k];
    } else if (byte < 126 || (byte >= 128 && byte < 248)) {
      bytes[byte < 126 ? byte - 6 : byte - 8] ^= static_cast<u8>(1U << (wrong[k] % 8));
      damage_.payload_differs = true;
    }
  }
  damage_.ctrl_byte0 = bytes[0];
  damage_.init = unpack_init(bytes);
  damage_.digest = payload_digest(bytes);
}

}  // namespace lightrack::link
