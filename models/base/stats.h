// SPDX-License-Identifier: Apache-2.0
// models/base/stats.h
// Histogram of non-negative integers (clocks, flits) with exact small values and bounded relative error above.
//
// Cost:   add() is a bit scan and one increment; memory is fixed (about 29 kB).
//   base::histogram latency;  latency.add(clocks);  latency.quantile(0.99);
#pragma once

#include <array>
#include <bit>
#include <cstdint>

namespace lightrack::base {

class histogram {
 public:
  /// Values below 2 x `sub_buckets` are exact; above, a bucket spans 1/64 of its octave (relative error <= 0.8 %).
  static constexpr int sub_log2 = 6;
  static constexpr std::uint64_t sub_buckets = 1U << sub_log2;

  void add(std::uint64_t value, std::uint64_t times = 1) {
    buckets_[index(value)] += times;
    count_ += times;
    sum_ += static_cast<unsigned __int128>(value) * times;
    if (value < min_) min_ = value;
    if (value > max_) max_ = value;
  }
  /// `times` values evenly spread from `first` to `last`, in either order.
  void add_evenly(std::uint64_t first, std::uint64_t last, std::uint64_t times);
  void merge(const histogram& other);

  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] std::uint64_t min() const { return count_ == 0 ? 0 : min_; }
  [[nodiscard]] std::uint64_t max() const { return max_; }
  [[nodiscard]] double mean() const;
  /// The value below or at which `share` (0 .. 1) of the samples lie: midpoint of its bucket, clamped to min and max; 0 without samples.
  [[nodiscard]] double quantile(double share) const;
  friend bool operator==(const histogram&, const histogram&) = default;

 private:
  static constexpr std::size_t bucket_count = (64 - sub_log2 + 1) * sub_buckets;
  [[nodiscard]] static constexpr std::size_t index(std::uint64_t v) {
    if (v < 2 * sub_buckets) return v;
    const int shift = static_cast<int>(std::bit_width(v)) - 1 - sub_log2;
    return static_cast<std::size_t>(shift) * sub_buckets + (v >> shift);
  }
  [[nodiscard]] static std::uint64_t lowest(std::size_t index);

  std::array<std::uint64_t, bucket_count> buckets_{};
  std::uint64_t count_ = 0;
  unsigned __int128 sum_ = 0;
  std::uint64_t min_ = ~0ULL;
  std::uint64_t max_ = 0;
};

}  // namespace lightrack::base
