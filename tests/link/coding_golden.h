// SPDX-License-Identifier: Apache-2.0
// tests/link/coding_golden.h
// The golden vectors through `link encode` and `link decode`, for any fidelity of the coding path.
#pragma once

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "models/link/stream_json.h"
#include "tests/link/golden.h"

namespace lightrack::link::golden {

using nlohmann::json;

/// Only these keys of an object.
inline json only(const json& object, std::initializer_list<const char*> names) {
  json result = json::object();
  for (const char* name : names) result[name] = object.at(name);
  return result;
}

inline json flit_input(const json& entry) { return only(entry, {"header", "payload", "fec"}); }
inline json shape_input(const json& entry) {
  return only(entry, {"lanes", "spares", "lane_map", "marker_interval", "first_count", "flags",
                      "good_bitmap", "flit_order"});
}

/// False for vectors with light FEC where the coding path has none.
inline bool taken(const json& entry, const coding_backend& backend) {
  return entry["fec"] == 0 || backend.light_fec;
}

inline void expect_flits_encode(const coding_backend& backend) {
  const json& all = vectors();
  json entries = json::array();
  for (const json& entry : all["flits"])
    if (taken(entry, backend)) entries.push_back(entry);
  for (const json& entry : all["no_fec"]["flits"]) entries.push_back(entry);
  entries.push_back(all["init"]);
  json in = {{"flits", json::array()}};
  for (const json& entry : entries) in["flits"].push_back(flit_input(entry));
  const json out = link_encode(in, backend);
  ASSERT_EQ(out["flits"].size(), entries.size());
  EXPECT_FALSE(out.contains("streams"));
  for (std::size_t i = 0; i < entries.size(); ++i) {
    EXPECT_EQ(out["flits"][i], only(entries[i], {"crc0", "crc1", "flit"})) << entries[i]["name"];
  }
}

inline void expect_flits_decode(const coding_backend& backend) {
  for (const json& entry : vectors()["decode"]) {
    if (!taken(entry, backend)) continue;
    const json out = link_decode({{"flits", {only(entry, {"raw", "fec"})}}}, backend);
    EXPECT_EQ(out["flits"][0], only(entry, {"good", "crc0_ok", "crc1_ok", "fec_groups",
                                            "fec_corrected_at", "header", "payload"}))
        << entry["name"];
  }
  for (const json& entry : vectors()["flits"]) {
    if (!taken(entry, backend)) continue;
    const json out =
        link_decode({{"flits", {{{"raw", entry["flit"]}, {"fec", entry["fec"]}}}}}, backend);
    EXPECT_EQ(out["flits"][0]["good"], 1);
    EXPECT_EQ(out["flits"][0]["header"], entry["header"]);
    EXPECT_EQ(out["flits"][0]["payload"], entry["payload"]);
  }
}

inline void expect_unseen_error_passes(const coding_backend& backend) {
  const json& entry = vectors()["must_pass_unseen"][0];
  std::vector<u8> raw = bytes(vectors()["flits"][entry["flit"].get<std::size_t>()]["flit"]);
  for (const std::size_t bit : entry["bits"])
    raw[bit / 8] = static_cast<u8>(raw[bit / 8] ^ 1 << bit % 8);
  EXPECT_EQ(
      link_decode({{"flits", {{{"raw", hex(raw)}, {"fec", 0}}}}}, backend)["flits"][0]["good"], 1);
}

/// Light FEC makes two wrong bytes of one group into three, which the CRC cannot see.
inline void expect_miscorrected_error_passes(const coding_backend& backend) {
  const json& entry = vectors()["must_pass_unseen"][1];
  std::vector<u8> raw = bytes(vectors()["flits"][entry["flit"].get<std::size_t>()]["flit"]);
  for (const json& wrong : entry["byte_mask"])
    raw[wrong[0].get<std::size_t>()] ^= wrong[1].get<u8>();
  const json out = link_decode({{"flits", {{{"raw", hex(raw)}, {"fec", 1}}}}}, backend);
  EXPECT_EQ(out["flits"][0]["good"], 1);
  EXPECT_EQ(out["flits"][0]["payload"], entry["wrong_payload"]);
}

inline void expect_streams_encode_and_decode(const coding_backend& backend) {
  const json& set = vectors()["no_fec"];
  json flits = json::array();
  for (const json& entry : set["flits"]) flits.push_back(flit_input(entry));
  for (const json& entry : set["streams"]) {
    SCOPED_TRACE(testing::Message() << entry["lanes"] << " lanes");
    EXPECT_EQ(link_encode({{"flits", flits}, {"stream", shape_input(entry)}}, backend)["streams"],
              entry["streams"]);

    const json out =
        link_decode({{"stream", shape_input(entry)}, {"streams", entry["streams"]}}, backend);
    ASSERT_EQ(out["flits"].size(), 3U);
    for (std::size_t i = 0; i < 3; ++i) {
      EXPECT_EQ(out["flits"][i]["good"], 1);
      EXPECT_EQ(out["flits"][i]["header"], set["flits"][i]["header"]);
      EXPECT_EQ(out["flits"][i]["payload"], set["flits"][i]["payload"]);
    }
    ASSERT_EQ(out["markers"].size(), 2U) << "one at the beginning, one after two flits";
    for (std::size_t lane = 0; lane < entry["streams"].size(); ++lane) {
      const json& first = out["markers"][0][lane];
      EXPECT_EQ(first["physical"], lane);
      EXPECT_EQ(first["logical"], lane);
      EXPECT_EQ(first["flags"], 80);
      EXPECT_EQ(first["count"], 0);
      EXPECT_EQ(first["bip"], 0);
      EXPECT_EQ(out["markers"][1][lane]["count"], 1);
    }
  }
}

/// 16 lanes and a spare, physical lane 3 bad; a flit without light FEC and one with it.
inline void expect_wire_of_a_repaired_lane(const coding_backend& backend) {
  const json& all = vectors();
  const json flits = {flit_input(all["flits"][1]), flit_input(all["flits"][2])};
  json shape = {{"lanes", 16},
                {"spares", 1},
                {"lane_map", json::array()},
                {"first_count", 6},
                {"good_bitmap", 0x01FFF7}};
  for (int lane = 0; lane < 17; ++lane)
    if (lane != 3) shape["lane_map"].push_back(lane);
  const json out = link_encode({{"flits", flits}, {"stream", shape}}, backend);
  EXPECT_EQ(out["streams"][5], all["wire"]["hex"]);

  // A receiver with FEC takes the second flit; to the first it is no flit of that link.
  shape["fec"] = 1;
  const json back = link_decode({{"stream", shape}, {"streams", out["streams"]}}, backend);
  EXPECT_EQ(back["markers"][0][5], only(all["marker"], {"physical", "logical", "flags", "count",
                                                        "bip", "good_byte_index", "good_byte"}));
  EXPECT_EQ(back["markers"][0][3]["logical"], 255);
  EXPECT_EQ(back["flits"][1]["good"], 1);
  EXPECT_EQ(back["flits"][1]["fec_groups"], json({"clean", "clean", "clean"}));
  EXPECT_EQ(back["flits"][1]["payload"], all["flits"][2]["payload"]);

  shape["fec"] = 0;
  const json plain = link_decode({{"stream", shape}, {"streams", out["streams"]}}, backend);
  EXPECT_EQ(plain["flits"][0]["good"], 1);
  EXPECT_EQ(plain["flits"][0]["payload"], all["flits"][1]["payload"]);
  EXPECT_EQ(plain["flits"][1]["good"], 0) << "check bytes are not zero, so CRC1 is wrong";
  EXPECT_EQ(plain["flits"][1]["crc0_ok"], 1);
}

}  // namespace lightrack::link::golden
