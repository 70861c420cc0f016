// SPDX-License-Identifier: Apache-2.0
#include "tb/bridge/rtl_coding.h"

#include <Vcoding_16.h>
#include <Vcoding_16_2.h>
#include <Vcoding_16_2_fec.h>
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

constexpr std::size_t marker_size = 16;  ///< bytes of a lane
constexpr int tool_lanes = 16;           ///< of single flits, whose bytes are the same at any width

/// Calls `use` with the powered-up model that was built for this. Spares that a stream does not
/// have carry nothing there and are left away.
template <class Use>
auto with_path(int lanes, int spares, bool fec, Use&& use) {
  if (fec) return use(coding_path<Vcoding_16_2_fec, 16, 2, true>{});
  if (lanes == 4) return use(coding_path<Vcoding_4, 4>{});
  if (lanes == 8) return use(coding_path<Vcoding_8, 8>{});
  if (spares == 0) return use(coding_path<Vcoding_16, 16>{});
  return use(coding_path<Vcoding_16_2, 16, 2>{});
}

stream_shape plain_shape(int lanes, bool fec = false) {
  stream_shape shape{.lanes = lanes, .fec = fec};
  shape.lane_map.resize(static_cast<std::size_t>(lanes));
  std::iota(shape.lane_map.begin(), shape.lane_map.end(), 0);
  return shape;
}

u32 lanes_of(const stream_shape& shape) {
  u32 lanes = 0;
  for (const int physical : shape.lane_map) lanes |= u32{1} << physical;
  return lanes;
}

/// Words of a flit: twice as many at half width.
std::size_t flit_words(const stream_shape& shape) {
  return 4 * static_cast<std::size_t>(shape.lanes) / shape.lane_map.size();
}

void require_built(const stream_shape& shape, bool fec) {
  if (shape.lanes != 16 && (shape.spares != 0 || fec)) {
    throw base::config_error(fmt::format(
        "stream: {} lanes, {} spares, light FEC {} is not built at rtl: 16 lanes with 0, 1 or 2 "
        "spares, with and without light FEC, 8 and 4 lanes alone without are; --fidelity flit "
        "takes "
        "any",
        shape.lanes, shape.spares, fec ? "on" : "off"));
  }
  if (!std::ranges::is_sorted(shape.lane_map)) {
    throw base::config_error(
        "stream.lane_map: the RTL puts logical lanes on rising physical ones; --fidelity flit "
        "takes "
        "any map");
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
    at += flit_words(shape);
    result.push_back(at - 1);
    if (f % static_cast<std::size_t>(shape.marker_interval) == 0) at += marker;
  }
  result.push_back(at);
  return result;
}

/// The bytes that a flit's scrambled bytes on the lanes carry, from byte `at` of each lane on.
flit_bytes raw_flit(const stream_shape& shape, const lane_streams& streams, std::size_t at,
                    std::vector<lane_scrambler>& keys) {
  flit_bytes raw;
  for (std::size_t i = 0; i < raw.size(); ++i) {
    const auto lane = static_cast<std::size_t>(shape.lane_map[i % shape.lane_map.size()]);
    raw[i] = streams[lane][at + i / shape.lane_map.size()] ^ keys[lane].next_byte();
  }
  return raw;
}

std::vector<lane_scrambler> fresh_keys(const stream_shape& shape) {
  std::vector<lane_scrambler> keys;
  for (int physical = 0; physical < shape.wavelengths(); ++physical) keys.emplace_back(physical);
  return keys;
}

std::vector<lane_word> send(const stream_shape& shape, std::span<const flit_content> flits,
                            bool fec) {
  const std::size_t words = last_words(shape, flits.size()).back();
  return with_path(shape.lanes, shape.spares, fec,
                   [&](auto&& path) { return path.send(shape, flits, words, lanes_of(shape)); });
}

rtl_reading receive(const stream_shape& shape, const lane_streams& streams) {
  return with_path(shape.lanes, shape.spares, shape.fec, [&](auto&& path) {
    return path.receive(shape.marker_interval, words_of(streams, shape.lanes), lanes_of(shape));
  });
}

flit_bytes encode(u64 header, const payload_bytes& payload, bool fec) {
  const stream_shape shape = plain_shape(tool_lanes);
  const flit_content flit{.header = header, .payload = payload};
  const lane_streams streams = streams_of(send(shape, {&flit, 1}, fec), tool_lanes, tool_lanes);
  std::vector<lane_scrambler> keys = fresh_keys(shape);
  return raw_flit(shape, streams, marker_size, keys);
}

/// A flit of these halves, which the light FEC finds clean.
flit_bytes joined(std::span<const u8, 256> first, std::span<const u8, 256> second, bool fec) {
  flit_bytes flit;
  std::copy_n(first.begin(), 128, flit.begin());
  std::copy_n(second.begin() + 128, 128, flit.begin() + 128);
  if (fec) fec_protect(flit);
  return flit;
}

/// What the decoder did: which groups it has changed says the RTL, where and what was beyond it
/// stand in the bits.
fec_result corrections(const flit_bytes& raw, unsigned changed) {
  fec_result fec = fec_decide(fec_syndromes_of(raw));
  for (std::size_t g = 0; g < fec.groups.size(); ++g) {
    if ((changed >> g & 1) != 0) {
      fec.groups[g] = fec_outcome::corrected;
    } else if (fec.groups[g] == fec_outcome::corrected) {
      fec.groups[g] = fec_outcome::failed;
    }
  }
  return fec;
}

/// The RTL says good or bad of a whole flit. Which half is wrong it tells when the other half is
/// one known to be good.
decoded_flit judge(const flit_bytes& raw, bool fec) {
  const flit_bytes good = encode_flit(0, payload_bytes{});
  flit_bytes corrected = raw;
  if (fec) fec_correct(corrected);
  const stream_shape shape = plain_shape(tool_lanes, fec);
  const rtl_reading reading =
      receive(shape, flit_backend().spread(
                         shape, {raw, joined(corrected, good, fec), joined(good, corrected, fec)}));
  if (reading.flits.size() != 3) {
    throw base::model_error(
        fmt::format("lr_coding_top: {} verdicts on three flits", reading.flits.size()));
  }
  const auto& [whole, first, second] =
      std::tie(reading.flits[0], reading.flits[1], reading.flits[2]);
  decoded_flit result{
      .verdict = {.good = whole.good, .crc0_ok = first.good, .crc1_ok = second.good}};
  if (fec) result.fec = corrections(raw, whole.corrected);
  if (whole.good) {
    result.header = whole.header;
    result.payload = whole.payload;
  }
  return result;
}

/// A link has light FEC on all flits or on none. Where a stream mixes both, each flit's words come
/// from the model that codes it; so no marker may count over them.
lane_streams spread(const stream_shape& shape, const std::vector<flit_bytes>& flits) {
  std::vector<flit_content> contents;
  std::vector<bool> coded;
  for (const flit_bytes& raw : flits) {
    contents.push_back({.header = header_of(raw), .payload = payload_of(raw)});
    coded.push_back(encode_flit(contents.back().header, contents.back().payload) != raw);
  }
  const bool any = std::ranges::find(coded, true) != coded.end();
  const bool all = std::ranges::find(coded, false) == coded.end() && !coded.empty();
  require_built(shape, any);
  std::vector<lane_word> words = send(shape, contents, all);
  if (any && !all) {
    if (flits.size() >= static_cast<std::size_t>(shape.marker_interval)) {
      throw base::config_error(
          "stream: flits with and without light FEC before a marker are not built at rtl; "
          "--fidelity flit takes them");
    }
    const std::vector<lane_word> others = send(shape, contents, true);
    const std::vector<std::size_t> last = last_words(shape, flits.size());
    for (std::size_t f = 0; f < flits.size(); ++f)
      for (std::size_t w = last[f] + 1 - flit_words(shape); coded[f] && w <= last[f]; ++w)
        words[w] = others[w];
  }
  return streams_of(words, shape.lanes, shape.wavelengths());
}

decoded_stream gather(const stream_shape& shape, const lane_streams& streams) {
  require_built(shape, shape.fec);
  // Fields of a lane's marker do not leave the RTL: they are read from the bits, and so is what a
  // bad flit held.
  decoded_stream result = flit_backend().gather(shape, streams);
  const rtl_reading reading = receive(shape, streams);
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
  std::vector<lane_scrambler> keys = fresh_keys(shape);
  const std::size_t lane_bytes = 64 / static_cast<std::size_t>(shape.lanes);
  for (std::size_t f = 0; f < result.flits.size(); ++f) {
    if (f % static_cast<std::size_t>(shape.marker_interval) == 0) keys = fresh_keys(shape);
    const std::size_t first = (expected[f] + 1 - flit_words(shape)) * lane_bytes;
    const flit_bytes raw = raw_flit(shape, streams, first, keys);
    const rtl_reading::flit& seen = reading.flits[f];
    if (seen.good) {
      result.flits[f] = {.verdict = {.good = true, .crc0_ok = true, .crc1_ok = true},
                         .header = seen.header,
                         .payload = seen.payload};
    } else {
      result.flits[f] = judge(raw, shape.fec);
      result.flits[f].verdict.good = false;
    }
    if (shape.fec) result.flits[f].fec = corrections(raw, seen.corrected);
  }
  return result;
}

}  // namespace

rtl_reading rtl_receive(int lanes, int marker_interval, std::span<const lane_word> words) {
  return with_path(lanes, 0, false,
                   [&](auto&& path) { return path.receive(marker_interval, words); });
}

std::vector<lane_word> words_of(const lane_streams& streams, int lanes) {
  const std::size_t lane_bytes = 64 / static_cast<std::size_t>(lanes);
  std::vector<lane_word> words(streams[0].size() / lane_bytes);
  for (std::size_t lane = 0; lane < streams.size(); ++lane) {
    for (std::size_t i = 0; i < words.size() * lane_bytes; ++i) {
      const std::size_t at = lane * lane_bytes + i % lane_bytes;
      words[i / lane_bytes][at / 4] |= u32{streams[lane][i]} << 8 * (at % 4);
    }
  }
  return words;
}

lane_streams streams_of(std::span<const lane_word> words, int lanes, int wavelengths) {
  const std::size_t lane_bytes = 64 / static_cast<std::size_t>(lanes);
  lane_streams streams(static_cast<std::size_t>(wavelengths));
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
  return {.encode = encode, .judge = judge, .spread = spread, .gather = gather, .light_fec = true};
}

}  // namespace lightrack::bridge
