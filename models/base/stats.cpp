// SPDX-License-Identifier: Apache-2.0
#include "models/base/stats.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace lightrack::base {

void histogram::add_evenly(std::uint64_t first, std::uint64_t last, std::uint64_t times) {
  if (times == 0) return;
  if (first > last) std::swap(first, last);
  if (times == 1) last = first;
  std::uint64_t done = 0;
  const auto end = index(last);
  for (std::size_t i = index(first); i < end && done < times; ++i) {
    const std::uint64_t edge = lowest(i + 1);
    // Value k of them is first + k (last - first) / (times - 1).
    const auto below = static_cast<std::uint64_t>(
        (static_cast<unsigned __int128>(edge - first) * (times - 1) + (last - first - 1)) / (last - first));
    buckets_[i] += below - done;
    done = below;
  }
  buckets_[end] += times - done;
  count_ += times;
  sum_ += static_cast<unsigned __int128>(first + last) * times / 2;
  min_ = std::min(min_, first);
  max_ = std::max(max_, last);
}

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
