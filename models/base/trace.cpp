// SPDX-License-Identifier: Apache-2.0
#include "models/base/trace.h"

#include <algorithm>

#include "models/base/checkpoint.h"
#include "models/base/random.h"

namespace lightrack::base {

void trace_buffer::store(const trace_record& r) {
  // Dropping the older half now and then keeps the newest `limit_` in amortized constant time.
  if (limit_ != 0 && records_.size() >= 2 * limit_) {
    records_.erase(records_.begin(), records_.end() - static_cast<std::ptrdiff_t>(limit_));
  }
  records_.push_back(r);
}

void trace_buffer::rewind(const place& p) {
  const std::uint64_t added = count_ - p.count;
  records_.resize(records_.size() - std::min<std::uint64_t>(added, records_.size()));
  hash_ = p.hash;
  count_ = p.count;
}

void trace_buffer::transfer(checkpoint& c) {
  c.values(hash_, count_);
  c.list(records_);
}

void trace_hash::add(std::string_view instance, std::uint64_t hash) {
  for (const char c : instance) value_ = mix64(value_ ^ static_cast<unsigned char>(c));
  value_ = mix64(value_ ^ hash);
}

}  // namespace lightrack::base
