// SPDX-License-Identifier: Apache-2.0
// models/link/lane_bank.h
// The lanes of a receiver in training: light, search with slips, marker lock, what the markers say,
// and deskew.
//
// Time:   step(n) runs one clock at which next() says that something can happen; inputs (light,
// words) are those of n,
//         outputs are registers as they stand during n. Lanes of equal skew see a marker at the
//         same clock.
// Faults: wrong bits of each marker on each lane; a lane that loses light drops its lock and gets a
// new bit offset. Cost:   a word of the stream is looked at once a marker length and lane while
// training; nothing once lanes are aligned. Not modelled: a marker pattern that payload or a wrong
// bit offset imitates by chance (below 2^-80 a word).
#pragma once

#include <array>
#include <span>
#include <vector>

#include "models/link/channel.h"
#include "models/link/link_csr_file.h"
#include "models/link/link_registers.h"
#include "models/link/slot_errors.h"
#include "models/link/slot_queue.h"

namespace lightrack::link {

inline constexpr int state_unknown = -1;

class lane_bank {
 public:
  /// References must outlive this.
  lane_bank(receive_channel& channel, const slot_queue& slots, slot_errors& errors,
            const link_registers& registers, const link_config& config);

  /// New slots are in the queue, from place `first` on.
  void received(u64 first);
  /// The channel has learned of lanes to be lost or to come back.
  void light_planned();
  [[nodiscard]] i64 next() const { return next_; }
  void step(i64 n);

  /// The state register shows a lit or dark state from clock e on.
  void set_lit(bool lit, i64 e);
  /// LOCK is entered with first clock e.
  void enter_lock(i64 e);
  /// MAP is entered with first clock e.
  void enter_map(i64 e);
  /// A believed marker of the aligned lanes shows these flags.
  void believe_flags(u8 flags) {
    other_state_ = flags >> 4;
    other_aligned_ = (flags & flag_aligned) != 0;
  }

  /// Bits of all physical lanes.
  [[nodiscard]] u32 all() const { return all_; }
  /// Lanes with light at the clock of the last step().
  [[nodiscard]] u32 signal() const { return signal_; }
  [[nodiscard]] u32 locked() const { return locked_; }
  /// True if `locked` differs from the clock before n.
  [[nodiscard]] bool lock_changed(i64 n) const { return lock_changed_at_ == n; }
  [[nodiscard]] int other_state() const { return other_state_; }
  /// `other_state` is DESKEW and its markers show that it is aligned.
  [[nodiscard]] bool other_aligned() const { return other_aligned_; }
  /// The far end's lane bitmap; zero until it is believed.
  [[nodiscard]] u32 far_good() const { return far_[0]; }
  [[nodiscard]] bool aligned() const { return aligned_; }
  /// Lanes that lost their light since MAP was entered.
  [[nodiscard]] u32 fallen() const { return fallen_; }
  /// Lanes whose bits arrive in place; others deliver garbage.
  [[nodiscard]] u32 in_place() const { return in_place_; }

  /// Valid while aligned: the word sent at `first_word` is read at u = first_word + `latency`; lane
  /// l then reads the one sent `shift[l]` later (not zero only where a wrong bit faked a marker
  /// count).
  struct alignment {
    i64 first_word = 0;
    i64 latency = 0;
    u32 measured = 0;  ///< lanes whose markers are counted: those in use, and other good ones
    std::array<i64, max_lanes> shift{};
    bool shifted = false;        ///< a lane in use
    bool spare_shifted = false;  ///< a measured lane that is not in use
  };
  [[nodiscard]] const alignment& deskew() const { return alignment_; }
  void transfer(base::checkpoint& c);

 private:
  struct lane {
    i64 search = 0;  ///< first word looked at
    int offset = 0;
    int run = 0;  ///< hits in a row while not locked
    int misses = 0;
    i64 lights = 0;
    i64 seen = -1;  ///< transmit clock up to which light events are taken
    std::size_t light = 0;
    i64 change = never;  ///< receive clock of the next light event
    u8 flags = 0;
  };
  struct group {
    u32 lanes = 0;
    i64 delay = 0;  ///< flight and skew
    u64 place = 0;  ///< slot under way
    int piece = 0;  ///< marker lengths of it already looked at
    i64 clock = never;
  };
  struct light_event {
    i64 clock = 0;
    bool on = false;
  };

  void move_registers(i64 n);
  void take_light(i64 n);
  void plan_light(int l);
  void slip(i64 n);
  void look(group& g, i64 n);
  void hit(int l, const wire_slot& s, const marker_damage* damage, i64 n);
  void miss(int l, i64 n);
  void take_fields(int l, const marker_fields& m, const wire_slot& s, i64 n);
  void take_bitmap(const marker_fields& m);
  void take_target(int l, const marker_fields& m, const wire_slot& s, i64 n);
  void align(i64 n);
  void measure(int l);
  [[nodiscard]] u32 reference() const;
  [[nodiscard]] bool searching() const { return registers_.state <= pkg::state_e::map; }
  [[nodiscard]] int majority() const;
  [[nodiscard]] bool misses_count(i64 n) const;
  void follow(i64 from);
  void seek(i64 from);
  void plan(group& g);
  void schedule(i64 n);
  void update_in_place();
  [[nodiscard]] lane& at(int l) { return lanes_[static_cast<std::size_t>(l)]; }

  receive_channel& channel_;
  const slot_queue& slots_;
  slot_errors& errors_;
  const link_registers& registers_;
  const link_config& config_;
  int count_;
  int marker_clocks_;
  u32 all_;
  std::vector<lane> lanes_;
  std::vector<group> groups_;
  std::vector<light_event> lights_;
  bool light_ = false;  ///< as of the last slot received

  bool lit_ = false;
  i64 dark_at_ = never;
  bool looking_ = false;  ///< groups follow the stream
  u32 signal_ = 0;
  u32 in_place_ = 0;
  u32 locked_ = 0;
  u32 locked_next_ = 0;
  i64 lock_changed_at_ = -1;
  u32 heard_ = 0;       ///< lanes with a hit since lock_min was over
  bool fresh_ = false;  ///< what the majority is made of changed in the last clock
  int other_state_ = state_unknown;
  int other_next_ = state_unknown;  ///< flags by majority
  bool other_aligned_ = false;
  std::array<u32, 3> far_{};  ///< far bitmap: [0] now, [2] two clocks on

  int bitmap_run_ = 0;
  std::array<marker_fields, 6> bitmap_hits_{};  ///< newest last

  bool target_on_ = false;
  u16 target_ = 0;
  i64 target_set_ = 0;
  u32 noted_ = 0;
  std::array<i64, max_lanes> noted_clock_{};
  std::array<i64, max_lanes> noted_word_{};
  i64 align_at_ = never;
  bool aligned_ = false;
  u32 fallen_ = 0;
  u32 fallen_next_ = 0;
  alignment alignment_{};

  i64 last_ = -1;  ///< clock of the last change
  i64 next_light_ = never;
  i64 next_slip_ = never;
  i64 next_look_ = never;
  i64 registers_at_ = never;
  i64 next_ = never;
};

}  // namespace lightrack::link
