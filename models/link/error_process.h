// SPDX-License-Identifier: Apache-2.0
// models/link/error_process.h
// The wrong bits of one lane: independent ones at a BER that may drift, and bursts.
//
// A burst starts at any bit with the same probability; its length is geometric, cut at 64 bits. Its
// first and last bit are wrong, those between with probability 1/2. A bit hit twice is wrong, not
// right again.
//
// Time:   bit times of the lane from clock 0, in blocks of 2^16; the errors of a block come from
//         (seed, lane path, block) and its rates alone, so no batch, thread count or order of
//         questions changes them. Rates are constant in a block: those at its first bit.
// Cost:   amortized O(1) a question in rising order; a clean block costs one Philox call and no
//         logarithm.
// Not modelled: bursts across a block's end (cut there, at most 64 bits in 65,536).
#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "models/base/checkpoint.h"
#include "models/link/types.h"

namespace lightrack::link {

struct error_params {
  double ber = 0;         ///< independent wrong bits per bit, 0 .. 0.5
  double burst_rate = 0;  ///< bursts that start, per bit
  double burst_bits = 8;  ///< mean length before the cut, 1 .. 64
  /// (bit time, factor on ber), bit times rising; linear between, constant outside. ber x factor is
  /// cut at 0.5.
  std::vector<std::pair<i64, double>> drift{};
};

/// Rates from a bit time on, until the next ones.
struct error_rates {
  i64 from_bit = 0;
  double ber = 0;
  double burst_rate = 0;
  double burst_bits = 8;
};

class error_process {
 public:
  static constexpr int block_log2 = 16;
  static constexpr int max_burst_bits = 64;

  /// `path` is the lane's role, such as "west.tx.lane3".
  error_process(u64 seed, std::string_view path, error_params params);

  /// The first wrong bit at `from` or later if it lies before `until`; otherwise some bit >= until
  /// before which there is none (`never` for a lane without errors; else at most the end of the
  /// block that holds until - 1).
  [[nodiscard]] i64 next_error(i64 from, i64 until);
  /// Rates of the blocks that begin at `rates.from_bit` or later, of which none was asked about.
  /// What held before `forget_before` will not be asked about again. Bit times rise from call to
  /// call.
  void set_rates(const error_rates& rates, i64 forget_before);
  /// The rates that were set and may still be asked about.
  void transfer(base::checkpoint& c);

 private:
  void load(i64 block);
  void take_burst_rates(const error_rates& rates);
  void add_independent(u64 index, i64 bit);
  void add_bursts(u64 index, i64 start);
  [[nodiscard]] double drift_at(i64 bit) const;
  [[nodiscard]] error_rates rates_at(i64 bit) const;

  error_params params_;
  std::vector<error_rates> set_;  ///< rising; before the first one those of params_ hold
  u64 key_;
  bool silent_;
  i64 block_ = -1;
  std::vector<u32> errors_;  ///< of block_, from its first bit, rising
  std::size_t cursor_ = 0;
  double block_ber_ = -1;        ///< what the two below were made for
  double clean_limit_ = 1;       ///< (1 - ber)^block
  double log_keep_ = 0;          ///< log(1 - ber)
  double block_burst_rate_ = 0;  ///< what the three below were made for
  double block_burst_bits_ = 0;
  double burst_clean_limit_ = 1;
  double burst_log_keep_ = 0;
  double burst_log_go_on_ = 0;
};

}  // namespace lightrack::link
