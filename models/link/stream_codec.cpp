// SPDX-License-Identifier: Apache-2.0
#include "models/link/stream_codec.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstring>

#include "models/base/error.h"
#include "models/link/packer.h"
#include "rtl/link_pkg.h"

namespace lightrack::link {
namespace {

using bytes16 = u8 __attribute__((vector_size(16)));
struct beat_block {
  bytes16 v[4];
};

// Byte j of a beat is byte j / lanes of lane j % lanes: the six bits of j turn left by 6 -
// log2(lanes), and turn back by log2(lanes) more. One turn is a perfect shuffle, byte i of the
// first half before byte i of the second: four instructions for 64 bytes, for any lane count.
beat_block shuffle(const beat_block& b) {
  const auto low = [](bytes16 x, bytes16 y) {
    return __builtin_shufflevector(x, y, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
  };
  const auto high = [](bytes16 x, bytes16 y) {
    return __builtin_shufflevector(x, y, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15,
                                   31);
  };
  return {{low(b.v[0], b.v[2]), high(b.v[0], b.v[2]), low(b.v[1], b.v[3]), high(b.v[1], b.v[3])}};
}

template <class Result, class Bytes>
Result shuffled(const Bytes& bytes, int times) {
  beat_block block;
  std::memcpy(&block, bytes.data(), sizeof block);
  for (int i = 0; i < times; ++i) block = shuffle(block);
  Result result{};
  std::memcpy(result.data(), &block, sizeof block);
  return result;
}

int log2_of(int lanes) { return std::countr_zero(static_cast<unsigned>(lanes)); }

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
      return pkg::beats_per_flit;
    case slot_kind::dark:
      return 1;
  }
  return 0;
}

}  // namespace

std::array<lane_word, 4> stripe(std::span<const u8, flit_size> flit, int lanes) {
  using beat = std::array<u8, 64>;
  std::array<beat, 4> beats;
  std::copy_n(flit.data(), flit_size, beats[0].data());
  std::array<lane_word, 4> words;
  for (std::size_t i = 0; i < 4; ++i) words[i] = shuffled<lane_word>(beats[i], 6 - log2_of(lanes));
  return words;
}

std::array<u8, 64> destripe(const lane_word& word, int lanes) {
  return shuffled<std::array<u8, 64>>(word, log2_of(lanes));
}

flit_bytes slot_bytes(const wire_slot& slot, const flit_source* source, bool fec) {
  payload_bytes payload{};
  const auto kind = static_cast<u8>(slot.header & 7);
  if (kind == kind_ctrl) payload = pack_init(slot.init);
  if (kind == kind_data && source != nullptr) source->fill(slot.payload, payload);
  return encode_flit(slot.header, payload, fec);
}

slots_to_words::slots_to_words(int lanes, const flit_source* source, bool fec)
    : lanes_{lanes}, source_{source}, fec_{fec}, keys_{lanes} {}

void slots_to_words::push(std::span<const wire_slot> slots) {
  if (head_ != 0) {
    queue_.erase(queue_.begin(), queue_.begin() + static_cast<std::ptrdiff_t>(head_));
    head_ = 0;
  }
  for (const wire_slot& slot : slots) {
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
  word_ = 0;
  words_ = static_cast<std::size_t>(slot_clocks(slot, lanes_));
  switch (slot.kind) {
    case slot_kind::marker:
      begin_marker(slot);
      return;
    case slot_kind::flit:
      // Scrambled and counted here, for the whole of it: only the dark can cut it, and that ends
      // the stream.
      body_ = stripe(slot_bytes(slot, source_, fec_), lanes_);
      for (lane_word& word : body_) {
        word = exclusive_or(word, keys_.next());
        bip_ = exclusive_or(bip_, word);
      }
      return;
    case slot_kind::dark:
      bip_ = {};
      return;
  }
}

void slots_to_words::begin_marker(const wire_slot& slot) {
  const bool counts = (slot.flags & flag_training) == 0;
  const auto elements = static_cast<std::size_t>(lane_elements(lanes_));
  for (int lane = 0; lane < lanes_; ++lane) {
    const std::size_t at = static_cast<std::size_t>(lane) * elements;
    u32 parity = 0;
    for (std::size_t e = 0; e < elements; ++e) parity ^= bip_[at + e];
    const marker_words marker = build_marker({.physical = static_cast<u8>(lane),
                                              .logical = static_cast<u8>(lane),
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

words_to_slots::words_to_slots(int lanes)
    : lanes_{lanes}, marker_clocks_{static_cast<std::size_t>(marker_clocks(lanes))}, keys_{lanes} {}

void words_to_slots::push(const lane_word& word, bool light) {
  const i64 now = clock_++;
  if (!light) {
    if (light_) go_dark(now);
    return;
  }
  if (!light_) {
    light_ = true;
    word_ = words_ = 0;
    flits_left_ = 0;
  }
  if (word_ == words_) {
    start_ = now;
    word_ = 0;
    candidate_ = flits_left_ == 0 || may_be_marker(word);
    words_ = candidate_ ? marker_clocks_ : static_cast<std::size_t>(pkg::beats_per_flit);
    if (!candidate_) {
      emit_flit(word);
      ++word_;
      return;
    }
  }
  if (candidate_) {
    seen_[word_++] = word;
    if (word_ == marker_clocks_) finish_candidate();
    return;
  }
  ++word_;
  (void)keys_.next();
}

void words_to_slots::go_dark(i64 now) {
  if (candidate_ && flits_left_ != 0) emit_flit(seen_[0]);
  candidate_ = false;
  light_ = false;
  slots_.push_back({.clock = now, .kind = slot_kind::dark});
}

bool words_to_slots::may_be_marker(const lane_word& word) const {
  const auto elements = static_cast<std::size_t>(lane_elements(lanes_));
  for (std::size_t at = 0; at < 16; at += elements) {
    if (word[at] != marker_sync) return false;
  }
  return true;
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
  candidate_ = false;
  bool stands = true;
  for (int lane = 0; lane < lanes_; ++lane)
    stands = stands && marker_stands(candidate_of(lane), lane);
  const marker_fields fields = parse_marker(candidate_of(0));
  const bool training = (fields.flags & flag_training) != 0;
  if (flits_left_ == 0 && !stands) {
    throw base::model_error(
        fmt::format("words_to_slots: no marker stands at clock {}, where one is due", start_));
  }
  if (flits_left_ != 0 && !(stands && training)) {
    words_ = static_cast<std::size_t>(pkg::beats_per_flit);
    emit_flit(seen_[0]);
    for (std::size_t i = 1; i < marker_clocks_; ++i) (void)keys_.next();
    return;
  }
  const bool in_init = fields.flags >> 4 == static_cast<int>(pkg::state_e::init);
  flits_left_ = training ? 0 : in_init ? pkg::init_interval : interval_;
  keys_.restart();
  slots_.push_back({.clock = start_,
                    .kind = slot_kind::marker,
                    .flags = fields.flags,
                    .good_byte = fields.good_byte,
                    .count = fields.count});
}

void words_to_slots::emit_flit(const lane_word& first_word) {
  --flits_left_;
  const std::array<u8, 64> bytes = destripe(exclusive_or(first_word, keys_.next()), lanes_);
  const u64 bits = header_of(bytes);
  const flit_header header = unpack_header(bits);
  wire_slot& slot =
      slots_.emplace_back(wire_slot{.clock = start_, .kind = slot_kind::flit, .header = bits});
  constexpr std::size_t payload_at = 6;
  if (header.kind == kind_ctrl && bytes[payload_at] == ctrl_init) {
    slot.init = unpack_init(std::span{bytes}.subspan(payload_at));
    interval_ = slot.init.marker_interval;
  }
  if (header.kind == kind_data) {
    payload_ref& ref = by_number_[header.seq];
    if (header.replay == 0) ref = {.vc = header.vc, .index = first_time_[header.vc]++};
    slot.payload = ref;
  }
}

}  // namespace lightrack::link
