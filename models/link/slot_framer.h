// SPDX-License-Identifier: Apache-2.0
// models/link/slot_framer.h
// The deskewed stream cut into slots as the receiver believes them to lie, and what wrong bits make
// of each.
//
// Time:   next() is the clock of the next result: a flit's verdict (RxLat after its last deskewed
// word) or a marker's
//         flags (MarkerRx after its last); take_flit() or take_marker() gets it and frames the slot
//         behind it.
// Faults: light FEC and CRC by linearity: no byte is made unless the CRCs let wrong bits pass.
// BIP-8 by counting wrong bits. Cost:   a clean flit in its place is four compares. Not modelled:
// garbage (a slot cut where none begins, a lane read with the wrong depth) that passes both CRCs by
//         chance (2^-32), what light FEC counts of it, and the BIP of an interval in which the
//         receiver's slots do not lie on the sender's.
#pragma once

#include <array>

#include "models/link/ber_estimate.h"
#include "models/link/flit_codec.h"
#include "models/link/lane_bank.h"
#include "models/link/link_registers.h"
#include "models/link/slot_errors.h"
#include "models/link/slot_queue.h"

namespace lightrack::link {

class flit_source;

struct framed_flit {
  bool good = false;
  bool damaged = false;  ///< good, and yet with wrong bits: `header` holds what was received
  u8 corrected = 0;      ///< light FEC: bit g = a byte of group g was changed, rightly or not
  u64 header = 0;
  const wire_slot* sent = nullptr;  ///< null for garbage
};
/// What an undetected error leaves of a flit.
struct damaged_flit {
  u8 ctrl_byte0 = 0;
  bool payload_differs = false;
  u64 digest = 0;  ///< of the payload as received
  init_fields init{};
};

struct framed_marker {
  bool believed = false;
  u8 flags = 0;
  u16 count = 0;
  bool three_missed = false;  ///< a lane has missed three in a row
};

class slot_framer {
 public:
  slot_framer(receive_channel& channel, const slot_queue& slots, slot_errors& errors,
              const lane_bank& lanes, const link_registers& registers,
              const flit_source* far_source, bool fec);

  void start(const lane_bank::alignment& alignment);
  void stop();
  /// New slots are in the queue, or `changed`: wrong bits or a cut have come to those in it.
  void received(bool changed = false) {
    if (running_ && in_frame_ && (framed_at_ == never || open_ended_ || changed)) frame();
    if (hunted_at_ == never && hunting_from_ != never) seek();
  }

  /// QUIESCE begins at clock e: slots are looked at no more until a marker is hunted down.
  void lose_frame(i64 e);
  /// The hunt stands from clock `from` on, or ends there: what was in sight before is still on its
  /// way to belief, also when the hunt begins again before it gets there.
  void hunt(i64 from) {
    if (!running_ || (hunting_from_ != never && hunting_until_ == never)) return;
    if (hunting_from_ == never) {
      hunting_from_ = from;
    } else if (from <= hunting_until_) {
      hunting_until_ = never;
    } else {
      hunting_again_ = from;
    }
    if (hunted_at_ == never) seek();
  }
  void end_hunt(i64 from) {
    if (hunting_from_ == never || !in_frame_) [[likely]]
      return;
    if (hunting_until_ == never) hunting_until_ = from;
    hunting_again_ = never;
    if (hunted_at_ - pkg::marker_rx >= hunting_until_) seek();
  }
  /// When a hunted marker may be believed.
  [[nodiscard]] i64 hunted_at() const { return hunted_at_; }
  /// That marker, which then frames the stream; not believed if there is none.
  framed_marker take_hunted();

  [[nodiscard]] i64 next() const { return next_; }
  [[nodiscard]] bool marker_is_next() const { return step_ == step::marker; }
  [[nodiscard]] bool flit_is_next() const { return step_ == step::flit; }
  /// Where neither is next: a flit has come whole, its verdict is still to come (light FEC).
  void take_in();
  /// The flit if nothing is wrong with it, and moves on; null, without moving, if take_flit() must
  /// look closer.
  [[nodiscard]] const wire_slot* take_clean_flit() {
    if (look_closer_ || !channel_.clean(position_, flit_clocks_)) [[unlikely]]
      return nullptr;
    const wire_slot& flit = slots_[place_];
    --flits_left_;
    position_ += flit_clocks_;
    const wire_slot& behind = slots_[place_ + 1];
    if (flits_left_ > 0 && place_ + 1 < slots_.tail() && behind.clock == position_ &&
        behind.kind == slot_kind::flit && !alignment_.shifted && used_in_place()) [[likely]] {
      ++place_;
      next_ += flit_clocks_;
    } else {
      frame();
    }
    return &flit;
  }
  framed_flit take_flit();
  [[nodiscard]] const damaged_flit& damage() const { return damage_; }
  framed_marker take_marker(endpoint_counters& counters);

  /// Flits between markers that show ACTIVE, known from clock `n` + 1 on.
  void set_interval(int flits, i64 n);
  void reset_interval();
  void clear_misses() { run_ = {}; }

  // For an endpoint that leaps.
  /// Flits come one after the other, and nothing else is known of them.
  [[nodiscard]] bool steady() const {
    return running_ && in_frame_ && !training_ && wakes_left_ == 0 && in_step_ && map_fits_ &&
           hunting_from_ == never && !alignment_.shifted && !alignment_.spare_shifted &&
           used_in_place();
  }
  /// Place of the first slot that has had no verdict.
  [[nodiscard]] u64 first_pending() const {
    return decoding_count_ > 0 ? decoding_[decoding_first_].place : place_;
  }
  [[nodiscard]] const std::array<u8, max_lanes>& bip() const { return bip_; }
  void pass_marker(const std::array<u8, max_lanes>& wrong, u32 missed,
                   endpoint_counters& counters);
  /// Goes on with the slot sent at `position`; a marker comes after `flits_left` flits.
  void resume(i64 position, int flits_left);
  [[nodiscard]] std::array<u32, max_lanes> ber() const {
    std::array<u32, max_lanes> values{};
    for (std::size_t l = 0; l < values.size(); ++l) values[l] = ber_[l].value();
    return values;
  }
  void reset_ber() { ber_ = {}; }
  void begin_ber_anew() {
    for (ber_counter& lane : ber_) lane.begin_anew();
  }
  /// Slots and errors are transferred before.
  void transfer(base::checkpoint& c);

 private:
  struct evaluation {
    bool believed = false;
    u8 flags = 0;
    u16 count = 0;
    u32 stand = 0;  ///< lanes with a marker that stands
    u32 right = 0;  ///< of them, those with the believed count
    u64 place = 0;
    const marker_damage* damage = nullptr;
  };
  /// What next() brings.
  enum class step : u8 { flit, marker, flit_in };
  /// A flit that came in; its verdict comes later.
  struct decoding {
    i64 verdict = 0;
    u64 place = 0;
    framed_flit flit{};
    damaged_flit damage{};
  };
  [[nodiscard]] u32 measured() const { return alignment_.measured & ~lanes_.fallen(); }
  [[nodiscard]] bool used_in_place() const { return (lanes_.in_place() & used_) == used_; }
  framed_flit judge_flit();
  void wait();
  void frame();
  void forget_hunt();
  void seek();
  void take_flags(const evaluation& m, i64 last_word);
  void evaluate(bool in_place);
  void evaluate_damaged();
  void judge_damaged(framed_flit& flit);
  void take_difference(framed_flit& flit, const flit_bytes& differs);
  /// The flit's bit that a lane's bit is, counted from the flit's first word; -1 on a lane that
  /// carries nothing.
  [[nodiscard]] int place_in_flit(int lane, int bit) const {
    const int logical = logical_[static_cast<std::size_t>(lane)];
    return logical < 0 ? -1 : flit_bit(width_, logical, bit);
  }
  void count_bip(endpoint_counters& counters);
  [[nodiscard]] bool count_misses(endpoint_counters& counters);
  [[nodiscard]] i64 marker_place(int lane, u64& place) const;

  receive_channel& channel_;
  const slot_queue& slots_;
  slot_errors& errors_;
  const lane_bank& lanes_;
  const link_registers& registers_;
  const flit_source* far_source_;
  int marker_clocks_;
  i64 verdict_after_;  ///< clocks from the last deskewed word to the verdict
  bool fec_;

  bool running_ = false;
  u32 used_ = 0;   ///< lanes of the receive map
  int width_ = 0;  ///< how many they are
  i64 flit_clocks_ = 4;
  std::array<signed char, max_lanes> logical_{};  ///< -1: none
  bool map_fits_ = true;                          ///< the sender uses the same lanes
  lane_bank::alignment alignment_{};
  i64 flit_delay_ = 0;     ///< first word sent to verdict
  i64 marker_delay_ = 0;   ///< first word sent to flags
  i64 position_ = 0;       ///< clock at which the slot's first word was sent
  u64 place_ = 0;          ///< slot of the queue that covers it
  i64 framed_at_ = never;  ///< clock at which the slot at position_ is dealt with
  i64 next_ = never;
  step framed_ = step::flit;  ///< what is dealt with then
  step step_ = step::flit;
  bool garbage_ = false;
  bool look_closer_ = false;  ///< take_clean_flit() cannot tell
  std::array<decoding, 4> decoding_{};
  std::size_t decoding_first_ = 0;
  std::size_t decoding_count_ = 0;
  bool open_ended_ = false;  ///< judged where the stream is quiet as far as it was received

  bool in_frame_ = true;       ///< slots are known to begin at position_
  i64 hunting_from_ = never;   ///< first clock of the hunt
  i64 hunting_until_ = never;  ///< first clock behind it
  i64 hunting_again_ = never;  ///< first clock of the next one
  i64 hunted_at_ = never;
  u64 hunted_place_ = 0;

  bool training_ = true;  ///< as the last believed marker says
  int flits_left_ = 0;
  int wakes_left_ = 0;   ///< wake markers still expected
  int interval_ = 0;     ///< of the marker before
  bool in_step_ = true;  ///< descrambler restarted where the scrambler did
  u64 taken_ = ~u64{0};  ///< the last marker of the queue that was a marker slot here
  bool bip_armed_ = false;
  evaluation marker_seen_{};
  damaged_flit damage_{};
  std::array<u8, max_lanes> bip_{};  ///< parity of the wrong bits since the last marker slot
  std::array<ber_counter, max_lanes> ber_{};
  std::array<u8, max_lanes> run_{};  ///< markers missed in a row

  int active_interval_ = 4096;
  int active_interval_before_ = 4096;
  i64 active_interval_since_ = 0;
};

}  // namespace lightrack::link
