// SPDX-License-Identifier: Apache-2.0
// tb/bridge/payload_port.h
// The transaction ports of one virtual channel: flits of a flit_source as beats, and beats back
// into flits.
//
// Time:   beat 0 stands with valid, beats 1, 2 and 3 in the clocks after the handshake (12.9).
// Faults: delivered bytes, slots or poison that differ from the far source's are counted by the
// sink
//         as corrupt.
//         Beat 0 decides at the handshake; a difference in a later beat is reported when it comes,
//         with a record of its own.
// Cost:   one fill of 240 bytes a flit, and where the far end is not RTL a second one at the
//         receiver; one copy or compare of 64 bytes a clock; no allocation.
#pragma once

#include <array>
#include <cstring>

#include "models/link/flit_store.h"
#include "models/link/packer.h"
#include "models/link/payload_digest.h"

namespace lightrack::bridge {

using link::i64;
using link::u32;
using link::u64;
using link::u8;

inline constexpr std::size_t beat_size = 64;

/// A flit's four beats as they stand on the transaction ports: payload in its places, zero
/// elsewhere.
struct flit_image : link::flit_store::image {
  [[nodiscard]] link::payload_bytes payload() const {
    link::payload_bytes payload;
    std::memcpy(payload.data(), bytes.data() + 6, 120);
    std::memcpy(payload.data() + 120, bytes.data() + 128, 120);
    return payload;
  }
};
inline void fill(link::flit_store::image& image, const link::flit_source& source,
                 const link::payload_ref& ref) {
  std::array<u8, link::payload_size> payload;
  source.fill(ref, payload);
  std::memcpy(image.bytes.data() + 6, payload.data(), 120);
  std::memcpy(image.bytes.data() + 128, payload.data() + 120, 120);
}
[[nodiscard]] inline const u8* beat_of(const link::flit_store::image& image, int index) {
  return image.bytes.data() + beat_size * static_cast<std::size_t>(index);
}
[[nodiscard]] inline u8* beat_of(link::flit_store::image& image, int index) {
  return image.bytes.data() + beat_size * static_cast<std::size_t>(index);
}

/// In line, for a call costs as much as the compare.
[[nodiscard]] inline bool same_beat(const u8* a, const u8* b) {
  std::array<u64, beat_size / sizeof(u64)> x;
  std::array<u64, beat_size / sizeof(u64)> y;
  std::memcpy(x.data(), a, beat_size);
  std::memcpy(y.data(), b, beat_size);
  u64 difference = 0;
  for (std::size_t k = 0; k < x.size(); ++k) difference |= x[k] ^ y[k];
  return difference == 0;
}

/// Presents the flits of one VC of a source.
class transmit_port {
 public:
  transmit_port(link::flit_source* source, int vc) : source_{source}, vc_{vc} {}
  transmit_port(const transmit_port&) = delete;  // it looks into itself
  transmit_port& operator=(const transmit_port&) = delete;

  /// From now on flits are made where the far end compares them; null: here.
  void fill_into(link::flit_store* store) { store_ = store; }

  /// Called at each clock before it is evaluated. True if another beat stands on the port than
  /// before.
  bool load(i64 clock) {
    if (beat_ != 0) {
      beat_ = (beat_ + 1) & 3;
      if (beat_ != 0) return true;
    }
    if (valid_ || source_ == nullptr || source_->next_ready(vc_) > clock) return false;
    flit_ = source_->front(vc_);
    image_ = store_ != nullptr ? &store_->at(flit_.payload.index) : &own_;
    fill(*image_, *source_, flit_.payload);
    digest_ = source_->digest(flit_.payload);
    if (store_ != nullptr) store_->digest(flit_.payload.index) = digest_;
    valid_ = true;
    return true;
  }
  void transfer(base::checkpoint& c) {
    c.values(valid_, beat_, flit_, digest_, own_);
    image_ = store_ != nullptr ? &store_->at(flit_.payload.index) : &own_;
  }
  [[nodiscard]] bool valid() const { return valid_; }
  /// The port is empty before this clock; 0 while a flit or its beats stand on it.
  [[nodiscard]] i64 empty_until() const {
    if (valid_ || beat_ != 0) return 0;
    return source_ == nullptr ? link::never : source_->next_ready(vc_);
  }
  [[nodiscard]] const u8* beat() const { return beat_of(*image_, beat_); }
  /// All four beats of the flit on the port.
  [[nodiscard]] const link::flit_store::image& image() const { return *image_; }
  [[nodiscard]] u8 slots() const { return flit_.slots; }
  [[nodiscard]] bool poison() const { return flit_.poison; }

  /// valid and ready at `clock`: returns the digest of the flit that was taken.
  u64 handshake(i64 clock) {
    source_->pop(vc_, clock);
    valid_ = false;
    beat_ = 4;
    return digest_;
  }

 private:
  link::flit_source* source_;
  int vc_;
  bool valid_ = false;
  int beat_ = 0;  ///< 1 .. 3 on the port; 4 = the handshake was this clock
  link::presented flit_{};
  u64 digest_ = 0;
  link::flit_store* store_ = nullptr;
  link::flit_store::image* image_ = &own_;  ///< of the flit on the port
  link::flit_store::image own_;
};

/// Takes the flits of one VC and compares them with what the far end accepted.
class receive_port {
 public:
  receive_port(link::flit_sink* sink, const link::flit_source* far, int vc)
      : sink_{sink}, far_{far}, vc_{static_cast<u8>(vc)} {}
  receive_port(const receive_port&) = delete;  // it looks into itself
  receive_port& operator=(const receive_port&) = delete;

  /// The far end makes its flits here; null: made again from the far source.
  void compare_with(link::flit_store* store) { store_ = store; }

  void transfer(base::checkpoint& c) {
    bool stored = expected_ != &image_;
    c.values(left_, wrong_, counted_, accepted_, next_, stored, image_);
    expected_ = stored ? &store_->at(next_ - 1) : &image_;
  }
  /// Between batches: what the far end has accepted so far may come from now on.
  void see_far() {
    if (far_ != nullptr) accepted_ = far_->popped(vc_);
  }
  [[nodiscard]] bool ready(i64 clock) const {
    return sink_ == nullptr || sink_->ready_at(vc_) <= clock;
  }
  /// valid and ready at `clock` with beat 0 on the port: returns the digest for the trace, zero if
  /// beat 0 is wrong. Throws base::model_error if the far end has accepted no such flit.
  u64 handshake(i64 clock, const u8* beat, u8 slots, bool poison);
  /// Beats of the flit delivered last are still to come.
  [[nodiscard]] bool follows() const { return left_ != 0; }
  /// Called at each clock of those with what stands on the port. Returns the digest of a payload
  /// that turned out wrong, with its last beat; zero otherwise.
  u64 follow(const u8* beat) {
    const int index = 4 - left_--;
    if (far_ == nullptr || same_beat(beat, beat_of(*expected_, index))) [[likely]]
      return wrong_ && left_ == 0 ? link::payload_digest(image_.payload()) : 0;
    return follow_wrong(beat, index);
  }

 private:
  /// Where the delivered flit stands in the far stream: normally the next one; after a loss, or if
  /// the RTL repeats or reorders, another one whose first bytes are the same.
  [[nodiscard]] bool find(const u8* beat);
  u64 follow_wrong(const u8* beat, int index);
  void take(i64 clock, const link::payload_ref& ref, u8 slots, bool poison);

  static constexpr u64 search_flits = 1023;

  link::flit_sink* sink_;
  const link::flit_source* far_;
  u8 vc_;
  int left_ = 0;  ///< beats still to come
  bool wrong_ = false;
  bool counted_ = false;  ///< the flit under way is counted as corrupt
  u64 accepted_ = 0;      ///< by the far end, as far as it can have arrived here
  u64 next_ = 0;
  link::flit_store* store_ = nullptr;
  const link::flit_store::image* expected_ = &image_;
  flit_image
      image_;  ///< what is expected, if it is not in the store; where a beat is wrong, what came
};

}  // namespace lightrack::bridge
