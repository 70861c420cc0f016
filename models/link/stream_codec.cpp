// SPDX-License-Identifier: Apache-2.0
#include "models/link/stream_codec.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

#include "models/base/error.h"
#include "models/link/packer.h"
#include "rtl/link_pkg.h"

namespace lightrack::link {
namespace {

// By value, so that the loop is free of aliases and runs 16 bytes at a time.
lane_word exclusive_or(const lane_word& a, const lane_word& b) {
  lane_word sum;
  for (std::size_t k = 0; k < sum.size(); ++k) sum[k] = a[k] ^ b[k];
  return sum;
}

u8 fold_bytes(u32 v) {
  v ^= v >> 16;
  return static_cast<u8>(v ^ v >> 8);
}

i64 slot_clocks(const wire_slot& slot, int lanes) {
  switch (slot.kind) {
    case slot_kind::marker:
      return marker_clocks(lanes);
    case slot_kind::flit:
    case slot_kind::altered:
      return pkg::beats_per_flit << slot.shift;
    case slot_kind::quiet:
    case slot_kind::dark:
    case slot_kind::injection:
      return 1;
  }
  return 0;
}

}  // namespace

flit_bytes slot_bytes(const wire_slot& slot, const flit_source* source, bool fec) {
  payload_bytes payload{};
  const auto kind = static_cast<u8>((slot.header ^ slot.header_mask) & 7);
  if (kind == kind_ctrl) payload = pack_init(slot.init);
  if (kind == kind_data && source != nullptr) source->fill(slot.payload, payload);
  return encode_flit(slot.header, payload, fec);
}

slots_to_words::slots_to_words(int lanes, const flit_source* source, bool fec, int spares)
    : lanes_{lanes}, phys_{lanes + spares}, source_{source}, fec_{fec}, keys_{lanes, spares} {}

void slots_to_words::push(std::span<const wire_slot> slots) {
  if (head_ != 0) {
    queue_.erase(queue_.begin(), queue_.begin() + static_cast<std::ptrdiff_t>(head_));
    head_ = 0;
  }
  for (const wire_slot& slot : slots) {
    if (slot.kind == slot_kind::injection) continue;  // the receiver's channel puts it in
    const i64 earliest = queue_.empty() ? clock_ : queue_.back().clock + 1;
    if (slot.clock < earliest) {
      throw base::model_error(
          fmt::format("slots_to_words: a slot at clock {} comes after clock {} was settled",
                      slot.clock, earliest));
    }
    queue_.push_back(slot);
  }
}

bool slots_to_words::next(lane_word& word) {
  if (head_ != queue_.size() && queue_[head_].clock == clock_) begin(queue_[head_++]);
  if (!light_) {
    ++clock_;
    word = {};
    return false;
  }
  if (word_ == words_ && quiet_) {
    ++clock_;
    word = {};
    return true;
  }
  if (word_ == words_) [[unlikely]] {
    throw base::model_error(
        fmt::format("slots_to_words: no slot for clock {}, and the light is on", clock_));
  }
  ++clock_;
  word = body_[word_++];
  return true;
}

i64 slots_to_words::covered_until() const {
  if (head_ != queue_.size()) return queue_.back().clock + slot_clocks(queue_.back(), lanes_);
  return light_ ? clock_ + static_cast<i64>(words_ - word_) : clock_;
}

void slots_to_words::begin(const wire_slot& slot) {
  light_ = slot.kind != slot_kind::dark;
  quiet_ = slot.kind == slot_kind::quiet;
  word_ = 0;
  words_ = static_cast<std::size_t>(slot_clocks(slot, lanes_));
  switch (slot.kind) {
    case slot_kind::marker:
      begin_marker(slot);
      return;
    case slot_kind::flit:
    case slot_kind::altered:
      begin_flit(slot);
      return;
    case slot_kind::quiet:
      words_ = 0;
      return;
    case slot_kind::dark:
    case slot_kind::injection:
      bip_ = {};
      return;
  }
}

void slots_to_words::begin_flit(const wire_slot& slot) {
  if (map_.width == 0 || map_.shift != slot.shift)
    throw base::model_error(
        fmt::format("slots_to_words: the flit at clock {} lasts {} clocks, and the marker before "
                    "it maps {} lanes",
                    slot.clock, words_, map_.width));
  // Scrambled and counted here, for the whole of it: only the dark can cut it, and that ends the
  // stream.
  spread_flit(slot_bytes(slot, source_, fec_), map_, lanes_, body_);
  for (lane_word& word : std::span{body_}.first(words_)) {
    word = exclusive_or(word, keys_.next());
    bip_ = exclusive_or(bip_, word);
  }
}

void slots_to_words::begin_marker(const wire_slot& slot) {
  const bool counts = (slot.flags & (flag_training | flag_wake)) == 0;
  const auto elements = static_cast<std::size_t>(lane_elements(lanes_));
  map_ = map_of(slot.lanes, lanes_);
  for (int lane = 0; lane < phys_; ++lane) {
    const std::size_t at = static_cast<std::size_t>(lane) * elements;
    u32 parity = 0;
    for (std::size_t e = 0; e < elements; ++e) parity ^= bip_[at + e];
    const marker_words marker = build_marker({.physical = static_cast<u8>(lane),
                                              .logical = logical_lane(slot.lanes, lane),
                                              .flags = slot.flags,
                                              .count = slot.count,
                                              .bip = counts ? fold_bytes(parity) : u8{0},
                                              .good_byte = slot.good_byte});
    for (std::size_t k = 0; k < marker.size(); ++k)
      body_[k / elements][at + k % elements] = marker[k];
  }
  bip_ = {};
  keys_.restart();
}

words_to_slots::words_to_slots(int lanes, int spares)
    : lanes_{lanes},
      phys_{lanes + spares},
      marker_clocks_{static_cast<std::size_t>(marker_clocks(lanes))},
      keys_{lanes, spares} {}

void words_to_slots::push(const lane_word& word, bool light) {
  const i64 now = clock_++;
  if (!light) {
    if (light_) go_dark(now);
    return;
  }
  if (!light_) {
    light_ = true;
    marked_ = false;
    word_ = words_ = 0;
    flits_left_ = 0;
  }
  const auto used = static_cast<std::size_t>(lane_word_size(lanes_, phys_ - lanes_));
  if (marked_ && std::ranges::all_of(std::span{word}.first(used),
                                     [](u32 bits) { return bits == 0; })) [[unlikely]] {
    // Markers and scrambled lanes are never all zero: QUIESCE.
    if (!quiet_) {
      if (candidate_ && flits_left_ != 0) take_as_flit();
      if (open_ && !candidate_) emit_flit();
      candidate_ = false;
      open_ = false;
      quiet_ = true;
      slots_.push_back({.clock = now, .kind = slot_kind::quiet});
    }
    return;
  }
  if (quiet_) {
    quiet_ = false;
    word_ = words_ = 0;
    flits_left_ = 0;
  }
  if (word_ == words_) {
    start_ = now;
    word_ = 0;
    open_ = true;
    candidate_ = flits_left_ == 0 || may_be_marker(word);
    words_ = candidate_ ? marker_clocks_ : flit_words();
  }
  if (!candidate_) {
    take_flit_word(word);
    return;
  }
  seen_[word_++] = word;
  if (word_ == marker_clocks_) finish_candidate();
}

void words_to_slots::go_dark(i64 now) {
  if (candidate_ && flits_left_ != 0) take_as_flit();
  if (open_ && !candidate_) emit_flit();
  candidate_ = false;
  open_ = false;
  light_ = false;
  quiet_ = false;
  slots_.push_back({.clock = now, .kind = slot_kind::dark});
  release_held();
}

bool words_to_slots::may_be_marker(const lane_word& word) const {
  const auto elements = static_cast<std::size_t>(lane_elements(lanes_));
  const auto size = static_cast<std::size_t>(phys_) * elements;
  for (std::size_t at = 0; at < size; at += elements) {
    if (word[at] != marker_sync) return false;
  }
  return true;
}

/// What looked like a marker so far is a flit.
void words_to_slots::take_as_flit() {
  candidate_ = false;
  const std::size_t seen = word_;
  word_ = 0;
  words_ = flit_words();
  for (std::size_t i = 0; i < seen; ++i) take_flit_word(seen_[i]);
}

void words_to_slots::take_flit_word(const lane_word& word) {
  const lane_word& key = keys_.next();
  if (open_) beat_[word_] = exclusive_or(word, key);
  ++word_;
  if (open_ && word_ == beat_words()) emit_flit();
}

marker_words words_to_slots::candidate_of(int lane) const {
  const auto elements = static_cast<std::size_t>(lane_elements(lanes_));
  marker_words marker;
  for (std::size_t k = 0; k < marker.size(); ++k) {
    marker[k] = seen_[k / elements][static_cast<std::size_t>(lane) * elements + k % elements];
  }
  return marker;
}

void words_to_slots::finish_candidate() {
  bool stands = true;
  u32 mapped = 0;
  for (int lane = 0; lane < phys_; ++lane) {
    const marker_words marker = candidate_of(lane);
    stands = stands && marker_stands(marker, lane);
    if (parse_marker(marker).logical != no_logical_lane) mapped |= u32{1} << lane;
  }
  const marker_fields fields = parse_marker(candidate_of(0));
  const bool training = (fields.flags & flag_training) != 0;
  if (flits_left_ == 0 && !stands) {
    throw base::model_error(
        fmt::format("words_to_slots: no marker stands at clock {}, where one is due", start_));
  }
  constexpr u8 early = flag_training | flag_quiesce | flag_wake;
  if (flits_left_ != 0 && !(stands && (fields.flags & early) != 0)) {
    take_as_flit();
    return;
  }
  candidate_ = false;
  open_ = false;
  marked_ = true;
  map_ = map_of(mapped, lanes_);
  const bool wake = (fields.flags & flag_wake) != 0;
  const bool in_init = !wake && fields.flags >> 4 == static_cast<int>(pkg::state_e::init);
  const bool more = training || (wake && wake_markers_left(fields.flags) > 0);
  flits_left_ = more ? 0 : in_init ? pkg::init_interval : interval_;
  keys_.restart();
  slots_.push_back({.clock = start_,
                    .kind = slot_kind::marker,
                    .flags = fields.flags,
                    .good_byte = fields.good_byte,
                    .count = fields.count,
                    .lanes = mapped});
  release_held();
}

void words_to_slots::release_held() {
  slots_.insert(slots_.end(), held_.begin(), held_.end());
  held_.clear();
}

/// What injection did to the header of the flit under way.
u64 words_to_slots::take_mask() {
  std::erase_if(altered_, [this](const alteration& a) { return a.clock < start_; });
  if (altered_.empty() || altered_.front().clock != start_) return 0;
  const u64 mask = altered_.front().mask;
  altered_.erase(altered_.begin());
  return mask;
}

/// Beat 0 has come, or the dark.
void words_to_slots::emit_flit() {
  --flits_left_;
  open_ = false;
  const std::array<u8, 64> bytes = gather_beat(beat_, map_, lanes_);
  for (std::size_t i = 0; i < beat_words(); ++i) beat_[i] = {};
  const u64 bits = header_of(bytes);
  const u64 mask = altered_.empty() ? 0 : take_mask();
  const flit_header header = unpack_header(bits ^ mask);
  wire_slot& slot = slots_.emplace_back(wire_slot{.clock = start_,
                                                  .kind = slot_kind::flit,
                                                  .shift = static_cast<u8>(map_.shift),
                                                  .header = bits,
                                                  .header_mask = mask});
  if (mask != 0) slot.kind = slot_kind::altered;
  constexpr std::size_t payload_at = 6;
  if (header.kind == kind_ctrl) slot.init = unpack_init(std::span{bytes}.subspan(payload_at));
  if (header.kind == kind_ctrl && slot.init.ctrl == ctrl_init) {
    interval_ = slot.init.marker_interval;
  }
  if (header.kind == kind_data) {
    payload_ref& ref = by_number_[header.seq];
    if (header.replay == 0) ref = {.vc = header.vc, .index = first_time_[header.vc]++};
    slot.payload = ref;
  }
}

void slots_to_words::transfer(base::checkpoint& c) {
  // Each member by name: one more does not compile until it is saved, or known to be made anew.
  auto& [lanes, phys, source, fec, keys, queue, head, clock, light, quiet, word, words, map, body,
         bip] = *this;
  c.part("slots to words");
  keys.transfer(c);
  c.list(queue);
  c.values(head, clock, light, quiet, word, words, map, body, bip);
}

void words_to_slots::transfer(base::checkpoint& c) {
  auto& [lanes, phys, marker_clocks, keys, slots, clock, start, light, open, candidate, quiet,
         marked, word, words, flits_left, interval, seen, map, beat, first_time, by_number, altered,
         held] = *this;
  c.part("words to slots");
  keys.transfer(c);
  c.list(slots);
  c.list(altered);
  c.list(held);
  c.values(clock, start, light, open, candidate, quiet, marked, word, words, flits_left, interval,
           seen, map, beat, first_time, by_number);
}

}  // namespace lightrack::link
