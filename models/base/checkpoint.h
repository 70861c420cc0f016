// SPDX-License-Identifier: Apache-2.0
// models/base/checkpoint.h
// The state of a run as one file, written and read by the same function of each class.
//
// Time:   between two batches, when no endpoint runs.
// Faults: a file of another format, of another configuration, cut short, damaged or with parts in
//         another order is refused in one sentence (base::config_error).
// Cost:   raw bytes in memory, one file at the end. Files are for this host: its byte order and
//         layout of structures are part of the format.
// Not modelled: what a configuration makes (parameters, keys, tables): the reader builds it first.
//   base::checkpoint c{hash_of_the_configuration};  part.transfer(c);  c.write("run.ckpt");
//   base::checkpoint c{"run.ckpt", hash};  part.transfer(c);  c.finish();
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace lightrack::base {

class checkpoint {
 public:
  static constexpr std::uint32_t format = 1;

  /// To save; `configuration` is a hash over all that the state depends on and does not contain.
  explicit checkpoint(std::uint64_t configuration) : configuration_{configuration} {}
  /// To load. Throws where the file is not one of this format and configuration.
  checkpoint(const std::filesystem::path& file, std::uint64_t configuration);

  [[nodiscard]] bool loads() const { return loads_; }

  /// Names the part whose fields follow. Throws if another part follows in the file.
  void part(std::string_view name);
  /// Saves the bytes, or puts the saved ones in their place.
  void bytes(void* data, std::size_t size);

  /// A value whose bytes are its state.
  template <class T>
  requires std::is_trivially_copyable_v<T>
  void value(T& v) {
    static_assert(!std::is_pointer_v<T>, "an address means nothing in another process");
    bytes(&v, sizeof v);
  }
  /// All of them in order.
  template <class... T>
  void values(T&... v) {
    (value(v), ...);
  }
  /// A list with its length.
  template <class T>
  requires std::is_trivially_copyable_v<T>
  void list(std::vector<T>& v) {
    v.resize(length(v.size(), sizeof(T)));
    bytes(v.data(), v.size() * sizeof(T));
  }

  /// Throws if the file holds more than was asked for.
  void finish() const;
  /// Throws if the file cannot be written.
  void write(const std::filesystem::path& file) const;

 private:
  /// Saves a length and gives it back, or the saved one.
  [[nodiscard]] std::size_t length(std::size_t mine, std::size_t size_of_one);
  [[noreturn]] void refuse(const std::string& why) const;

  std::uint64_t configuration_;
  bool loads_ = false;
  std::string file_ = "checkpoint";  ///< for messages
  std::vector<std::byte> state_;
  std::size_t at_ = 0;  ///< next byte to load
  std::string part_ = "nothing";
};

}  // namespace lightrack::base
