// SPDX-License-Identifier: Apache-2.0
#include "models/base/stats.h"

#include <algorithm>
#include <cmath>

namespace lightrack::base {

void histogram::merge(const histogram& other) {
  for (std::size_t i = 0; i < bucket_count; ++i) buckets_[i] += other.buckets_[i];
  count_ += other.count_;
  sum_ += other.sum_;
  min_ = std::min(min_, other.min_);
  max_ = std::max(max_, other.max_);
}

double histogram::mean() const {
  return count_ == 0 ? 0 : static_cast<double>(sum_) / static_cast<double>(count_);
}

std::uint64_t histogram::lowest(std::size_t index) {
  if (index < 2 * sub_buckets) return index;
  const std::size_t shift = index / sub_buckets - 1;
  return (index - shift * sub_buckets) << shift;
}

double histogram::quantile(double share) const {
  if (count_ == 0) return 0;
  const double wanted = std::ceil(std::clamp(share, 0.0, 1.0) * static_cast<double>(count_));
  const auto rank = std::max<std::uint64_t>(1, static_cast<std::uint64_t>(wanted));
  std::uint64_t below = 0;
  for (std::size_t i = 0; i < bucket_count; ++i) {
    below += buckets_[i];
    if (below < rank) continue;
    const double middle = i < 2 * sub_buckets
                              ? static_cast<double>(lowest(i))
                              : (static_cast<double>(lowest(i)) + static_cast<double>(lowest(i + 1) - 1)) / 2;
    return std::clamp(middle, static_cast<double>(min()), static_cast<double>(max_));
  }
  return static_cast<double>(max_);
}

}  // namespace lightrack::base
