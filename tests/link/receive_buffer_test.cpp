// SPDX-License-Identifier: Apache-2.0
// tests/link/receive_buffer_test.cpp
#include "models/link/receive_buffer.h"

#include <gtest/gtest.h>

#include <vector>

namespace lightrack::link {
namespace {

TEST(receive_buffer, shows_a_flit_two_clocks_after_its_verdict) {
  receive_buffer buffer;
  EXPECT_EQ(buffer.valid_from(), never);
  buffer.accept(100).slots = 3;
  EXPECT_EQ(buffer.held(), 1);
  EXPECT_EQ(buffer.valid_from(), 102);
  EXPECT_EQ(buffer.front().slots, 3);
}

TEST(receive_buffer, shows_the_next_one_four_clocks_after_a_handshake) {
  receive_buffer buffer;
  buffer.accept(100).slots = 1;
  buffer.accept(104).slots = 2;
  buffer.accept(120).slots = 3;
  buffer.pop(110);  // the port was late
  EXPECT_EQ(buffer.front().slots, 2);
  EXPECT_EQ(buffer.valid_from(), 114);
  buffer.pop(114);
  EXPECT_EQ(buffer.valid_from(), 122) << "its own verdict";
  EXPECT_EQ(buffer.port_free(), 118);
}

TEST(receive_buffer, holds_512_flits_in_order_wherever_its_ring_begins) {
  receive_buffer buffer;
  u64 in = 0;
  u64 out = 0;
  for (int k = 0; k < 300; ++k) buffer.accept(0).digest = in++;
  for (int k = 0; k < 300; ++k, ++out) buffer.pop(0);
  for (int k = 0; k < 511; ++k) buffer.accept(0).digest = in++;
  EXPECT_EQ(buffer.held(), 511);
  EXPECT_EQ(buffer[510].digest, 810U);
  for (; buffer.held() > 0; buffer.pop(0)) EXPECT_EQ(buffer.front().digest, out++);
}

TEST(receive_buffer, stands_as_it_is_told) {
  receive_buffer buffer;
  buffer.accept(5);
  const std::vector<received_flit> flits{{.digest = 11, .valid = 50}, {.digest = 12, .valid = 54}};
  buffer.stand(flits, 52);
  EXPECT_EQ(buffer.held(), 2);
  EXPECT_EQ(buffer.valid_from(), 52);
  EXPECT_EQ(buffer[1].digest, 12U);
}

}  // namespace
}  // namespace lightrack::link
