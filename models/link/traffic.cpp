// SPDX-License-Identifier: Apache-2.0
// models/link/traffic.cpp
// Requests at an exact pace.
#include "models/link/traffic.h"

#include <algorithm>
#include <cmath>
#include <sstream>

#include "models/base/error.h"
#include "models/base/random.h"

namespace lightrack::link {
namespace {

constexpr double scale =
    1e9;  // bytes are counted in units of 10^-9, so that a load is a whole number
constexpr double raw_bytes_per_clock = 64;
constexpr double largest_load = 10;
constexpr u64 address_mask = (u64{1} << 40) - 64;  // 1 TiB in lines of 64 bytes

template <typename Value>
[[noreturn]] void refuse(const char* key, Value found, const char* allowed) {
  std::ostringstream text;
  text << key << ": " << found << " found, " << allowed << " is allowed.";
  throw base::config_error{text.str()};
}

void check_bytes(u32 bytes) {
  if (bytes < 1 || bytes > max_request_bytes) refuse("traffic.bytes", bytes, "1 to 4080");
}

}  // namespace

traffic_generator::traffic_generator(const traffic_params& p)
    : limit_{p.requests},
      key_{base::stream_key(p.seed, p.path + ".traffic")},
      shape_{.clock = p.start_clock,
             .bytes = p.bytes,
             .source = p.source,
             .destination = p.destination} {
  if (!(p.load >= 0 && p.load <= largest_load)) refuse("traffic.load", p.load, "0 to 10");
  if (!(p.read_fraction >= 0 && p.read_fraction <= 1))
    refuse("traffic.read_fraction", p.read_fraction, "0 to 1");
  check_bytes(p.bytes);
  per_clock_ = static_cast<u64>(std::llround(p.load * raw_bytes_per_clock * scale));
  if (per_clock_ == 0) {
    if (p.load > 0) refuse("traffic.load", p.load, "0, or 1e-11 or more,");
    return;
  }
  step_ = u64{p.bytes} * static_cast<u64>(scale);
  clock_ = p.start_clock;
  read_limit_ = static_cast<u64>(std::llround(p.read_fraction * 0x1p32));
  reads_ = read_limit_ > 0;
  make();
}

traffic_generator::traffic_generator(std::vector<request> list)
    : limit_{list.size()}, list_{std::move(list)} {
  for (const request& r : list_) check_bytes(r.bytes);
  reads_ = std::ranges::any_of(list_, [](const request& r) { return r.op == operation::read; });
  if (!std::ranges::is_sorted(list_, {}, &request::clock))
    throw base::model_error{"traffic_generator: the arrivals of a list go backwards."};
  make();
}

void traffic_generator::pop() {
  ++index_;
  owed_ += step_;
  if (per_clock_ > 0) {
    clock_ += static_cast<i64>(owed_ / per_clock_);
    owed_ %= per_clock_;
  }
  make();
}

void traffic_generator::make() {
  if (per_clock_ == 0) {
    next_ = index_ < list_.size() ? list_[index_] : request{.clock = never};
    return;
  }
  if (limit_ > 0 && index_ >= limit_) {
    next_ = request{.clock = never};
    return;
  }
  const u64 random = base::mix64(key_ + index_);
  next_ = shape_;
  next_.clock = clock_;
  next_.op = (random >> 32) < read_limit_ ? operation::read : operation::write;
  next_.address = base::mix64(random) & address_mask;
  next_.tag = static_cast<u16>(index_);
}

}  // namespace lightrack::link
