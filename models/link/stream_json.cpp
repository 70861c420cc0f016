// SPDX-License-Identifier: Apache-2.0
#include "models/link/stream_json.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <string_view>

#include "models/base/error.h"

namespace lightrack::link {
namespace {

using nlohmann::json;
using names = std::initializer_list<std::string_view>;

[[noreturn]] void refuse(const std::string& key, const std::string& why) {
  throw base::config_error(fmt::format("{}: {}", key, why));
}

/// An object of the input, and where it stands in it.
struct place {
  const json& object;
  std::string path;

  [[nodiscard]] std::string key(std::string_view name) const {
    return path.empty() ? std::string{name} : fmt::format("{}.{}", path, name);
  }
  [[nodiscard]] bool has(std::string_view name) const { return object.contains(name); }
  [[nodiscard]] const json& at(std::string_view name) const {
    if (!has(name)) refuse(key(name), "is missing");
    return object.at(std::string{name});
  }
};

/// `results` = names that an answer has: taken and not looked at, so that an answer can be given
/// back as it is.
place object_at(const json& value, const std::string& path, names known, names results = {}) {
  if (!value.is_object()) refuse(path.empty() ? "input" : path, "is not an object");
  const place p{value, path};
  for (const auto& [name, _] : value.items()) {
    const auto is = [&name = name](std::string_view k) { return k == name; };
    if (std::ranges::none_of(known, is) && std::ranges::none_of(results, is)) {
      refuse(p.key(name), fmt::format("is no key here; known are {}", fmt::join(known, ", ")));
    }
  }
  return p;
}

const json& list_at(const place& p, std::string_view name) {
  const json& value = p.at(name);
  if (!value.is_array()) refuse(p.key(name), "is not a list");
  return value;
}

std::string element(std::string_view list, std::size_t i) { return fmt::format("{}[{}]", list, i); }

i64 integer(const json& value, const std::string& key, i64 low, i64 high) {
  if (!value.is_number_integer())
    refuse(key, fmt::format("{} is not a whole number", value.dump()));
  const bool huge = value.is_number_unsigned() && value.get<u64>() > static_cast<u64>(high);
  if (huge || value.get<i64>() < low || value.get<i64>() > high) {
    refuse(key, fmt::format("{} is not in {} .. {}", value.dump(), low, high));
  }
  return value.get<i64>();
}

template <class Value>
Value integer_at(const place& p, std::string_view name, i64 low, i64 high,
                 std::optional<i64> otherwise = {}) {
  if (!p.has(name) && otherwise) return static_cast<Value>(*otherwise);
  return static_cast<Value>(integer(p.at(name), p.key(name), low, high));
}

std::string hex(std::span<const u8> bytes) { return fmt::format("{:02x}", fmt::join(bytes, "")); }

std::vector<u8> unhex(const json& value, const std::string& key) {
  if (!value.is_string()) refuse(key, "is not a string of hex digits");
  const auto& text = value.get_ref<const std::string&>();
  if (text.size() % 2 != 0)
    refuse(key, fmt::format("has {} hex digits, half a byte too many", text.size()));
  std::vector<u8> bytes(text.size() / 2);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const char* digits = text.data() + 2 * i;
    if (std::from_chars(digits, digits + 2, bytes[i], 16).ptr != digits + 2) {
      refuse(key, fmt::format("'{}' at byte {} is not two hex digits", text.substr(2 * i, 2), i));
    }
  }
  return bytes;
}

template <std::size_t Size>
std::array<u8, Size> bytes_at(const place& p, std::string_view name) {
  const std::vector<u8> bytes = unhex(p.at(name), p.key(name));
  if (bytes.size() != Size)
    refuse(p.key(name), fmt::format("has {} bytes, not {}", bytes.size(), Size));
  std::array<u8, Size> result;
  std::ranges::copy(bytes, result.begin());
  return result;
}

bool fec_at(const place& p, const coding_backend& backend) {
  const bool fec = integer_at<int>(p, "fec", 0, 1, 0) == 1;
  if (fec && !backend.light_fec)
    refuse(p.key("fec"), "1 asks for light FEC, which this fidelity does not have; flit has it");
  return fec;
}

u64 header_at(const place& flit) {
  const place p = object_at(flit.at("header"), flit.key("header"),
                            {"kind", "vc", "seq", "ack", "nak", "replay", "slots", "poison",
                             "crd_vc", "crd", "reserved"});
  return pack_header({.kind = integer_at<u8>(p, "kind", 0, 7),
                      .vc = integer_at<u8>(p, "vc", 0, 1),
                      .seq = integer_at<u16>(p, "seq", 0, 1023),
                      .ack = integer_at<u16>(p, "ack", 0, 1023),
                      .nak = integer_at<u8>(p, "nak", 0, 1),
                      .replay = integer_at<u8>(p, "replay", 0, 1),
                      .slots = integer_at<u8>(p, "slots", 0, 15),
                      .poison = integer_at<u8>(p, "poison", 0, 1),
                      .crd_vc = integer_at<u8>(p, "crd_vc", 0, 1),
                      .crd = integer_at<u16>(p, "crd", 0, 1023),
                      .reserved = integer_at<u8>(p, "reserved", 0, 63, 0)});
}

json header_json(u64 bits) {
  const flit_header h = unpack_header(bits);
  return {{"kind", h.kind},     {"vc", h.vc},         {"seq", h.seq},          {"ack", h.ack},
          {"nak", h.nak},       {"replay", h.replay}, {"slots", h.slots},      {"poison", h.poison},
          {"crd_vc", h.crd_vc}, {"crd", h.crd},       {"reserved", h.reserved}};
}

stream_shape shape_at(const json& value, const coding_backend& backend) {
  const place p = object_at(value, "stream",
                            {"lanes", "spares", "lane_map", "marker_interval", "first_count",
                             "flags", "good_bitmap", "flit_order", "fec"},
                            {"streams", "name", "note"});
  stream_shape shape;
  shape.fec = fec_at(p, backend);
  shape.lanes = integer_at<int>(p, "lanes", 4, 16);
  if (shape.lanes != 4 && shape.lanes != 8 && shape.lanes != 16) {
    refuse("stream.lanes", fmt::format("{} is not 4, 8 or 16", shape.lanes));
  }
  shape.spares = integer_at<int>(p, "spares", 0, 2, 0);
  shape.marker_interval = integer_at<int>(p, "marker_interval", 1, 1 << 24, 4096);
  shape.first_count = integer_at<u16>(p, "first_count", 0, 65535, 0);
  shape.flags = integer_at<u8>(p, "flags", 0, 255, 0);
  shape.good_bitmap = integer_at<u32>(p, "good_bitmap", 0, 0xFFFFFF, 0);
  if (!p.has("lane_map")) {
    for (int lane = 0; lane < shape.lanes; ++lane) shape.lane_map.push_back(lane);
    return shape;
  }
  const json& map = list_at(p, "lane_map");
  for (std::size_t i = 0; i < map.size(); ++i) {
    const std::string key = element("stream.lane_map", i);
    const auto lane = static_cast<int>(integer(map[i], key, 0, shape.wavelengths() - 1));
    if (std::ranges::count(shape.lane_map, lane) != 0) {
      refuse(key, fmt::format("physical lane {} carries two logical lanes", lane));
    }
    shape.lane_map.push_back(lane);
  }
  const auto width = static_cast<int>(map.size());
  if (width < 4 || (width != shape.lanes && 2 * width != shape.lanes && 4 * width != shape.lanes)) {
    refuse(
        "stream.lane_map",
        fmt::format("has {} lanes; a link of {} runs at full, half or quarter width, never below 4",
                    width, shape.lanes));
  }
  return shape;
}

std::vector<flit_bytes> ordered(const json& stream, const std::vector<flit_bytes>& flits) {
  const place p{stream, "stream"};
  if (!p.has("flit_order")) return flits;
  std::vector<flit_bytes> result;
  const json& order = list_at(p, "flit_order");
  for (std::size_t i = 0; i < order.size(); ++i) {
    const i64 last = static_cast<i64>(flits.size()) - 1;
    result.push_back(flits[static_cast<std::size_t>(
        integer(order[i], element("stream.flit_order", i), 0, last))]);
  }
  return result;
}

lane_streams streams_at(const place& p, const stream_shape& shape) {
  const json& list = list_at(p, "streams");
  if (list.size() != static_cast<std::size_t>(shape.wavelengths())) {
    refuse("streams", fmt::format("has {} lanes, not the {} of stream.lanes and stream.spares",
                                  list.size(), shape.wavelengths()));
  }
  lane_streams streams;
  for (std::size_t i = 0; i < list.size(); ++i) {
    streams.push_back(unhex(list[i], element("streams", i)));
    if (streams[i].size() != streams[0].size()) {
      refuse(element("streams", i),
             fmt::format("has {} bytes, streams[0] has {}", streams[i].size(), streams[0].size()));
    }
  }
  // A marker, intervals of flits each with the marker that follows it, then flits.
  const std::size_t size = streams[0].size();
  const std::size_t period =
      static_cast<std::size_t>(shape.marker_interval) * shape.bytes_per_flit() + 16;
  if (size < 16 || (size - 16) % period % shape.bytes_per_flit() != 0) {
    refuse("streams", fmt::format("{} bytes a lane do not end with a whole marker or flit", size));
  }
  return streams;
}

const char* name_of(fec_outcome outcome) {
  switch (outcome) {
    case fec_outcome::clean:
      return "clean";
    case fec_outcome::corrected:
      return "corrected";
    case fec_outcome::failed:
      return "failed";
  }
  return "";
}

json flit_json(const decoded_flit& flit) {
  const flit_verdict& verdict = flit.verdict;
  const json none;
  json groups = json::array();
  json corrected_at = json::array();
  for (std::size_t g = 0; g < fec_group_count; ++g) {
    groups.push_back(flit.fec ? name_of(flit.fec->groups[g]) : "off");
    const bool corrected = flit.fec && flit.fec->groups[g] == fec_outcome::corrected;
    corrected_at.push_back(corrected ? json(flit.fec->at[g]) : none);
  }
  return {{"good", verdict.good ? 1 : 0},
          {"crc0_ok", verdict.crc0_ok ? 1 : 0},
          {"crc1_ok", verdict.crc1_ok ? 1 : 0},
          {"fec_groups", std::move(groups)},
          {"fec_corrected_at", std::move(corrected_at)},
          {"header", verdict.good ? header_json(flit.header) : none},
          {"payload", verdict.good ? json(hex(flit.payload)) : none}};
}

json markers_json(const decoded_stream& stream) {
  json markers = json::array();
  for (const auto& lanes : stream.markers) {
    json marker = json::array();
    for (const auto& m : lanes) {
      marker.push_back(!m ? json{}
                          : json{{"physical", m->physical},
                                 {"logical", m->logical},
                                 {"flags", m->flags},
                                 {"count", m->count},
                                 {"bip", m->bip},
                                 {"good_byte_index", m->count % 3},
                                 {"good_byte", fmt::format("{:02x}", m->good_byte)}});
    }
    markers.push_back(std::move(marker));
  }
  return markers;
}

}  // namespace

json link_encode(const json& in, const coding_backend& backend) {
  const place top = object_at(in, "", {"flits", "stream"});
  std::vector<flit_bytes> flits;
  json coded = json::array();
  const json& list = list_at(top, "flits");
  for (std::size_t i = 0; i < list.size(); ++i) {
    const place p = object_at(list[i], element("flits", i), {"header", "payload", "fec"},
                              {"name", "note", "crc0", "crc1", "flit"});
    const bool fec = fec_at(p, backend);
    const flit_bytes& raw =
        flits.emplace_back(backend.encode(header_at(p), bytes_at<payload_size>(p, "payload"), fec));
    coded.push_back({{"crc0", fmt::format("{:04x}", stored_crc0(raw))},
                     {"crc1", fmt::format("{:04x}", stored_crc1(raw))},
                     {"flit", hex(raw)}});
  }
  json out = {{"flits", std::move(coded)}};
  if (!top.has("stream")) return out;
  const stream_shape shape = shape_at(top.at("stream"), backend);
  json& streams = out["streams"] = json::array();
  for (const auto& lane : backend.spread(shape, ordered(top.at("stream"), flits)))
    streams.push_back(hex(lane));
  return out;
}

json link_decode(const json& in, const coding_backend& backend) {
  const place top = object_at(in, "", {"flits", "stream", "streams"});
  if (top.has("flits") == top.has("streams")) {
    refuse("input", "holds either flits, or streams with the stream that shapes them");
  }
  json out = {{"flits", json::array()}};
  if (top.has("flits")) {
    const json& list = list_at(top, "flits");
    for (std::size_t i = 0; i < list.size(); ++i) {
      const place p = object_at(list[i], element("flits", i), {"raw", "fec"},
                                {"name", "note", "good", "crc0_ok", "crc1_ok", "fec_groups",
                                 "fec_corrected_at", "header", "payload"});
      const bool fec = fec_at(p, backend);
      out["flits"].push_back(flit_json(backend.judge(bytes_at<flit_size>(p, "raw"), fec)));
    }
    return out;
  }
  const stream_shape shape = shape_at(top.at("stream"), backend);
  const decoded_stream stream = backend.gather(shape, streams_at(top, shape));
  for (const decoded_flit& flit : stream.flits) out["flits"].push_back(flit_json(flit));
  out["markers"] = markers_json(stream);
  return out;
}

}  // namespace lightrack::link
