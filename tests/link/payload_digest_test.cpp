// SPDX-License-Identifier: Apache-2.0
// tests/link/payload_digest_test.cpp
#include "models/link/payload_digest.h"

#include <gtest/gtest.h>

#include <set>

namespace lightrack::link {
namespace {

TEST(payload_digest, each_byte_and_each_place_counts) {
  payload_bytes bytes{};
  std::set<u64> digests{payload_digest(bytes)};
  for (std::size_t k = 0; k < bytes.size(); ++k) {
    bytes = {};
    bytes[k] = 1;
    digests.insert(payload_digest(bytes));
    bytes[k] = 0x80;
    digests.insert(payload_digest(bytes));
  }
  EXPECT_EQ(digests.size(), 1 + 2 * payload_size);
}

TEST(payload_digest, folds_words_of_eight_bytes_lowest_first) {
  payload_bytes bytes{};
  bytes[232] = 0x34;  // the last word
  bytes[233] = 0x12;
  u64 digest = 0;
  for (int word = 0; word < 29; ++word) digest = base::mix64(digest);
  EXPECT_EQ(payload_digest(bytes), base::mix64(digest ^ 0x1234));
}

}  // namespace
}  // namespace lightrack::link
