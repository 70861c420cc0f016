// SPDX-License-Identifier: Apache-2.0
// models/base/checkpoint.h
// The state of a run as one file, written and read by the same function of each class.
//
// Time:   between two batches, when no endpoint runs.
// Faults: a file of another format, program or configuration, cut short, damaged or with parts in
//         another order is refused in one sentence (base::config_error).
// Cost:   raw bytes in memory, one file at the end. Files are for the program that wrote them: its
//         byte order and layout of structures are part of the format.
// Not modelled: what a configuration makes (parameters, keys, tables): the reader builds it first.
//   base::checkpoint c{hash_of_the_configuration};  part.transfer(c);  c.write("run.ckpt");
//   base::checkpoint c{"run.ckpt", hash};  part.transfer(c);  c.finish();
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace lightrack::base {

/// Hash of the sources that state and its layout come from, taken when this program was built.
[[nodiscard]] std::uint64_t program_revision();
/// Likewise of the RTL and the register source.
[[nodiscard]] std::uint64_t rtl_revision();

class checkpoint {
 public:
  static constexpr std::uint32_t format = 2;

  /// To save; `configuration` is a hash over all that the state depends on and does not contain,
  /// `note` a text that stands before the state, such as that configuration itself.
  explicit checkpoint(std::uint64_t configuration, std::string note = {})
      : configuration_{configuration}, note_{std::move(note)} {}
  /// To load. Throws where the file is not whole, or not one of this program.
  explicit checkpoint(const std::filesystem::path& file);
  /// To load; require() included.
  checkpoint(const std::filesystem::path& file, std::uint64_t configuration) : checkpoint{file} {
    require(configuration);
  }
  /// Throws where the loaded file is of another configuration.
  void require(std::uint64_t configuration) const;

  [[nodiscard]] bool loads() const { return loads_; }
  [[nodiscard]] const std::string& note() const { return note_; }

  /// Names the part whose fields follow. Throws if another part follows in the file.
  void part(std::string_view name);
  /// Saves the bytes, or puts the saved ones in their place.
  void bytes(void* data, std::size_t size);

  /// Saves a number that names what the state belongs to; throws where the saved one is another.
  void same_revision(std::string_view what, std::uint64_t mine);

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

  /// Throws "FILE: not restored, WHY."
  [[noreturn]] void refuse(const std::string& why) const;
  /// Throws if the file holds more than was asked for.
  void finish() const;
  /// Throws if the file cannot be written.
  void write(const std::filesystem::path& file) const;

 private:
  /// Saves a length and gives it back, or the saved one.
  [[nodiscard]] std::size_t length(std::size_t mine, std::size_t size_of_one);

  std::uint64_t configuration_ = 0;
  std::string note_;
  bool loads_ = false;
  std::string file_ = "checkpoint";  ///< for messages
  std::vector<std::byte> state_;
  std::size_t at_ = 0;  ///< next byte to load
  std::string part_ = "nothing";
};

}  // namespace lightrack::base
