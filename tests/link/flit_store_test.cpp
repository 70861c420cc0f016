// SPDX-License-Identifier: Apache-2.0
// tests/link/flit_store_test.cpp
// Which flits a receiver may look at while the transmitter goes on.
#include "models/link/flit_store.h"

#include <gtest/gtest.h>

namespace lightrack::link {
namespace {

TEST(flit_store, holds_what_was_accepted_and_will_not_be_written_for_two_batches) {
  flit_store store{181};  // a batch of 20 m: 46 flits at most
  EXPECT_EQ(store.capacity(), 256U);
  EXPECT_FALSE(store.holds(10, 10)) << "not accepted yet";
  EXPECT_TRUE(store.holds(9, 10));
  // 256 places, 2 x 47 flits to come: the newest 161 stand.
  EXPECT_TRUE(store.holds(839, 1000));
  EXPECT_FALSE(store.holds(838, 1000));
}

TEST(flit_store, always_holds_what_is_in_flight) {
  for (const i64 flight : {1, 8, 39, 64, 181, 1000, 5000}) {
    const flit_store store{flight};
    const auto in_flight = static_cast<u64>(flight / 4 + 15);  // one in four clocks, and the path
    EXPECT_TRUE(store.holds(100'000 - in_flight, 100'000)) << flight << " clocks";
  }
}

TEST(flit_store, a_place_keeps_bytes_and_digest) {
  flit_store store{1};
  store.at(70).bytes[5] = 9;
  store.digest(70) = 77;
  EXPECT_EQ(store.at(70).bytes[5], 9);
  EXPECT_EQ(store.digest(70), 77U);
  EXPECT_EQ(&store.at(70), &store.at(70 + store.capacity()));
}

}  // namespace
}  // namespace lightrack::link
