// SPDX-License-Identifier: Apache-2.0
// models/link/lane_spread.h
// The bytes of a flit on the physical lanes that carry logical ones, at any width, and back.
//
// Source: docs/link-layer.md, 13.2. Words are those before the scrambler; a lane without a logical
// one is zero. Cost: at full width four shuffles of 64 bytes a beat, else a few steps a byte.
#pragma once

#include <span>

#include "models/link/flit_codec.h"
#include "models/link/lane_map.h"

namespace lightrack::link {

/// The flit on all lanes in order: its four beats striped.
[[nodiscard]] std::array<lane_word, 4> stripe(std::span<const u8, flit_size> flit, int lanes);
[[nodiscard]] std::array<u8, 64> destripe(const lane_word& word, int lanes);

/// Fills words[0 .. (4 << map.shift) - 1].
void spread_flit(std::span<const u8, flit_size> flit, const lane_map& map, int lanes,
                 std::span<lane_word> words);
/// Beat 0 from the flit's first 1 << map.shift words.
[[nodiscard]] std::array<u8, 64> gather_beat(std::span<const lane_word> words, const lane_map& map,
                                             int lanes);

}  // namespace lightrack::link
