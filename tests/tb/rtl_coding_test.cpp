// SPDX-License-Identifier: Apache-2.0
#include "tb/bridge/rtl_coding.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

#include "models/base/error.h"
#include "models/base/random.h"
#include "models/link/stream_codec.h"
#include "tests/link/coding_golden.h"

namespace lightrack::bridge {
namespace {

using namespace link;
using testing::HasSubstr;
using testing::ThrowsMessage;

stream_shape random_shape(u64 seed) {
  const auto r = base::draw(seed, 1);
  stream_shape shape{.lanes = 4 << r[0] % 3,
                     .marker_interval = static_cast<int>(1 + r[1] % 6),
                     .first_count = static_cast<u16>(0xFFF8 + r[2] % 16),
                     .flags = 0x50,
                     .good_bitmap = r[3] & 0xFFFFFF};
  shape.lane_map.resize(static_cast<std::size_t>(shape.lanes));
  std::iota(shape.lane_map.begin(), shape.lane_map.end(), 0);
  return shape;
}

stream_shape plain(int lanes) {
  stream_shape shape{.lanes = lanes};
  shape.lane_map.resize(static_cast<std::size_t>(lanes));
  std::iota(shape.lane_map.begin(), shape.lane_map.end(), 0);
  return shape;
}

std::vector<flit_bytes> random_flits(u64 seed, std::size_t count) {
  std::vector<flit_bytes> flits;
  for (u64 f = 0; f < count; ++f) {
    payload_bytes payload;
    for (std::size_t i = 0; i < payload.size(); ++i)
      payload[i] = static_cast<u8>(base::draw(seed, f + 2, i)[0]);
    flits.push_back(encode_flit(base::mix64(seed + f) >> 16, payload));
  }
  return flits;
}

TEST(rtl_coding, encodes_the_golden_flits) { golden::expect_flits_encode(rtl_backend()); }
TEST(rtl_coding, judges_the_golden_flits) { golden::expect_flits_decode(rtl_backend()); }
TEST(rtl_coding, passes_the_golden_error_that_the_crc_cannot_see) {
  golden::expect_unseen_error_passes(rtl_backend());
}
TEST(rtl_coding, sends_and_takes_the_golden_streams) {
  golden::expect_streams_encode_and_decode(rtl_backend());
}

TEST(rtl_coding, sends_the_bits_of_the_flit_model_at_any_width_and_interval) {
  for (u64 seed = 1; seed <= 30; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    stream_shape shape = random_shape(seed);
    if (seed % 3 == 0) shape.flags = 0x51;  // training: BIP field zero
    const auto flits = random_flits(seed, seed % 14);
    EXPECT_EQ(rtl_backend().spread(shape, flits), flit_backend().spread(shape, flits));
  }
}

TEST(rtl_coding, judges_spoiled_streams_as_the_flit_model_does) {
  int bad = 0;
  for (u64 seed = 1; seed <= 30; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    const stream_shape shape = random_shape(seed);
    lane_streams streams = flit_backend().spread(shape, random_flits(seed, 12));
    // Wrong bits anywhere behind the first marker, in later markers too: one lane missing is no
    // majority.
    for (u64 n = 0; n < seed % 6; ++n) {
      const auto r = base::draw(seed, 1000 + n);
      auto& lane = streams[r[0] % streams.size()];
      u8& byte = lane[16 + r[1] % (lane.size() - 16)];
      byte = static_cast<u8>(byte ^ 1 << r[2] % 8);
    }
    const decoded_stream rtl = rtl_backend().gather(shape, streams);
    const decoded_stream model = flit_backend().gather(shape, streams);
    ASSERT_EQ(rtl.flits.size(), 12U);
    for (std::size_t f = 0; f < 12; ++f) {
      EXPECT_EQ(rtl.flits[f].verdict.good, model.flits[f].verdict.good) << "flit " << f;
      EXPECT_EQ(rtl.flits[f].verdict.crc0_ok, model.flits[f].verdict.crc0_ok) << "flit " << f;
      EXPECT_EQ(rtl.flits[f].verdict.crc1_ok, model.flits[f].verdict.crc1_ok) << "flit " << f;
      EXPECT_EQ(rtl.flits[f].header, model.flits[f].header) << "flit " << f;
      EXPECT_EQ(rtl.flits[f].payload, model.flits[f].payload) << "flit " << f;
      bad += model.flits[f].verdict.good ? 0 : 1;
    }
    EXPECT_EQ(rtl.markers, model.markers);
  }
  EXPECT_GT(bad, 20);
}

TEST(rtl_coding, believes_every_marker_of_a_clean_stream_and_finds_its_bip_right) {
  for (u64 seed = 1; seed <= 12; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    const stream_shape shape = random_shape(seed);
    const lane_streams streams = flit_backend().spread(shape, random_flits(seed, 12));
    const rtl_reading reading =
        rtl_receive(shape.lanes, shape.marker_interval, words_of(streams, shape.lanes));
    ASSERT_EQ(reading.markers.size(), 1 + 12 / static_cast<std::size_t>(shape.marker_interval));
    for (std::size_t m = 0; m < reading.markers.size(); ++m) {
      EXPECT_EQ(reading.markers[m].flags, 0x50);
      EXPECT_EQ(reading.markers[m].count, static_cast<u16>(shape.first_count + m));
    }
    for (std::size_t lane = 0; lane < 16; ++lane) {
      EXPECT_EQ(reading.missed[lane], 0U);
      EXPECT_EQ(reading.bip_errors[lane], 0U);
    }
  }
}

TEST(rtl_coding, counts_wrong_bits_of_a_lane_by_its_bip_and_missed_markers_by_lane) {
  stream_shape shape = random_shape(1);
  shape.marker_interval = 2;
  lane_streams streams = flit_backend().spread(shape, random_flits(1, 4));
  // The first interval has no BIP to check against before it; the second marker checks it.
  streams[2][16 + 3] ^= 0x10;
  streams[2][16 + 9] ^= 0x02;
  const std::size_t last_marker = streams[3].size() - 16;
  streams[3][last_marker] ^= 1;
  const rtl_reading reading = rtl_receive(shape.lanes, 2, words_of(streams, shape.lanes));
  for (std::size_t lane = 0; lane < static_cast<std::size_t>(shape.lanes); ++lane) {
    EXPECT_EQ(reading.bip_errors[lane], lane == 2 ? 2U : 0U) << "lane " << lane;
    EXPECT_EQ(reading.missed[lane], lane == 3 ? 1U : 0U) << "lane " << lane;
  }
}

TEST(rtl_coding, passes_the_golden_error_that_light_fec_miscorrects) {
  golden::expect_miscorrected_error_passes(rtl_backend());
}
TEST(rtl_coding, gives_the_golden_wire_of_a_repaired_lane) {
  golden::expect_wire_of_a_repaired_lane(rtl_backend());
}

/// 16 lanes with these spares at full, half or quarter width; lanes that carry nothing anywhere.
stream_shape repaired(u64 seed, int spares) {
  stream_shape shape = random_shape(seed);
  const auto r = base::draw(seed, 99);
  shape.lanes = 16;
  shape.spares = spares;
  std::vector<int> lanes(static_cast<std::size_t>(shape.wavelengths()));
  std::iota(lanes.begin(), lanes.end(), 0);
  for (const std::size_t width = 16U >> r[0] % 3; lanes.size() > width;)
    lanes.erase(lanes.begin() + static_cast<std::ptrdiff_t>(
                                    base::draw(seed, 100 + lanes.size())[0] % lanes.size()));
  shape.lane_map = lanes;
  return shape;
}

TEST(rtl_coding, codes_spares_and_widths_with_and_without_light_fec_as_the_flit_model_does) {
  for (u64 seed = 1; seed <= 24; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    stream_shape shape = repaired(seed, static_cast<int>(seed % 3));
    shape.fec = seed % 2 == 1;
    std::vector<flit_bytes> flits = random_flits(seed, 12);
    if (shape.fec)
      for (flit_bytes& flit : flits) fec_protect(flit);
    lane_streams streams = flit_backend().spread(shape, flits);
    ASSERT_EQ(rtl_backend().spread(shape, flits), streams);
    for (u64 n = 0; n < seed % 7; ++n) {
      const auto r = base::draw(seed, 1000 + n);
      auto& lane = streams[static_cast<std::size_t>(shape.lane_map[r[0] % shape.lane_map.size()])];
      u8& byte = lane[16 + r[1] % (lane.size() - 16)];
      byte = static_cast<u8>(byte ^ 1 << r[2] % 8);
    }
    const decoded_stream rtl = rtl_backend().gather(shape, streams);
    const decoded_stream model = flit_backend().gather(shape, streams);
    ASSERT_EQ(rtl.flits.size(), 12U);
    for (std::size_t f = 0; f < 12; ++f) {
      SCOPED_TRACE(testing::Message() << "flit " << f);
      EXPECT_EQ(rtl.flits[f].verdict.good, model.flits[f].verdict.good);
      EXPECT_EQ(rtl.flits[f].verdict.crc0_ok, model.flits[f].verdict.crc0_ok);
      EXPECT_EQ(rtl.flits[f].verdict.crc1_ok, model.flits[f].verdict.crc1_ok);
      EXPECT_EQ(rtl.flits[f].header, model.flits[f].header);
      EXPECT_EQ(rtl.flits[f].payload, model.flits[f].payload);
      ASSERT_EQ(rtl.flits[f].fec.has_value(), model.flits[f].fec.has_value());
      if (!model.flits[f].fec) continue;
      EXPECT_EQ(rtl.flits[f].fec->groups, model.flits[f].fec->groups);
      EXPECT_EQ(rtl.flits[f].fec->at, model.flits[f].fec->at);
    }
    EXPECT_EQ(rtl.markers, model.markers);
  }
}

TEST(rtl_coding, refuses_what_is_not_built) {
  stream_shape spare = plain(8);
  spare.spares = 1;
  EXPECT_THAT([&] { (void)rtl_backend().spread(spare, {}); },
              ThrowsMessage<base::config_error>(HasSubstr("16 lanes with 0, 1 or 2 spares")));
  stream_shape coded = plain(4);
  coded.fec = true;
  EXPECT_THAT([&] { (void)rtl_backend().gather(coded, flit_backend().spread(plain(4), {})); },
              ThrowsMessage<base::config_error>(HasSubstr("4 lanes, 0 spares, light FEC on")));
  stream_shape crossed = random_shape(1);
  std::swap(crossed.lane_map[0], crossed.lane_map[1]);
  EXPECT_THAT([&] { (void)rtl_backend().spread(crossed, {}); },
              ThrowsMessage<base::config_error>(HasSubstr("stream.lane_map")));
  stream_shape mixed = plain(16);
  mixed.marker_interval = 2;
  std::vector<flit_bytes> flits = random_flits(1, 3);
  fec_protect(flits[1]);
  EXPECT_THAT([&] { (void)rtl_backend().spread(mixed, flits); },
              ThrowsMessage<base::config_error>(HasSubstr("with and without light FEC")));
  stream_shape training = random_shape(1);
  training.flags = 0x51;
  const lane_streams streams = flit_backend().spread(training, random_flits(1, 3));
  EXPECT_THAT([&] { (void)rtl_backend().gather(training, streams); },
              ThrowsMessage<base::config_error>(HasSubstr("frames them otherwise")));
}

}  // namespace
}  // namespace lightrack::bridge
