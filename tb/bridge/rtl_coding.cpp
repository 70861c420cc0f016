// SPDX-License-Identifier: Apache-2.0
#include "tb/bridge/rtl_coding.h"

#include <Vcoding_16.h>
#include <Vcoding_4.h>
#include <Vcoding_8.h>
#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "models/base/error.h"
#include "models/link/marker.h"
#include "models/link/scrambler.h"
#include "models/link/stream_codec.h"
#include "tb/bridge/coding_path.h"

namespace lightrack::bridge {
namespace {

using namespace link;

constexpr int tool_lanes = 16;  ///< of single flits, whose bytes are the same at any width

/// Calls `use` with the powered-up model of this width.
template <class Use>
auto with_path(int lanes, Use&& use) {
  if (lanes == 4) return use(coding_path<Vcoding_4, 4>{});
  if (lanes == 8) return use(coding_path<Vcoding_8, 8>{});
  return use(coding_path<Vcoding_16, 16>{});
}

stream_shape plain_shape(int lanes) {
  stream_shape shape{.lanes = lanes};
  shape.lane_map.resize(static_cast<std::size_t>(lanes));
  std::iota(shape.lane_map.begin(), shape.lane_map.end(), 0);
  return shape;
}

void require_built(const stream_shape& shape) {
  if (shape.spares != 0 || shape.lane_map != plain_shape(shape.lanes).lane_map) {
    throw base::config_error(
        "stream.lane_map: the RTL has no spares, and its lane l carries logical lane l; --fidelity "
        "flit takes any map");
  }
  if (shape.marker_interval > 0xFFFF) {
    throw base::config_error(
        fmt::format("stream.marker_interval: {} is above the RTL's 65535", shape.marker_interval));
  }
}

/// Where the last word of each of `flits` flits stands, and after them the length of the stream.
std::vector<std::size_t> last_words(const stream_shape& shape, std::size_t flits) {
  const auto marker = static_cast<std::size_t>(marker_clocks(shape.lanes));
  std::vector<std::size_t> result;
  std::size_t at = marker;
  for (std::size_t f = 1; f <= flits; ++f) {
    at += 4;
    result.push_back(at - 1);
    if (f % static_cast<std::size_t>(shape.marker_interval) == 0) at += marker;
  }
  result.push_back(at);
  return result;
}

/// The bytes that four scrambled words carry.
flit_bytes raw_flit(std::span<const lane_word, 4> words, lane_keystream& keys, int lanes) {
  flit_bytes raw;
  for (std::size_t w = 0; w < 4; ++w) {
    const lane_word& key = keys.next();
    lane_word plain;
    for (std::size_t k = 0; k < plain.size(); ++k) plain[k] = words[w][k] ^ key[k];
    std::ranges::copy(destripe(plain, lanes), raw.begin() + static_cast<std::ptrdiff_t>(64 * w));
  }
  return raw;
}

std::vector<lane_word> send(const stream_shape& shape, std::span<const flit_content> flits) {
  const std::size_t words = last_words(shape, flits.size()).back();
  return with_path(shape.lanes, [&](auto&& path) { return path.send(shape, flits, words); });
}

flit_bytes encode(u64 header, const payload_bytes& payload, bool) {
  const flit_content flit{.header = header, .payload = payload};
  const std::vector<lane_word> words = send(plain_shape(tool_lanes), {&flit, 1});
  lane_keystream keys{tool_lanes};
  return raw_flit(std::span{words}.subspan<4, 4>(), keys, tool_lanes);
}

/// The RTL says good or bad of a whole flit. Which half is wrong it tells when the other half is
/// one known to be good.
decoded_flit judge(const flit_bytes& raw, bool) {
  const flit_bytes good = encode_flit(0, payload_bytes{});
  flit_bytes first_half = good;
  flit_bytes second_half = good;
  std::copy_n(raw.begin(), 128, first_half.begin());
  std::copy_n(raw.begin() + 128, 128, second_half.begin() + 128);
  const lane_streams streams =
      flit_backend().spread(plain_shape(tool_lanes), {raw, first_half, second_half});
  const rtl_reading reading =
      rtl_receive(tool_lanes, plain_shape(tool_lanes).marker_interval, words_of(streams));
  if (reading.flits.size() != 3) {
    throw base::model_error(
        fmt::format("lr_coding_top: {} verdicts on three flits", reading.flits.size()));
  }
  const auto& [whole, first, second] =
      std::tie(reading.flits[0], reading.flits[1], reading.flits[2]);
  decoded_flit result{
      .verdict = {.good = whole.good, .crc0_ok = first.good, .crc1_ok = second.good}};
  if (whole.good) {
    result.header = whole.header;
    result.payload = whole.payload;
  }
  return result;
}

lane_streams spread(const stream_shape& shape, const std::vector<flit_bytes>& flits) {
  require_built(shape);
  std::vector<flit_content> contents;
  for (const flit_bytes& raw : flits)
    contents.push_back({.header = header_of(raw), .payload = payload_of(raw)});
  return streams_of(send(shape, contents), shape.lanes);
}

decoded_stream gather(const stream_shape& shape, const lane_streams& streams) {
  require_built(shape);
  const std::vector<lane_word> words = words_of(streams);
  // Fields of a lane's marker do not leave the RTL: they are read from the bits, and so is what a
  // bad flit held.
  decoded_stream result = flit_backend().gather(shape, streams);
  const rtl_reading reading = rtl_receive(shape.lanes, shape.marker_interval, words);
  const std::vector<std::size_t> expected = last_words(shape, result.flits.size());
  const auto in_place = [&](const rtl_reading::flit& flit) {
    return flit.last_word == expected[static_cast<std::size_t>(&flit - reading.flits.data())];
  };
  if (reading.flits.size() != result.flits.size() ||
      !std::ranges::all_of(reading.flits, in_place)) {
    throw base::config_error(
        "streams: the receiver frames them otherwise than stream.marker_interval says; a marker "
        "with training set is "
        "followed by no flit, one that shows INIT by 64, and the first must stand on most lanes");
  }
  lane_keystream keys{shape.lanes};
  for (std::size_t f = 0; f < result.flits.size(); ++f) {
    if (f % static_cast<std::size_t>(shape.marker_interval) == 0) keys.restart();
    const std::size_t first = expected[f] - 3;
    const flit_bytes raw = raw_flit(std::span{words}.subspan(first).first<4>(), keys, shape.lanes);
    const rtl_reading::flit& seen = reading.flits[f];
    if (seen.good) {
      result.flits[f] = {.verdict = {.good = true, .crc0_ok = true, .crc1_ok = true},
                         .header = seen.header,
                         .payload = seen.payload};
    } else {
      result.flits[f] = judge(raw, false);
      result.flits[f].verdict.good = false;
    }
  }
  return result;
}

}  // namespace

rtl_reading rtl_receive(int lanes, int marker_interval, std::span<const lane_word> words) {
  return with_path(lanes, [&](auto&& path) { return path.receive(marker_interval, words); });
}

std::vector<lane_word> words_of(const lane_streams& streams) {
  const std::size_t lane_bytes = 64 / streams.size();
  std::vector<lane_word> words(streams[0].size() / lane_bytes);
  for (std::size_t lane = 0; lane < streams.size(); ++lane) {
    for (std::size_t i = 0; i < words.size() * lane_bytes; ++i) {
      const std::size_t at = lane * lane_bytes + i % lane_bytes;
      words[i / lane_bytes][at / 4] |= u32{streams[lane][i]} << 8 * (at % 4);
    }
  }
  return words;
}

lane_streams streams_of(std::span<const lane_word> words, int lanes) {
  const std::size_t lane_bytes = 64 / static_cast<std::size_t>(lanes);
  lane_streams streams(static_cast<std::size_t>(lanes));
  for (std::size_t lane = 0; lane < streams.size(); ++lane) {
    for (const lane_word& word : words) {
      for (std::size_t i = 0; i < lane_bytes; ++i) {
        const std::size_t at = lane * lane_bytes + i;
        streams[lane].push_back(static_cast<u8>(word[at / 4] >> 8 * (at % 4)));
      }
    }
  }
  return streams;
}

coding_backend rtl_backend() {
  return {.encode = encode, .judge = judge, .spread = spread, .gather = gather};
}

}  // namespace lightrack::bridge
