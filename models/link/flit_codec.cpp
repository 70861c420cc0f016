// SPDX-License-Identifier: Apache-2.0
#include "models/link/flit_codec.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "models/link/crc16.h"

namespace lightrack::link {
namespace {

static_assert(std::endian::native == std::endian::little,
              "fields are copied as they stand in memory");

// Where the parts of a flit stand (section 2).
constexpr std::size_t header_bytes = 6;
constexpr std::size_t first_payload = 120;  ///< payload bytes in the first half
constexpr std::size_t crc0_at = 126;
constexpr std::size_t second_half = 128;
constexpr std::size_t crc1_at = 254;

template <class Value>
void put(payload_bytes& payload, std::size_t at, Value value) {
  std::memcpy(payload.data() + at, &value, sizeof value);
}

template <class Value>
Value get(std::span<const u8> bytes, std::size_t at) {
  Value value;
  std::memcpy(&value, bytes.data() + at, sizeof value);
  return value;
}

}  // namespace

payload_bytes pack_init(const init_fields& init) {
  payload_bytes p{};
  p[0] = init.ctrl;
  p[1] = init.version;
  p[2] = init.seen & 1;
  put(p, 4, init.session);
  put(p, 8, init.peer);
  put(p, 12, init.crd0);
  put(p, 14, init.crd1);
  put(p, 16, init.marker_interval);
  put(p, 18, init.ack);
  put(p, 24, init.stamp);
  put(p, 32, init.echo);
  put(p, 40, init.held);
  return p;
}

init_fields unpack_init(std::span<const u8> payload) {
  return {.ctrl = payload[0],
          .version = payload[1],
          .seen = static_cast<u8>(payload[2] & 1),
          .session = get<u32>(payload, 4),
          .peer = get<u32>(payload, 8),
          .crd0 = get<u16>(payload, 12),
          .crd1 = get<u16>(payload, 14),
          .marker_interval = get<u16>(payload, 16),
          .ack = get<u16>(payload, 18),
          .stamp = get<u64>(payload, 24),
          .echo = get<u64>(payload, 32),
          .held = get<u32>(payload, 40)};
}

flit_bytes encode_flit(u64 header, std::span<const u8, payload_size> payload, bool fec) {
  flit_bytes raw{};
  std::memcpy(raw.data(), &header, header_bytes);
  std::memcpy(raw.data() + header_bytes, payload.data(), first_payload);
  std::memcpy(raw.data() + second_half, payload.data() + first_payload,
              payload_size - first_payload);
  const auto [crc0, crc1] = crc16_flit(raw);
  std::memcpy(raw.data() + crc0_at, &crc0, sizeof crc0);
  std::memcpy(raw.data() + crc1_at, &crc1, sizeof crc1);
  if (fec) fec_protect(raw);
  return raw;
}

flit_verdict decode_flit(std::span<const u8, flit_size> raw, bool fec) {
  flit_bytes unchecked;
  std::span<const u8, flit_size> seen = raw;
  if (fec) {
    std::ranges::copy(raw, unchecked.begin());
    std::fill(unchecked.begin() + fec_check_begin, unchecked.begin() + fec_check_end, u8{0});
    seen = unchecked;
  }
  const auto [crc0, crc1] = crc16_flit(seen);
  const bool crc0_ok = crc0 == stored_crc0(raw);
  const bool crc1_ok = crc1 == stored_crc1(raw);
  return {.good = crc0_ok && crc1_ok, .crc0_ok = crc0_ok, .crc1_ok = crc1_ok};
}

fec_verdict correct_flit(std::span<u8, flit_size> raw) {
  const fec_result fec = fec_correct(raw);
  return {.verdict = decode_flit(raw, true), .fec = fec};
}

u64 header_of(std::span<const u8> raw) {
  u64 header = 0;
  std::memcpy(&header, raw.data(), header_bytes);
  return header;
}

payload_bytes payload_of(std::span<const u8, flit_size> raw) {
  payload_bytes payload;
  std::memcpy(payload.data(), raw.data() + header_bytes, first_payload);
  std::memcpy(payload.data() + first_payload, raw.data() + second_half,
              payload_size - first_payload);
  return payload;
}

u16 stored_crc0(std::span<const u8, flit_size> raw) { return get<u16>(raw, crc0_at); }
u16 stored_crc1(std::span<const u8, flit_size> raw) { return get<u16>(raw, crc1_at); }

}  // namespace lightrack::link
