// SPDX-License-Identifier: Apache-2.0
// tests/link/link_csr_file_test.cpp
#include "models/link/link_csr_file.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdlib>
#include <string>

#include "rtl/link_csr_regs.h"
#include "rtl/link_pkg.h"
#include "tests/link/register_checks.h"

namespace lightrack::link {
namespace {

/// The register file with nothing behind it.
struct file_bus {
  link_csr_file file{16};
  live_values live;

  std::optional<u32> read(u32 offset) {
    bool ok = false;
    const u32 value = file.read(offset, live, ok);
    return ok ? std::optional{value} : std::nullopt;
  }
  bool write(u32 offset, u32 value, u8 strobe = 0xF) {
    return file.write(offset, value, strobe).ok;
  }
};

TEST(link_csr_file, answers_as_the_register_source_says) {
  file_bus bus;
  check_reset_values(bus);
  check_words_without_register(bus);
  check_read_only_ignores_writes(bus);
  check_pulses_read_zero(bus);
  check_walking_ones(bus);
  check_byte_strobes(bus);
}

TEST(link_csr_file, names_what_it_was_built_with) {
  link_csr_file file{8};
  bool ok = false;
  const auto built =
      csr::capabilities::from_word(file.read(csr::capabilities::info.offset, {}, ok));
  EXPECT_EQ(built, (csr::capabilities{.lanes = 8, .replay_depth = 511, .rx_depth = 511}));
}

TEST(link_csr_file, starts_with_the_configuration_of_the_specification) {
  const link_csr_file file{16};
  EXPECT_EQ(file.config(), (link_config{.enable = false,
                                        .window = 511,
                                        .rx_depth = 256,
                                        .marker_interval = 4096,
                                        .nak_timeout = 0,
                                        .replay_timeout = 0,
                                        .replay_limit = 8,
                                        .retrain_limit = 4,
                                        .train_limit = 4,
                                        .marker_interval_bad = 256,
                                        .lane_wait_clocks = 16384,
                                        .detect_timeout_clocks = 1562500,
                                        .lock_timeout_clocks = 312500,
                                        .map_timeout_clocks = 78125,
                                        .deskew_timeout_clocks = 78125,
                                        .init_timeout_clocks = 78125,
                                        .lock_min_clocks = 16384}));
}

TEST(link_csr_file, every_configuration_register_reaches_its_member) {
  link_csr_file file{16};
  const auto write = [&file](const auto& reg) { file.write(reg.info.offset, reg.to_word(), 0xF); };
  write(csr::control{.enable = true});
  write(csr::window{.flits = 101});
  write(csr::rx_depth{.flits = 102});
  write(csr::marker_interval{.flits = 103});
  write(csr::nak_timeout{.flit_times = 104});
  write(csr::replay_timeout{.flit_times = 105});
  write(csr::limits{.replay_limit = 106, .retrain_limit = 107, .train_limit = 108});
  write(csr::detect_timeout_clocks{.clocks = 109});
  write(csr::lock_timeout_clocks{.clocks = 110});
  write(csr::map_timeout_clocks{.clocks = 111});
  write(csr::deskew_timeout_clocks{.clocks = 112});
  write(csr::init_timeout_clocks{.clocks = 113});
  write(csr::lock_min_clocks{.clocks = 0xFFFFFFFF});
  write(csr::marker_interval_bad{.flits = 114});
  write(csr::lanes_off{.lanes = 0x20001});
  write(csr::quiesce_after{.flit_times = 115});
  write(csr::lane_wait_clocks{.clocks = 116});
  EXPECT_EQ(file.config(), (link_config{.enable = true,
                                        .window = 101,
                                        .rx_depth = 102,
                                        .marker_interval = 103,
                                        .nak_timeout = 104,
                                        .replay_timeout = 105,
                                        .replay_limit = 106,
                                        .retrain_limit = 107,
                                        .train_limit = 108,
                                        .marker_interval_bad = 114,
                                        .lanes_off = 0x20001,
                                        .quiesce_after = 115,
                                        .lane_wait_clocks = 116,
                                        .detect_timeout_clocks = 109,
                                        .lock_timeout_clocks = 110,
                                        .map_timeout_clocks = 111,
                                        .deskew_timeout_clocks = 112,
                                        .init_timeout_clocks = 113,
                                        .lock_min_clocks = 0xFFFFFFFF}));
}

TEST(link_csr_file, takes_the_nearest_value_in_range_and_reads_back_what_was_written) {
  file_bus bus;
  bus.write(csr::window::info.offset, 1023);
  bus.write(csr::rx_depth::info.offset, 512);
  bus.write(csr::marker_interval::info.offset, 63);
  EXPECT_EQ(bus.file.config().window, 511);
  EXPECT_EQ(bus.file.config().rx_depth, 511);
  EXPECT_EQ(bus.file.config().marker_interval, 64);
  EXPECT_EQ(bus.read(csr::window::info.offset), 1023);
  EXPECT_EQ(bus.read(csr::marker_interval::info.offset), 63);
  bus.write(csr::marker_interval::info.offset, 8191);
  EXPECT_EQ(bus.file.config().marker_interval, 4096);
}

TEST(link_csr_file, pulses_come_once_and_only_through_an_enabled_byte) {
  link_csr_file file{16};
  const u32 retrain = csr::control{.enable = true, .retrain = true}.to_word();
  EXPECT_TRUE(file.write(csr::control::info.offset, retrain, 0xF).retrain);
  EXPECT_FALSE(file.write(csr::control::info.offset, retrain, 0xE).retrain);
  EXPECT_FALSE(file.write(csr::snapshot::info.offset, 0x2, 0xF).snapshot) << "not the field's bit";
  EXPECT_TRUE(file.write(csr::snapshot::info.offset, 0x1, 0x1).snapshot);
}

TEST(link_csr_file, shows_the_live_values) {
  file_bus bus;
  bus.live = {.state = 5,
              .cause = 12,
              .cause_state = 4,
              .locked = 0xFFFE,
              .good = 0x1234,
              .round_trip = 84,
              .session = 3,
              .peer = 0xFFFFFFFF};
  EXPECT_EQ(bus.read(csr::status::info.offset), 0x4C5);
  EXPECT_EQ(bus.read(csr::lane_locked::info.offset), 0xFFFE);
  EXPECT_EQ(bus.read(csr::lane_good::info.offset), 0x1234);
  EXPECT_EQ(bus.read(csr::round_trip::info.offset), 84);
  EXPECT_EQ(bus.read(csr::session::info.offset), 3);
  EXPECT_EQ(bus.read(csr::peer::info.offset), 0xFFFFFFFF);
}

TEST(link_csr_file, interrupt_stands_from_event_to_clear_where_it_is_enabled) {
  file_bus bus;
  bus.file.raise({.no_light = true, .active_lost = true});
  EXPECT_EQ(bus.read(csr::irq_status::info.offset), 0b1010);
  EXPECT_FALSE(bus.file.interrupt()) << "nothing enabled";
  bus.write(csr::irq_enable::info.offset, csr::irq_enable{.active_lost = true}.to_word());
  EXPECT_TRUE(bus.file.interrupt());
  EXPECT_EQ(bus.read(csr::irq_cause::info.offset), 0b1000);

  bus.write(csr::irq_status::info.offset, 0b1000, 0xE);
  EXPECT_TRUE(bus.file.interrupt()) << "the byte was not enabled";
  bus.write(csr::irq_status::info.offset, 0b0111);
  EXPECT_EQ(bus.read(csr::irq_status::info.offset), 0b1000) << "zero clears nothing";
  bus.write(csr::irq_status::info.offset, 0b1000);
  EXPECT_FALSE(bus.file.interrupt());
}

TEST(link_csr_file, event_at_the_clock_of_a_clear_wins) {
  file_bus bus;
  bus.file.raise({.link_down = true});
  bus.write(csr::irq_status::info.offset, 0b1111);
  bus.file.raise({.link_down = true});
  EXPECT_EQ(bus.read(csr::irq_status::info.offset), 0b0100);
}

TEST(link_csr_file, counters_are_read_as_of_the_last_snapshot_and_saturate) {
  file_bus bus;
  endpoint_counters counters;
  u64 value = 1000;
  for (const auto& place : counter_places()) place.in(counters) = ++value;
  EXPECT_EQ(bus.read(csr::counters::sent_nop::info.offset), 0) << "no snapshot yet";
  bus.file.take_snapshot(counters);
  value = 1000;
  for (const auto& place : counter_places()) EXPECT_EQ(bus.read(place.offset), ++value);

  counters.sent_nop = 0xFFFFFFFF;
  counters.lost_rx = u64{1} << 32;
  counters.markers_missed[15] = u64{1} << 40;
  EXPECT_EQ(bus.read(csr::counters::sent_nop::info.offset), 1001) << "the shadow stands still";
  bus.file.take_snapshot(counters);
  EXPECT_EQ(bus.read(csr::counters::sent_nop::info.offset), 0xFFFFFFFF);
  EXPECT_EQ(bus.read(csr::counters::lost_rx::info.offset), 0xFFFFFFFF);
  EXPECT_EQ(bus.read(csr::counters::markers_missed::offset_of(15)), 0xFFFFFFFF);
}

TEST(link_csr_file, counter_names_are_those_of_the_bus) {
  endpoint_counters counters;
  counters.received_protocol = 7;
  counters.bip_errors[3] = 8;
  file_bus bus;
  bus.file.take_snapshot(counters);
  EXPECT_EQ(bus.read(csr::counters::received_protocol::info.offset), 7);
  EXPECT_EQ(bus.read(csr::counters::bip_errors::offset_of(3)), 8);
}

TEST(link_csr_file, protocol_version_is_the_one_of_the_package) {
  EXPECT_EQ(csr::version{}.protocol, pkg::protocol_version);
}

TEST(register_source, firmware_header_has_the_same_places) {
  EXPECT_EQ(offsetof(link_csr_t, control), csr::control::info.offset);
  EXPECT_EQ(offsetof(link_csr_t, lock_min_clocks), csr::lock_min_clocks::info.offset);
  EXPECT_EQ(offsetof(link_csr_t, irq_cause), csr::irq_cause::info.offset);
  EXPECT_EQ(offsetof(link_csr_t, counters.markers_missed[15]),
            csr::counters::markers_missed::offset_of(15));
  EXPECT_EQ(sizeof(link_csr_t), csr::size);
}

TEST(register_source, table_is_complete_in_order_and_without_overlap) {
  // 36 registers of their own, 28 counters, 2 x 18 counters and 18 estimates of lanes.
  EXPECT_EQ(csr::registers.size(), 118);
  for (std::size_t i = 1; i < csr::registers.size(); ++i)
    EXPECT_GE(csr::registers[i].offset, csr::registers[i - 1].offset + 4) << csr::registers[i].name;
}

TEST(register_source, fields_pack_and_unpack) {
  constexpr csr::limits limits{.replay_limit = 0x12, .retrain_limit = 0x34, .train_limit = 0x56};
  static_assert(limits.to_word() == 0x563412);
  static_assert(csr::limits::from_word(0xFF563412) == limits);
  static_assert(csr::irq_status{.link_down = true}.to_word() == 0b100);
}

TEST(register_source, page_of_registers_is_up_to_date) {
  const std::string root = LIGHTRACK_SOURCE_DIR;
  const std::string command = root + "/.venv/bin/python " + root +
                              "/tools/regs.py markdown --check " + root + "/rtl/link.rdl " + root +
                              "/docs/registers.md";
  EXPECT_EQ(std::system(command.c_str()), 0);
}

}  // namespace
}  // namespace lightrack::link
