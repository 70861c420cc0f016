// SPDX-License-Identifier: Apache-2.0
#include "models/link/stream_codec.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "models/base/error.h"
#include "models/base/random.h"
#include "models/link/packer.h"
#include "models/link/stream_json.h"
#include "tests/link/golden.h"
#include "tests/link/slot_stream.h"

namespace lightrack::link {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

wire_slot marker_at(i64 clock, int state, bool training, u16 count) {
  return {.clock = clock,
          .kind = slot_kind::marker,
          .flags = static_cast<u8>(state << 4 | (training ? 1 : 0)),
          .good_byte = 0xA7,
          .count = count};
}

wire_slot data_at(i64 clock, u16 seq, payload_ref ref, u8 replay = 0) {
  return {.clock = clock,
          .kind = slot_kind::flit,
          .header = pack_header(
              {.kind = kind_data, .vc = ref.vc, .seq = seq, .replay = replay, .slots = 15}),
          .payload = ref};
}

/// A lit word of a link without spares, as it comes to the reader.
lane_word filled(u32 value) {
  lane_word word{};
  std::fill_n(word.begin(), lane_word_size(16, 0), value);
  return word;
}

/// The slots of a link that uses all of its lanes, in order.
std::vector<wire_slot> mapped(int lanes, std::vector<wire_slot> slots) {
  for (wire_slot& s : slots)
    if (s.kind == slot_kind::marker) s.lanes = lane_mask(lanes);
  return slots;
}

std::vector<lane_word> words_of(int lanes, std::span<const wire_slot> slots, int spares = 0) {
  slots_to_words codec{lanes, nullptr, false, spares};
  codec.push(slots);
  std::vector<lane_word> words;
  while (codec.clock() < codec.covered_until()) EXPECT_TRUE(codec.next(words.emplace_back()));
  return words;
}

TEST(stripe, gives_byte_j_to_lane_j_modulo_the_lanes_and_destripe_takes_it_back) {
  flit_bytes flit;
  for (std::size_t i = 0; i < flit.size(); ++i) flit[i] = static_cast<u8>(i);
  for (const int lanes : {4, 8, 16}) {
    SCOPED_TRACE(lanes);
    const auto words = stripe(flit, lanes);
    const std::size_t width = static_cast<std::size_t>(lanes);
    const std::size_t lane_bytes = 64 / width;
    for (std::size_t beat = 0; beat < 4; ++beat) {
      for (std::size_t j = 0; j < 64; ++j) {
        const std::size_t at = j % width * lane_bytes + j / width;
        EXPECT_EQ(words[beat][at / 4] >> 8 * (at % 4) & 0xFF, flit[64 * beat + j]);
      }
      const auto back = destripe(words[beat], lanes);
      EXPECT_TRUE(std::ranges::equal(back, std::span{flit}.subspan(64 * beat, 64)));
    }
  }
}

TEST(stripe, matches_the_golden_lanes) {
  const auto flit = golden::array<flit_size>(golden::vectors()["flits"][2]["flit"]);
  for (const int lanes : {4, 8, 16}) {
    const auto words = stripe(flit, lanes);
    const auto& expected = golden::vectors()["striped_flit"]["lanes" + std::to_string(lanes)];
    const auto elements = static_cast<std::size_t>(lane_elements(lanes));
    for (std::size_t lane = 0; lane < expected.size(); ++lane) {
      std::vector<u8> bytes;
      for (const lane_word& word : words) {
        for (std::size_t i = 0; i < 4 * elements; ++i) {
          bytes.push_back(static_cast<u8>(word[lane * elements + i / 4] >> 8 * (i % 4)));
        }
      }
      EXPECT_EQ(bytes, golden::bytes(expected[lane])) << lanes << " lanes, lane " << lane;
    }
  }
}

// Two writers that share nothing but the flit's bytes: word by word here, lane by lane in
// stream_json.
TEST(slots_to_words, sends_the_bits_that_the_lane_by_lane_encoder_sends) {
  for (const auto& [lanes, spares, good] : {std::tuple{4, 0, 0xFU},
                                            {8, 0, 0xFFU},
                                            {16, 0, 0xFFFFU},
                                            {16, 1, 0x1FFDFU},
                                            {4, 2, 0x2DU},
                                            {8, 1, 0x1BFU},
                                            {8, 2, 0x35AU},
                                            {16, 0, 0xFF7FU},
                                            {16, 2, 0x20C21U}}) {
    SCOPED_TRACE(testing::Message() << lanes << '+' << spares << " lanes, good " << good);
    constexpr int interval = 64;
    const lane_map map = map_lanes(good, lanes);
    std::vector<wire_slot> slots;
    std::vector<flit_bytes> flits;
    i64 clock = 0;
    u16 count = 65534;  // wraps
    for (u16 f = 0; f < 3 * interval; ++f) {
      if (f % interval == 0) {
        slots.push_back(marker_at(clock, 5, false, count++));
        slots.back().lanes = map.lanes;
        clock += marker_clocks(lanes);
      }
      slots.push_back(data_at(clock, f, {.vc = static_cast<u8>(f % 2), .index = f / 2U}));
      slots.back().shift = static_cast<u8>(map.shift);
      clock += 4 << map.shift;
      flits.push_back(slot_bytes(slots.back(), nullptr));
    }
    slots.push_back(marker_at(clock, 5, false, count));
    slots.back().lanes = map.lanes;
    stream_shape shape{.lanes = lanes,
                       .spares = spares,
                       .marker_interval = interval,
                       .first_count = 65534,
                       .flags = 0x50,
                       .good_bitmap = 0xA7A7A7};
    for (u32 left = map.lanes; left != 0; left &= left - 1)
      shape.lane_map.push_back(std::countr_zero(left));
    const lane_streams expected = flit_backend().spread(shape, flits);

    const auto words = words_of(lanes, slots, spares);
    const auto elements = static_cast<std::size_t>(lane_elements(lanes));
    ASSERT_EQ(words.size() * elements * 4, expected[0].size());
    for (std::size_t lane = 0; lane < expected.size(); ++lane) {
      for (std::size_t i = 0; i < expected[lane].size(); ++i) {
        const std::size_t element = i / 4;
        const u32 sent = words[element / elements][lane * elements + element % elements];
        ASSERT_EQ(sent >> 8 * (i % 4) & 0xFF, expected[lane][i])
            << "lane " << lane << " byte " << i;
      }
    }
  }
}

/// BIP field of lane 0 in the marker that begins at this word of a 4-lane stream (one clock a
/// marker).
u8 bip_of_lane_0(const lane_word& word) { return static_cast<u8>(word[2] >> 16); }

TEST(slots_to_words, bip_is_the_parity_of_the_words_since_the_last_marker) {
  const std::vector<wire_slot> slots = {marker_at(0, 5, false, 0), data_at(1, 0, {}),
                                        data_at(5, 1, {}),         marker_at(9, 5, false, 1),
                                        data_at(10, 2, {}),        marker_at(14, 5, false, 2)};
  const auto words = words_of(4, mapped(4, slots));
  const auto parity = [&words](std::size_t first, std::size_t last) {
    u32 sum = 0;
    for (std::size_t w = first; w <= last; ++w)
      sum ^= words[w][0] ^ words[w][1] ^ words[w][2] ^ words[w][3];
    return static_cast<u8>(sum ^ sum >> 8 ^ sum >> 16 ^ sum >> 24);
  };
  EXPECT_EQ(bip_of_lane_0(words[0]), 0) << "first marker of the stream";
  EXPECT_EQ(bip_of_lane_0(words[9]), parity(1, 8));
  EXPECT_NE(bip_of_lane_0(words[9]), 0);
  EXPECT_EQ(bip_of_lane_0(words[14]), parity(10, 13)) << "restarts at a marker";
}

TEST(slots_to_words, bip_is_zero_in_a_training_marker_and_after_the_dark) {
  const std::vector<wire_slot> slots = {
      marker_at(0, 5, false, 0), data_at(1, 0, {}), marker_at(5, 1, true, 1),
      marker_at(6, 4, false, 2), data_at(7, 1, {}), {.clock = 11, .kind = slot_kind::dark},
      marker_at(13, 4, false, 3)};
  slots_to_words codec{4, nullptr};
  codec.push(mapped(4, slots));
  std::vector<lane_word> words(14);
  for (lane_word& word : words) (void)codec.next(word);
  EXPECT_EQ(bip_of_lane_0(words[5]), 0) << "training";
  EXPECT_EQ(bip_of_lane_0(words[6]), 0) << "nothing was sent since the last marker";
  EXPECT_EQ(bip_of_lane_0(words[13]), 0) << "first after the dark";
}

TEST(slots_to_words, dark_cuts_the_slot_under_way_and_its_words_are_zero) {
  const std::vector<wire_slot> slots = {marker_at(2, 0, true, 0),
                                        {.clock = 3, .kind = slot_kind::dark}};
  slots_to_words codec{16, nullptr};
  codec.push(slots);
  lane_word word = filled(1);
  EXPECT_FALSE(codec.next(word)) << "clock 0";
  EXPECT_EQ(word, lane_word{});
  EXPECT_FALSE(codec.next(word)) << "clock 1";
  EXPECT_TRUE(codec.next(word)) << "clock 2";
  EXPECT_EQ(word, filled(marker_sync));
  EXPECT_FALSE(codec.next(word)) << "clock 3: the marker had three words to come";
  EXPECT_EQ(word, lane_word{});
}

TEST(slots_to_words, knows_how_far_it_is_covered) {
  slots_to_words codec{16, nullptr};
  EXPECT_EQ(codec.covered_until(), 0);
  codec.push(mapped(16, {marker_at(10, 0, true, 0)}));
  EXPECT_EQ(codec.covered_until(), 14);
  codec.push({{data_at(14, 0, {})}});
  EXPECT_EQ(codec.covered_until(), 18);
  lane_word word;
  while (codec.clock() < 16) (void)codec.next(word);
  EXPECT_EQ(codec.covered_until(), 18) << "in the middle of the last slot";
}

TEST(slots_to_words, refuses_a_slot_of_the_past_and_a_lit_clock_without_slot) {
  slots_to_words codec{4, nullptr};
  codec.push({{marker_at(0, 0, true, 0)}});
  lane_word word;
  (void)codec.next(word);
  EXPECT_THAT([&] { (void)codec.next(word); },
              ThrowsMessage<base::model_error>(HasSubstr("no slot for clock 1")));
  EXPECT_THAT([&] { codec.push({{marker_at(0, 0, true, 0)}}); },
              ThrowsMessage<base::model_error>(HasSubstr("a slot at clock 0")));
}

TEST(slots_to_words, takes_the_payload_of_data_from_the_source) {
  flit_source source{{.path = "west", .seed = 3}, traffic_generator{{.load = 1, .seed = 3}}};
  const i64 ready = source.next_ready(0);
  const presented front = source.front(0);
  source.pop(0, ready);
  payload_bytes expected{};
  source.fill(front.payload, expected);
  ASSERT_NE(expected, payload_bytes{});
  const flit_bytes raw = slot_bytes(data_at(0, 0, front.payload), &source);
  EXPECT_EQ(payload_of(raw), expected);
  EXPECT_TRUE(decode_flit(raw).good);
  EXPECT_EQ(payload_of(slot_bytes(data_at(0, 0, front.payload), nullptr)), payload_bytes{});
}

TEST(slot_bytes, of_an_init_slot_carries_its_fields) {
  const auto& entry = golden::vectors()["init"];
  const init_fields init = unpack_init(golden::array<payload_size>(entry["payload"]));
  const wire_slot slot = {
      .kind = slot_kind::flit, .header = golden::header(entry["header"]), .init = init};
  EXPECT_EQ(slot_bytes(slot, nullptr), golden::array<flit_size>(entry["flit"]));
}

TEST(words_to_slots, gives_back_random_slot_streams_whatever_the_batches) {
  for (const int lanes : {4, 8, 16}) {
    for (u64 seed = 1; seed <= 40; ++seed) {
      const int spares = static_cast<int>(seed % 3);
      // Half of the links use all lanes in order, the others what random good lanes leave.
      u32 good = lane_mask(lanes);
      for (u64 draw = 0; seed % 2 == 0 && draw < 100; ++draw) {
        good = (base::draw(seed, draw, 55)[0] | base::draw(seed, draw, 56)[0]) &
               lane_mask(lanes + spares);
        if (map_lanes(good, lanes).width > 0) break;
      }
      SCOPED_TRACE(testing::Message()
                   << lanes << '+' << spares << " lanes, seed " << seed << ", good " << good);
      const std::vector<wire_slot> slots = random_slot_stream(lanes, seed, 1500, good);
      slots_to_words writer{lanes, nullptr, false, spares};
      words_to_slots reader{lanes, spares};
      std::vector<wire_slot> back;
      std::size_t pushed = 0;
      for (u64 batch = 0; pushed < slots.size() || writer.clock() < writer.covered_until();
           ++batch) {
        const auto r = base::draw(seed, batch, 77);
        const std::size_t more = std::min<std::size_t>(r[0] % 9, slots.size() - pushed);
        writer.push(std::span{slots}.subspan(pushed, more));
        pushed += more;
        const i64 until = writer.clock() + r[1] % 40;
        lane_word word;
        while (writer.clock() < std::min(until, writer.covered_until())) {
          const bool light = writer.next(word);
          reader.push(word, light);
        }
        for (const wire_slot& slot : reader.slots()) back.push_back(slot);
        reader.clear();
        ASSERT_EQ(reader.clock(), writer.clock());
        ASSERT_GE(reader.settled_until(), reader.clock() - 3);
      }
      ASSERT_EQ(back.size(), slots.size());
      for (std::size_t i = 0; i < slots.size(); ++i) expect_same_slot(back[i], slots[i], i);
    }
  }
}

TEST(words_to_slots, settles_a_flit_with_its_first_beat_and_a_marker_with_its_last_word) {
  const std::vector<wire_slot> slots = {marker_at(0, 5, false, 7), data_at(4, 9, {})};
  const auto words = words_of(16, mapped(16, slots));
  words_to_slots reader{16};
  for (std::size_t w = 0; w < 3; ++w) reader.push(words[w], true);
  EXPECT_EQ(reader.settled_until(), 0);
  EXPECT_TRUE(reader.slots().empty());
  reader.push(words[3], true);
  EXPECT_EQ(reader.settled_until(), 4);
  EXPECT_EQ(reader.slots().size(), 1U);
  reader.push(words[4], true);
  EXPECT_EQ(reader.settled_until(), 5);
  ASSERT_EQ(reader.slots().size(), 2U);
  EXPECT_EQ(reader.slots()[1].clock, 4);
  EXPECT_EQ(unpack_header(reader.slots()[1].header).seq, 9);
}

TEST(words_to_slots, counts_first_time_flits_of_a_vc_and_names_repetitions_by_number) {
  std::vector<wire_slot> slots = {marker_at(0, 5, false, 0)};
  const std::vector<std::pair<payload_ref, bool>> sent = {{{0, 0}, false}, {{1, 0}, false},
                                                          {{0, 1}, false}, {{1, 0}, true},
                                                          {{0, 1}, true},  {{1, 1}, false}};
  const std::vector<u16> numbers = {0, 1, 2, 1, 2, 3};
  for (std::size_t i = 0; i < sent.size(); ++i) {
    slots.push_back(
        data_at(1 + 4 * static_cast<i64>(i), numbers[i], sent[i].first, sent[i].second ? 1 : 0));
  }
  // A fresh session: numbers begin at 0 again, the counts of the VCs go on.
  slots.push_back(marker_at(25, 1, true, 1));
  slots.push_back(marker_at(26, 5, false, 2));
  slots.push_back(data_at(27, 0, {1, 2}));
  slots.push_back(data_at(31, 0, {1, 2}, 1));
  words_to_slots reader{4};
  for (const lane_word& word : words_of(4, mapped(4, slots))) reader.push(word, true);
  ASSERT_EQ(reader.slots().size(), slots.size());
  for (std::size_t i = 0; i < slots.size(); ++i)
    expect_same_slot(reader.slots()[i], mapped(4, slots)[i], i);
}

// A flit whose words on all lanes begin like a marker: only the whole of it, with training set, is
// one.
TEST(words_to_slots, flit_that_begins_like_a_marker_stays_a_flit) {
  const std::vector<wire_slot> slots = {marker_at(0, 5, false, 0), data_at(4, 5, {}),
                                        data_at(8, 6, {.vc = 0, .index = 1})};
  auto words = words_of(16, mapped(16, slots));
  const lane_word key = [] {
    lane_keystream keys{16};
    return keys.next();
  }();
  words[4] = filled(marker_sync);
  lane_word plain;
  for (std::size_t k = 0; k < 16; ++k) plain[k] = marker_sync ^ key[k];
  words_to_slots reader{16};
  for (std::size_t w = 0; w <= 6; ++w) reader.push(words[w], true);
  EXPECT_EQ(reader.settled_until(), 4) << "may still be a marker";
  for (std::size_t w = 7; w < words.size(); ++w) reader.push(words[w], true);
  ASSERT_EQ(reader.slots().size(), 3U);
  EXPECT_EQ(reader.slots()[1].clock, 4);
  EXPECT_EQ(reader.slots()[1].header, header_of(destripe(plain, 16)));
  EXPECT_EQ(unpack_header(reader.slots()[2].header).seq, 6) << "the key stream is where it must be";
}

TEST(words_to_slots, flit_that_begins_like_a_marker_and_is_cut_by_the_dark_stays_a_flit) {
  const std::vector<wire_slot> slots = {marker_at(0, 5, false, 0)};
  words_to_slots reader{16};
  for (const lane_word& word : words_of(16, mapped(16, slots))) reader.push(word, true);
  reader.push(filled(marker_sync), true);
  reader.push({}, false);
  ASSERT_EQ(reader.slots().size(), 3U);
  EXPECT_EQ(reader.slots()[1].kind, slot_kind::flit);
  EXPECT_EQ(reader.slots()[1].clock, 4);
  EXPECT_EQ(reader.slots()[2].kind, slot_kind::dark);
  EXPECT_EQ(reader.slots()[2].clock, 5);
}

TEST(words_to_slots, early_marker_is_one_only_with_training_set) {
  for (const bool training : {true, false}) {
    const std::vector<wire_slot> sent = {marker_at(0, 5, false, 0), data_at(2, 0, {}),
                                         marker_at(6, 1, training, 1)};
    words_to_slots reader{8};
    for (const lane_word& word : words_of(8, mapped(8, sent))) reader.push(word, true);
    ASSERT_EQ(reader.slots().size(), 3U);
    EXPECT_EQ(reader.slots()[2].kind, training ? slot_kind::marker : slot_kind::flit);
  }
}

TEST(words_to_slots, takes_the_interval_from_the_init_flits) {
  std::vector<wire_slot> slots = {marker_at(0, 4, false, 0)};
  i64 clock = 1;
  for (int f = 0; f < 64; ++f, clock += 4) {
    slots.push_back({.clock = clock,
                     .kind = slot_kind::flit,
                     .header = pack_header({.kind = kind_ctrl}),
                     .init = {.session = 1, .marker_interval = 100}});
  }
  slots.push_back(marker_at(clock++, 5, false, 1));
  for (int f = 0; f < 100; ++f, clock += 4)
    slots.push_back({.clock = clock, .kind = slot_kind::flit});
  slots.push_back(marker_at(clock++, 5, false, 2));
  words_to_slots reader{4};
  for (const lane_word& word : words_of(4, mapped(4, slots))) reader.push(word, true);
  ASSERT_EQ(reader.slots().size(), slots.size());
  for (std::size_t i = 0; i < slots.size(); ++i)
    expect_same_slot(reader.slots()[i], mapped(4, slots)[i], i);
}

TEST(words_to_slots, refuses_a_stream_without_the_marker_that_is_due) {
  words_to_slots reader{4};
  EXPECT_THAT([&] { reader.push(filled(0), true); },
              ThrowsMessage<base::model_error>(HasSubstr("no marker stands at clock 0")));
}

TEST(words_to_slots, marker_that_the_dark_cuts_short_was_none) {
  words_to_slots reader{16};
  reader.push(filled(marker_sync), true);
  reader.push({}, false);
  reader.push({}, false);
  ASSERT_EQ(reader.slots().size(), 1U);
  EXPECT_EQ(reader.slots()[0].kind, slot_kind::dark);
  EXPECT_EQ(reader.slots()[0].clock, 1);
}

}  // namespace
}  // namespace lightrack::link
