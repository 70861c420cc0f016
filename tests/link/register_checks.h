// SPDX-License-Identifier: Apache-2.0
// tests/link/register_checks.h
// Checks of every register in the generated table, for anything that answers register accesses: a
// Bus has
//   static span<const base::reg_info> table()                optional: its registers, else the
//   link's std::optional<u32> read(u32 offset)                      nothing = bus error bool
//   write(u32 offset, u32 value, u8 strobe = 0xF)       false = bus error
// The expectation is computed from the masks that the register source gives, never from the model
// under test.
#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <set>
#include <span>
#include <string>

#include "models/link/types.h"
#include "rtl/link_csr.h"

namespace lightrack::link {

/// The registers of a bus: those of a link endpoint unless it names its own.
template <class Bus>
std::span<const base::reg_info> registers_of(const Bus&) {
  if constexpr (requires { Bus::table(); }) {
    return Bus::table();
  } else {
    return csr::registers;
  }
}

inline std::string label(const base::reg_info& info) { return std::string{info.name}; }

/// Bits that keep what they are or read 0 whatever is written, and do not move by themselves.
inline u32 steady_mask(const base::reg_info& info) { return ~(info.live_mask | info.w1c_mask); }

/// What must be read after `value` was written over `before`.
inline u32 expected_after_write(const base::reg_info& info, u32 before, u32 value, u8 strobe) {
  u32 expected = before;
  for (int bit = 0; bit < 32; ++bit) {
    const u32 mask = u32{1} << bit;
    if ((strobe >> (bit / 8) & 1) == 0) continue;
    if ((info.write_mask & mask) != 0) expected = (expected & ~mask) | (value & mask);
  }
  return expected;
}

template <class Bus>
void check_reset_values(Bus& bus) {
  for (const auto& info : registers_of(bus)) {
    const auto value = bus.read(info.offset);
    ASSERT_TRUE(value.has_value()) << label(info);
    EXPECT_EQ(*value & ~info.live_mask, info.reset & ~info.live_mask) << label(info);
  }
}

/// Every word of the 4 KiB without a register is an error, to read and to write.
template <class Bus>
void check_words_without_register(Bus& bus) {
  std::set<u32> mapped;
  for (const auto& info : registers_of(bus)) mapped.insert(info.offset);
  for (u32 offset = 0; offset < 4096; offset += 4) {
    if (mapped.contains(offset)) continue;
    EXPECT_FALSE(bus.read(offset).has_value()) << offset;
    EXPECT_FALSE(bus.write(offset, 0xFFFFFFFF)) << offset;
  }
}

template <class Bus>
void check_read_only_ignores_writes(Bus& bus) {
  for (const auto& info : registers_of(bus)) {
    if ((info.write_mask | info.w1c_mask | info.pulse_mask) != 0) continue;
    for (const u32 value : {0xFFFFFFFFU, 0U, 0xA5A5A5A5U}) {
      EXPECT_TRUE(bus.write(info.offset, value)) << label(info) << ": ignored, not an error";
      const auto read = bus.read(info.offset);
      ASSERT_TRUE(read.has_value()) << label(info);
      EXPECT_EQ(*read & ~info.live_mask, info.reset & ~info.live_mask) << label(info);
    }
  }
}

template <class Bus>
void check_pulses_read_zero(Bus& bus) {
  for (const auto& info : registers_of(bus)) {
    if (info.pulse_mask == 0) continue;
    EXPECT_TRUE(bus.write(info.offset, info.pulse_mask));
    EXPECT_EQ(bus.read(info.offset).value_or(~0U) & info.pulse_mask, 0U) << label(info);
    EXPECT_TRUE(bus.write(info.offset, info.reset));
  }
}

/// Writes `value` and expects what the masks say; returns what was read.
template <class Bus>
u32 write_and_expect(Bus& bus, const base::reg_info& info, u32 before, u32 value, u8 strobe) {
  EXPECT_TRUE(bus.write(info.offset, value, strobe)) << label(info);
  const u32 read = bus.read(info.offset).value_or(~0U);
  EXPECT_EQ(read & steady_mask(info),
            expected_after_write(info, before, value, strobe) & steady_mask(info))
      << label(info) << std::hex << " value " << value << " strobe " << int{strobe};
  return read;
}

template <class Bus>
void check_walking_ones(Bus& bus) {
  for (const auto& info : registers_of(bus)) {
    if (info.write_mask == 0) continue;
    u32 stands = bus.read(info.offset).value_or(0);
    for (int bit = 0; bit < 32; ++bit) {
      stands = write_and_expect(bus, info, stands, u32{1} << bit, 0xF);
      stands = write_and_expect(bus, info, stands, ~(u32{1} << bit), 0xF);
    }
    write_and_expect(bus, info, stands, info.reset, 0xF);
  }
}

template <class Bus>
void check_byte_strobes(Bus& bus) {
  for (const auto& info : registers_of(bus)) {
    if (info.write_mask == 0) continue;
    u32 stands = bus.read(info.offset).value_or(0);
    for (u8 strobe = 0; strobe < 16; ++strobe) {
      stands = write_and_expect(bus, info, stands, 0, 0xF);
      stands = write_and_expect(bus, info, stands, 0xFFFFFFFF, strobe);
      stands = write_and_expect(bus, info, stands, 0xFFFFFFFF, 0xF);
      stands = write_and_expect(bus, info, stands, 0, strobe);
    }
    write_and_expect(bus, info, stands, info.reset, 0xF);
  }
}

}  // namespace lightrack::link
