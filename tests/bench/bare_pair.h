// SPDX-License-Identifier: Apache-2.0
// tests/bench/bare_pair.h
// The yardstick of bench_link: the Verilated models of two 16-lane ends and the flits of their
// sources in the plainest C++ loop, without kernel, endpoint class, channel, trace, sink or check;
// the RTL's assertions are off.
//
// Time:   each clock evaluates west, then east; words cross through a ring as long as the fiber.
// Not modelled: bit offsets, errors, stalls.
//   bench::bare_pair pair{flight};  pair.run(8'000);  pair.run(100'000);  pair.flits();
#pragma once

#include <cstdint>
#include <memory>

namespace lightrack::bench {

class bare_pair {
 public:
  explicit bare_pair(std::int64_t flight_clocks);
  ~bare_pair();
  bare_pair(const bare_pair&) = delete;
  bare_pair& operator=(const bare_pair&) = delete;

  /// The next `clocks` clocks of both ends, at full load both ways on VC0.
  void run(std::int64_t clocks);
  /// Flits delivered on both sides together so far.
  [[nodiscard]] std::uint64_t flits() const;

 private:
  struct end;
  std::unique_ptr<end> west_;
  std::unique_ptr<end> east_;
  std::int64_t now_ = 0;
};

}  // namespace lightrack::bench
