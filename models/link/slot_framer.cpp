// SPDX-License-Identifier: Apache-2.0
// models/link/slot_framer.cpp
// Where the receiver sees slots, which markers it believes, and what it counts of them.
#include "models/link/slot_framer.h"

#include <bit>

namespace lightrack::link {

slot_framer::slot_framer(receive_channel& channel, const slot_queue& slots, slot_errors& errors,
                         const lane_bank& lanes, const link_registers& registers,
                         const flit_source* far_source, bool fec)
    : channel_{channel},
      slots_{slots},
      errors_{errors},
      lanes_{lanes},
      registers_{registers},
      far_source_{far_source},
      marker_clocks_{marker_clocks(channel.lanes())},
      verdict_after_{pkg::rx_lat + (fec ? pkg::fec_rx_lat : 0)},
      fec_{fec} {}

void slot_framer::start(const lane_bank::alignment& alignment) {
  alignment_ = alignment;
  used_ = registers_.rx.lanes;
  width_ = registers_.rx.width;
  flit_clocks_ = pkg::beats_per_flit << registers_.rx.shift;
  logical_.fill(-1);
  for (u32 left = used_; left != 0; left &= left - 1) {
    const int l = std::countr_zero(left);
    logical_[static_cast<std::size_t>(l)] = static_cast<signed char>(logical_lane(used_, l));
  }
  map_fits_ = true;
  // A decoded flit has its verdict later; its bits are looked at when it has come whole.
  flit_delay_ = flit_clocks_ - 1 + alignment.latency + (fec_ ? pkg::marker_rx : verdict_after_);
  decoding_count_ = 0;
  marker_delay_ = marker_clocks_ - 1 + alignment.latency + pkg::marker_rx;
  position_ = alignment.first_word;
  place_ = slots_.find(position_);
  if (place_ > slots_.head() && (place_ == slots_.tail() || slots_[place_].clock > position_))
    --place_;
  running_ = true;
  in_frame_ = true;
  forget_hunt();
  training_ = true;
  flits_left_ = 0;
  wakes_left_ = 0;
  in_step_ = true;
  bip_armed_ = false;
  bip_ = {};
  run_ = {};
  frame();
}

void slot_framer::pass_marker(const std::array<u8, max_lanes>& wrong, u32 missed,
                              endpoint_counters& counters) {
  for (u32 left = measured(); left != 0; left &= left - 1) {
    const auto l = static_cast<std::size_t>(std::countr_zero(left));
    if ((missed >> l & 1) != 0) {
      ++counters.markers_missed[l];
      continue;
    }
    const int errors = std::popcount(wrong[l]);
    counters.bip_errors[l] += static_cast<u64>(errors);
    ber_[l].compare(errors);
  }
}

void slot_framer::resume(i64 position, int flits_left) {
  decoding_count_ = 0;
  position_ = position;
  place_ = slots_.find(position);
  flits_left_ = flits_left;
  interval_ = active_interval_;
  wakes_left_ = 0;
  in_step_ = true;
  // The first marker closes an interval that was not seen whole.
  bip_armed_ = false;
  bip_ = {};
  run_ = {};
  frame();
}

void slot_framer::stop() {
  running_ = false;
  decoding_count_ = 0;
  next_ = never;
  framed_at_ = never;
  forget_hunt();
}

void slot_framer::lose_frame(i64 e) {
  in_frame_ = false;
  decoding_count_ = 0;
  framed_at_ = never;
  next_ = never;
  hunt(e);
}

void slot_framer::forget_hunt() {
  hunting_from_ = never;
  hunting_until_ = never;
  hunting_again_ = never;
  hunted_at_ = never;
}

/// Plans the next look of the hunt: at a marker, or after a stretch without one, for most hunts end
/// within a flit or two.
void slot_framer::seek() {
  constexpr int stretch = 16;
  hunted_at_ = never;
  const i64 delay = marker_delay_ - pkg::marker_rx;  // first word sent to last word read
  u64 place = std::max(hunted_place_, slots_.head());
  int looked = 0;
  while (place < slots_.tail()) {
    const i64 seen = slots_[place].clock + delay;
    if (seen >= hunting_until_) {
      hunting_from_ = hunting_again_;
      hunting_until_ = never;
      hunting_again_ = never;
      if (hunting_from_ == never) break;
    }
    if (seen < hunting_from_) {
      const u64 first = slots_.find(hunting_from_ - delay);
      place = std::max(place + 1, first);
      continue;
    }
    hunted_place_ = place;
    if (slots_[place].kind != slot_kind::marker && looked < stretch) {
      ++looked;
      ++place;
      continue;
    }
    hunted_at_ = slots_[place].clock + marker_delay_;
    return;
  }
  hunted_place_ = place;
}

framed_marker slot_framer::take_hunted() {
  const wire_slot& s = slots_[hunted_place_];
  const i64 last_word = hunted_at_ - pkg::marker_rx;
  const i64 position = position_;
  const u64 place = place_;
  const evaluation seen = marker_seen_;
  framed_marker result;
  if (s.kind == slot_kind::marker) {
    position_ = s.clock;
    place_ = hunted_place_;
    evaluate(!alignment_.shifted && used_in_place());
    const evaluation& m = marker_seen_;
    if (m.believed && (m.flags & (flag_training | flag_wake)) != 0)
      result = {.believed = true, .flags = m.flags, .count = m.count};
  }
  ++hunted_place_;
  if (result.believed) {
    in_frame_ = true;
    // A flit that ended with the marker's last word has just come in: it was none.
    if (decoding_count_ > 0 &&
        decoding_[(decoding_first_ + decoding_count_ - 1) % decoding_.size()].verdict ==
            last_word + verdict_after_)
      --decoding_count_;
    take_flags(marker_seen_, last_word);
    bip_ = {};
    in_step_ = true;
    taken_ = place_;
    position_ += marker_clocks_;
    frame();
  } else {
    position_ = position;
    place_ = place;
    marker_seen_ = seen;
  }
  hunted_at_ = never;
  if (hunting_from_ != never) seek();
  return result;
}

/// What a believed marker says of the slots behind it.
void slot_framer::take_flags(const evaluation& m, i64 last_word) {
  const bool training = (m.flags & flag_training) != 0;
  const bool wake = (m.flags & flag_wake) != 0 && !training;
  bip_armed_ = !training && !wake;
  training_ = training;
  wakes_left_ = wake ? wake_markers_left(m.flags) : 0;
  if (!wake && m.flags >> 4 == static_cast<int>(pkg::state_e::init)) {
    interval_ = static_cast<int>(pkg::init_interval);
  } else {
    interval_ = last_word >= active_interval_since_ ? active_interval_ : active_interval_before_;
  }
  flits_left_ = training_ || wakes_left_ > 0 ? 0 : interval_;
}

void slot_framer::set_interval(int flits, i64 n) {
  if (flits == active_interval_) return;
  active_interval_before_ = active_interval_;
  active_interval_ = flits;
  active_interval_since_ = n + 1;
}

void slot_framer::reset_interval() {
  active_interval_ = 4096;
  active_interval_before_ = 4096;
}

/// next() is the slot at position_, or before it the verdict of a flit that came earlier.
void slot_framer::wait() {
  next_ = framed_at_;
  step_ = framed_;
  if (decoding_count_ == 0) return;
  const i64 verdict = decoding_[decoding_first_].verdict;
  if (verdict > next_) return;
  next_ = verdict;
  step_ = step::flit;
}

/// Says what the slot at position_ is and when that is known; waits if it has not been received.
void slot_framer::frame() {
  framed_at_ = never;
  wait();
  while (place_ + 1 < slots_.tail() && slots_[place_ + 1].clock <= position_) {
    // A marker inside what is taken for a flit: the sender's scrambler restarts there, ours does
    // not.
    if (slots_[place_].kind == slot_kind::marker && place_ != taken_) in_step_ = false;
    ++place_;
  }
  if (place_ >= slots_.tail()) return;
  const wire_slot& s = slots_[place_];
  open_ended_ = s.kind == slot_kind::quiet && place_ + 1 == slots_.tail();
  if (s.kind == slot_kind::dark || position_ >= s.clock + slots_.length(s)) return;
  const bool in_place = s.clock == position_ && !alignment_.shifted && used_in_place();
  bool marker = false;
  if (flits_left_ == 0) {
    marker = true;
    evaluate(in_place);
  } else if (in_place && (s.kind == slot_kind::flit || s.kind == slot_kind::altered)) {
    garbage_ = !in_step_ || !map_fits_;
  } else {
    evaluate(in_place);
    constexpr u8 early = flag_training | flag_quiesce | flag_wake;
    marker = marker_seen_.believed && (marker_seen_.flags & early) != 0;
    garbage_ = true;
  }
  look_closer_ = garbage_ || fec_ || s.kind == slot_kind::altered;
  framed_ = marker ? step::marker : fec_ ? step::flit_in : step::flit;
  framed_at_ = position_ + (marker ? marker_delay_ : flit_delay_);
  wait();
}

void slot_framer::evaluate(bool in_place) {
  const wire_slot& s = slots_[place_];
  marker_seen_ = {.place = place_};
  if (in_place && s.kind != slot_kind::marker) return;
  if (in_place) {
    marker_seen_.damage = errors_.of(place_, s.clock);
    map_fits_ = s.lanes == used_;
  }
  if (!in_place || marker_seen_.damage != nullptr || alignment_.spare_shifted) {
    evaluate_damaged();
    return;
  }
  marker_seen_.believed = true;
  marker_seen_.flags = s.flags;
  marker_seen_.count = s.count;
  marker_seen_.stand = measured();
  marker_seen_.right = marker_seen_.stand;
}

/// Believed when more than half of the lanes in use stand and agree on each bit of flags and count.
void slot_framer::evaluate_damaged() {
  evaluation& m = marker_seen_;
  std::array<marker_fields, max_lanes> fields{};
  std::array<int, 24> ones{};
  for (u32 left = measured() & lanes_.in_place(); left != 0; left &= left - 1) {
    const int l = std::countr_zero(left);
    const i64 sent = position_ + alignment_.shift[static_cast<std::size_t>(l)];
    const u64 place = sent == slots_[place_].clock ? place_ : slots_.find(sent);
    if (place == slots_.tail() || slots_[place].clock != sent ||
        slots_[place].kind != slot_kind::marker)
      continue;
    const wire_slot& s = slots_[place];
    const marker_damage* damage = errors_.of(place, s.clock);
    if (damage != nullptr && !damage->stands(l)) continue;
    marker_fields& f = fields[static_cast<std::size_t>(l)];
    f = damage != nullptr ? damage->fields(l, s)
                          : marker_fields{.flags = s.flags, .count = s.count};
    m.stand |= u32{1} << l;
    if ((used_ >> l & 1) == 0) continue;
    const u32 bits = u32{f.flags} << 16 | f.count;
    for (std::size_t b = 0; b < ones.size(); ++b) ones[b] += static_cast<int>(bits >> b & 1);
  }
  const int standing = std::popcount(m.stand & used_);
  m.believed = 2 * standing > width_;
  u32 bits = 0;
  for (std::size_t b = 0; b < ones.size(); ++b) {
    if (2 * ones[b] > width_) {
      bits |= u32{1} << b;
    } else if (2 * (standing - ones[b]) <= width_) {
      m.believed = false;
    }
  }
  m.flags = static_cast<u8>(bits >> 16);
  m.count = static_cast<u16>(bits);
  for (u32 left = m.believed ? m.stand : 0; left != 0; left &= left - 1) {
    const int l = std::countr_zero(left);
    if (fields[static_cast<std::size_t>(l)].count == m.count) m.right |= u32{1} << l;
  }
}

framed_marker slot_framer::take_marker(endpoint_counters& counters) {
  const evaluation& m = marker_seen_;
  framed_marker result{.believed = m.believed, .flags = m.flags, .count = m.count};
  const bool due = flits_left_ == 0;
  const i64 last_word = framed_at_ - pkg::marker_rx;
  if (due && !training_) result.three_missed = count_misses(counters);
  if (m.believed) {
    const bool training = (m.flags & flag_training) != 0;
    if (due && !training && (m.flags & flag_wake) == 0 && bip_armed_) count_bip(counters);
    take_flags(m, last_word);
    if (hunted_at_ == framed_at_ && hunted_place_ == m.place) {  // the same marker, judged here
      ++hunted_place_;
      hunted_at_ = never;
      if (hunting_from_ != never) seek();
    }
  } else {
    if (wakes_left_ > 0) --wakes_left_;
    flits_left_ = training_ || wakes_left_ > 0 ? 0 : interval_;
  }
  bip_ = {};
  const wire_slot& s = slots_[place_];
  in_step_ = s.kind == slot_kind::marker && s.clock == position_;
  if (in_step_) taken_ = place_;
  position_ += marker_clocks_;
  frame();
  return result;
}

bool slot_framer::count_misses(endpoint_counters& counters) {
  const u32 measured = this->measured();
  if ((marker_seen_.right & measured) == measured) {
    run_ = {};
    return false;
  }
  bool three = false;
  const u32 seen = marker_seen_.believed ? marker_seen_.right : marker_seen_.stand;
  for (u32 left = measured; left != 0; left &= left - 1) {
    const int l = std::countr_zero(left);
    const auto k = static_cast<std::size_t>(l);
    if ((seen >> l & 1) != 0) {
      run_[k] = 0;
      continue;
    }
    ++counters.markers_missed[k];
    if (run_[k] < 3) ++run_[k];
    three = three || (run_[k] == 3 && (used_ >> l & 1) != 0);
  }
  return three;
}

void slot_framer::count_bip(endpoint_counters& counters) {
  if (alignment_.shifted) return;
  for (u32 left = marker_seen_.stand & measured(); left != 0; left &= left - 1) {
    const auto l = static_cast<std::size_t>(std::countr_zero(left));
    if (alignment_.shift[l] != 0) continue;
    u32 wrong = bip_[l];
    if (marker_seen_.damage != nullptr) wrong ^= (marker_seen_.damage->wrong[l][2] >> 16) & 0xFF;
    const int errors = std::popcount(wrong);
    counters.bip_errors[l] += static_cast<u64>(errors);
    ber_[l].compare(errors);
  }
}

void slot_framer::transfer(base::checkpoint& c) {
  // Each member by name: one more does not compile until it is saved, or known to be made anew.
  auto& [channel, slots, errors, lanes, registers, far_source, marker_clocks, verdict_after, fec,
         running, used, width, flit_clocks, logical, map_fits, deskewed, flit_delay, marker_delay,
         position, place, framed_at, next, framed, now, garbage, look_closer, decoded,
         decoding_first, decoding_count, open_ended, in_frame, hunting_from, hunting_until,
         hunting_again, hunted_at, hunted_place, training, flits_left, wakes_left, interval,
         in_step, taken, bip_armed, marker_seen, damage, bip, ber, run, active_interval,
         active_interval_before, active_interval_since] = *this;
  c.part("framer");
  c.values(running, used, width, flit_clocks, logical, map_fits, deskewed, flit_delay, marker_delay,
           position, place, framed_at, next, framed, now, garbage, look_closer, decoding_first,
           decoding_count, open_ended, in_frame, hunting_from, hunting_until, hunting_again,
           hunted_at, hunted_place, training, flits_left, wakes_left, interval, in_step, taken,
           bip_armed, damage, bip, ber, run, active_interval, active_interval_before,
           active_interval_since);
  for (decoding& d : decoded) {
    bool real = d.flit.sent != nullptr;  // else garbage
    c.values(d.verdict, d.place, d.flit.good, d.flit.damaged, d.flit.corrected, d.flit.header, real,
             d.damage);
    d.flit.sent = real ? &slots[d.place] : nullptr;
  }
  u32 damage_at = errors.number_of(marker_seen.damage);
  c.values(marker_seen.believed, marker_seen.flags, marker_seen.count, marker_seen.stand,
           marker_seen.right, marker_seen.place, damage_at);
  marker_seen.damage = errors.at_number(damage_at);
}

}  // namespace lightrack::link
