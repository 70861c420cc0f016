// SPDX-License-Identifier: Apache-2.0
// tests/package/engine_test.cpp
// Registers, energy and counters of one engine among two.
#include "models/package/engine.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <numeric>

#include "models/base/error.h"
#include "models/package/engine_csr.h"
#include "models/package/light_plant.h"
#include "tests/link/register_checks.h"
#include "tests/package/engine_rig.h"

namespace lightrack::package {
namespace {

namespace csr = lightrack::engine::csr;
using link::u32;
using link::u8;
using optics::ms;
using optics::us;

/// West with a bus to its registers, and east at the other end of both fibers of port 2.
struct engine_bus {
  static std::span<const base::reg_info> table() { return csr::registers; }

  explicit engine_bus(const engine_setup& s = rig_setup())
      : plant{plant_of(s, {"west", "east"}, 640'000)} {
    plant.connect({0, 2}, {1, 2}, s.port(16));
    plant.connect({1, 2}, {0, 2}, s.port(16));
    plant.start();
  }
  std::optional<u32> read(u32 offset) { return west().read(offset, plant.bank_time(now)); }
  bool write(u32 offset, u32 value, u8 strobe = 0xF) {
    return plant.write(0, offset, value, strobe, now);
  }
  template <class Register>
  Register get() {
    return Register::from_word(read(Register::info.offset).value_or(0xDEADBEEF));
  }
  template <class Register>
  void put(const Register& r) {
    EXPECT_TRUE(write(Register::info.offset, r.to_word()));
  }
  void run_to(time_fs t) {
    while (plant.next_time() <= t) plant.step(plant.next_time());
    now = t;
  }
  engine& west() { return plant.engine_at(0); }

  light_plant plant;
  time_fs now = 0;
};

TEST(engine_registers, answer_as_the_source_says) {
  engine_bus bus;
  link::check_reset_values(bus);
  link::check_words_without_register(bus);
  link::check_read_only_ignores_writes(bus);
  link::check_pulses_read_zero(bus);
  link::check_walking_ones(bus);
  link::check_byte_strobes(bus);
}

TEST(engine_registers, source_has_18_in_order_and_the_page_shows_them) {
  EXPECT_EQ(csr::registers.size(), 18U);
  for (std::size_t i = 1; i < csr::registers.size(); ++i)
    EXPECT_GT(csr::registers[i].offset, csr::registers[i - 1].offset);
  const std::string root = LIGHTRACK_SOURCE_DIR;
  const std::string command = root + "/.venv/bin/python " + root +
                              "/tools/regs.py markdown --check " + root +
                              "/models/package/engine.rdl " + root + "/docs/registers-engine.md";
  EXPECT_EQ(std::system(command.c_str()), 0) << command;
}

TEST(engine_registers, name_what_was_built) {
  engine_bus bus;
  EXPECT_EQ(bus.get<csr::capabilities>(),
            (csr::capabilities{.ports = 8, .lines = 16, .laser_lanes = 16}));
  EXPECT_EQ(bus.get<csr::laser>(), (csr::laser{.powered = true, .lanes_on = 16}));
  EXPECT_EQ(bus.get<csr::temperature>().centi_celsius, 6250);
  EXPECT_NEAR(bus.get<csr::heater_power>().microwatts, 256 * 2800, 256 * 300);
}

TEST(engine_registers, show_a_ring_through_the_window) {
  engine_bus bus;
  bus.put(csr::select{.port = 2, .ring = 5});
  const auto status = bus.get<csr::ring_status>();
  EXPECT_EQ(status.state, static_cast<u8>(optics::lock_state::locked));
  EXPECT_TRUE(status.present);
  EXPECT_EQ(status.line, bus.plant.bank().line(bus.plant.bank().ring_of({0, 2}, 5)));
  EXPECT_NEAR(bus.get<csr::ring_heater>().code, 1400, 1300);
  EXPECT_EQ(bus.get<csr::receive_power>().centi_dbm, 0x8000) << "a modulator receives nothing";

  bus.put(csr::select{.port = 2, .ring = 5, .receive = true});
  EXPECT_NEAR(static_cast<std::int16_t>(bus.get<csr::receive_power>().centi_dbm), -658, 10)
      << "0.17 dB below an OMA of -6.41 dBm";
  EXPECT_FALSE(bus.get<csr::receive_power>().los);
  const auto ber = bus.get<csr::receive_ber>().f16;
  EXPECT_NEAR(ber >> 11, 6, 0) << "hundreds x 10^(6 - 24)";
  EXPECT_NEAR(ber & 0x7FF, 450, 200) << "4.5e-16";

  bus.put(csr::select{.port = 3, .ring = 5, .receive = true});
  EXPECT_TRUE(bus.get<csr::receive_power>().los) << "no fiber there";
  bus.put(csr::select{.port = 2, .ring = 17});
  EXPECT_EQ(bus.read(csr::ring_status::info.offset), 0U) << "no such ring";
}

TEST(engine_registers, count_a_loss_of_lock_and_show_the_fault) {
  engine_bus bus;
  bus.plant.schedule(
      {.time = 10 * us, .what = light_fault::heater, .engine = 0, .port = 2, .index = 6});
  bus.plant.schedule(
      {.time = 20 * us, .what = light_fault::temperature_ramp, .engine = 0, .value = -3});
  bus.run_to(30 * ms);
  bus.put(csr::select{.port = 2, .ring = 6});
  EXPECT_EQ(bus.get<csr::ring_losses>().count, 1U);
  EXPECT_FALSE(bus.get<csr::ring_status>().present);
  bus.put(csr::select{.port = 2, .ring = 7});
  EXPECT_EQ(bus.get<csr::ring_losses>().count, 0U);
  EXPECT_EQ(bus.get<csr::temperature>().centi_celsius, 5950);
}

TEST(engine_registers, rings_go_off_and_come_up_again_in_41_ms) {
  engine_bus bus;
  bus.run_to(ms);
  bus.put(csr::control{.rings_on = false});
  EXPECT_EQ(bus.get<csr::heater_power>().microwatts, 0U);
  bus.run_to(2 * ms);
  EXPECT_FALSE(bus.plant.port(0).lane(0).present);
  bus.put(csr::control{.rings_on = true});
  bus.run_to(43 * ms);
  EXPECT_FALSE(bus.plant.port(0).lane(0).present);
  bus.run_to(44 * ms);
  EXPECT_TRUE(bus.plant.port(0).lane(0).present);
}

TEST(engine_energy, parts_sum_to_the_totals_of_the_table) {
  const auto total = [](std::initializer_list<std::string> sets) {
    engine_bus bus{rig_setup(sets)};
    double sum = 0;
    for (const energy_part& p : bus.west().energy()) {
      EXPECT_GE(p.pj_per_bit, 0) << p.name;
      sum += p.pj_per_bit;
    }
    return sum;
  };
  EXPECT_NEAR(total({}), 4.87, 0.01) << "50 Gb/s: 3.0 + 1.87";
  EXPECT_NEAR(total({"engine.profile=GEN3_8T"}), 5.23, 0.01) << "32 Gb/s: 3.0 + 2.23";
}

TEST(engine_energy, a_dead_laser_draws_nothing) {
  engine_bus bus;
  const double all = bus.west().energy()[2].pj_per_bit;
  bus.west().laser().set_lane(0, false);
  EXPECT_NEAR(bus.west().energy()[2].pj_per_bit, all * 15 / 16, 1e-9);
  bus.west().laser().set_power(false);
  for (std::size_t part = 2; part < 5; ++part) EXPECT_EQ(bus.west().energy()[part].pj_per_bit, 0);
}

TEST(engine_energy, heaters_above_the_engine_s_energy_are_refused_with_the_numbers) {
  try {
    engine_bus bus{rig_setup({"engine.energy=0.7", "ring.heater_max=30"})};
    FAIL();
  } catch (const base::config_error& e) {
    EXPECT_NE(std::string{e.what()}.find("256 heaters of 30 mW may draw 1.20 pJ/bit"),
              std::string::npos)
        << e.what();
  }
}

TEST(cmis_f16, is_mantissa_times_ten_to_the_exponent_less_24) {
  EXPECT_EQ(cmis_f16(0), 0);
  EXPECT_EQ(cmis_f16(1e-12), (10 << 11 | 100));
  EXPECT_EQ(cmis_f16(0.5), (21 << 11 | 500));
  EXPECT_EQ(cmis_f16(2.4e-4), (18 << 11 | 240));
  EXPECT_EQ(cmis_f16(1e-30), 0) << "below the smallest";
}

}  // namespace
}  // namespace lightrack::package
