// SPDX-License-Identifier: Apache-2.0
// models/link/stream_lanes.cpp
// The coding data path of `flit` fidelity for tools: whole streams, lane by lane, any lane map.
#include <algorithm>
#include <span>

#include "models/link/scrambler.h"
#include "models/link/stream_json.h"

namespace lightrack::link {
namespace {

constexpr u8 flag_wake = 8;

lane_streams spread(const stream_shape& shape, const std::vector<flit_bytes>& flits) {
  const auto interval = static_cast<std::size_t>(shape.marker_interval);
  lane_streams streams;
  for (int physical = 0; physical < shape.wavelengths(); ++physical) {
    const auto mapped = std::ranges::find(shape.lane_map, physical);
    const bool idle = mapped == shape.lane_map.end();
    const auto logical = static_cast<std::size_t>(mapped - shape.lane_map.begin());
    lane_scrambler key{physical};
    std::vector<u8>& bytes = streams.emplace_back();
    u8 bip = 0;
    const auto add_marker = [&](std::size_t nth) {
      const auto count = static_cast<u16>(shape.first_count + nth);
      const bool counts = nth != 0 && (shape.flags & (flag_training | flag_wake)) == 0;
      const marker_words marker =
          build_marker({.physical = static_cast<u8>(physical),
                        .logical = idle ? no_logical_lane : static_cast<u8>(logical),
                        .flags = shape.flags,
                        .count = count,
                        .bip = counts ? bip : u8{0},
                        .good_byte = static_cast<u8>(shape.good_bitmap >> 8 * (count % 3))});
      for (const u32 word : marker) {
        for (int shift = 0; shift < 32; shift += 8) bytes.push_back(static_cast<u8>(word >> shift));
      }
      bip = 0;
      key.restart();
    };
    add_marker(0);
    for (std::size_t f = 0; f < flits.size(); ++f) {
      for (std::size_t i = 0; i < shape.bytes_per_flit(); ++i) {
        const u8 plain = idle ? u8{0} : flits[f][i * shape.lane_map.size() + logical];
        bytes.push_back(plain ^ key.next_byte());
        bip ^= bytes.back();
      }
      if ((f + 1) % interval == 0) add_marker((f + 1) / interval);
    }
  }
  return streams;
}

std::optional<marker_fields> marker_at(std::span<const u8> bytes, int physical) {
  marker_words marker{};
  for (std::size_t i = 0; i < 16; ++i) marker[i / 4] |= u32{bytes[i]} << 8 * (i % 4);
  if (!marker_stands(marker, physical)) return std::nullopt;
  return parse_marker(marker);
}

decoded_flit judge(const flit_bytes& raw, bool fec) {
  flit_bytes bytes = raw;
  decoded_flit result;
  if (fec) {
    const fec_verdict seen = correct_flit(bytes);
    result.verdict = seen.verdict;
    result.fec = seen.fec;
  } else {
    result.verdict = decode_flit(bytes);
  }
  if (result.verdict.good) {
    result.header = header_of(bytes);
    result.payload = payload_of(bytes);
  }
  return result;
}

decoded_stream gather(const stream_shape& shape, const lane_streams& streams) {
  constexpr std::size_t marker_bytes = 16;
  const auto interval = static_cast<std::size_t>(shape.marker_interval);
  decoded_stream result;
  std::vector<lane_scrambler> keys;
  for (int physical = 0; physical < shape.wavelengths(); ++physical) keys.emplace_back(physical);
  const auto take_marker = [&](std::size_t at) {
    auto& marker = result.markers.emplace_back();
    for (std::size_t lane = 0; lane < streams.size(); ++lane) {
      marker.push_back(
          marker_at(std::span{streams[lane]}.subspan(at, marker_bytes), static_cast<int>(lane)));
      keys[lane].restart();
    }
    return at + marker_bytes;
  };
  std::size_t at = take_marker(0);
  while (at < streams[0].size()) {
    flit_bytes flit;
    for (std::size_t i = 0; i < flit_size; ++i) {
      const auto lane = static_cast<std::size_t>(shape.lane_map[i % shape.lane_map.size()]);
      flit[i] = streams[lane][at + i / shape.lane_map.size()] ^ keys[lane].next_byte();
    }
    result.flits.push_back(judge(flit, shape.fec));
    at += shape.bytes_per_flit();
    if (result.flits.size() % interval == 0 && at < streams[0].size()) at = take_marker(at);
  }
  return result;
}

}  // namespace

coding_backend flit_backend() {
  return {.encode = [](u64 header, const payload_bytes& payload,
                       bool fec) { return encode_flit(header, payload, fec); },
          .judge = judge,
          .spread = spread,
          .gather = gather,
          .light_fec = true};
}

}  // namespace lightrack::link
