// SPDX-License-Identifier: Apache-2.0
// models/link/stream_codec.h
// Slots of a direction to the words of each clock, and back: the boundary between a flit model and
// RTL.
//
// Time:   incremental; a batch may end anywhere, in the middle of a flit too. Clocks are transmit
// clocks. Width:  of a flit, and its lanes: as the marker before it says.
// Cost:   allocation-free once the slot queue has grown; a word of a flit is 6 XORs of 64 bytes for
//         the keys and 2 for data and BIP.
//   slots_to_words west{16, &source};  west.push(sent);  while (west.clock() < until) light =
//   west.next(word);
#pragma once

#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include "models/link/flit_codec.h"
#include "models/link/lane_map.h"
#include "models/link/lane_spread.h"
#include "models/link/marker.h"
#include "models/link/scrambler.h"
#include "models/link/types.h"

namespace lightrack::link {

class flit_source;

/// The 256 bytes of a flit slot; DATA payload comes from `source`.
[[nodiscard]] flit_bytes slot_bytes(const wire_slot& slot, const flit_source* source,
                                    bool fec = false);

class slots_to_words {
 public:
  /// `source` makes the payload of DATA flits (null: zeros) and must outlive this.
  slots_to_words(int lanes, const flit_source* source, bool fec = false, int spares = 0);

  /// Slots in order, none before clock(). A slot that starts early (dark) cuts the one under way.
  void push(std::span<const wire_slot> slots);
  /// Makes the word of clock() and moves on; returns whether the light is on. Dark words are zero.
  /// A lit clock must be covered by a slot that was pushed: throws base::model_error if it is not.
  bool next(lane_word& word);
  [[nodiscard]] i64 clock() const { return clock_; }
  /// The first clock that the slots pushed so far do not settle (a dark direction: clock()).
  [[nodiscard]] i64 covered_until() const;
  /// From clock() on there are zero words with light.
  [[nodiscard]] bool rests() const {
    return quiet_ && (head_ == queue_.size() || queue_[head_].clock > clock_);
  }
  /// To this clock, which is `never` while no slot behind is known.
  [[nodiscard]] i64 rests_until() const {
    if (!rests()) return clock_;
    return head_ == queue_.size() ? never : queue_[head_].clock;
  }
  /// Moves clock() to `until` <= rests_until().
  void rest(i64 until) { clock_ = until; }
  void transfer(base::checkpoint& c);

 private:
  void begin(const wire_slot& slot);
  void begin_marker(const wire_slot& slot);
  void begin_flit(const wire_slot& slot);

  int lanes_;
  int phys_;
  const flit_source* source_;
  bool fec_;
  lane_keystream keys_;
  std::vector<wire_slot> queue_;
  std::size_t head_ = 0;
  i64 clock_ = 0;
  bool light_ = false;
  bool quiet_ = false;
  std::size_t word_ = 0;
  std::size_t words_ = 0;  ///< of the slot under way
  lane_map map_{};         ///< as the last marker shows it
  std::array<lane_word, 16> body_{};
  lane_word bip_{};  ///< XOR of the words since the last marker, or the dark
};

/// Reads by the framing rules of section 12.5 as they hold at the transmitter: a marker where one
/// is due, and an early one with training set (a state change) at any start of a slot. Only
/// beat 0 of a flit is looked at.
class words_to_slots {
 public:
  explicit words_to_slots(int lanes, int spares = 0);

  /// The transmitter's word of clock clock(), error-free. When light comes, a marker comes with it.
  /// Throws base::model_error where a marker is due and does not stand.
  void push(const lane_word& word, bool light);
  [[nodiscard]] i64 clock() const { return clock_; }
  /// Slots whose kind is settled, in order: a flit when its beat 0 has come, a marker from its
  /// last word on (up to 3 clocks after the first, both). DATA carries the payload_ref that counts
  /// first-time flits of its VC; a repetition has that of its number. A marker that the dark cuts
  /// short was none.
  [[nodiscard]] std::span<const wire_slot> slots() const { return slots_; }
  void clear() { slots_.clear(); }
  /// The flit whose first word goes at `clock` was hit by injection: `mask` is in its header. To be
  /// told before that word.
  void alter(i64 clock, u64 mask) { altered_.push_back({.clock = clock, .mask = mask}); }
  /// A lane injection begins at clock(); its wrong bits are not in the words. It takes its place
  /// among the slots: behind what the light did before.
  void inject(const wire_slot& injection) {
    (open_ && !marked_ ? held_ : slots_).push_back(injection);
  }
  /// Injections that wait for the first marker of the light, for one who foretells that marker.
  [[nodiscard]] std::vector<wire_slot> take_held() { return std::exchange(held_, {}); }
  /// All slots that begin before this clock are in slots(), or were.
  [[nodiscard]] i64 settled_until() const { return open_ ? start_ : clock_; }
  /// Moves clock() to `until`, past more words like the zero word before them.
  void rest(i64 until) { clock_ = until; }
  void transfer(base::checkpoint& c);

 private:
  void go_dark(i64 now);
  void finish_candidate();
  void take_as_flit();
  void take_flit_word(const lane_word& word);
  void emit_flit();
  [[nodiscard]] u64 take_mask();
  void release_held();
  [[nodiscard]] bool may_be_marker(const lane_word& word) const;
  [[nodiscard]] marker_words candidate_of(int lane) const;

  [[nodiscard]] std::size_t flit_words() const { return std::size_t{4} << map_.shift; }
  [[nodiscard]] std::size_t beat_words() const { return std::size_t{1} << map_.shift; }

  int lanes_;
  int phys_;
  std::size_t marker_clocks_;
  lane_keystream keys_;
  std::vector<wire_slot> slots_;
  i64 clock_ = 0;
  i64 start_ = 0;
  bool light_ = false;
  bool open_ = false;       ///< the slot under way is not in slots() yet
  bool candidate_ = false;  ///< what stands may still be a marker
  bool quiet_ = false;      ///< zero words are coming
  bool marked_ = false;     ///< a marker has come since the light
  std::size_t word_ = 0;
  std::size_t words_ = 0;            ///< of the slot under way
  i64 flits_left_ = 0;               ///< until a marker is due
  i64 interval_ = 4096;              ///< of the last INIT flit
  std::array<lane_word, 4> seen_{};  ///< words of the candidate
  lane_map map_{};                   ///< as the last marker shows it
  std::array<lane_word, 4> beat_{};  ///< words of beat 0, descrambled
  std::array<u64, vc_count> first_time_{};
  std::array<payload_ref, 1024> by_number_{};
  struct alteration {
    i64 clock = 0;
    u64 mask = 0;
  };
  std::vector<alteration> altered_;
  std::vector<wire_slot> held_;
};

}  // namespace lightrack::link
