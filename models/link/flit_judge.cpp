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
  switch (unpack_header(s.header ^ s.header_mask).kind) {
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
  if (!fec_) {
    const framed_flit flit = judge_flit();
    frame();
    return flit;
  }
  const decoding& d = decoding_[decoding_first_];
  framed_flit flit = d.flit;
  if (flit.sent != nullptr) flit.sent = &slots_[d.place];
  if (flit.damaged) damage_ = d.damage;
  decoding_first_ = (decoding_first_ + 1) % decoding_.size();
  --decoding_count_;
  wait();
  return flit;
}

void slot_framer::take_in() {
  decoding& d = decoding_[(decoding_first_ + decoding_count_++) % decoding_.size()];
  d = {.verdict = framed_at_ - pkg::marker_rx + verdict_after_, .place = place_};
  d.flit = judge_flit();
  if (d.flit.damaged) d.damage = damage_;
  frame();
}

/// The flit at position_, and moves on.
framed_flit slot_framer::judge_flit() {
  framed_flit flit;
  const bool clean = channel_.clean(position_, flit_clocks_);
  if (!garbage_) {
    const wire_slot& s = slots_[place_];
    flit = {.good = true, .header = s.header, .sent = &s};
  }
  if (!clean) [[unlikely]] {
    judge_damaged(flit);
  } else if (flit.good && flit.sent->kind == slot_kind::altered) {
    take_difference(flit, {});
  }
  --flits_left_;
  position_ += flit_clocks_;
  return flit;
}

// An error pattern is judged twice at most: by the syndromes of what must be good, and, if that
// passes, as 256 bytes of what differs from the flit that was sent.
void slot_framer::judge_damaged(framed_flit& flit) {
  std::array<u16, 2048> wrong;  // filled as far as it is read
  std::size_t count = 0;
  error_syndrome syndrome;
  fec_judge corrector;
  const bool fec = fec_ && flit.good;  // garbage is bad, whatever is corrected in it
  channel_.errors_in(position_, flit_clocks_, [&](int lane, int bit) {
    bip_[static_cast<std::size_t>(lane)] ^= static_cast<u8>(1U << (bit % 8));
    const int place = place_in_flit(lane, bit);
    if (place < 0) return;
    if (fec) {
      corrector.flip(place);
    } else {
      syndrome.flip(place);
    }
    wrong[count++] = static_cast<u16>(place);
  });
  fec_result fixed{};
  if (fec) {
    fixed = corrector.decide();
    for (std::size_t g = 0; g < fec_group_count; ++g)
      if (fixed.mask[g] != 0) flit.corrected |= static_cast<u8>(1U << g);
  }
  if (!flit.good || !(fec ? corrector.good() : syndrome.good())) {
    flit.good = false;
    flit.header = 0;
    return;
  }
  if (count == 0) return;
  flit_bytes differs{};
  for (std::size_t k = 0; k < count; ++k)
    differs[wrong[k] / 8U] ^= static_cast<u8>(1U << wrong[k] % 8);
  for (std::size_t g = 0; g < fec_group_count; ++g) differs[fixed.at[g]] ^= fixed.mask[g];
  if (fec) {
    // Check bytes are no part of what is handed on.
    std::fill(differs.begin() + fec_check_begin, differs.begin() + fec_check_end, u8{0});
    if (differs == flit_bytes{} && flit.sent->kind != slot_kind::altered) return;
  }
  take_difference(flit, differs);
}

/// A good flit that is not the one that was sent.
void slot_framer::take_difference(framed_flit& flit, const flit_bytes& differs) {
  flit.damaged = true;
  flit.header ^= header_of(differs);
  const payload_bytes wrong = payload_of(differs);
  payload_bytes bytes = sent_payload(*flit.sent, far_source_);
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] ^= wrong[i];
  damage_ = {};
  damage_.payload_differs = wrong != payload_bytes{};
  damage_.ctrl_byte0 = bytes[0];
  damage_.init = unpack_init(bytes);
  damage_.digest = payload_digest(bytes);
}

}  // namespace lightrack::link
