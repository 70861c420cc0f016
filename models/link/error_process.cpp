// SPDX-License-Identifier: Apache-2.0
// models/link/error_process.cpp
// Wrong bits of a lane by geometric gaps, block by block.
//
// Places of the lane's random stream, at index = block: sub 0 holds the first gap of the
// independent errors (words 0, 1) and of the bursts (2, 3); sub 1, 2, ... two further gaps of
// errors each; from `burst_sub` on two draws a burst: next gap and length, then the bits within it.
#include "models/link/error_process.h"

#include <algorithm>

#include "models/base/error.h"
#include "models/base/random.h"

namespace lightrack::link {
namespace {

constexpr i64 block_bits = i64{1} << error_process::block_log2;
constexpr u64 burst_sub = u64{1} << 32;
constexpr double largest_ber = 0.5;

// log(1 - p) without the loss of 1 - p for small p.
double log_one_minus(double p) {
  if (p > 1e-4) return base::exact_log(1 - p);
  double series = 0;
  for (int k = 5; k >= 1; --k) series = (series + 1.0 / k) * p;
  return -series;
}

// Bits before the next event of a process whose bits pass without one with probability
// exp(log_keep).
i64 gap(double uniform, double log_keep) {
  const double bits = base::exact_log(uniform) / log_keep;
  return bits < static_cast<double>(block_bits) ? static_cast<i64>(bits) : block_bits;
}

}  // namespace

error_process::error_process(u64 seed, std::string_view path, error_params params)
    : params_{std::move(params)},
      key_{base::stream_key(seed, path)},
      silent_{params_.ber <= 0 && params_.burst_rate <= 0} {}

void error_process::set_rates(const error_rates& rates, i64 forget_before) {
  if (!set_.empty() && rates.from_bit <= set_.back().from_bit)
    throw base::model_error{"error_process: rates from bit " + std::to_string(rates.from_bit) +
                            " after those from bit " + std::to_string(set_.back().from_bit) + "."};
  const auto kept = std::ranges::upper_bound(set_, forget_before, {}, &error_rates::from_bit);
  if (kept - set_.begin() > 1) set_.erase(set_.begin(), kept - 1);
  set_.push_back(rates);
  silent_ = silent_ && rates.ber <= 0 && rates.burst_rate <= 0;
}

void error_process::transfer(base::checkpoint& c) {
  c.list(set_);
  c.values(silent_);
  block_ = -1;
}

double error_process::drift_at(i64 bit) const {
  const auto& drift = params_.drift;
  if (drift.empty()) return 1;
  const auto after = std::ranges::upper_bound(drift, bit, {}, &std::pair<i64, double>::first);
  if (after == drift.begin()) return drift.front().second;
  if (after == drift.end()) return drift.back().second;
  const auto [x0, y0] = *(after - 1);
  const auto [x1, y1] = *after;
  return y0 + (y1 - y0) * (static_cast<double>(bit - x0) / static_cast<double>(x1 - x0));
}

error_rates error_process::rates_at(i64 bit) const {
  const auto after = std::ranges::upper_bound(set_, bit, {}, &error_rates::from_bit);
  error_rates rates = after == set_.begin() ? error_rates{.ber = params_.ber,
                                                          .burst_rate = params_.burst_rate,
                                                          .burst_bits = params_.burst_bits}
                                            : *(after - 1);
  rates.ber = std::min(rates.ber * drift_at(bit), largest_ber);
  return rates;
}

void error_process::take_burst_rates(const error_rates& rates) {
  block_burst_rate_ = rates.burst_rate;
  block_burst_bits_ = rates.burst_bits;
  burst_log_go_on_ = 0;
  burst_clean_limit_ = 1;
  if (rates.burst_rate <= 0) return;
  burst_log_keep_ = log_one_minus(rates.burst_rate);
  burst_clean_limit_ = base::exact_exp(burst_log_keep_ * static_cast<double>(block_bits));
  if (rates.burst_bits > 1) burst_log_go_on_ = log_one_minus(1 / rates.burst_bits);
}

void error_process::load(i64 block) {
  block_ = block;
  cursor_ = 0;
  errors_.clear();
  const error_rates rates = rates_at(block * block_bits);
  if (rates.ber != block_ber_) {
    block_ber_ = rates.ber;
    log_keep_ = log_one_minus(rates.ber);
    clean_limit_ = base::exact_exp(log_keep_ * static_cast<double>(block_bits));
  }
  if (rates.burst_rate != block_burst_rate_ || rates.burst_bits != block_burst_bits_)
    take_burst_rates(rates);
  const auto index = static_cast<u64>(block);
  const auto first = base::draw(key_, index);
  // One uniform number decides both whether the block is clean and, if not, where its first error
  // lies: u <= (1 - ber)^65536 exactly when the first gap reaches the block's end.
  if (const double u = base::unit(first[0], first[1]); block_ber_ > 0 && u > clean_limit_)
      [[unlikely]]
    add_independent(index, gap(u, log_keep_));
  if (const double u = base::unit(first[2], first[3]);
      block_burst_rate_ > 0 && u > burst_clean_limit_) [[unlikely]]
    add_bursts(index, gap(u, burst_log_keep_));
}

void error_process::add_independent(u64 index, i64 bit) {
  std::array<u32, 4> words{};
  for (u64 n = 0; bit < block_bits; ++n) {
    errors_.push_back(static_cast<u32>(bit));
    if (n % 2 == 0) words = base::draw(key_, index, 1 + n / 2);
    const std::size_t half = n % 2 * 2;
    bit += 1 + gap(base::unit(words[half], words[half + 1]), log_keep_);
  }
}

void error_process::add_bursts(u64 index, i64 start) {
  for (u64 n = 0; start < block_bits; ++n) {
    const auto shape = base::draw(key_, index, burst_sub + 2 * n);
    const auto inside = base::draw(key_, index, burst_sub + 2 * n + 1);
    i64 length = 1;
    if (burst_log_go_on_ < 0)
      length +=
          std::min<i64>(gap(base::unit(shape[2], shape[3]), burst_log_go_on_), max_burst_bits - 1);
    const u64 wrong = u64{inside[0]} << 32 | inside[1];
    for (i64 k = 0; k < length && start + k < block_bits; ++k)
      if (k == 0 || k == length - 1 || ((wrong >> k) & 1) != 0)
        errors_.push_back(static_cast<u32>(start + k));
    start += 1 + gap(base::unit(shape[0], shape[1]), burst_log_keep_);
  }
  std::ranges::sort(errors_);
  const auto twice = std::ranges::unique(errors_);
  errors_.erase(twice.begin(), twice.end());
}

i64 error_process::next_error(i64 from, i64 until) {
  if (silent_) return never;
  for (;;) {
    const i64 block = from >> block_log2;
    if (block != block_) load(block);
    const auto place = static_cast<u32>(from & (block_bits - 1));
    // Questions mostly rise, so the cursor is at most a few places behind.
    if (cursor_ > 0 && errors_[cursor_ - 1] >= place)
      cursor_ =
          static_cast<std::size_t>(std::ranges::lower_bound(errors_, place) - errors_.begin());
    while (cursor_ < errors_.size() && errors_[cursor_] < place) ++cursor_;
    const i64 start = block << block_log2;
    if (cursor_ < errors_.size()) return start + errors_[cursor_];
    from = start + block_bits;
    if (from >= until) return from;
  }
}

}  // namespace lightrack::link
