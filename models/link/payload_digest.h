// SPDX-License-Identifier: Apache-2.0
// models/link/payload_digest.h
// Digest of a payload's real bytes, for the records of a flit whose undetected errors made it
// another than it was.
#pragma once

#include <span>

#include "models/base/random.h"
#include "models/link/flit_codec.h"
#include "models/link/types.h"

namespace lightrack::link {

[[nodiscard]] constexpr u64 payload_digest(std::span<const u8, payload_size> bytes) {
  u64 digest = 0;
  for (std::size_t word = 0; word < payload_size; word += 8) {
    u64 value = 0;
    for (std::size_t k = 0; k < 8; ++k) value |= u64{bytes[word + k]} << (8 * k);
    digest = base::mix64(digest ^ value);
  }
  return digest;
}

}  // namespace lightrack::link
