// SPDX-License-Identifier: Apache-2.0
// models/link/channel.cpp
// A direction of light: parameters checked once, then questions about delay, loss and wrong bits.
#include "models/link/channel.h"

#include <algorithm>
#include <cmath>
#include <sstream>

#include "models/base/error.h"
#include "models/base/random.h"

namespace lightrack::link {
namespace {

constexpr double longest_ns = 1e9;

template <typename Value>
[[noreturn]] void refuse(const char* key, const Value& found, const std::string& allowed) {
  std::ostringstream text;
  text << key << ": " << found << " found, " << allowed << " allowed.";
  throw base::config_error{text.str()};
}

// Written so that a NaN is refused too.
template <typename Value>
void check_range(const char* key, Value found, Value low, Value high, const char* unit) {
  if (found >= low && found <= high) return;
  std::ostringstream allowed;
  allowed << low << " to " << high << unit << " is";
  refuse(key, found, allowed.str());
}

// One value a lane from a list of one a lane, one for all, or none.
template <typename Value>
std::vector<Value> per_lane(const char* key, const std::vector<Value>& list, int lanes, Value low,
                            Value high) {
  const auto count = static_cast<std::size_t>(lanes);
  if (list.size() > 1 && list.size() != count)
    refuse(key, std::to_string(list.size()) + " values",
           "one value or " + std::to_string(lanes) + " (one a lane) are");
  for (const Value value : list) check_range(key, value, low, high, "");
  if (list.size() == count) return list;
  return std::vector<Value>(count, list.empty() ? Value{} : list.front());
}

std::vector<std::pair<i64, double>> drift_in_bits(const channel_params& p, int bits_per_clock) {
  std::vector<std::pair<i64, double>> drift;
  for (const auto& [ns, factor] : p.ber_drift) {
    check_range("channel.ber_drift time", ns, 0.0, longest_ns, " ns");
    check_range("channel.ber_drift factor", factor, 0.0, 1e12, "");
    const auto bit = static_cast<i64>(ns * 1e6 / static_cast<double>(p.clock_fs) * bits_per_clock);
    if (!drift.empty() && bit <= drift.back().first)
      refuse("channel.ber_drift", "a time not after the one before it", "only rising times are");
    drift.emplace_back(bit, factor);
  }
  return drift;
}

i64 whole_clocks(const channel_params& p) {
  check_range("fiber.length", p.length_m, 0.0, 1e6, " m");
  check_range("fiber.delay", p.ns_per_m, 0.0, 100.0, " ns/m");
  check_range("channel.pmd_latency", p.pmd_latency_ns, 0.0, longest_ns, " ns");
  if (p.clock_fs < 1) refuse("channel clock period", p.clock_fs, "at least 1 fs is");
  // Femtoseconds first, so that a delay of whole clocks does not gain one by the noise of a
  // product.
  const i64 delay_fs = std::llround((p.length_m * p.ns_per_m + p.pmd_latency_ns) * 1e6);
  return std::max<i64>(1, (delay_fs + p.clock_fs - 1) / p.clock_fs);
}

}  // namespace

receive_channel::receive_channel(const channel_params& p)
    : lanes_{p.lanes},
      phys_{p.lanes + p.spares},
      slip_settle_{p.slip_settle},
      flight_{whole_clocks(p)} {
  if (lanes_ != 4 && lanes_ != 8 && lanes_ != 16) refuse("link.lanes", lanes_, "4, 8 or 16 is");
  check_range("link.spares", p.spares, 0, 2, "");
  lane_bits_ = link::lane_bits(lanes_);
  check_range("channel.slip_settle", slip_settle_, 1, 1000, " clocks");
  check_range("channel.burst_rate", p.burst_rate, 0.0, 0.01, "");
  check_range("channel.burst_bits", p.burst_bits, 1.0, 64.0, "");
  const auto ber = per_lane("channel.ber", p.ber, phys_, 0.0, 0.5);
  skew_ = per_lane("channel.skew_words", p.skew_words, phys_, 0, 15);
  max_skew_ = std::ranges::max(skew_);
  if (!p.offset_bits.empty())
    offset_ = per_lane("channel.offset_bits", p.offset_bits, phys_, 0, lane_bits_ - 1);

  const auto drift = drift_in_bits(p, lane_bits_);
  for (int lane = 0; lane < phys_; ++lane) {
    const std::string role = p.path + ".lane" + std::to_string(lane);
    offset_key_.push_back(base::stream_key(p.seed, role + ".offset"));
    errors_.emplace_back(p.seed, role,
                         error_params{.ber = ber[static_cast<std::size_t>(lane)],
                                      .burst_rate = p.burst_rate,
                                      .burst_bits = p.burst_bits,
                                      .drift = drift});
  }
  take_events(p.events);
}

void receive_channel::take_events(std::vector<lane_event> events) {
  for (const lane_event& e : events) {
    check_range("channel.events lane", e.lane, -1, phys_ - 1, " (-1: all)");
    check_range<i64>("channel.events time", e.clock, 0, never - 1, " clocks");
  }
  std::ranges::stable_sort(events, {}, &lane_event::clock);
  has_events_ = !events.empty();
  lost_.resize(static_cast<std::size_t>(phys_));
  unlit_.resize(static_cast<std::size_t>(phys_));
  for (int lane = 0; lane < phys_; ++lane) {
    auto& lost = lost_[static_cast<std::size_t>(lane)];
    for (const lane_event& e : events) {
      if (e.lane != lane && e.lane != -1) continue;
      const bool is_lost = !lost.empty() && lost.back().until == never;
      if (e.what == lane_change::lose && !is_lost) {
        // Returned and lost again in one clock: it never came back.
        if (!lost.empty() && lost.back().until == e.clock) {
          lost.back().until = never;
        } else {
          lost.push_back({.from = e.clock, .until = never});
        }
      } else if (e.what == lane_change::restore && is_lost) {
        lost.back().until = e.clock;
        if (lost.back().from == e.clock) lost.pop_back();
      }
    }
  }
}

void receive_channel::set_quality(const lane_quality& q) {
  check_range("lane_quality.lane", q.lane, 0, phys_ - 1, "");
  check_range("lane_quality.ber", q.ber, 0.0, 0.5, "");
  check_range("lane_quality.burst_rate", q.burst_rate, 0.0, 0.01, "");
  check_range("lane_quality.burst_bits", q.burst_bits, 1.0, 64.0, "");
  const i64 forget = q.from - flight_ - max_skew_ - 4096;
  errors_[static_cast<std::size_t>(q.lane)].set_rates({.from_bit = q.from * lane_bits_,
                                                       .ber = q.ber,
                                                       .burst_rate = q.burst_rate,
                                                       .burst_bits = q.burst_bits},
                                                      forget * lane_bits_);
  auto& unlit = unlit_[static_cast<std::size_t>(q.lane)];
  while (!unlit.empty() && unlit.front().until < forget) unlit.erase(unlit.begin());
  set_present(q.lane, q.from, q.present);
  clean_until_ = std::min(clean_until_, q.from);
}

void receive_channel::set_present(int lane, i64 from, bool present) {
  auto& unlit = unlit_[static_cast<std::size_t>(lane)];
  const bool was_unlit = !unlit.empty() && unlit.back().until == never;
  if (present == !was_unlit) return;
  if (present) {
    unlit.back().until = from;
  } else {
    unlit.push_back({.from = from, .until = never});
    has_events_ = true;
  }
}

void receive_channel::transfer(base::checkpoint& c) {
  // Each member by name: one more does not compile until it is saved, or known to be made anew.
  auto& [lanes, phys, lane_bits, slip_settle, flight, max_skew, has_events, offset_key, skew,
         offset, errors, injection, lost, unlit, clean_from, clean_until] = *this;
  c.part("channel");
  for (error_process& lane : errors) lane.transfer(c);
  for (auto& spans : unlit) c.list(spans);
  c.value(has_events);
  injection.transfer(c);
  clean_from = 0;
  clean_until = 0;
}

int receive_channel::offset(int lane, i64 nth) const {
  const auto l = static_cast<std::size_t>(lane);
  if (!offset_.empty()) return offset_[l];
  const u32 random = base::draw(offset_key_[l], static_cast<u64>(nth))[0];
  return static_cast<int>(random & static_cast<u32>(lane_bits_ - 1));
}

bool receive_channel::lane_lost(int lane, i64 clock) const {
  const auto l = static_cast<std::size_t>(lane);
  for (const std::vector<lane_span>* spans : {&lost_[l], &unlit_[l]})
    for (const lane_span& s : *spans)
      if (clock >= s.from && clock < s.until) return true;
  return false;
}

i64 receive_channel::next_change(int lane, i64 clock) const {
  const auto l = static_cast<std::size_t>(lane);
  const bool lost = lane_lost(lane, clock);
  i64 change = clock;
  do {
    i64 next = never;
    for (const std::vector<lane_span>* spans : {&lost_[l], &unlit_[l]})
      for (const lane_span& s : *spans) {
        if (s.from > change) next = std::min(next, s.from);
        if (s.until > change) next = std::min(next, s.until);
      }
    change = next;
  } while (change != never && lane_lost(lane, change) == lost);
  return change;
}

void receive_channel::inject(const wire_slot& armed) {
  if (armed.injected_lane() >= phys_ || armed.injected_bit() >= lane_bits_) {
    injection_.arm(armed.clock, 0, 0, 0);
  } else {
    injection_.arm(armed.clock, armed.injected_lane(), armed.injected_bit(),
                   armed.injected_words());
  }
  clean_from_ = 0;
  clean_until_ = 0;
}

void receive_channel::light(i64 clock, bool on) {
  injection_.light(clock, on);
  if (injection_.none()) return;
  clean_from_ = 0;  // what is left of the words goes on with the light
  clean_until_ = 0;
}

i64 receive_channel::next_error_clock(i64 from, i64 until) {
  const i64 random = next_random_error(from, until);
  if (injection_.none()) [[likely]]
    return random;
  const i64 first = std::min(random, injection_.next(from));
  clean_until_ = std::min(clean_until_, first);
  return first;
}

i64 receive_channel::next_random_error(i64 from, i64 until) {
  // All lanes of one block before any lane of the next: a process keeps one block, and going back
  // would draw it anew.
  if (from >= clean_from_ && from < clean_until_) {
    if (clean_until_ >= until) return clean_until_;
  } else {
    clean_from_ = from;
    clean_until_ = from;
  }
  for (i64 bit = clean_until_ * lane_bits_;;) {
    const i64 block_end = ((bit >> error_process::block_log2) + 1) << error_process::block_log2;
    i64 first = never;
    for (error_process& lane : errors_)
      first = std::min(first, lane.next_error(bit, std::min(first, block_end)));
    clean_until_ = first == never ? never : first / lane_bits_;
    if (first < block_end || clean_until_ >= until) return clean_until_;
    bit = block_end;
  }
}

}  // namespace lightrack::link
