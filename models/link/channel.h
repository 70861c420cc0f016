// SPDX-License-Identifier: Apache-2.0
// models/link/channel.h
// One direction of light between two endpoints: delay, skew, bit offset, loss and wrong bits.
//
// Time:   all questions are in transmit clocks unless they say receive. Both ends share the clock
//         grid (12.7).
// Faults: lanes lost and returned by events; wrong bits by error_process.
// Cost:   clean() on an error-free stretch is one compare.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "models/link/error_process.h"
#include "models/link/injection.h"
#include "models/link/marker.h"
#include "models/link/scrambler.h"
#include "models/link/types.h"
#include "models/link/word_fiber.h"

namespace lightrack::link {

enum class lane_change : u8 { lose, restore };

struct lane_event {
  i64 clock = 0;  ///< transmit clock
  int lane = -1;  ///< -1: all
  lane_change what = lane_change::lose;
};

/// What the light of one lane allows from a time on: the optics' only word to a link.
struct lane_quality {
  int lane = 0;
  i64 from = 0;         ///< transmit clock
  bool present = true;  ///< light that a receiver can use
  double ber = 0;       ///< 0 .. 0.5
  double burst_rate = 0;
  double burst_bits = 8;
};

/// Lists hold one value a physical lane, `lanes + spares` of them, or one for all, or none (zero;
/// offset: random).
struct channel_params {
  int lanes = 16;  ///< 4, 8, 16
  int spares = 0;  ///< 0, 1, 2
  u64 seed = 1;
  std::string path = "west.tx";  ///< role path of the transmitter; lane l is path + ".lane" + l
  i64 clock_fs = 640'000;
  double length_m = 20;
  double ns_per_m = 4.895;
  double pmd_latency_ns = 0;
  std::vector<double> ber{};                           ///< 0 .. 0.5
  double burst_rate = 0;                               ///< burst starts per bit, 0 .. 0.01
  double burst_bits = 8;                               ///< mean, 1 .. 64
  std::vector<std::pair<double, double>> ber_drift{};  ///< (time in ns, factor), times rising
  std::vector<int> skew_words{};                       ///< 0 .. 15
  std::vector<int> offset_bits{};                      ///< 0 .. LaneBits - 1
  int slip_settle = 32;
  std::vector<lane_event> events{};
};

/// Clocks by which a change of quality is ahead of the clocks already simulated: a slot is known
/// and judged as far as its own length and the transmit pipeline ahead.
inline constexpr i64 quality_lead = 64;

class receive_channel {
 public:
  /// Throws base::config_error on a value out of range.
  explicit receive_channel(const channel_params& params);

  [[nodiscard]] int lanes() const { return lanes_; }
  /// Physical lanes: `lanes` and the spares.
  [[nodiscard]] int phys() const { return phys_; }
  [[nodiscard]] int spares() const { return phys_ - lanes_; }
  /// Whole clocks, at least 1, from a word's transmit clock to its arrival on an aligned lane
  /// without skew.
  [[nodiscard]] i64 flight() const { return flight_; }
  [[nodiscard]] int skew(int lane) const { return skew_[static_cast<std::size_t>(lane)]; }
  [[nodiscard]] int max_skew() const { return max_skew_; }
  [[nodiscard]] int slip_settle() const { return slip_settle_; }
  /// The PMD's bit offset when light comes to the lane for the nth time (0 first).
  [[nodiscard]] int offset(int lane, i64 nth) const;
  [[nodiscard]] bool lane_lost(int lane, i64 clock) const;
  /// The first clock after `clock` at which lane_lost of this lane changes; never if none.
  [[nodiscard]] i64 next_change(int lane, i64 clock) const;
  [[nodiscard]] bool has_events() const { return has_events_; }

  /// True if no lane has a wrong bit in [first, first + clocks). Cheapest in rising order.
  [[nodiscard]] bool clean(i64 first, i64 clocks) {
    if (first >= clean_from_ && first + clocks <= clean_until_) [[likely]]
      return true;
    return next_error_clock(first, first + clocks) >= first + clocks;
  }
  /// The first clock in [from, until) with a wrong bit on any lane; if there is none, a clock >=
  /// until before which there is none either.
  [[nodiscard]] i64 next_error_clock(i64 from, i64 until);
  /// Calls `visit(lane, bit)` for each wrong bit of [first, first + clocks); bit counts from the
  /// first word's bit 0 on that lane. Lane by lane, rising.
  template <class Visit>
  void errors_in(i64 first, i64 clocks, Visit&& visit) {
    if (clean(first, clocks)) return;
    const i64 base = first * lane_bits_;
    const i64 end = (first + clocks) * lane_bits_;
    for (int lane = 0; lane < phys_; ++lane) {
      error_process& errors = errors_[static_cast<std::size_t>(lane)];
      for (i64 bit = errors.next_error(base, end); bit < end;
           bit = errors.next_error(bit + 1, end)) {
        visit(lane, static_cast<int>(bit - base));
      }
    }
    if (!injection_.none()) injection_.visit(first, clocks, lane_bits_, visit);
  }

  /// The far transmitter armed its lane injection (a slot of that kind). Words that were asked
  /// about before and are hit now must be asked about again.
  void inject(const wire_slot& armed);
  /// Its rates take the place of the parameters' in blocks of bit times that begin at `q.from` or
  /// later; a lane without light is lost from `q.from` on, events or not. Clocks rise from call to
  /// call of a lane, and lie at least `quality_lead` behind all clocks that were simulated.
  void set_quality(const lane_quality& q);
  /// A word that leaves at `clock` or later is hit by an injection that is known.
  [[nodiscard]] bool injected_from(i64 clock) const {
    return !injection_.none() && injection_.next(clock) < never;
  }
  /// The far transmitter's light; all changes, in order.
  void light(i64 clock, bool on);
  /// What was set and armed; all else is made from clocks.
  void transfer(base::checkpoint& c);

 private:
  struct lane_span {
    i64 from = 0;
    i64 until = 0;
  };
  void take_events(std::vector<lane_event> events);
  void set_present(int lane, i64 from, bool present);
  [[nodiscard]] i64 next_random_error(i64 from, i64 until);

  int lanes_;
  int phys_;
  int lane_bits_ = 0;
  int slip_settle_;
  i64 flight_;
  int max_skew_ = 0;
  bool has_events_ = false;
  std::vector<u64> offset_key_;
  std::vector<int> skew_;
  std::vector<int> offset_;
  std::vector<error_process> errors_;
  lane_injection injection_;
  std::vector<std::vector<lane_span>> lost_;   ///< by events
  std::vector<std::vector<lane_span>> unlit_;  ///< by quality
  i64 clean_from_ = 0;
  i64 clean_until_ = 0;
};

/// The flit's bit (0 .. 2047) that is bit `bit` of logical lane `logical`, counted from the flit's
/// first word; `width` = logical lanes.
[[nodiscard]] constexpr int flit_bit(int width, int logical, int bit) {
  return ((bit / 8) * width + logical) * 8 + bit % 8;
}

/// The PMD of a receiver in RTL: lane words with offset, slip, loss and wrong bits (12.2, 12.7).
///
/// With offset o a lane's word at receive clock r has the highest o bits of the word sent at c - 1
/// as its lowest ones and above them the other bits of the word sent at c = r - flight - skew. Dark
/// or lost words are zero and have no wrong bits; a lane whose `signal_ok` is low delivers zeros.
/// Elements behind lane_word_size() are left as they are.
///
/// Cost: a clock on which all lanes are lit, aligned and equally skewed, without wrong bit or
/// event, is a copy of 64 bytes. Clocks at which the far end rests may be passed over, many at
/// once.
class word_receiver {
 public:
  /// `channel` must outlive this; its error questions belong to this receiver alone.
  explicit word_receiver(receive_channel& channel);

  /// The transmitter's next word, error-free, from clock 0 on.
  void push(const sent_word& sent) {
    if (pushed_ - oldest() >= fiber_.capacity()) [[unlikely]]
      fiber_.grow(oldest(), pushed_);
    fiber_.put(pushed_++, sent.word.data(), sent.light);
  }
  [[nodiscard]] i64 pushed() const { return pushed_; }
  /// Where a transmitter that knows its clock writes instead, up to one flight ahead of now().
  [[nodiscard]] word_fiber& fiber() { return fiber_; }

  /// The `signal_ok` bits (lane l is bit l) of receive clock now(), and the elements in use of its
  /// word at `word`; then moves on. Needs the words of all clocks up to now() - flight.
  u32 receive(u32* word) {
    const i64 clock = now_ - arrival_;
    if (clock < quiet_until_ && fiber_.lit(clock) == fiber_.all_lanes()) [[likely]] {
      fiber_.copy(clock, word);
      ++now_;
      return fiber_.all_lanes();
    }
    return receive_slowly(word);
  }
  /// `lanes_mask` = lanes whose slip is high during the clock just received: their offset is one
  /// less from the next receive() on, and LaneBits - 1 after 0.
  void slip(u32 lanes_mask);
  /// The channel's wrong bits have changed.
  void look_again() {
    quiet_until_ = 0;
    change_at_ = 0;
  }

  /// All words that a lane still needs, and those to come as far as they are written, are zero and
  /// lit.
  [[nodiscard]] bool far_rests() const { return fiber_.rests_from() <= oldest(); }
  /// The receive clock of the next wrong bit or event of a lane, now() or later; where none is
  /// known, one before which there is none, so that no block of bit times is asked about too early.
  [[nodiscard]] i64 disturbed_at();
  /// Moves now() to `until`, past words that are zero, lit and undisturbed; so must be those that
  /// lanes behind still need.
  void rest(i64 until);
  /// The same for a transmitter that pushes.
  void push_rest(i64 until) {
    fiber_.put_rest(pushed_, until);
    pushed_ = until;
  }
  [[nodiscard]] i64 now() const { return now_; }
  /// The words in the fiber and where the lanes stand; the channel is saved by its owner.
  void transfer(base::checkpoint& c);
  /// The present bit offset of a lane.
  [[nodiscard]] int offset(int lane) const { return lane_[static_cast<std::size_t>(lane)].offset; }

 private:
  struct lane_state {
    int offset = 0;
    i64 lights = 0;
    bool signal = false;
  };
  /// The oldest word that a lane may still need.
  [[nodiscard]] i64 oldest() const { return now_ - channel_.flight() - channel_.max_skew() - 1; }
  [[nodiscard]] u32& lost_at(i64 clock) {
    return lost_at_[static_cast<std::size_t>(clock) % lost_at_.size()];
  }
  u32 receive_slowly(u32* word);
  void arrive(i64 clock);
  void find_quiet(i64 clock);
  u32 deliver(int lane, i64 clock, u32* word);

  receive_channel& channel_;
  word_fiber fiber_;
  std::vector<lane_state> lane_;
  i64 arrival_;  ///< clocks from transmitter to the least skewed lane
  int min_skew_ = 0;
  i64 quiet_until_ = 0;            ///< transmit clock up to which a lit word passes unchanged
  u32 lost_ = 0;                   ///< lanes lost, from the last event to the next at `change_at_`
  std::array<u32, 32> lost_at_{};  ///< the same of the last transmit clocks, for lanes behind
  i64 change_at_ = 0;
  i64 pushed_ = 0;
  i64 now_ = 0;
  i64 rested_until_ = -1;
};

}  // namespace lightrack::link
