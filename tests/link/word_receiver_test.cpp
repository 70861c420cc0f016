// SPDX-License-Identifier: Apache-2.0
// tests/link/word_receiver_test.cpp
// Words out of the fiber against a receiver that moves single bits.
#include <gtest/gtest.h>

#include <map>

#include "models/base/random.h"
#include "models/link/channel.h"

namespace lightrack::link {
namespace {

lane_word random_word(u64 key, i64 clock, int size = 16) {
  lane_word word{};
  for (std::size_t k = 0; k < static_cast<std::size_t>(size); ++k)
    word[k] = static_cast<u32>(base::mix64(key + static_cast<u64>(clock) * 24 + k));
  return word;
}

sent_word lit(const lane_word& word) { return {.word = word, .light = true}; }

TEST(word_receiver, an_aligned_word_arrives_whole_after_the_flight) {
  receive_channel channel{{.length_m = 1, .offset_bits = {0}}};  // 4.895 ns: 8 clocks
  word_receiver receiver{channel};
  lane_word word{};
  for (i64 r = 0; r < 50; ++r) {
    receiver.push(lit(random_word(1, r)));
    const u32 signal = receiver.receive(word.data());
    EXPECT_EQ(signal, r < 8 ? 0U : 0xFFFFU);
    EXPECT_EQ(word, r < 8 ? lane_word{} : random_word(1, r - 8)) << "clock " << r;
  }
}

TEST(word_receiver, skew_delays_a_lane_by_whole_words) {
  std::vector<int> skew(16, 2);
  skew[3] = 0;
  skew[9] = 15;
  receive_channel channel{{.length_m = 0, .skew_words = skew, .offset_bits = {0}}};
  word_receiver receiver{channel};
  lane_word word{};
  for (i64 r = 0; r < 50; ++r) {
    receiver.push(lit(random_word(1, r)));
    const u32 signal = receiver.receive(word.data());
    for (std::size_t l = 0; l < 16; ++l) {
      const i64 sent = r - 1 - skew[l];
      EXPECT_EQ(signal >> l & 1, sent >= 0 ? 1U : 0U);
      EXPECT_EQ(word[l], sent >= 0 ? random_word(1, sent)[l] : 0U)
          << "clock " << r << " lane " << l;
    }
  }
}

TEST(word_receiver, an_offset_delays_bits_and_a_slip_takes_one_off) {
  // Every lane sends 0x80000001, 0x80000002, ...; offset 1 brings the top bit of the word before
  // below.
  receive_channel channel{{.length_m = 0, .offset_bits = {1}}};
  word_receiver receiver{channel};
  const auto word_at = [](i64 c) {
    lane_word w{};
    w.fill(0x80000000U + static_cast<u32>(c));
    return w;
  };
  lane_word word{};
  for (i64 r = 0; r < 4; ++r) {
    receiver.push(lit(word_at(r)));
    receiver.receive(word.data());
  }
  EXPECT_EQ(word[5], 2U << 1 | 1U) << "word 2, and the top bit of word 1";
  receiver.slip(1U << 5);
  receiver.push(lit(word_at(4)));
  receiver.receive(word.data());
  EXPECT_EQ(word[5], 0x80000003U) << "aligned from the next word on";
  EXPECT_EQ(word[4], 3U << 1 | 1U) << "another lane stays";
  receiver.slip(1U << 5);
  receiver.push(lit(word_at(5)));
  receiver.receive(word.data());
  EXPECT_EQ(receiver.offset(5), 31) << "0 goes to LaneBits - 1";
  EXPECT_EQ(word[5], 0x80000003U >> 1 | 4U << 31);
}

TEST(word_receiver, a_slip_acts_on_the_next_word_of_an_aligned_lane_too) {
  receive_channel channel{{.length_m = 0, .offset_bits = {0}}};
  word_receiver receiver{channel};
  lane_word word{};
  for (i64 r = 0; r < 20; ++r) {
    receiver.push(lit(random_word(1, r)));
    receiver.receive(word.data());
  }
  EXPECT_EQ(word, random_word(1, 18));
  receiver.slip(1U << 2);
  receiver.push(lit(random_word(1, 20)));
  receiver.receive(word.data());
  EXPECT_EQ(word[2], random_word(1, 18)[2] >> 1 | random_word(1, 19)[2] << 31);
  EXPECT_EQ(word[3], random_word(1, 19)[3]);
}

// The same by single bits: what a lane's stream holds at bit time t, once.
struct bit_receiver {
  bit_receiver(const channel_params& params, std::vector<sent_word> sent)
      : channel{params},
        words{std::move(sent)},
        lanes{params.lanes + params.spares},
        bits{512 / params.lanes} {
    for (int lane = 0; lane < lanes; ++lane) {
      const std::string path = params.path + ".lane" + std::to_string(lane);
      error_process errors{params.seed, path, {.ber = params.ber.empty() ? 0 : params.ber[0]}};
      const i64 end = static_cast<i64>(words.size()) * bits;
      for (i64 b = errors.next_error(0, end); b < end; b = errors.next_error(b + 1, end))
        wrong[{lane, b}] = true;
    }
    offset.resize(static_cast<std::size_t>(lanes));
    lights.resize(static_cast<std::size_t>(lanes));
    was_lit.resize(static_cast<std::size_t>(lanes));
  }
  bool lit_at(int lane, i64 c) const {
    return c >= 0 && words[static_cast<std::size_t>(c)].light && !channel.lane_lost(lane, c);
  }
  bool bit_at(int lane, i64 t) const {
    const i64 c = t >= 0 ? t / bits : -1;
    if (!lit_at(lane, c)) return false;
    const int place = lane * bits + static_cast<int>(t % bits);
    const u32 element =
        words[static_cast<std::size_t>(c)].word[static_cast<std::size_t>(place / 32)];
    return ((element >> (place % 32) & 1) != 0) != wrong.contains({lane, t});
  }
  u32 receive(i64 r, lane_word& word) {
    word = {};
    u32 signal = 0;
    for (int lane = 0; lane < lanes; ++lane) {
      const auto l = static_cast<std::size_t>(lane);
      const i64 c = r - channel.flight() - channel.skew(lane);
      const bool now_lit = lit_at(lane, c);
      if (now_lit && !was_lit[l]) offset[l] = channel.offset(lane, lights[l]++);
      was_lit[l] = now_lit;
      if (!now_lit) continue;
      signal |= 1U << lane;
      for (int b = 0; b < bits; ++b) {
        const int place = lane * bits + b;
        if (bit_at(lane, c * bits + b - offset[l]))
          word[static_cast<std::size_t>(place / 32)] |= 1U << (place % 32);
      }
    }
    return signal;
  }

  receive_channel channel;
  std::vector<sent_word> words;
  int lanes;
  int bits;
  std::map<std::pair<int, i64>, bool> wrong;
  std::vector<int> offset;
  std::vector<i64> lights;
  std::vector<bool> was_lit;
};

void compare(const channel_params& params, u64 seed, bool slips) {
  constexpr i64 clocks = 2500;
  const int lanes = params.lanes + params.spares;
  const int size = lane_word_size(params.lanes, params.spares);
  SCOPED_TRACE("lanes " + std::to_string(params.lanes) + " + " + std::to_string(params.spares) +
               ", seed " + std::to_string(seed));
  std::vector<sent_word> sent(clocks);
  for (i64 c = 0; c < clocks; ++c) {
    const bool dark = c < 20 || (c > 900 && c < 950) || c == 1200;
    sent[static_cast<std::size_t>(c)] = dark ? sent_word{} : lit(random_word(seed, c, size));
  }
  bit_receiver expected{params, sent};
  receive_channel channel{params};
  word_receiver receiver{channel};
  i64 pushed = 0;
  int aligned = 0;
  for (i64 r = 0; r < clocks; ++r) {
    const i64 enough = r - channel.flight() + 1;
    if (pushed < enough) {  // in batches of odd sizes, as far ahead as it happens
      const i64 until =
          std::min<i64>(clocks, enough + static_cast<i64>(base::mix64(static_cast<u64>(r)) % 300));
      for (; pushed < until; ++pushed) receiver.push(sent[static_cast<std::size_t>(pushed)]);
    }
    lane_word word{};
    lane_word wanted{};
    ASSERT_EQ(receiver.receive(word.data()), expected.receive(r, wanted)) << "clock " << r;
    ASSERT_EQ(word, wanted) << "clock " << r;
    u32 slip = 0;
    for (int lane = 0; lane < lanes; ++lane) {
      const auto l = static_cast<std::size_t>(lane);
      ASSERT_EQ(receiver.offset(lane), expected.offset[l]);
      aligned += expected.offset[l] == 0 ? 1 : 0;
      // Now and then a slip that is not needed, and else those that lead to alignment.
      const u64 chance = base::mix64(seed ^ static_cast<u64>(r * 16 + lane)) % 1000;
      if (!slips || (chance >= 100 || expected.offset[l] == 0) != (chance == 999)) continue;
      slip |= 1U << lane;
      expected.offset[l] = expected.offset[l] == 0 ? expected.bits - 1 : expected.offset[l] - 1;
    }
    receiver.slip(slip);
  }
  EXPECT_GT(aligned, 0);
}

TEST(word_receiver, equals_a_receiver_of_single_bits) {
  const std::vector<lane_event> events = {
      {.clock = 400, .lane = 1, .what = lane_change::lose},
      {.clock = 420, .lane = 1, .what = lane_change::restore},
      {.clock = 1500, .lane = -1, .what = lane_change::lose},
      {.clock = 1501, .lane = -1, .what = lane_change::restore}};
  for (const int lanes : {4, 8, 16}) {
    for (u64 seed = 1; seed <= 4; ++seed) {
      const int spares = static_cast<int>(seed % 3);
      std::vector<int> skew;
      for (int lane = 0; lane < lanes + spares; ++lane)
        skew.push_back(static_cast<int>(base::mix64(seed * 64 + static_cast<u64>(lane)) % 16));
      compare({.lanes = lanes,
               .spares = spares,
               .seed = seed,
               .length_m = 3,
               .ber = {1e-3},
               .skew_words = skew,
               .events = events},
              seed, true);
    }
  }
}

TEST(word_receiver, equals_it_also_where_whole_words_are_copied) {
  // Aligned and without skew: only errors, events and dark times leave the fast path.
  for (const int lanes : {4, 8, 16}) {
    for (u64 seed = 1; seed <= 4; ++seed) {
      compare({.lanes = lanes,
               .spares = static_cast<int>(seed % 3),
               .seed = seed,
               .length_m = 20,
               .ber = {2e-5},
               .skew_words = {static_cast<int>(seed)},
               .offset_bits = {0},
               .events = {{.clock = 700, .lane = 2, .what = lane_change::lose},
                          {.clock = 710, .lane = 2, .what = lane_change::restore}}},
              seed, false);
    }
  }
}

}  // namespace
}  // namespace lightrack::link
