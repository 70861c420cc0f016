// SPDX-License-Identifier: Apache-2.0
// models/base/registers.h
// What is known of a register and of its bus access, in the words of SystemRDL. The facts of each
// register are generated (tools/regs.py) into constants of these types; models, tests and
// `lightrack describe` read the same ones.
//
// Cost:   constant expressions; written() is a handful of mask operations.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace lightrack::base {

struct field_info {
  std::string_view name;
  int low = 0;    ///< least significant bit
  int width = 1;  ///< bits
  std::uint32_t reset = 0;
  std::string_view access;  ///< "rw", "ro", "w1c" or "pulse"
  std::string_view description;
  [[nodiscard]] constexpr std::uint32_t mask() const {
    return (width == 32 ? ~std::uint32_t{0} : (std::uint32_t{1} << width) - 1) << low;
  }
};

/// A 32-bit register. Bits outside all masks read as their reset value and ignore writes.
struct reg_info {
  std::string_view name;  ///< as the bus sees it: "control", "counters.bip_errors[3]"
  std::uint32_t offset = 0;
  std::uint32_t reset = 0;
  std::uint32_t write_mask = 0;  ///< software stores what it writes
  std::uint32_t w1c_mask = 0;    ///< software clears by writing 1, hardware sets
  std::uint32_t pulse_mask = 0;  ///< writing 1 acts for one clock; reads 0
  std::uint32_t live_mask = 0;   ///< what is read comes from hardware, not from storage
  std::string_view title;
  std::span<const field_info> fields;
};

/// The same register at another place of its array.
[[nodiscard]] constexpr reg_info element(reg_info info, std::string_view name,
                                         std::uint32_t offset) {
  info.name = name;
  info.offset = offset;
  return info;
}

/// Bits that byte enables select: strobe bit k is byte k.
[[nodiscard]] constexpr std::uint32_t strobe_mask(unsigned strobe) {
  std::uint32_t mask = 0;
  for (unsigned byte = 0; byte < 4; ++byte) {
    if ((strobe >> byte & 1U) != 0) mask |= 0xFFU << (8 * byte);
  }
  return mask;
}

/// What stands in a register after a bus write; pulses are not kept.
[[nodiscard]] constexpr std::uint32_t written(const reg_info& info, std::uint32_t before,
                                              std::uint32_t value, unsigned strobe) {
  const std::uint32_t enabled = strobe_mask(strobe);
  const std::uint32_t stored = info.write_mask & enabled;
  return ((before & ~stored) | (value & stored)) & ~(info.w1c_mask & enabled & value);
}

}  // namespace lightrack::base
