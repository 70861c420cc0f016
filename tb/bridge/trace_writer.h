// SPDX-License-Identifier: Apache-2.0
// tb/bridge/trace_writer.h
// The trace port of an RTL end as records, in the order of models/link/trace_events.h.
//
// Cost:   the valid bits are looked at together; no allocation unless records are kept.
#pragma once

#include <array>
#include <utility>

#include "models/base/checkpoint.h"
#include "models/base/trace.h"
#include "models/link/trace_events.h"
#include "rtl/link_pkg.h"

namespace lightrack::bridge {

using link::u32;
using link::u64;

inline constexpr int trace_words = (link::pkg::trace::bits + 31) / 32;

/// What the trace port does not carry: digests of the payload that moved in this clock, zero where
/// none did.
struct moved_payload {
  u64 accepted = 0;
  std::array<u64, link::vc_count> delivered{};
  std::array<u64, link::vc_count> wrong{};  ///< real one of the latest delivery, found wrong now
};

struct bit_place {
  int low = 0;
  int width = 0;
};
/// Where a field of the trace port lies, found by looking which bits of the port it takes.
template <auto Field>
[[nodiscard]] consteval bit_place place_of() {
  bit_place place;
  for (int bit = 0; bit < link::pkg::trace::bits; ++bit) {
    std::array<u32, trace_words + 2> port{};
    port[static_cast<std::size_t>(bit / 32)] = u32{1} << (bit % 32);
    if (link::pkg::trace::unpack(port).*Field == 0) continue;
    if (place.width++ == 0) place.low = bit;
  }
  return place;
}

/// The bits of some fields in the words of the port.
template <auto... Fields>
[[nodiscard]] consteval std::array<u32, trace_words> mask_of() {
  std::array<u32, trace_words> mask{};
  const auto set = [&mask](bit_place place) {
    for (int bit = place.low; bit < place.low + place.width; ++bit)
      mask[static_cast<std::size_t>(bit / 32)] |= u32{1} << (bit % 32);
  };
  (set(place_of<Fields>()), ...);
  return mask;
}

/// The trace port of one clock; a field is taken out of it only when asked for.
class trace_port {
 public:
  explicit trace_port(const u32* words) : words_{words} {}
  template <auto Field>
  [[nodiscard]] u64 get() const {
    constexpr bit_place place = place_of<Field>();
    return link::pkg::packed_field(words_, place.low, place.width);
  }
  /// True if a verdict, a flit sent or a delivery is told of in this clock.
  [[nodiscard]] bool usual() const {
    using t = link::pkg::trace;
    return set<mask_of<&t::verdict_valid, &t::ftx_valid, &t::accept, &t::deliver>()>();
  }
  /// True if anything else is.
  [[nodiscard]] bool rare() const {
    using t = link::pkg::trace;
    return set<
        mask_of<&t::mrx_valid, &t::mtx_valid, &t::replay, &t::state_valid, &t::lock_valid>()>();
  }
  /// Bit 0: accept; bits 2..1: deliver, bit a VC.
  [[nodiscard]] u64 handshakes() const {
    using port_t = link::pkg::trace;
    return get<&port_t::accept>() | get<&port_t::deliver>() << 1;
  }

 private:
  template <std::array<u32, trace_words> Mask>
  [[nodiscard]] bool set() const {
    return [this]<std::size_t... Word>(std::index_sequence<Word...>) {
      return (u32{0} | ... | (Mask[Word] == 0 ? 0 : words_[Word] & Mask[Word])) != 0;
    }
    (std::make_index_sequence<trace_words>{});
  }

  const u32* words_;
};

/// Writes records of one endpoint. A delivery is recorded at its handshake, when only beat 0 is
/// known; where a later beat is wrong (an undetected error), the writer goes back and names the
/// real bytes.
class trace_writer {
 public:
  [[nodiscard]] base::trace_buffer& buffer() { return buffer_; }
  [[nodiscard]] const base::trace_buffer& buffer() const { return buffer_; }

  void transfer(base::checkpoint& c) {
    buffer_.transfer(c);
    c.values(written_, recent_, deliveries_);
  }

  void write(link::i64 clock, const trace_port& port, const moved_payload& moved) {
    using link::trace_event;
    using port_t = link::pkg::trace;
    const auto add = [&](trace_event event, u64 arg8, u64 arg16, u64 arg32, u64 arg64) {
      add_record({.clock = clock,
                  .arg64 = arg64,
                  .arg32 = static_cast<u32>(arg32),
                  .arg16 = static_cast<link::u16>(arg16),
                  .arg8 = static_cast<link::u8>(arg8),
                  .event = static_cast<link::u8>(event)});
    };
    for (unsigned vc = 0; vc < link::vc_count; ++vc)
      if (moved.wrong[vc] != 0) [[unlikely]]
        correct(vc, moved.wrong[vc]);
    if (port.get<&port_t::verdict_valid>() != 0)
      add(trace_event::verdict, port.get<&port_t::verdict>(), port.get<&port_t::verdict_fec>(), 0,
          port.get<&port_t::verdict_header>());
    const bool rare = port.rare();
    if (rare && port.get<&port_t::mrx_valid>() != 0) [[unlikely]]
      add(trace_event::marker_rx, port.get<&port_t::mrx_flags>(), port.get<&port_t::mrx_count>(), 0,
          0);
    if (rare && port.get<&port_t::mtx_valid>() != 0) [[unlikely]]
      add(trace_event::marker_tx, port.get<&port_t::mtx_flags>(), port.get<&port_t::mtx_count>(), 0,
          0);
    if (port.get<&port_t::ftx_valid>() != 0) {
      const u64 header = port.get<&port_t::ftx_header>();
      add(trace_event::flit_tx, port.get<&port_t::ftx_ctrl>(), 0, 0, header);
      if (port.get<&port_t::accept>() != 0)
        add(trace_event::accept, header >> 3 & 1, 0, 0, moved.accepted);
    }
    const u64 deliver = port.get<&port_t::deliver>();
    for (unsigned vc = 0; vc < link::vc_count; ++vc) {
      if ((deliver >> vc & 1) == 0) continue;
      deliveries_[vc] = {.place = buffer_.here(), .record = written_};
      add(trace_event::deliver, vc, 0, 0, moved.delivered[vc]);
    }
    if (!rare) [[likely]]
      return;
    if (port.get<&port_t::replay>() != 0) add(trace_event::replay, 0, 0, 0, 0);
    if (port.get<&port_t::state_valid>() != 0)
      add(trace_event::state, port.get<&port_t::state>(), port.get<&port_t::cause>(), 0, 0);
    if (port.get<&port_t::lock_valid>() != 0)
      add(trace_event::lock, 0, 0, port.get<&port_t::locked>(), 0);
  }

 private:
  struct delivery {
    base::trace_buffer::place place;
    u64 record = 0;  ///< number of its record
  };
  static constexpr u64 recent_records = 64;  // above 4 clocks of nine records, a power of two

  void add_record(const base::trace_record& r) {
    recent_[written_++ % recent_records] = r;
    buffer_.add(r);
  }
  /// The latest delivery of vc had the payload of this digest: as if it had been known then.
  void correct(unsigned vc, u64 digest);

  base::trace_buffer buffer_;
  u64 written_ = 0;
  std::array<base::trace_record, recent_records> recent_{};
  std::array<delivery, link::vc_count> deliveries_{};
};

}  // namespace lightrack::bridge
