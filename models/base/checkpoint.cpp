// SPDX-License-Identifier: Apache-2.0
// models/base/checkpoint.cpp
// File: a head of fixed size, a text, then the state, part by part.
#include "models/base/checkpoint.h"

#include <algorithm>
#include <array>
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
  std::uint32_t size_of_head = sizeof(head);  ///< differs where the layout does
  std::uint64_t configuration = 0;
  std::uint64_t program = 0;
  std::uint64_t note = 0;    ///< bytes of text behind this head
  std::uint64_t state = 0;   ///< bytes behind that
  std::uint64_t digest = 0;  ///< over head (without program and this), text and state
};
static_assert(std::has_unique_object_representations_v<head>);

std::uint64_t digest_of(std::uint64_t digest, const void* bytes, std::size_t size) {
  for (std::size_t at = 0; at < size; at += sizeof(std::uint64_t)) {
    std::uint64_t word = 0;
    std::memcpy(&word, static_cast<const char*>(bytes) + at, std::min(sizeof word, size - at));
    digest = mix64(digest ^ word);
  }
  return digest;
}

std::uint64_t digest_of(head h, const std::string& note, const std::vector<std::byte>& state) {
  h.program = h.digest = 0;
  return digest_of(digest_of(digest_of(0, &h, sizeof h), note.data(), note.size()), state.data(),
                   state.size());
}

std::string in_hex(std::uint64_t value) {
  std::string text(16, '0');
  for (std::size_t k = 16; k-- > 0; value >>= 4) text[k] = "0123456789abcdef"[value & 15];
  return text;
}

}  // namespace

checkpoint::checkpoint(const std::filesystem::path& file) : loads_{true}, file_{file.string()} {
  std::ifstream in{file, std::ios::binary};
  if (!in) refuse("it cannot be read");
  head h;
  in.read(reinterpret_cast<char*>(&h), sizeof h);
  if (in.gcount() != sizeof h || h.magic != magic) refuse("it is not a checkpoint");
  if (h.format != format || h.size_of_head != sizeof h)
    refuse("its format is " + std::to_string(h.format) + ", this program reads " +
           std::to_string(format));
  // The sizes are believed only as far as the file goes.
  const std::vector<char> rest{std::istreambuf_iterator<char>{in}, {}};
  if (h.note > rest.size() || h.state > rest.size() - h.note)
    refuse("it is cut short: " + std::to_string(rest.size()) + " of " +
           std::to_string(h.note + h.state) + " bytes are there");
  note_.assign(rest.data(), h.note);
  state_.resize(h.state);
  if (h.state > 0) std::memcpy(state_.data(), rest.data() + h.note, state_.size());
  if (rest.size() > h.note + h.state || digest_of(h, note_, state_) != h.digest)
    refuse("its contents are damaged");
  if (h.program != program_revision())
    refuse("it was saved by another version of the program (" + in_hex(h.program) + ", this is " +
           in_hex(program_revision()) + ")");
  configuration_ = h.configuration;
}

void checkpoint::require(std::uint64_t configuration) const {
  if (configuration_ != configuration)
    refuse("it was saved under another configuration (" + in_hex(configuration_) + ", here " +
           in_hex(configuration) + ")");
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

void checkpoint::same_revision(std::string_view what, std::uint64_t mine) {
  std::uint64_t saved = mine;
  value(saved);
  if (saved != mine)
    refuse("it was saved with another " + std::string{what} + " (" + in_hex(saved) + ", here " +
           in_hex(mine) + ")");
}

void checkpoint::finish() const {
  if (loads_ && at_ != state_.size())
    refuse("it holds " + std::to_string(state_.size() - at_) + " bytes more than '" + part_ +
           "' takes");
}

void checkpoint::write(const std::filesystem::path& file) const {
  head h{.magic = magic,
         .format = format,
         .configuration = configuration_,
         .program = program_revision(),
         .note = note_.size(),
         .state = state_.size()};
  h.digest = digest_of(h, note_, state_);
  // An older file of this name stands until the new one is whole.
  const std::filesystem::path unfinished = file.string() + ".part";
  std::ofstream out{unfinished, std::ios::binary};
  out.write(reinterpret_cast<const char*>(&h), sizeof h);
  out.write(note_.data(), static_cast<std::streamsize>(note_.size()));
  out.write(reinterpret_cast<const char*>(state_.data()),
            static_cast<std::streamsize>(state_.size()));
  out.close();
  std::error_code failed;
  if (out) std::filesystem::rename(unfinished, file, failed);
  if (!out || failed) throw config_error{file.string() + ": the checkpoint cannot be written."};
}

void checkpoint::refuse(const std::string& why) const {
  throw config_error{file_ + ": not restored, " + why + "."};
}

}  // namespace lightrack::base
