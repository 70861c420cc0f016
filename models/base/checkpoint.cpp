// SPDX-License-Identifier: Apache-2.0
// models/base/checkpoint.cpp
// File: a head of fixed size, then the state, part by part.
#include "models/base/checkpoint.h"

#include <algorithm>
#include <cstring>
#include <fstream>
#include <iterator>

#include "models/base/error.h"
#include "models/base/random.h"

namespace lightrack::base {
namespace {

constexpr std::array<char, 8> magic = {'l', 'r', 'c', 'h', 'e', 'c', 'k', '\n'};

struct head {
  std::array<char, 8> magic{};
  std::uint32_t format = 0;
  std::uint32_t part_of_head = sizeof(head);  ///< differs where the layout does
  std::uint64_t configuration = 0;
  std::uint64_t size = 0;    ///< of the state, bytes
  std::uint64_t digest = 0;  ///< over it
};

std::uint64_t digest_of(std::span<const std::byte> state) {
  std::uint64_t digest = state.size();
  for (std::size_t at = 0; at < state.size(); at += sizeof(std::uint64_t)) {
    std::uint64_t word = 0;
    std::memcpy(&word, state.data() + at, std::min(sizeof word, state.size() - at));
    digest = mix64(digest ^ word);
  }
  return digest;
}

std::string in_hex(std::uint64_t value) {
  std::string text(16, '0');
  for (std::size_t k = 16; k-- > 0; value >>= 4) text[k] = "0123456789abcdef"[value & 15];
  return text;
}

}  // namespace

checkpoint::checkpoint(const std::filesystem::path& file, std::uint64_t configuration)
    : configuration_{configuration}, loads_{true}, file_{file.string()} {
  std::ifstream in{file, std::ios::binary};
  if (!in) refuse("it cannot be read");
  head h;
  h.part_of_head = 0;
  in.read(reinterpret_cast<char*>(&h), sizeof h);
  if (in.gcount() != sizeof h || h.magic != magic) refuse("it is not a checkpoint");
  if (h.format != format || h.part_of_head != sizeof h)
    refuse("its format is " + std::to_string(h.format) + ", this program reads " +
           std::to_string(format));
  if (h.configuration != configuration)
    refuse("it was saved under another configuration (" + in_hex(h.configuration) + ", here " +
           in_hex(configuration) + ")");
  // The size is believed only as far as the file goes.
  const std::vector<char> rest{std::istreambuf_iterator<char>{in}, {}};
  if (rest.size() < h.size)
    refuse("it is cut short: " + std::to_string(rest.size()) + " of " + std::to_string(h.size) +
           " bytes are there");
  state_.resize(h.size);
  std::memcpy(state_.data(), rest.data(), state_.size());
  if (rest.size() > h.size || digest_of(state_) != h.digest) refuse("its contents are damaged");
}

void checkpoint::part(std::string_view name) {
  std::string there{name};
  there.resize(length(name.size(), 1));
  bytes(there.data(), there.size());
  if (there != name)
    refuse("it holds the part '" + there + "' where '" + std::string{name} + "' belongs");
  part_ = name;
}

void checkpoint::bytes(void* data, std::size_t size) {
  if (size == 0) return;
  if (loads_) {
    if (state_.size() - at_ < size) refuse("it ends within the part '" + part_ + "'");
    std::memcpy(data, state_.data() + at_, size);
    at_ += size;
    return;
  }
  state_.resize(state_.size() + size);
  std::memcpy(state_.data() + state_.size() - size, data, size);
}

std::size_t checkpoint::length(std::size_t mine, std::size_t size_of_one) {
  std::uint64_t n = mine;
  value(n);
  if (loads_ && n > (state_.size() - at_) / size_of_one)
    refuse("it ends within the part '" + part_ + "'");
  return n;
}

void checkpoint::finish() const {
  if (loads_ && at_ != state_.size())
    refuse("it holds " + std::to_string(state_.size() - at_) + " bytes more than '" + part_ +
           "' takes");
}

void checkpoint::write(const std::filesystem::path& file) const {
  const head h{.magic = magic,
               .format = format,
               .configuration = configuration_,
               .size = state_.size(),
               .digest = digest_of(state_)};
  std::ofstream out{file, std::ios::binary};
  out.write(reinterpret_cast<const char*>(&h), sizeof h);
  out.write(reinterpret_cast<const char*>(state_.data()),
            static_cast<std::streamsize>(state_.size()));
  out.close();
  if (!out) throw config_error{file.string() + ": the checkpoint cannot be written."};
}

void checkpoint::refuse(const std::string& why) const {
  throw config_error{file_ + ": not restored, " + why + "."};
}

}  // namespace lightrack::base
