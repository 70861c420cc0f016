// SPDX-License-Identifier: Apache-2.0
#include "models/link/stream_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

#include "models/base/error.h"
#include "models/base/random.h"
#include "tests/link/coding_golden.h"
#include "tests/link/golden.h"

namespace lightrack::link {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;
using testing::ThrowsMessage;

json encode(const json& in) { return link_encode(in, flit_backend()); }
json decode(const json& in) { return link_decode(in, flit_backend()); }

json golden_flit(std::size_t i) {
  return golden::flit_input(golden::vectors()["no_fec"]["flits"][i]);
}

/// 16 lanes and a spare, physical lane 3 bad: the link of the golden marker.
stream_shape repaired_shape() {
  stream_shape shape{.lanes = 16, .spares = 1, .first_count = 6, .good_bitmap = 0x01FFF7};
  for (int lane = 0; lane < 17; ++lane) {
    if (lane != 3) shape.lane_map.push_back(lane);
  }
  return shape;
}

json shape_json(const stream_shape& s) {
  return {{"lanes", s.lanes},
          {"spares", s.spares},
          {"lane_map", s.lane_map},
          {"marker_interval", s.marker_interval},
          {"first_count", s.first_count},
          {"flags", s.flags},
          {"good_bitmap", s.good_bitmap}};
}

TEST(link_encode, gives_the_golden_flits) { golden::expect_flits_encode(flit_backend()); }
TEST(link_decode, judges_the_golden_flits) { golden::expect_flits_decode(flit_backend()); }
TEST(link_decode, passes_the_golden_error_that_the_crc_cannot_see) {
  golden::expect_unseen_error_passes(flit_backend());
}
TEST(link_encode, gives_the_golden_streams_and_decode_takes_them) {
  golden::expect_streams_encode_and_decode(flit_backend());
}

TEST(link_decode, passes_the_golden_error_that_light_fec_miscorrects) {
  golden::expect_miscorrected_error_passes(flit_backend());
}

TEST(link_encode, gives_the_golden_wire_of_a_repaired_lane) {
  golden::expect_wire_of_a_repaired_lane(flit_backend());
}

TEST(link_decode, light_fec_corrects_a_wrong_byte_of_each_lane_in_a_stream) {
  const json stream = {{"lanes", 4}, {"spares", 2}, {"lane_map", {5, 1, 4, 2}}, {"fec", 1}};
  json flit = golden_flit(0);
  flit["fec"] = 1;
  json streams = encode({{"flits", {flit}}, {"stream", stream}})["streams"];
  // Byte 3 of logical lane 0 is byte 12 of the flit, byte 3 of lane 1 is byte 13: groups 0 and 1.
  for (const std::size_t physical : {5, 1}) {
    auto& text = streams[physical].get_ref<std::string&>();
    text[32 + 6] = text[32 + 6] == '0' ? '1' : '0';
  }
  const json back = decode({{"stream", stream}, {"streams", streams}})["flits"][0];
  EXPECT_EQ(back["good"], 1);
  EXPECT_EQ(back["fec_groups"], json({"corrected", "corrected", "clean"}));
  EXPECT_EQ(back["fec_corrected_at"], json({12, 13, nullptr}));
  EXPECT_EQ(back["payload"], flit["payload"]);
}

TEST(link_encode, lane_without_logical_lane_sends_scrambled_zeros) {
  const json out = encode({{"flits", {golden_flit(0)}}, {"stream", shape_json(repaired_shape())}});
  const std::string zeros = golden::vectors()["scrambler_first_64_of_zeros"][3]["bytes"];
  EXPECT_EQ(out["streams"][3].get<std::string>().substr(32, 16), zeros);
}

TEST(link_encode, half_width_of_16_lanes_equals_8_full_lanes_bit_for_bit) {
  const json flits = {golden_flit(0), golden_flit(1), golden_flit(2)};
  const json map = {0, 1, 2, 3, 4, 5, 6, 7};
  const json half = encode(
      {{"flits", flits}, {"stream", {{"lanes", 16}, {"lane_map", map}, {"marker_interval", 2}}}});
  const json full = encode(
      {{"flits", flits}, {"stream", {{"lanes", 8}, {"lane_map", map}, {"marker_interval", 2}}}});
  ASSERT_EQ(half["streams"].size(), 16U);
  for (std::size_t lane = 0; lane < 8; ++lane)
    EXPECT_EQ(half["streams"][lane], full["streams"][lane]) << lane;
}

TEST(link_encode, quarter_width_of_16_lanes_and_two_spares_equals_4_full_lanes_bit_for_bit) {
  const json flits = {golden_flit(0), golden_flit(1), golden_flit(2)};
  const json map = {0, 1, 2, 3};
  const json quarter = encode(
      {{"flits", flits},
       {"stream", {{"lanes", 16}, {"spares", 2}, {"lane_map", map}, {"marker_interval", 2}}}});
  const json full = encode(
      {{"flits", flits}, {"stream", {{"lanes", 4}, {"lane_map", map}, {"marker_interval", 2}}}});
  ASSERT_EQ(quarter["streams"].size(), 18U);
  for (std::size_t lane = 0; lane < 4; ++lane)
    EXPECT_EQ(quarter["streams"][lane], full["streams"][lane]) << lane;
  const auto& keys = golden::vectors()["scrambler_first_64_of_zeros"];
  for (std::size_t lane = 4; lane < 18; ++lane) {
    EXPECT_EQ(quarter["streams"][lane].get<std::string>().substr(32, 16), keys[lane % 8]["bytes"])
        << "idle lane " << lane;
  }
}

TEST(link_encode, takes_flits_in_the_order_asked_for) {
  const json stream = {{"lanes", 4}, {"flit_order", {2, 0, 2}}};
  const json out =
      encode({{"flits", {golden_flit(0), golden_flit(1), golden_flit(2)}}, {"stream", stream}});
  const json back = decode({{"stream", stream}, {"streams", out["streams"]}});
  ASSERT_EQ(back["flits"].size(), 3U);
  EXPECT_EQ(back["flits"][0]["payload"], golden_flit(2)["payload"]);
  EXPECT_EQ(back["flits"][1]["payload"], golden_flit(0)["payload"]);
  EXPECT_EQ(back["flits"][2]["payload"], golden_flit(2)["payload"]);
}

TEST(link_encode, bip_is_zero_with_training_and_wake_and_stands_otherwise) {
  for (const int flags : {80, 81, 88}) {
    const json stream = {{"lanes", 16}, {"marker_interval", 1}, {"flags", flags}};
    const json out = encode({{"flits", {golden_flit(0)}}, {"stream", stream}});
    const json back = decode({{"stream", stream}, {"streams", out["streams"]}});
    int zeros = 0;
    for (const json& lane : back["markers"][1]) zeros += lane["bip"] == 0 ? 1 : 0;
    EXPECT_EQ(zeros == 16, flags != 80) << "flags " << flags;
  }
}

TEST(link_codec, decodes_what_it_encodes_at_any_width_map_and_interval) {
  constexpr u64 seed = 31;
  for (u64 round = 0; round < 120; ++round) {
    SCOPED_TRACE(testing::Message() << "seed " << seed << " round " << round);
    const auto r = base::draw(seed, round);
    stream_shape shape{.lanes = 4 << r[0] % 3,
                       .spares = static_cast<int>(r[1] % 3),
                       .marker_interval = static_cast<int>(1 + r[2] % 5),
                       .first_count = static_cast<u16>(r[2] >> 16),
                       .flags = static_cast<u8>(r[3]),
                       .good_bitmap = r[3] >> 8};
    std::vector<int> lanes(static_cast<std::size_t>(shape.wavelengths()));
    std::iota(lanes.begin(), lanes.end(), 0);
    for (std::size_t i = lanes.size(); i > 1; --i)
      std::swap(lanes[i - 1], lanes[base::draw(seed, round, i)[0] % i]);
    const int narrower = static_cast<int>(r[1] >> 8) % 3;
    const int width = std::max(4, shape.lanes >> narrower);
    shape.lane_map.assign(lanes.begin(), lanes.begin() + width);

    std::vector<flit_bytes> flits(r[0] >> 8 & 15);
    for (std::size_t f = 0; f < flits.size(); ++f) {
      payload_bytes payload;
      for (std::size_t i = 0; i < payload.size(); ++i)
        payload[i] = static_cast<u8>(base::draw(seed, f, i)[0]);
      flits[f] = encode_flit(base::mix64(seed + f) >> 16, payload);
    }
    const lane_streams streams = flit_backend().spread(shape, flits);
    for (const auto& lane : streams) EXPECT_EQ(lane.size(), streams[0].size());
    const decoded_stream back = flit_backend().gather(shape, streams);
    ASSERT_EQ(back.flits.size(), flits.size());
    for (std::size_t f = 0; f < flits.size(); ++f) {
      EXPECT_TRUE(back.flits[f].verdict.good);
      EXPECT_EQ(encode_flit(back.flits[f].header, back.flits[f].payload), flits[f]);
    }
    ASSERT_EQ(back.markers.size(),
              1 + flits.size() / static_cast<std::size_t>(shape.marker_interval));
    for (std::size_t m = 0; m < back.markers.size(); ++m) {
      for (int lane = 0; lane < shape.wavelengths(); ++lane) {
        const auto& marker = back.markers[m][static_cast<std::size_t>(lane)];
        ASSERT_TRUE(marker.has_value());
        const auto at = std::ranges::find(shape.lane_map, lane);
        EXPECT_EQ(marker->logical, at == shape.lane_map.end() ? 255 : at - shape.lane_map.begin());
        EXPECT_EQ(marker->count, static_cast<u16>(shape.first_count + m));
        EXPECT_EQ(marker->good_byte, shape.good_bitmap >> 8 * (marker->count % 3) & 0xFF);
      }
    }
  }
}

TEST(link_decode, wrong_bits_make_a_flit_bad_and_a_marker_null) {
  const json stream = {{"lanes", 4}, {"marker_interval", 2}};
  json streams =
      encode({{"flits", {golden_flit(0), golden_flit(1)}}, {"stream", stream}})["streams"];
  const auto spoil = [&streams](std::size_t lane, std::size_t digit) {
    auto& text = streams[lane].get_ref<std::string&>();
    text[digit] = text[digit] == '0' ? '1' : '0';
  };
  spoil(1, 0);       // sync of the first marker
  spoil(2, 32 + 1);  // byte 2 of flit 0
  const json back = decode({{"stream", stream}, {"streams", streams}});
  EXPECT_TRUE(back["markers"][0][1].is_null());
  EXPECT_FALSE(back["markers"][0][2].is_null());
  EXPECT_EQ(back["flits"][0]["good"], 0);
  EXPECT_EQ(back["flits"][0]["crc0_ok"], 0);
  EXPECT_EQ(back["flits"][0]["crc1_ok"], 1);
  EXPECT_TRUE(back["flits"][0]["header"].is_null());
  EXPECT_TRUE(back["flits"][0]["payload"].is_null());
  EXPECT_EQ(back["flits"][1]["good"], 1);
}

TEST(link_decode, takes_a_stream_without_its_last_marker) {
  const json stream = {{"lanes", 4}, {"marker_interval", 2}};
  json streams =
      encode({{"flits", {golden_flit(0), golden_flit(1)}}, {"stream", stream}})["streams"];
  for (json& lane : streams) {
    const std::string text = lane;
    lane = text.substr(0, text.size() - 32);
  }
  const json back = decode({{"stream", stream}, {"streams", streams}});
  EXPECT_EQ(back["flits"].size(), 2U);
  EXPECT_EQ(back["markers"].size(), 1U);
}

TEST(link_encode, refuses_light_fec_where_the_fidelity_has_none) {
  coding_backend without = flit_backend();
  without.light_fec = false;
  json flit = golden_flit(0);
  flit["fec"] = 1;
  EXPECT_THAT(
      [&] {
        (void)link_encode({{"flits", {golden_flit(0), flit}}}, without);
      },
      ThrowsMessage<base::config_error>(
          AllOf(HasSubstr("flits[1].fec"), HasSubstr("light FEC"), HasSubstr("does not have"))));
  const json raw = {{"raw", golden::vectors()["flits"][0]["flit"]}, {"fec", 1}};
  EXPECT_THAT(
      [&] {
        (void)link_decode({{"flits", {raw}}}, without);
      },
      ThrowsMessage<base::config_error>(HasSubstr("flits[0].fec")));
}

TEST(link_encode, names_the_key_that_is_wrong) {
  struct wrong_input {
    const char* pointer;  ///< what is set
    json value;
    const char* says;
  };
  const std::vector<wrong_input> cases = {
      {"/flits/0/header/seq", 1024, "flits[0].header.seq: 1024 is not in 0 .. 1023"},
      {"/flits/0/header/seq", -1, "flits[0].header.seq: -1 is not in 0 .. 1023"},
      {"/flits/0/header/vc", true, "flits[0].header.vc: true is not a whole number"},
      {"/flits/0/header/sequence", 3,
       "flits[0].header.sequence: is no key here; known are kind, vc, seq"},
      {"/flits/0/payload", "00", "flits[0].payload: has 1 bytes, not 240"},
      {"/flits/0/payload", "0", "flits[0].payload: has 1 hex digits, half a byte too many"},
      {"/flits/0/payload", "0g", "flits[0].payload: '0g' at byte 0 is not two hex digits"},
      {"/flits", 1, "flits: is not a list"},
      {"/stream/lanes", 12, "stream.lanes: 12 is not 4, 8 or 16"},
      {"/stream/spares", 3, "stream.spares: 3 is not in 0 .. 2"},
      {"/stream/lane_map", {0, 1, 2}, "stream.lane_map: has 3 lanes"},
      {"/stream/lane_map",
       {0, 1, 2, 2},
       "stream.lane_map[3]: physical lane 2 carries two logical lanes"},
      {"/stream/lane_map", {0, 1, 2, 4}, "stream.lane_map[3]: 4 is not in 0 .. 3"},
      {"/stream/marker_interval", 0, "stream.marker_interval: 0 is not in 1"},
      {"/stream/fec", 2, "stream.fec: 2 is not in 0 .. 1"},
      {"/flits/0/fec", "1", "flits[0].fec: \"1\" is not a whole number"},
      {"/stream/flit_order", {1}, "stream.flit_order[0]: 1 is not in 0 .. 0"},
  };
  for (const auto& c : cases) {
    json in = {{"flits", {golden_flit(0)}}, {"stream", {{"lanes", 4}}}};
    in[json::json_pointer{c.pointer}] = c.value;
    EXPECT_THAT([&] { (void)encode(in); }, ThrowsMessage<base::config_error>(HasSubstr(c.says)));
  }
}

TEST(link_encode, names_the_key_that_is_missing) {
  json flit = golden_flit(0);
  flit["header"].erase("crd");
  EXPECT_THAT(
      [&] {
        (void)encode({{"flits", {flit}}});
      },
      ThrowsMessage<base::config_error>(HasSubstr("flits[0].header.crd: is missing")));
  EXPECT_THAT([] { (void)encode(json::object()); },
              ThrowsMessage<base::config_error>(HasSubstr("flits: is missing")));
}

TEST(link_decode, refuses_streams_that_do_not_fit_their_shape) {
  const json stream = {{"lanes", 4}};
  const json good = encode({{"flits", {golden_flit(0)}}, {"stream", stream}})["streams"];
  json few = good;
  few.erase(3);
  EXPECT_THAT(
      [&] {
        (void)decode({{"stream", stream}, {"streams", few}});
      },
      ThrowsMessage<base::config_error>(HasSubstr("streams: has 3 lanes, not the 4")));
  json ragged = good;
  ragged[2] = ragged[2].get<std::string>().substr(2);
  EXPECT_THAT(
      [&] {
        (void)decode({{"stream", stream}, {"streams", ragged}});
      },
      ThrowsMessage<base::config_error>(HasSubstr("streams[2]: has 79 bytes, streams[0] has 80")));
  json cut = good;
  for (json& lane : cut) lane = lane.get<std::string>().substr(2);
  EXPECT_THAT(
      [&] {
        (void)decode({{"stream", stream}, {"streams", cut}});
      },
      ThrowsMessage<base::config_error>(
          HasSubstr("79 bytes a lane do not end with a whole marker or flit")));
  EXPECT_THAT([] { (void)decode(json::object()); },
              ThrowsMessage<base::config_error>(HasSubstr("either flits, or streams")));
}

}  // namespace
}  // namespace lightrack::link
