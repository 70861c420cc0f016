// SPDX-License-Identifier: Apache-2.0
// tests/link/endpoint_registers.h
// The register tests of a whole endpoint, written once for every fidelity: a test program includes
// this and says
//   INSTANTIATE_TEST_SUITE_P(flit, endpoint_registers, testing::Values(named_factory{"flit",
//   make_flit_endpoint}));
// All go through access_csr and csr_replies; what is expected comes from the register source and
// docs/link-layer.md.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <ostream>
#include <string>

#include "models/link/batch_runner.h"
#include "models/link/link_csr_file.h"
#include "models/link/packer.h"
#include "rtl/link_pkg.h"
#include "tests/link/register_checks.h"

namespace lightrack::link {

/// Two endpoints without traffic on 20 m of fiber, and a bus to the west one.
class register_link {
 public:
  explicit register_link(const endpoint_factory& make)
      : west_{make(wiring("west", "east", west_source_, west_sink_, east_source_))},
        east_{make(wiring("east", "west", east_source_, east_sink_, west_source_))},
        runner_{{{west_.get(), east_.get(), receive_channel{channel_params{}}.flight()}}, 1} {}

  [[nodiscard]] i64 now() const { return runner_.now(); }
  [[nodiscard]] endpoint& west() { return *west_; }
  void run_to(i64 clock) {
    while (runner_.now() < clock) runner_.step(clock);
  }

  /// Setup phase at `clock`, or as soon as it may be; returns once it is answered, at setup + 4.
  csr_reply access(csr_access access, i64 clock = 0) {
    access.clock = std::max({clock, now(), last_setup_ + 4});
    last_setup_ = access.clock;
    run_to(access.clock);
    west_->access_csr(access);
    runner_.step(access.clock + 4);
    const auto replies = west_->csr_replies();
    EXPECT_EQ(replies.size(), 1U) << "answer to the access of clock " << access.clock;
    if (replies.size() != 1) return {.error = true};
    EXPECT_EQ(replies[0].clock, access.clock);
    EXPECT_EQ(replies[0].offset, access.offset);
    return replies[0];
  }
  std::optional<u32> read(u32 offset) {
    const csr_reply reply = access({.offset = offset, .write = false});
    return reply.error ? std::nullopt : std::optional{reply.value};
  }
  bool write(u32 offset, u32 value, u8 strobe = 0xF) {
    return !access({.offset = offset, .value = value, .strobe = strobe}).error;
  }
  template <class Register>
  Register read() {
    return Register::from_word(read(Register::info.offset).value_or(0xDEADBEEF));
  }
  template <class Register>
  void write(const Register& value) {
    EXPECT_TRUE(write(Register::info.offset, value.to_word())) << Register::info.name;
  }

  /// Enables both ends and runs until the west one shows ACTIVE.
  void bring_up() {
    east_->access_csr({.clock = now(),
                       .offset = csr::lock_min_clocks::info.offset,
                       .value = csr::lock_min_clocks{.clocks = 400}.to_word()});
    east_->access_csr({.clock = now() + 4,
                       .offset = csr::control::info.offset,
                       .value = csr::control{.enable = true}.to_word()});
    write(csr::lock_min_clocks{.clocks = 400});
    write(csr::control{.enable = true});
    wait_for(pkg::state_e::active);
  }
  void wait_for(pkg::state_e state) {
    const i64 limit = now() + 50'000;
    while (read<csr::status>().state != static_cast<u8>(state)) {
      ASSERT_LT(now(), limit) << "no " << pkg::name_of(state) << ", state "
                              << int{read<csr::status>().state};
    }
  }

 private:
  static endpoint_wiring wiring(const char* here, const char* there, flit_source& source,
                                flit_sink& sink, const flit_source& far) {
    return {.name = std::string{"link0."} + here,
            .params = {},
            .receive = {.path = std::string{there} + ".tx"},
            .source = &source,
            .sink = &sink,
            .far_source = &far};
  }

  flit_source west_source_{{.path = "west"}, traffic_generator{}};
  flit_source east_source_{{.path = "east"}, traffic_generator{}};
  flit_sink west_sink_{{}, &east_source_, &west_source_};
  flit_sink east_sink_{{}, &west_source_, &east_source_};
  std::unique_ptr<endpoint> west_;
  std::unique_ptr<endpoint> east_;
  batch_runner runner_;
  i64 last_setup_ = -4;
};

/// A fidelity under test and its name in reports.
struct named_factory {
  const char* name;
  endpoint_factory make;
  friend void PrintTo(const named_factory& f, std::ostream* out) { *out << f.name; }
};

class endpoint_registers : public testing::TestWithParam<named_factory> {
 protected:
  register_link link{GetParam().make};
};

TEST_P(endpoint_registers, hold_their_reset_values) { check_reset_values(link); }
TEST_P(endpoint_registers, answer_an_error_where_there_is_none) {
  check_words_without_register(link);
}
TEST_P(endpoint_registers, ignore_writes_where_read_only) { check_read_only_ignores_writes(link); }
TEST_P(endpoint_registers, read_zero_where_pulses) { check_pulses_read_zero(link); }
TEST_P(endpoint_registers, keep_each_writable_bit_alone) { check_walking_ones(link); }
TEST_P(endpoint_registers, take_bytes_by_strobe) { check_byte_strobes(link); }

TEST_P(endpoint_registers, name_what_was_built) {
  EXPECT_EQ(link.read<csr::capabilities>(),
            (csr::capabilities{.lanes = 16, .replay_depth = 511, .rx_depth = 511}));
}

TEST_P(endpoint_registers, show_reset_without_session_before_enable) {
  EXPECT_EQ(link.read<csr::status>().state, static_cast<u8>(pkg::state_e::reset));
  EXPECT_EQ(link.read<csr::session>().value, 0);
  EXPECT_EQ(link.read<csr::peer>().value, 0);
  EXPECT_EQ(link.read<csr::round_trip>().flit_times, 0);
}

TEST_P(endpoint_registers, show_an_active_link) {
  ASSERT_NO_FATAL_FAILURE(link.bring_up());
  EXPECT_EQ(link.read<csr::lane_locked>().lanes, 0xFFFF);
  EXPECT_EQ(link.read<csr::lane_good>().lanes, 0xFFFF);
  EXPECT_EQ(link.read<csr::session>().value, 1);
  EXPECT_EQ(link.read<csr::peer>().value, 1);
  EXPECT_EQ(link.read<csr::round_trip>().flit_times, link.west().status().round_trip);
  EXPECT_GE(link.read<csr::round_trip>().flit_times, 2 * 154 / 4U)
      << "light alone takes 2 x 153 clocks";
  EXPECT_LE(link.read<csr::round_trip>().flit_times, 2 * 154 / 4U + 20);
}

// The event comes each 40 clocks, and the line tells when. A clear with its setup phase at s acts
// at s + 1; a read at s + 4 shows the bit as at s + 5. So the bit stands if an event was at one of
// s + 1 to s + 4, in all 40 phases.
TEST_P(endpoint_registers, keep_an_interrupt_that_comes_at_the_clock_of_its_clear) {
  constexpr i64 period = 40;
  link.write(csr::detect_timeout_clocks{.clocks = period});
  link.write(csr::irq_enable{.no_light = true});
  link.write(csr::control{.enable = true});
  while (!link.west().interrupt()) {
    ASSERT_LT(link.now(), 1000);
    link.run_to(link.now() + 1);
  }
  const i64 event = link.now() - 2;  // the line is that of now - 1, one clock after the event
  for (i64 after_event = 0; after_event < period; ++after_event) {
    const i64 setup = event + (after_event + 2) * period + after_event;
    link.access({.offset = csr::irq_status::info.offset,
                 .value = csr::irq_status{.no_light = true}.to_word()},
                setup);
    const bool event_since_clear = after_event >= period - 4;
    EXPECT_EQ(link.read<csr::irq_status>().no_light, event_since_clear)
        << "clear " << after_event + 1 << " clocks after one event";
  }
}

TEST_P(endpoint_registers, raise_the_interrupt_line_only_where_enabled) {
  link.write(csr::detect_timeout_clocks{.clocks = 1000});
  link.write(csr::control{.enable = true});
  link.run_to(1500);
  EXPECT_TRUE(link.read<csr::irq_status>().no_light);
  EXPECT_FALSE(link.read<csr::irq_cause>().no_light);
  EXPECT_FALSE(link.west().interrupt());
  link.write(csr::irq_enable{.no_light = true});
  EXPECT_TRUE(link.west().interrupt());
  EXPECT_TRUE(link.read<csr::irq_cause>().no_light);
  link.write(csr::irq_status{.no_light = true});
  EXPECT_FALSE(link.west().interrupt());
  EXPECT_FALSE(link.read<csr::irq_cause>().no_light);
}

TEST_P(endpoint_registers, retrain_by_pulse_and_say_so) {
  ASSERT_NO_FATAL_FAILURE(link.bring_up());
  EXPECT_FALSE(link.read<csr::irq_status>().active_lost);
  link.write(csr::control{.enable = true, .retrain = true});
  EXPECT_EQ(link.read<csr::status>(),
            (csr::status{.state = static_cast<u8>(pkg::state_e::lock),
                         .cause = static_cast<u8>(pkg::cause_e::command),
                         .cause_state = static_cast<u8>(pkg::state_e::active)}));
  EXPECT_TRUE(link.read<csr::irq_status>().active_lost);
  ASSERT_NO_FATAL_FAILURE(link.wait_for(pkg::state_e::active));
  link.write(csr::snapshot{.take = true});
  EXPECT_EQ(link.read<csr::counters::retrains>().count, 1);
}

TEST_P(endpoint_registers, show_counters_as_of_the_clock_of_the_snapshot) {
  ASSERT_NO_FATAL_FAILURE(link.bring_up());
  EXPECT_EQ(link.read<csr::counters::sent_nop>().count, 0) << "no snapshot yet";
  link.run_to(link.now() + 1000);
  for (i64 phase = 0; phase < 4; ++phase) {  // a NOP each 4 clocks: every phase of it
    const i64 setup = link.now() + 101 - phase;
    link.run_to(setup);
    link.west().access_csr({.clock = setup,
                            .offset = csr::snapshot::info.offset,
                            .value = csr::snapshot{.take = true}.to_word()});
    link.run_to(setup + pkg::csr_lat);
    const endpoint_counters counters = link.west().counters();
    link.run_to(setup + 200);
    for (const auto& place : counter_places())
      EXPECT_EQ(link.read(place.offset), place.in(counters)) << "at " << place.offset;
    EXPECT_GT(counters.sent_nop, 100);
    EXPECT_GT(link.west().counters().sent_nop, counters.sent_nop) << "the shadow stood still";
  }
}

}  // namespace lightrack::link
