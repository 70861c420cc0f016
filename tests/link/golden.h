// SPDX-License-Identifier: Apache-2.0
// tests/link/golden.h
// The golden vectors of golden.json, and hex strings as they spell them.
#pragma once

#include <algorithm>
#include <array>
#include <fstream>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <vector>

#include "models/link/flit_codec.h"
#include "models/link/types.h"

namespace lightrack::link::golden {

inline const nlohmann::json& vectors() {
  static const nlohmann::json all =
      nlohmann::json::parse(std::ifstream{LIGHTRACK_SOURCE_DIR "/tests/link/golden.json"});
  return all;
}

inline std::vector<u8> bytes(const std::string& hex) {
  std::vector<u8> result;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    result.push_back(static_cast<u8>(std::stoi(hex.substr(i, 2), nullptr, 16)));
  }
  return result;
}

template <std::size_t Size>
std::array<u8, Size> array(const std::string& hex) {
  std::array<u8, Size> result{};
  std::ranges::copy(bytes(hex), result.begin());
  return result;
}

inline std::string hex(std::span<const u8> bytes) {
  std::string result;
  for (const u8 byte : bytes) {
    result += "0123456789abcdef"[byte >> 4];
    result += "0123456789abcdef"[byte & 15];
  }
  return result;
}

inline u32 number(const std::string& hex) { return static_cast<u32>(std::stoul(hex, nullptr, 16)); }

inline u64 header(const nlohmann::json& h) {
  return pack_header({.kind = h["kind"],
                      .vc = h["vc"],
                      .seq = h["seq"],
                      .ack = h["ack"],
                      .nak = h["nak"],
                      .replay = h["replay"],
                      .slots = h["slots"],
                      .poison = h["poison"],
                      .crd_vc = h["crd_vc"],
                      .crd = h["crd"],
                      .reserved = h["reserved"]});
}

}  // namespace lightrack::link::golden
