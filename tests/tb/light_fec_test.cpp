// SPDX-License-Identifier: Apache-2.0
// tests/tb/light_fec_test.cpp: the light FEC of the RTL alone, lr_fec_enc and lr_fec_dec: golden
// flits, every wrong byte, its clocks.
#include <Vfec_dec.h>
#include <Vfec_enc.h>
#include <gtest/gtest.h>
#include <verilated.h>

#include <array>
#include <cstring>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "models/base/random.h"
#include "tests/link/golden.h"

namespace lightrack::bridge {
namespace {

using link::u64;
using link::u8;
using flit = std::array<u8, 256>;

using link::golden::vectors;

const nlohmann::json& golden_flit() { return vectors()["flits"][2]; }  // the one with light FEC

flit flit_of(const nlohmann::json& hex) { return link::golden::array<256>(hex); }

template <class Model>
class leaf {
 public:
  leaf() = default;
  ~leaf() {
    Verilated::threadContextp(context_.get());
    model_.final();
  }
  leaf(const leaf&) = delete;
  Model& operator*() { return model_; }
  Model* operator->() { return &model_; }
  void low() {
    Verilated::threadContextp(context_.get());
    model_.clk_i = 0;
    model_.eval();
  }
  void high() {
    model_.clk_i = 1;
    model_.eval();
    EXPECT_FALSE(context_->gotError());
  }

 private:
  static std::unique_ptr<VerilatedContext> context() {
    auto c = std::make_unique<VerilatedContext>();
    Verilated::threadContextp(c.get());
    c->threads(1);
    c->fatalOnError(false);
    c->assertOn(true);
    return c;
  }
  std::unique_ptr<VerilatedContext> context_ = context();
  Model model_{context_.get(), "leaf"};
};

/// The flit with bytes 248 to 253 as lr_fec_enc makes them.
flit encoded(leaf<Vfec_enc>& enc, flit bytes) {
  std::fill_n(bytes.begin() + 248, 6, u8{0});
  for (std::size_t beat = 0; beat < 4; ++beat) {
    enc->valid_i = 1;
    enc->index_i = static_cast<CData>(beat);
    std::memcpy(&enc->beat_i[0], bytes.data() + 64 * beat, 64);
    enc.low();
    enc.high();
  }
  enc->valid_i = 0;
  enc.low();
  const u64 check = enc->check_o;
  std::memcpy(bytes.data() + 248, &check, 6);
  return bytes;
}

struct corrected {
  flit bytes{};
  unsigned groups = 0;
};

/// lr_fec_dec fed with flits whose beats come each `gap` clocks.
class decoder {
 public:
  decoder() {
    dec_->rst_ni = 0;
    dec_.low();
    dec_.high();
    dec_->rst_ni = 1;
  }
  /// What left; beat 0 must leave two clocks after beat 3 came, the others right behind it.
  std::vector<corrected> pass(const std::vector<flit>& flits, std::size_t gap = 1) {
    std::vector<corrected> out;
    std::vector<std::size_t> due;
    const std::size_t clocks = 4 * gap * flits.size() + 8;
    for (std::size_t clock = 0; clock < clocks; ++clock) {
      const std::size_t beat = clock / gap;
      const bool valid = beat < 4 * flits.size() && clock % gap == gap - 1;
      dec_->valid_i = valid;
      if (valid) {
        dec_->index_i = static_cast<CData>(beat % 4);
        std::memcpy(&dec_->beat_i[0], flits[beat / 4].data() + 64 * (beat % 4), 64);
        if (beat % 4 == 3) due.push_back(clock + 2);
      }
      dec_.low();
      if (dec_->valid_o) {
        if (dec_->index_o == 0) out.emplace_back();
        EXPECT_EQ(clock, due.at(out.size() - 1) + dec_->index_o);
        std::memcpy(out.back().bytes.data() + 64 * dec_->index_o, &dec_->beat_o[0], 64);
        out.back().groups = dec_->groups_o;
      }
      dec_.high();
    }
    EXPECT_EQ(out.size(), flits.size());
    return out;
  }
  corrected pass_one(const flit& bytes) { return pass({bytes}).at(0); }

 private:
  leaf<Vfec_dec> dec_;
};

flit random_flit(u64 seed) {
  flit bytes;
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<u8>(base::draw(seed, i)[0]);
  return bytes;
}

TEST(light_fec, makes_the_check_bytes_of_the_golden_flit) {
  leaf<Vfec_enc> enc;
  const flit golden = flit_of(golden_flit()["flit"]);
  EXPECT_EQ(encoded(enc, golden), golden);
}

TEST(light_fec, corrects_the_golden_errors_and_leaves_the_one_with_two_in_a_group) {
  decoder dec;
  const flit golden = flit_of(golden_flit()["flit"]);
  int with_fec = 0;
  for (const auto& entry : vectors()["decode"]) {
    if (entry["fec"] == 0) continue;
    ++with_fec;
    SCOPED_TRACE(entry["name"].get<std::string>());
    const flit raw = flit_of(entry["raw"]);
    const corrected c = dec.pass_one(raw);
    flit expected = raw;
    unsigned groups = 0;
    for (std::size_t g = 0; g < 3; ++g) {
      if (entry["fec_groups"][g] != "corrected") continue;
      groups |= 1U << g;
      const std::size_t at = entry["fec_corrected_at"][g];
      expected[at] = golden[at];
    }
    EXPECT_EQ(c.bytes, expected);
    EXPECT_EQ(c.groups, groups);
    EXPECT_EQ(c.bytes == golden, entry["good"] == 1);
  }
  EXPECT_EQ(with_fec, 2);
}

TEST(light_fec, miscorrects_the_golden_three_bits_as_the_reference_does) {
  const auto& entry = vectors()["must_pass_unseen"][1];
  flit raw = flit_of(golden_flit()["flit"]);
  for (const auto& change : entry["byte_mask"]) {
    u8& byte = raw[change[0].get<std::size_t>()];
    byte = static_cast<u8>(byte ^ change[1].get<unsigned>());
  }
  const corrected c = decoder{}.pass_one(raw);
  const std::vector<u8> wrong = link::golden::bytes(entry["wrong_payload"]);
  ASSERT_EQ(wrong.size(), 240U);
  EXPECT_TRUE(std::equal(wrong.begin(), wrong.begin() + 120, c.bytes.begin() + 6));
  EXPECT_TRUE(std::equal(wrong.begin() + 120, wrong.end(), c.bytes.begin() + 128));
}

TEST(light_fec, corrects_any_one_wrong_byte_in_every_place) {
  leaf<Vfec_enc> enc;
  std::vector<flit> clean;
  std::vector<flit> spoiled;
  for (u64 seed = 1; seed <= 3; ++seed) {
    const flit good = encoded(enc, random_flit(seed));
    for (std::size_t at = 0; at < 256; ++at) {
      const u8 error = static_cast<u8>(1 + base::draw(seed, at, 7)[0] % 255);
      clean.push_back(good);
      spoiled.push_back(good);
      spoiled.back()[at] = static_cast<u8>(good[at] ^ error);
    }
  }
  const auto out = decoder{}.pass(spoiled);
  for (std::size_t i = 0; i < out.size(); ++i) {
    ASSERT_EQ(out[i].bytes, clean[i]) << "flit " << i / 256 << " byte " << i % 256;
    ASSERT_EQ(out[i].groups, 1U << i % 256 % 3) << "flit " << i / 256 << " byte " << i % 256;
  }
}

TEST(light_fec, corrects_one_byte_in_each_group_with_any_gap_between_beats) {
  leaf<Vfec_enc> enc;
  std::vector<flit> clean;
  std::vector<flit> spoiled;
  for (u64 seed = 1; seed <= 50; ++seed) {
    clean.push_back(encoded(enc, random_flit(seed)));
    spoiled.push_back(clean.back());
    for (std::size_t g = 0; g < 3; ++g) {
      const auto r = base::draw(seed, 300 + g);
      u8& byte = spoiled.back()[3 * (r[0] % 85) + g];
      byte = static_cast<u8>(byte ^ (1 + r[1] % 255));
    }
  }
  for (const std::size_t gap : {1U, 2U, 4U}) {
    const auto out = decoder{}.pass(spoiled, gap);
    for (std::size_t i = 0; i < out.size(); ++i) {
      EXPECT_EQ(out[i].bytes, clean[i]) << "seed " << i + 1 << " gap " << gap;
      EXPECT_EQ(out[i].groups, 7U) << "seed " << i + 1;
    }
  }
}

TEST(light_fec, leaves_a_group_whose_syndromes_name_no_byte) {
  // Two equal errors in a group cancel in the sum: nothing to correct with.
  leaf<Vfec_enc> enc;
  const flit good = encoded(enc, random_flit(9));
  flit raw = good;
  raw[3] ^= 0x21;
  raw[30] ^= 0x21;
  const corrected c = decoder{}.pass_one(raw);
  EXPECT_EQ(c.bytes, raw);
  EXPECT_EQ(c.groups, 0U);
}

}  // namespace
}  // namespace lightrack::bridge
