// SPDX-License-Identifier: Apache-2.0
// models/base/random.h
// Counter-based random numbers: a value is a function of (seed, role path, index) and of nothing else.
//
// Time:    no state, so no order of calls, thread count or restore changes a value.
// Cost:    draw() is one Philox4x32-10 call for four words; mix64() about eight instructions.
//   const u64 key = base::stream_key(seed, "west.tx.lane3");  auto r = base::draw(key, block, 0);
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace lightrack::base {

/// Key of the stream that `path` (a role such as "west.tx.lane3") has under `seed`.
[[nodiscard]] std::uint64_t stream_key(std::uint64_t seed, std::string_view path);

/// Four random 32-bit words at place (index, sub) of a stream (Philox4x32-10, Salmon et al., SC 2011).
[[nodiscard]] std::array<std::uint32_t, 4> draw(std::uint64_t key, std::uint64_t index, std::uint64_t sub = 0);

/// A well-mixed function of 64 bits (finalizer of splitmix64): for payload and digests, where statistics matter less.
[[nodiscard]] constexpr std::uint64_t mix64(std::uint64_t x) {
  x += 0x9E3779B97F4A7C15ULL;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ULL;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBULL;
  return x ^ (x >> 31);
}

/// Uniform in (0, 1], 53 bits: never zero, so that its logarithm exists.
[[nodiscard]] constexpr double unit(std::uint32_t high, std::uint32_t low) {
  const std::uint64_t bits = (std::uint64_t{high} << 32 | low) >> 11;
  return static_cast<double>(bits + 1) * 0x1.0p-53;
}

/// Natural logarithm of a positive normal number and exponential function, the same bits on every host: only IEEE additions,
/// multiplications and divisions in fixed order (no fused multiply-add). Relative error below 1e-15 and 1e-14.
[[nodiscard]] double exact_log(double x);
[[nodiscard]] double exact_exp(double x);

}  // namespace lightrack::base
