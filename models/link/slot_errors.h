// SPDX-License-Identifier: Apache-2.0
// models/link/slot_errors.h
// What the wrong bits of a received marker make of it, lane by lane, without its bits.
//
// Cost:   a clean marker costs one compare; the wrong bits of the newest markers are kept, for
// lanes of different
//         skew look at the same marker at different clocks.
#pragma once

#include <array>

#include "models/link/channel.h"
#include "models/link/lane_map.h"
#include "models/link/marker.h"
#include "models/link/types.h"

namespace lightrack::link {

/// The wrong bits of one marker.
struct marker_damage {
  std::array<marker_words, max_lanes> wrong{};
  [[nodiscard]] bool stands(int lane) const {
    const marker_words& w = wrong[static_cast<std::size_t>(lane)];
    return w[0] == 0 && w[3] == 0 && (w[1] & 0xFFFF) == 0;
  }
  /// Fields of the lane's marker as received; `bip` holds the wrong bits alone.
  [[nodiscard]] marker_fields fields(int lane, const wire_slot& sent) const {
    const marker_words& w = wrong[static_cast<std::size_t>(lane)];
    return {.physical = static_cast<u8>(lane),
            .logical = static_cast<u8>(logical_lane(sent.lanes, lane) ^ (w[1] >> 16 & 0xFF)),
            .flags = static_cast<u8>(sent.flags ^ (w[1] >> 24)),
            .count = static_cast<u16>(sent.count ^ (w[2] & 0xFFFF)),
            .bip = static_cast<u8>(w[2] >> 16),
            .good_byte = static_cast<u8>(sent.good_byte ^ (w[2] >> 24))};
  }
};

class slot_errors {
 public:
  slot_errors(receive_channel& channel, int lanes)
      : channel_{channel}, clocks_{marker_clocks(lanes)} {}

  /// Wrong bits were added to words still on their way: judge anew.
  void forget() {
    for (entry& e : entries_) e.place = 0;
  }

  /// Where `damage`, an answer of of(), is kept; 0 for null.
  [[nodiscard]] u32 number_of(const marker_damage* damage) const {
    for (u32 k = 0; k < entries_.size(); ++k)
      if (damage == &entries_[k].damage) return k + 1;
    return 0;
  }
  [[nodiscard]] const marker_damage* at_number(u32 number) const {
    return number == 0 ? nullptr : &entries_[(number - 1) % entries_.size()].damage;
  }
  void transfer(base::checkpoint& c) {
    auto& [channel, clocks, entries] = *this;
    c.value(entries);
  }

  /// Wrong bits of the marker that was sent at `clock` as slot number `place`; null where there are
  /// none.
  [[nodiscard]] const marker_damage* of(u64 place, i64 clock) {
    entry& e = entries_[place % entries_.size()];
    if (e.place != place + 1) {
      e.place = place + 1;
      e.clean = channel_.clean(clock, clocks_);
      if (!e.clean) {
        e.damage = {};
        channel_.errors_in(clock, clocks_, [&e](int lane, int bit) {
          u32& word =
              e.damage.wrong[static_cast<std::size_t>(lane)][static_cast<std::size_t>(bit / 32)];
          word ^= u32{1} << (bit % 32);
        });
      }
    }
    return e.clean ? nullptr : &e.damage;
  }

 private:
  struct entry {
    u64 place = 0;  ///< slot number + 1
    bool clean = true;
    marker_damage damage{};
  };
  receive_channel& channel_;
  i64 clocks_;
  std::array<entry, 32> entries_{};
};

}  // namespace lightrack::link
