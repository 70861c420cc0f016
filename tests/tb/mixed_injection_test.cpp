// SPDX-License-Identifier: Apache-2.0
// tests/tb/mixed_injection_test.cpp
// What either end injects reaches the other across fidelities: mixed pairs see the records of a
// flit pair.
#include <gtest/gtest.h>

#include <fmt/format.h>

#include <string>
#include <vector>

#include "models/link/flit_endpoint.h"
#include "rtl/link_csr.h"
#include "tb/bridge/rtl_endpoint.h"
#include "tb/verify/catalog.h"
#include "tb/verify/dice.h"
#include "tb/verify/pair_run.h"

namespace lightrack::verify {
namespace {

namespace csr = link::csr;

void expect_mixed_equals_flit(const scenario& s) {
  const link::endpoint_factory flit{link::make_flit_endpoint};
  const link::endpoint_factory rtl = bridge::rtl_factory();
  const run_options options{.keep_records = false};
  const run_result expected = run_pair(s, {.west = flit, .east = flit}, options);
  const std::array<factories, 2> mixed{{{.west = rtl, .east = flit}, {.west = flit, .east = rtl}}};
  for (std::size_t k = 0; k < mixed.size(); ++k) {
    SCOPED_TRACE(k == 0 ? "RTL west" : "RTL east");
    const run_result found = run_pair(s, mixed[k], options);
    EXPECT_EQ(found.broken, expected.broken);
    for (const side who : {side::west, side::east}) {
      SCOPED_TRACE(name_of(who));
      EXPECT_EQ(found.of(who).trace_hash, expected.of(who).trace_hash);
      EXPECT_EQ(found.of(who).trace_records, expected.of(who).trace_records);
      EXPECT_EQ(found.of(who).counters, expected.of(who).counters);
      EXPECT_EQ(found.of(who).sink, expected.of(who).sink);
    }
  }
}

template <class Register>
register_write at(i64 clock, side where, const Register& value) {
  return {clock, where, Register::info.offset, value.to_word()};
}

scenario loaded(bool spares) {
  scenario s;
  s.name = "injection";
  s.length_m = 5;
  s.clocks = 16'000;
  s.west = s.east = {.load = 0.7};
  s.expected = ending::any;
  if (spares) {
    s.params.spares = 2;
    s.params.light_fec = true;
  }
  return s;
}

class mixed_injection : public testing::TestWithParam<bool> {};
INSTANTIATE_TEST_SUITE_P(tb, mixed_injection, testing::Bool(), [](const auto& test) {
  return std::string{test.param ? "spares_and_fec" : "plain"};
});

TEST_P(mixed_injection, of_every_header_bit_and_kind) {
  for (int bit = 0; bit < 48; bit += 3) {
    if (bit == 3) continue;  // RTL ends look for the payload in the stream of the channel shown
    SCOPED_TRACE(bit);
    scenario s = loaded(GetParam());
    const u64 mask = u64{1} << bit;
    for (const side who : {side::west, side::east}) {
      s.writes.push_back(at(5'000, who, csr::inject_header_lo{.mask = static_cast<u32>(mask)}));
      s.writes.push_back(
          at(5'004, who, csr::inject_header_hi{.mask = static_cast<link::u16>(mask >> 32)}));
      for (int k = 0; k < 3; ++k)
        s.writes.push_back(at(
            6'000 + 1'500 * k + 40 * bit, who,
            csr::inject_flits{
                .count = static_cast<u8>(1 + 2 * k), .nop = k != 1, .data = k != 0, .ctrl = true}));
    }
    expect_mixed_equals_flit(s);
  }
}

TEST_P(mixed_injection, of_a_mask_that_makes_one_kind_of_another) {
  for (const u64 mask : {1, 2, 3, 0x3C'0000'00, 0x3C'0000'01}) {
    SCOPED_TRACE(mask);
    scenario s = loaded(GetParam());
    for (const side who : {side::west, side::east}) {
      s.writes.push_back(at(5'000, who, csr::inject_header_lo{.mask = static_cast<u32>(mask)}));
      s.writes.push_back(at(7'000, who, csr::inject_flits{.count = 9, .nop = true, .data = true}));
      // Armed anew while some are left, and the mask changed between two flits.
      s.writes.push_back(at(9'000, who, csr::inject_flits{.count = 255, .data = true}));
      s.writes.push_back(at(9'052, who, csr::inject_flits{.count = 3, .data = true}));
      s.writes.push_back(at(9'061, who, csr::inject_header_lo{.mask = 0x10}));
    }
    expect_mixed_equals_flit(s);
  }
}

TEST_P(mixed_injection, of_lanes_at_any_place_and_length) {
  dice d{GetParam() ? 2U : 1U, "mixed_injection"};
  for (int run = 0; run < 12; ++run) {
    scenario s = loaded(GetParam());
    s.seed = static_cast<u64>(run + 1);
    if (d.coin()) s.to_east.ber = 1e-5;
    for (const side who : {side::west, side::east})
      for (int k = 0; k < 4; ++k)
        s.writes.push_back(at(5'000 + 2'000 * k + d.number(0, 1'900), who,
                              csr::inject_lane{.lane = static_cast<u8>(d.number(0, 19)),
                                               .position = static_cast<u8>(d.number(0, 33)),
                                               .words = static_cast<link::u16>(d.power(0, 3.3))}));
    std::string what;
    for (const register_write& w : s.writes) what += fmt::format(" {}:{:x}", w.clock, w.value);
    SCOPED_TRACE(what);
    expect_mixed_equals_flit(s);
  }
}

TEST_P(mixed_injection, of_a_lane_whose_light_goes_and_comes_meanwhile) {
  for (const i64 armed : {7'980, 8'013, 8'014, 8'015, 8'016, 8'017, 8'020}) {
    SCOPED_TRACE(armed);
    scenario s = loaded(GetParam());
    s.commands = {{.clock = 8'000, .where = side::west, .what = action::disable},
                  {.clock = 8'008, .where = side::west, .what = action::enable}};
    s.writes = {at(armed, side::west, csr::inject_lane{.lane = 2, .position = 5, .words = 40})};
    s.clocks = 22'000;
    expect_mixed_equals_flit(s);
  }
}

TEST_P(mixed_injection, while_the_link_sleeps) {
  scenario s = loaded(GetParam());
  s.params.quiesce_after = 20;
  s.west = {.load = 1, .requests = 5, .start_clock = 12'000};
  s.east = {.load = 0};
  s.writes = {at(7'000, side::west, csr::inject_lane{.lane = 1, .position = 3, .words = 900}),
              at(9'000, side::east, csr::inject_lane{.lane = 15, .position = 31, .words = 2'500}),
              at(11'990, side::west, csr::inject_lane{.lane = 0, .position = 0, .words = 30})};
  expect_mixed_equals_flit(s);
}

TEST(mixed_injection_catalog, of_the_gate) {
  for (const scenario& s : gate_catalog(1)) {
    if (!s.name.starts_with("inject_")) continue;
    SCOPED_TRACE(s.name);
    expect_mixed_equals_flit(s);
  }
}

}  // namespace
}  // namespace lightrack::verify
