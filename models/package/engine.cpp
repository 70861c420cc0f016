// SPDX-License-Identifier: Apache-2.0
#include "models/package/engine.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "models/base/error.h"
#include "models/base/units.h"
#include "models/package/engine_csr.h"

namespace lightrack::package {
namespace {

namespace csr = lightrack::engine::csr;
using link::u16;
using link::u32;
using link::u64;
using link::u8;

constexpr u16 nothing_received = 0x8000;
constexpr u8 no_line = 0x3F;

u32 saturated(u64 count) {
  return static_cast<u32>(std::min<u64>(count, std::numeric_limits<u32>::max()));
}

/// Two's complement of a value in hundredths, within 16 bits.
u16 hundredths(double value) {
  const double limited = std::clamp(std::round(value * 100), -32767.0, 32767.0);
  return static_cast<u16>(static_cast<std::int16_t>(limited));
}

// Place of a register in the table, or nothing.
std::optional<std::size_t> find_register(u32 offset) {
  const auto found = std::find_if(csr::registers.begin(), csr::registers.end(),
                                  [&](const base::reg_info& r) { return r.offset == offset; });
  if (found == csr::registers.end()) return std::nullopt;
  return static_cast<std::size_t>(found - csr::registers.begin());
}

void check_heaters(const engine_params& p, const optics::light_bank& bank) {
  const double rings = 2.0 * bank.params().ports * bank.params().lines;
  const double most_mw = rings * bank.params().actuator.power_mw(bank.params().actuator.range_ghz);
  const double most = most_mw / p.gbps();
  if (most > p.light.engine_pj_per_bit)
    throw base::config_error(fmt::format(
        "engine.energy = {}: {:.0f} heaters of {} mW may draw {:.2f} pJ/bit, which is part of it; "
        "allowed is that or more",
        base::number_text(p.light.engine_pj_per_bit), rings, base::number_text(most_mw / rings),
        most));
}

}  // namespace

u16 cmis_f16(double value) {
  if (!(value > 0)) return 0;
  constexpr int bias = 24;
  constexpr int most_mantissa = 2047;
  int exponent = static_cast<int>(std::floor(std::log10(value))) - 2;  // three digits
  exponent = std::clamp(exponent, -bias, 31 - bias);
  const double mantissa = std::round(value / std::pow(10.0, exponent));
  return static_cast<u16>((exponent + bias) << 11 |
                          static_cast<int>(std::clamp(mantissa, 0.0, double{most_mantissa})));
}

engine::engine(const engine_params& p, optics::light_bank& bank, int index)
    : params_{p},
      bank_{&bank},
      index_{index},
      laser_{p.light.module, optics::laser_diode{p.light.diode}, p.light.lane(),
             p.light.light.lines.lines, p.light.fiber_ports},
      host_{p.host, p.gbps()},
      receive_(static_cast<std::size_t>(p.light.fiber_ports), nullptr) {
  check_heaters(p, bank);
  for (const base::reg_info& r : csr::registers) stored_.push_back(r.reset);
}

std::vector<energy_part> engine::energy() const {
  const double gbps = params_.gbps();
  const laser_parts_w laser = laser_.power_w();
  const double heaters = bank_->heater_mw(index_) / gbps;  // mW over Gb/s are pJ/bit
  constexpr double mw_per_w = 1e3;
  return {{"electronics", params_.light.engine_pj_per_bit - heaters},
          {"heaters", heaters},
          {"laser_diodes", laser.diodes * mw_per_w / gbps},
          {"laser_cooler", laser.cooler * mw_per_w / gbps},
          {"laser_control", laser.control * mw_per_w / gbps}};
}

std::optional<u32> engine::read(u32 offset, time_fs t) const {
  const auto at = find_register(offset);
  if (!at) return std::nullopt;
  const base::reg_info& info = csr::registers[*at];
  const u32 still = stored_[*at] & ~info.live_mask & ~info.pulse_mask;
  return still | (info.live_mask == 0 ? 0 : live(offset, t) & info.live_mask);
}

bool engine::write(u32 offset, u32 value, u8 strobe, time_fs t) {
  const auto at = find_register(offset);
  if (!at) return false;
  const base::reg_info& info = csr::registers[*at];
  const u32 before = stored_[*at];
  stored_[*at] = base::written(info, before, value, strobe) & ~info.pulse_mask;
  if (offset != csr::control::info.offset) return true;
  const auto now = csr::control::from_word(stored_[*at]);
  if (csr::control::from_word(value & base::strobe_mask(strobe)).clear_counters) host_.clear();
  if (now.rings_on == csr::control::from_word(before).rings_on) return true;
  if (now.rings_on) {
    bank_->power_on(index_, t);
  } else {
    bank_->power_off(index_, t);
  }
  return true;
}

std::optional<int> engine::selected_ring() const {
  const auto s = csr::select::from_word(stored_[*find_register(csr::select::info.offset)]);
  if (s.port >= bank_->params().ports || s.ring >= bank_->params().lines) return std::nullopt;
  return bank_->ring_of(
      {.engine = index_,
       .port = s.port,
       .direction = s.receive ? optics::bus_direction::rx : optics::bus_direction::tx},
      s.ring);
}

u32 engine::ring_word(u32 offset, int ring) const {
  const optics::ring_lock& lock = bank_->lock(ring);
  switch (offset) {
    case csr::ring_status::info.offset: {
      const int line = bank_->line(ring);
      return csr::ring_status{.state = static_cast<u8>(lock.state),
                              .cause = static_cast<u8>(lock.cause),
                              .lit = lock.lit,
                              .alarm = lock.alarm,
                              .line = line < 0 ? no_line : static_cast<u8>(line),
                              .present = bank_->output(ring).present}
          .to_word();
    }
    case csr::ring_heater::info.offset:
      return static_cast<u32>(bank_->params().actuator.code(bank_->heater_ghz(ring)));
    case csr::ring_losses::info.offset:
      return lock.losses;
    case csr::ring_error::info.offset:
      return static_cast<u32>(static_cast<std::int32_t>(std::lround(bank_->error_ghz(ring) * 1e3)));
    default:
      return 0;
  }
}

u32 engine::receive_word(u32 offset) const {
  const auto s = csr::select::from_word(stored_[*find_register(csr::select::info.offset)]);
  const optical_port* port = s.receive && s.port < receive_.size() ? receive_[s.port] : nullptr;
  int line = -1;
  for (int k = 0; port != nullptr && k < port->lines(); ++k)
    if (port->line(k).receive_ring == s.ring) line = k;
  const bool power = offset == csr::receive_power::info.offset;
  if (line < 0)
    return power ? csr::receive_power{.centi_dbm = nothing_received, .los = true}.to_word()
                 : csr::receive_ber{.f16 = cmis_f16(0.5)}.to_word();
  const line_light& l = port->line(line);
  if (!power) return csr::receive_ber{.f16 = cmis_f16(l.raw_ber)}.to_word();
  const bool seen = std::isfinite(l.average_dbm);
  return csr::receive_power{.centi_dbm = seen ? hundredths(l.average_dbm) : nothing_received,
                            .los = l.lost_signal}
      .to_word();
}

u32 engine::live(u32 offset, time_fs t) const {
  switch (offset) {
    case csr::capabilities::info.offset:
      return csr::capabilities{.ports = static_cast<u8>(bank_->params().ports),
                               .lines = static_cast<u8>(bank_->params().lines),
                               .laser_lanes = static_cast<u8>(laser_.lanes())}
          .to_word();
    case csr::temperature::info.offset:
      return csr::temperature{.centi_celsius = hundredths(bank_->temperature_c(index_, t))}
          .to_word();
    case csr::heater_power::info.offset:
      return saturated(static_cast<u64>(std::llround(bank_->heater_mw(index_) * 1e3)));
    case csr::laser::info.offset:
      return csr::laser{.powered = laser_.powered(), .lanes_on = static_cast<u8>(laser_.lanes_on())}
          .to_word();
    case csr::host_out_flits::info.offset:
      return static_cast<u32>(host_.counters(host_way::to_light).flits);
    case csr::host_out_retries::info.offset:
      return saturated(host_.counters(host_way::to_light).retries);
    case csr::host_in_flits::info.offset:
      return static_cast<u32>(host_.counters(host_way::from_light).flits);
    case csr::host_in_retries::info.offset:
      return saturated(host_.counters(host_way::from_light).retries);
    case csr::receive_power::info.offset:
    case csr::receive_ber::info.offset:
      return receive_word(offset);
    default:
      break;
  }
  const auto ring = selected_ring();
  return ring ? ring_word(offset, *ring) : 0;
}

}  // namespace lightrack::package
