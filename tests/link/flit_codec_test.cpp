// SPDX-License-Identifier: Apache-2.0
#include "models/link/flit_codec.h"

#include <gtest/gtest.h>

#include "models/base/random.h"
#include "models/link/crc16.h"
#include "tests/link/golden.h"

namespace lightrack::link {
namespace {

void expect_golden(const nlohmann::json& entry) {
  SCOPED_TRACE(entry["name"]);
  const auto payload = golden::array<payload_size>(entry["payload"]);
  const u64 header = golden::header(entry["header"]);
  const bool fec = entry["fec"] == 1;
  const flit_bytes raw = encode_flit(header, payload, fec);
  EXPECT_EQ(raw, golden::array<flit_size>(entry["flit"]));
  EXPECT_EQ(stored_crc0(raw), golden::number(entry["crc0"]));
  EXPECT_EQ(stored_crc1(raw), golden::number(entry["crc1"]));
  EXPECT_TRUE(decode_flit(raw, fec).good);
  EXPECT_EQ(header_of(raw), header);
  EXPECT_EQ(payload_of(raw), payload);
}

payload_bytes random_payload(u64 seed, u64 index) {
  payload_bytes payload;
  for (std::size_t i = 0; i < payload.size(); ++i)
    payload[i] = static_cast<u8>(base::draw(seed, index, i)[0]);
  return payload;
}

void flip(flit_bytes& raw, u32 bit) { raw[bit / 8] = static_cast<u8>(raw[bit / 8] ^ 1 << bit % 8); }

TEST(flit_codec, encodes_the_golden_flits) {
  for (const auto& entry : golden::vectors()["flits"]) expect_golden(entry);
  for (const auto& entry : golden::vectors()["no_fec"]["flits"]) expect_golden(entry);
  expect_golden(golden::vectors()["init"]);
}

TEST(flit_codec, judges_the_golden_wrong_flits) {
  for (const auto& entry : golden::vectors()["decode"]) {
    SCOPED_TRACE(entry["name"]);
    flit_bytes raw = golden::array<flit_size>(entry["raw"]);
    const flit_verdict verdict = entry["fec"] == 1 ? correct_flit(raw).verdict : decode_flit(raw);
    EXPECT_EQ(verdict.good, entry["good"] == 1);
    EXPECT_EQ(verdict.crc0_ok, entry["crc0_ok"] == 1);
    EXPECT_EQ(verdict.crc1_ok, entry["crc1_ok"] == 1);
  }
}

TEST(flit_codec, four_wrong_bits_of_the_golden_vector_pass_unseen) {
  const auto& entry = golden::vectors()["must_pass_unseen"][0];
  flit_bytes raw = golden::array<flit_size>(
      golden::vectors()["flits"][entry["flit"].get<std::size_t>()]["flit"]);
  for (const u32 bit : entry["bits"]) flip(raw, bit);
  EXPECT_TRUE(decode_flit(raw).good);
}

TEST(flit_codec, header_fields_stand_in_the_bits_of_the_specification) {
  const flit_header one_each = {.kind = 1,
                                .vc = 1,
                                .seq = 1,
                                .ack = 1,
                                .nak = 1,
                                .replay = 1,
                                .slots = 1,
                                .poison = 1,
                                .crd_vc = 1,
                                .crd = 1,
                                .reserved = 1};
  EXPECT_EQ(pack_header(one_each), 1U | 1U << 3 | 1U << 4 | 1U << 14 | 1U << 24 | 1U << 25 |
                                       1U << 26 | 1U << 30 | u64{1} << 31 | u64{1} << 32 |
                                       u64{1} << 42);
  for (u64 i = 0; i < 1000; ++i) {
    const u64 bits = (u64{base::draw(21, i)[0]} << 32 | base::draw(21, i)[1]) >> 16;
    EXPECT_EQ(pack_header(unpack_header(bits)), bits);
  }
}

TEST(flit_codec, decodes_what_it_encodes) {
  constexpr u64 seed = 22;
  for (u64 i = 0; i < 500; ++i) {
    SCOPED_TRACE(testing::Message() << "seed " << seed << " flit " << i);
    const u64 header = base::mix64(seed + i) >> 16;
    const payload_bytes payload = random_payload(seed, i);
    const flit_bytes raw = encode_flit(header, payload);
    EXPECT_TRUE(decode_flit(raw).good);
    EXPECT_EQ(header_of(raw), header);
    EXPECT_EQ(payload_of(raw), payload);
    for (std::size_t at = 248; at < 254; ++at) EXPECT_EQ(raw[at], 0) << "no FEC";
  }
}

TEST(flit_codec, a_dead_line_never_looks_good) {
  flit_bytes dead{};
  EXPECT_FALSE(decode_flit(dead).good) << "zeros: CRC1 starts from ones";
  dead.fill(0xFF);
  EXPECT_FALSE(decode_flit(dead).good);
}

TEST(flit_codec, a_slip_by_half_a_flit_never_looks_good) {
  for (u64 i = 0; i < 200; ++i) {
    flit_bytes raw = encode_flit(base::mix64(i) >> 16, random_payload(23, i));
    std::ranges::rotate(raw, raw.begin() + 128);
    const flit_verdict verdict = decode_flit(raw);
    EXPECT_FALSE(verdict.crc0_ok);
    EXPECT_FALSE(verdict.crc1_ok);
  }
}

TEST(flit_codec, wrong_check_bytes_are_a_bad_second_half) {
  flit_bytes raw = encode_flit(0, payload_bytes{});
  raw[250] = 1;
  EXPECT_FALSE(decode_flit(raw).crc1_ok);
  EXPECT_TRUE(decode_flit(raw).crc0_ok);
}

TEST(error_syndrome, judges_10000_random_patterns_as_the_bytes_do) {
  constexpr u64 seed = 24;
  const flit_bytes clean = encode_flit(base::mix64(seed) >> 16, random_payload(seed, 0));
  int unseen = 0;
  for (u64 pattern = 0; pattern < 10'000; ++pattern) {
    flit_bytes raw = clean;
    error_syndrome errors;
    // Few bits anywhere, or a dense stretch of 20 bits, in which the CRC misses one pattern in
    // 65536.
    const u32 wrong = 1 + base::draw(seed, pattern, 0)[0] % 8;
    const u32 start = base::draw(seed, pattern, 0)[1] % 2028;
    const bool burst = pattern % 2 == 1;
    for (u32 i = 0; i < wrong; ++i) {
      const u32 r = base::draw(seed, pattern, 1 + i)[0];
      const u32 bit = burst ? start + r % 20 : r % 2048;
      flip(raw, bit);
      errors.flip(static_cast<int>(bit));
    }
    const flit_verdict verdict = decode_flit(raw);
    ASSERT_EQ(errors.crc0_ok(), verdict.crc0_ok) << "seed " << seed << " pattern " << pattern;
    ASSERT_EQ(errors.crc1_ok(), verdict.crc1_ok) << "seed " << seed << " pattern " << pattern;
    if (verdict.good && raw != clean) ++unseen;
  }
  EXPECT_LT(unseen, 10);
}

TEST(init_fields, match_the_golden_payload) {
  const init_fields init = {.version = 1,
                            .seen = 1,
                            .session = 7,
                            .peer = 5,
                            .crd0 = 256,
                            .crd1 = 200,
                            .marker_interval = 4096,
                            .ack = 1023,
                            .stamp = 1'000'000,
                            .echo = 999'000,
                            .held = 12};
  EXPECT_EQ(pack_init(init), golden::array<payload_size>(golden::vectors()["init"]["payload"]));
  EXPECT_EQ(unpack_init(pack_init(init)), init);
}

TEST(init_fields, of_full_width_come_back) {
  const init_fields init = {.version = 0xFF,
                            .seen = 1,
                            .session = 0xFEDCBA98,
                            .peer = 0x89ABCDEF,
                            .crd0 = 0xFFFF,
                            .crd1 = 0x8001,
                            .marker_interval = 0xFFFE,
                            .ack = 0x7FFF,
                            .stamp = 0xFEDCBA9876543210,
                            .echo = 0x0123456789ABCDEF,
                            .held = 0xFFFFFFFF};
  EXPECT_EQ(unpack_init(pack_init(init)), init);
}

TEST(protocol_error, is_a_reserved_kind_or_bit_data_without_slots_or_an_unknown_ctrl) {
  const auto error = [](const flit_header& h, int ctrl) {
    return protocol_error(pack_header(h), static_cast<u8>(ctrl));
  };
  EXPECT_FALSE(error({.kind = 0}, 0));
  EXPECT_FALSE(error({.kind = 1, .slots = 1}, 0));
  EXPECT_TRUE(error({.kind = 1, .slots = 0}, 0));
  EXPECT_TRUE(error({.kind = 2}, 0));
  EXPECT_FALSE(error({.kind = 2}, 1));
  EXPECT_FALSE(error({.kind = 2}, 4));
  EXPECT_TRUE(error({.kind = 2}, 5));
  for (u8 kind = 3; kind < 8; ++kind) EXPECT_TRUE(error({.kind = kind, .slots = 1}, 1));
  EXPECT_TRUE(error({.kind = 0, .reserved = 32}, 0));
}

}  // namespace
}  // namespace lightrack::link
