// SPDX-License-Identifier: Apache-2.0
// tb/bridge/rtl_coding.h
// The coding path of `--fidelity rtl`: `link encode` and `link decode` by the Verilated blocks of
// lr_coding_top.
//
// Cost:   each call powers a model up of its own: for tools and tests.
// Not modelled: shapes beside the built set (16 lanes with up to two spares, with and without light
// FEC; 8 and 4 lanes alone), and lane maps whose physical lanes do not rise: refused in a sentence.
//   json out = link_encode(json::parse(std::cin), bridge::rtl_backend());
#pragma once

#include <array>
#include <span>
#include <vector>

#include "models/link/stream_json.h"

namespace lightrack::bridge {

[[nodiscard]] link::coding_backend rtl_backend();

/// All that the receive side says of a stream of aligned words that begins with a marker.
struct rtl_reading {
  struct flit {
    std::size_t last_word = 0;
    bool good = false;
    unsigned corrected = 0;  ///< groups, bit g: by the light FEC
    link::u64 header = 0;
    link::payload_bytes payload{};
  };
  struct marker {  ///< one that is believed
    link::u8 flags = 0;
    link::u16 count = 0;
  };
  std::vector<flit> flits;
  std::vector<marker> markers;
  std::array<link::u64, link::max_lanes> missed{};      ///< markers, by lane
  std::array<link::u64, link::max_lanes> bip_errors{};  ///< by lane
};
[[nodiscard]] rtl_reading rtl_receive(int lanes, int marker_interval,
                                      std::span<const link::lane_word> words);

/// The bytes of each lane in words of all lanes, and the way back; streams are of equal length.
[[nodiscard]] std::vector<link::lane_word> words_of(const link::lane_streams& streams, int lanes);
[[nodiscard]] link::lane_streams streams_of(std::span<const link::lane_word> words, int lanes,
                                            int wavelengths);

}  // namespace lightrack::bridge
