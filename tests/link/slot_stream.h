// SPDX-License-Identifier: Apache-2.0
// tests/link/slot_stream.h
// Random slot streams as a transmitter may send them: training, INIT, ACTIVE with replays,
// retrains, dark spells.
#pragma once

#include <gtest/gtest.h>

#include <vector>

#include "models/base/random.h"
#include "models/link/flit_codec.h"
#include "models/link/lane_map.h"
#include "models/link/marker.h"
#include "models/link/types.h"

namespace lightrack::link {

class slot_stream {
 public:
  /// `good`: the lanes that stand, of them the stream uses what it can.
  slot_stream(int lanes, u64 seed, u32 good)
      : lanes_{lanes}, seed_{seed}, map_{map_lanes(good, lanes)} {}

  [[nodiscard]] std::vector<wire_slot> make(std::size_t slots) {
    dark();
    while (slots_.size() < slots) {
      const bool again = train() && init() && active();
      if (again || pick(3) != 0) continue;
      dark();
    }
    return slots_;
  }

 private:
  u32 pick(u32 choices) { return base::draw(seed_, index_++)[0] % choices; }
  u64 bits() {
    const auto r = base::draw(seed_, index_++);
    return u64{r[0]} << 32 | r[1];
  }

  void dark() {
    // The first slots come out of a dark line; later the light goes out, most often in the middle
    // of a flit.
    if (!slots_.empty()) {
      if (slots_.back().kind == slot_kind::flit) clock_ -= pick((3U << map_.shift) + 1);
      slots_.push_back({.clock = clock_, .kind = slot_kind::dark});
    }
    clock_ += 1 + pick(30);
    if (pick(2) == 0) fresh_session();
  }
  void fresh_session() { next_ = repeated_ = 0; }

  void marker(int state, bool training) {
    slots_.push_back({.clock = clock_,
                      .kind = slot_kind::marker,
                      .flags = static_cast<u8>(state << 4 | (training ? 1 : 0)),
                      .good_byte = static_cast<u8>(bits()),
                      .count = count_++,
                      .lanes = state >= 3 ? map_.lanes : 0});
    clock_ += marker_clocks(lanes_);
  }
  void flit(wire_slot slot) {
    slot.clock = clock_;
    slot.kind = slot_kind::flit;
    slots_.push_back(slot);
    slots_.back().shift = static_cast<u8>(map_.shift);
    clock_ += 4 << map_.shift;
  }
  u64 header(flit_header h) {
    const u64 r = bits();
    h.ack = static_cast<u16>(r & 1023);
    h.nak = static_cast<u8>(r >> 10 & 1);
    h.crd_vc = static_cast<u8>(r >> 11 & 1);
    h.crd = static_cast<u16>(r >> 12 & 1023);
    return pack_header(h);
  }
  void nop() { flit({.header = header({.kind = kind_nop, .seq = next_})}); }
  void data() {
    const bool replay = next_ != repeated_ && pick(3) == 0;
    if (!replay) {
      const auto vc = static_cast<u8>(pick(2));
      sent_[next_ % 1024] = {.vc = vc, .index = first_time_[vc]++};
      ++next_;
      if (next_ - repeated_ > 500) repeated_ = static_cast<u16>(next_ - 500);
    }
    const auto number = static_cast<u16>(replay ? repeated_ + pick(next_ - repeated_) : next_ - 1U);
    const payload_ref ref = sent_[number % 1024];
    flit({.header = header({.kind = kind_data,
                            .vc = ref.vc,
                            .seq = static_cast<u16>(number % 1024),
                            .replay = static_cast<u8>(replay ? 1 : 0),
                            .slots = static_cast<u8>(1 + pick(15)),
                            .poison = static_cast<u8>(pick(2))}),
          .payload = ref});
  }

  // Each returns true if the stream goes on in the next phase; else it falls back to training (or
  // the dark).
  bool train() {
    for (int state = static_cast<int>(pick(3)); state < 4; ++state) {
      for (u32 n = 1 + pick(6); n > 0; --n) marker(state, true);
    }
    return pick(8) != 0;
  }
  bool init() {
    interval_ = 64 + pick(40);
    marker(4, false);
    u32 flits = 0;
    for (const u32 inits = 1 + pick(90); flits < inits; ++flits) {
      if (flits != 0 && flits % 64 == 0) marker(4, false);
      const u64 r = bits();
      const u64 s = bits();
      flit({.header = header({.kind = kind_ctrl, .seq = next_}),
            .init = {.version = 1,
                     .seen = static_cast<u8>(r & 1),
                     .session = static_cast<u32>(r >> 8),
                     .peer = static_cast<u32>(s),
                     .crd0 = static_cast<u16>(r >> 20),
                     .crd1 = static_cast<u16>(s >> 9),
                     .marker_interval = static_cast<u16>(interval_),
                     .ack = static_cast<u16>(s & 1023),
                     .stamp = r ^ s << 3,
                     .echo = s ^ r << 5,
                     .held = static_cast<u32>(s >> 32)}});
    }
    if (pick(8) == 0) return false;
    for (; flits % 64 != 0; ++flits)
      pick(3) == 0 ? nop() : data();  // ACTIVE under the marker that showed INIT
    return true;
  }
  bool active() {
    for (u32 intervals = 1 + pick(4); intervals > 0; --intervals) {
      marker(5, false);
      const bool cut = pick(4) == 0;
      const u32 flits = cut ? pick(interval_) : interval_;
      for (u32 f = 0; f < flits; ++f) pick(4) == 0 ? nop() : data();
      if (cut) return false;
    }
    return true;
  }

  int lanes_;
  u64 seed_;
  lane_map map_;
  u64 index_ = 0;
  i64 clock_ = 0;
  u16 count_ = 65500;  // wraps soon
  u32 interval_ = 64;
  u16 next_ = 0;      ///< number of the next new flit, not yet modulo 1024
  u16 repeated_ = 0;  ///< oldest number that may be repeated
  std::array<payload_ref, 1024> sent_{};
  std::array<u64, vc_count> first_time_{};
  std::vector<wire_slot> slots_;
};

[[nodiscard]] inline std::vector<wire_slot> random_slot_stream(int lanes, u64 seed,
                                                               std::size_t slots,
                                                               u32 good = 0xFFFF) {
  return slot_stream{lanes, seed, good}.make(slots);
}

inline void expect_same_slot(const wire_slot& got, const wire_slot& sent, std::size_t index) {
  SCOPED_TRACE(testing::Message() << "slot " << index << " at clock " << sent.clock);
  EXPECT_EQ(got.clock, sent.clock);
  EXPECT_EQ(got.kind, sent.kind);
  EXPECT_EQ(got.flags, sent.flags);
  EXPECT_EQ(got.good_byte, sent.good_byte);
  EXPECT_EQ(got.count, sent.count);
  EXPECT_EQ(got.lanes, sent.lanes);
  EXPECT_EQ(got.shift, sent.shift);
  EXPECT_EQ(got.header, sent.header);
  EXPECT_EQ(got.payload, sent.payload);
  EXPECT_EQ(got.init, sent.init);
}

}  // namespace lightrack::link
