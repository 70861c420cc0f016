// SPDX-License-Identifier: Apache-2.0
#include "models/link/link_csr_file.h"

#include <algorithm>

#include "rtl/link_pkg.h"

namespace lightrack::link {
namespace {

constexpr u8 nothing = 0xFF;
static_assert(csr::registers.size() < nothing);

/// Index in csr::registers of each word of the map.
constexpr auto register_of_word = [] {
  std::array<u8, csr::size / 4> table{};
  table.fill(nothing);
  for (std::size_t i = 0; i < csr::registers.size(); ++i) {
    table[csr::registers[i].offset / 4] = static_cast<u8>(i);
  }
  return table;
}();

const base::reg_info* find(u32 offset) {
  if (offset >= csr::size || register_of_word[offset / 4] == nothing) return nullptr;
  return &csr::registers[register_of_word[offset / 4]];
}

constexpr auto places = [] {
  namespace at = csr::counters;
  using counters = endpoint_counters;
  constexpr std::array scalars{
      counter_place{at::sent_nop::info.offset, &counters::sent_nop},
      counter_place{at::sent_data::info.offset, &counters::sent_data},
      counter_place{at::sent_replay::info.offset, &counters::sent_replay},
      counter_place{at::sent_ctrl::info.offset, &counters::sent_ctrl},
      counter_place{at::received_good::info.offset, &counters::received_good},
      counter_place{at::received_bad::info.offset, &counters::received_bad},
      counter_place{at::received_protocol::info.offset, &counters::received_protocol},
      counter_place{at::accepted::info.offset, &counters::accepted},
      counter_place{at::duplicates::info.offset, &counters::duplicates},
      counter_place{at::ahead::info.offset, &counters::ahead},
      counter_place{at::replays::info.offset, &counters::replays},
      counter_place{at::naks::info.offset, &counters::naks},
      counter_place{at::replay_timeouts::info.offset, &counters::replay_timeouts},
      counter_place{at::nak_timeouts::info.offset, &counters::nak_timeouts},
      counter_place{at::retrains::info.offset, &counters::retrains},
      counter_place{at::train_timeouts::info.offset, &counters::train_timeouts},
      counter_place{at::credit_stalls::info.offset, &counters::credit_stalls},
      counter_place{at::window_stalls::info.offset, &counters::window_stalls},
      counter_place{at::ack_invalid::info.offset, &counters::ack_invalid},
      counter_place{at::crd_invalid::info.offset, &counters::crd_invalid},
      counter_place{at::rx_overflow::info.offset, &counters::rx_overflow},
      counter_place{at::lost_tx::info.offset, &counters::lost_tx},
      counter_place{at::lost_rx::info.offset, &counters::lost_rx},
      counter_place{at::quiesces::info.offset, &counters::quiesces},
      counter_place{at::wakes::info.offset, &counters::wakes},
  };
  std::array<counter_place, scalars.size() + 3 + 2 * max_lanes> all{};
  auto next = std::ranges::copy(scalars, all.begin()).out;
  for (u32 group = 0; group < 3; ++group) {
    *next++ = {.offset = at::fec_corrected::offset_of(group), .index = group};
  }
  for (u32 lane = 0; lane < max_lanes; ++lane) {
    *next++ = {
        .offset = at::bip_errors::offset_of(lane), .array = &counters::bip_errors, .index = lane};
    *next++ = {.offset = at::markers_missed::offset_of(lane),
               .array = &counters::markers_missed,
               .index = lane};
  }
  return all;
}();
static_assert(std::ssize(places) == std::ranges::count_if(csr::registers, [](const auto& info) {
                return info.name.starts_with("counters.");
              }));

}  // namespace

std::span<const counter_place> counter_places() { return places; }

link_csr_file::link_csr_file(int lanes, int spares, bool light_fec) {
  for (const auto& info : csr::registers) words_[info.offset / 4] = info.reset;
  word<csr::capabilities>() = csr::capabilities{.lanes = static_cast<u8>(lanes),
                                                .spares = static_cast<u8>(spares),
                                                .replay_depth = static_cast<u16>(pkg::max_window),
                                                .rx_depth = static_cast<u16>(pkg::max_window),
                                                .light_fec = light_fec}
                                  .to_word();
  update_config();
}

write_effect link_csr_file::write(u32 offset, u32 value, u8 strobe) {
  offset &= ~3U;
  const auto* info = find(offset);
  if (info == nullptr) return {};
  u32& stored = words_[offset / 4];
  stored = base::written(*info, stored, value, strobe);
  update_config();
  const u32 pulses = value & base::strobe_mask(strobe) & info->pulse_mask;
  return {
      .ok = true,
      .retrain = offset == csr::control::info.offset && csr::control::from_word(pulses).retrain,
      .inject_header = offset == csr::inject_flits::info.offset,
      .inject_lane = offset == csr::inject_lane::info.offset,
      .snapshot = offset == csr::snapshot::info.offset && csr::snapshot::from_word(pulses).take};
}

u32 link_csr_file::read(u32 offset, const live_values& live, bool& ok) const {
  offset &= ~3U;
  ok = find(offset) != nullptr;
  if (!ok) return 0;
  constexpr u32 ber_at = csr::ber_estimate::lane::offset_of(0);
  if (offset >= ber_at && offset < ber_at + 4 * live.ber.size())
    return live.ber[(offset - ber_at) / 4];
  switch (offset) {
    case csr::status::info.offset:
      return csr::status{.state = static_cast<u8>(live.state),
                         .cause = static_cast<u8>(live.cause),
                         .cause_state = static_cast<u8>(live.cause_state),
                         .tx_shift = static_cast<u8>(live.tx_shift),
                         .rx_shift = static_cast<u8>(live.rx_shift)}
          .to_word();
    case csr::lane_locked::info.offset:
      return live.locked;
    case csr::lane_good::info.offset:
      return live.good;
    case csr::tx_lanes::info.offset:
      return live.tx_lanes;
    case csr::rx_lanes::info.offset:
      return live.rx_lanes;
    case csr::round_trip::info.offset:
      return csr::round_trip{.flit_times = static_cast<u32>(live.round_trip)}.to_word();
    case csr::session::info.offset:
      return csr::session{.value = live.session}.to_word();
    case csr::peer::info.offset:
      return csr::peer{.value = live.peer}.to_word();
    case csr::irq_cause::info.offset:
      return word<csr::irq_status>() & word<csr::irq_enable>();
    default:
      return words_[offset / 4];
  }
}

void link_csr_file::take_snapshot(const endpoint_counters& counters) {
  for (const auto& place : places) {
    words_[place.offset / 4] = static_cast<u32>(std::min<u64>(place.in(counters), 0xFFFFFFFFU));
  }
}

void link_csr_file::update_config() {
  const auto limits = csr::limits::from_word(word<csr::limits>());
  config_ = {
      .enable = csr::control::from_word(word<csr::control>()).enable,
      .window = std::min<int>(csr::window::from_word(word<csr::window>()).flits, pkg::max_window),
      .rx_depth =
          std::min<int>(csr::rx_depth::from_word(word<csr::rx_depth>()).flits, pkg::max_window),
      .marker_interval = std::clamp<int>(
          csr::marker_interval::from_word(word<csr::marker_interval>()).flits, 64, 4096),
      .nak_timeout = csr::nak_timeout::from_word(word<csr::nak_timeout>()).flit_times,
      .replay_timeout = csr::replay_timeout::from_word(word<csr::replay_timeout>()).flit_times,
      .replay_limit = limits.replay_limit,
      .retrain_limit = limits.retrain_limit,
      .train_limit = limits.train_limit,
      .marker_interval_bad = std::clamp<int>(
          csr::marker_interval_bad::from_word(word<csr::marker_interval_bad>()).flits, 64, 4096),
      .lanes_off = word<csr::lanes_off>(),
      .quiesce_after = csr::quiesce_after::from_word(word<csr::quiesce_after>()).flit_times,
      .lane_wait_clocks = word<csr::lane_wait_clocks>(),
      .inject_mask =
          u64{word<csr::inject_header_hi>()} << 32 | u64{word<csr::inject_header_lo>()},
      .detect_timeout_clocks = word<csr::detect_timeout_clocks>(),
      .lock_timeout_clocks = word<csr::lock_timeout_clocks>(),
      .map_timeout_clocks = word<csr::map_timeout_clocks>(),
      .deskew_timeout_clocks = word<csr::deskew_timeout_clocks>(),
      .init_timeout_clocks = word<csr::init_timeout_clocks>(),
      .lock_min_clocks = word<csr::lock_min_clocks>(),
  };
}

}  // namespace lightrack::link
