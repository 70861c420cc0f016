// SPDX-License-Identifier: Apache-2.0
// tests/tb/trace_writer_test.cpp: a delivery whose bytes turn out wrong after its handshake.
#include "tb/bridge/trace_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lightrack::bridge {
namespace {

using link::u8;
using testing::ElementsAre;
using port_words = std::array<u32, trace_words>;

/// A trace port with one field set.
template <auto Field>
port_words with(u64 value) {
  port_words words{};
  for (int bit = 0; bit < place_of<Field>().width; ++bit) {
    const int place = place_of<Field>().low + bit;
    if ((value >> bit & 1) != 0)
      words[static_cast<std::size_t>(place / 32)] |= u32{1} << place % 32;
  }
  return words;
}

base::trace_record delivered(link::i64 clock, u8 vc, u64 digest) {
  return {.clock = clock,
          .arg64 = digest,
          .arg8 = vc,
          .event = static_cast<u8>(link::trace_event::deliver)};
}

TEST(trace_port, a_field_is_where_the_generated_struct_says) {
  const port_words words = with<&link::pkg::trace::verdict_header>(0x8123'4567'89ABULL);
  EXPECT_EQ(trace_port{words.data()}.get<&link::pkg::trace::verdict_header>(), 0x8123'4567'89ABULL);
  EXPECT_EQ(trace_port{words.data()}.get<&link::pkg::trace::verdict>(), 0U);
  EXPECT_EQ(place_of<&link::pkg::trace::locked>().width, 18);
}

TEST(trace_port, valid_bits_tell_of_usual_and_of_rare_events) {
  using t = link::pkg::trace;
  const auto seen = [](const port_words& words) {
    const trace_port port{words.data()};
    return std::pair{port.usual(), port.rare()};
  };
  const std::pair usual{true, false};
  const std::pair rare{false, true};
  EXPECT_EQ(seen(with<&t::verdict_valid>(1)), usual);
  EXPECT_EQ(seen(with<&t::ftx_valid>(1)), usual);
  EXPECT_EQ(seen(with<&t::accept>(1)), usual);
  EXPECT_EQ(seen(with<&t::deliver>(2)), usual);
  EXPECT_EQ(seen(with<&t::mrx_valid>(1)), rare);
  EXPECT_EQ(seen(with<&t::mtx_valid>(1)), rare);
  EXPECT_EQ(seen(with<&t::replay>(1)), rare);
  EXPECT_EQ(seen(with<&t::state_valid>(1)), rare);
  EXPECT_EQ(seen(with<&t::lock_valid>(1)), rare);
  EXPECT_EQ(seen(with<&t::verdict_header>(0xFFFF'FFFF'FFFF)), (std::pair{false, false}))
      << "not valid";
  EXPECT_EQ(trace_port{with<&t::deliver>(2).data()}.handshakes(), 4U);
  EXPECT_EQ(trace_port{with<&t::accept>(1).data()}.handshakes(), 1U);
}

TEST(trace_writer, names_the_real_bytes_in_the_record_of_the_handshake) {
  trace_writer writer;
  writer.buffer().keep(true);
  const port_words vc0 = with<&link::pkg::trace::deliver>(1);
  const port_words vc1 = with<&link::pkg::trace::deliver>(2);
  const port_words none{};
  writer.write(10, trace_port{vc0.data()}, {.delivered = {11, 0}});
  writer.write(11, trace_port{vc1.data()}, {.delivered = {0, 22}});
  writer.write(13, trace_port{none.data()}, {.wrong = {99, 0}});
  EXPECT_THAT(writer.buffer().records(), ElementsAre(delivered(10, 0, 99), delivered(11, 1, 22)));
  // The second delivery's place has moved with the hash before it.
  writer.write(14, trace_port{vc0.data()}, {.delivered = {33, 0}, .wrong = {0, 88}});
  EXPECT_THAT(writer.buffer().records(),
              ElementsAre(delivered(10, 0, 99), delivered(11, 1, 88), delivered(14, 0, 33)));

  base::trace_buffer direct;
  direct.add(delivered(10, 0, 99));
  direct.add(delivered(11, 1, 88));
  direct.add(delivered(14, 0, 33));
  EXPECT_EQ(writer.buffer().hash(), direct.hash());
  EXPECT_EQ(writer.buffer().count(), 3U);
}

}  // namespace
}  // namespace lightrack::bridge
