// SPDX-License-Identifier: Apache-2.0
// models/link/flit_store.h
// The bytes of the newest flits that an RTL transmitter accepted on one VC, for the receiver that
// compares what arrives.
//
// Time:   a flit is filled in when it is presented and stands until capacity() later ones are.
// Threads: the transmitter writes; the receiver reads flits that were accepted before the last
//         batch barrier, and of those only what holds() says: the others may be written meanwhile.
// Cost:   a flit is made once for both ends; 256 bytes each.
#pragma once

#include <array>
#include <bit>
#include <vector>

#include "models/base/checkpoint.h"
#include "models/link/types.h"

namespace lightrack::link {

class flit_store {
 public:
  /// A flit's four beats as they stand on the transaction ports.
  struct alignas(64) image {
    std::array<u8, 256> bytes{};
  };

  /// For a fiber of `flight` clocks: a batch adds at most a quarter of it in flits.
  explicit flit_store(i64 flight)
      : images_(std::bit_ceil(static_cast<std::size_t>(flight) + 64)),
        digests_(images_.size()),
        margin_{2 * (static_cast<u64>(flight) / 4 + 2)} {}

  [[nodiscard]] u64 capacity() const { return images_.size(); }
  [[nodiscard]] image& at(u64 index) { return images_[index & (images_.size() - 1)]; }
  [[nodiscard]] const image& at(u64 index) const { return images_[index & (images_.size() - 1)]; }
  [[nodiscard]] u64& digest(u64 index) { return digests_[index & (images_.size() - 1)]; }

  /// With `accepted` flits at the last barrier: flit `index` stands unchanged in this batch and the
  /// next.
  [[nodiscard]] bool holds(u64 index, u64 accepted) const {
    return index < accepted && index + capacity() > accepted + margin_;
  }

  void transfer(base::checkpoint& c) {
    c.list(images_);
    c.list(digests_);
  }

 private:
  std::vector<image> images_;
  std::vector<u64> digests_;
  u64 margin_;
};

}  // namespace lightrack::link
