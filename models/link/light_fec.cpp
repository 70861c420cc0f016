// SPDX-License-Identifier: Apache-2.0
#include "models/link/light_fec.h"

#include <algorithm>
#include <bit>

#include "models/link/gf256.h"

namespace lightrack::link {
namespace {

constexpr int flit_bits = 2048;
constexpr int step = 8;  ///< bytes of a group that one turn of Horner's rule takes

/// Bytes of a group: those i < 256 with i mod 3 = group.
constexpr int group_bytes(int group) { return (256 - group + 2) / fec_group_count; }
static_assert(group_bytes(0) == 86 && group_bytes(1) == 85 && group_bytes(2) == 85);

/// times[k][x] = x a^k.
constexpr auto times = [] {
  std::array<std::array<u8, 256>, step + 1> t{};
  for (std::size_t k = 0; k <= step; ++k)
    for (std::size_t x = 0; x < 256; ++x)
      t[k][x] = gf256::multiply(static_cast<u8>(x), gf256::power(static_cast<int>(k)));
  return t;
}();

constexpr auto columns = [] {
  std::array<u16, flit_bits> c{};
  for (int bit = 0; bit < flit_bits; ++bit) {
    const u8 wrong = static_cast<u8>(1 << bit % 8);
    const u8 weighted = gf256::multiply(wrong, gf256::power(bit / 8 / fec_group_count));
    c[static_cast<std::size_t>(bit)] = static_cast<u16>(wrong | weighted << 8);
  }
  return c;
}();

constexpr u8 first_of(u16 syndrome) { return static_cast<u8>(syndrome); }
constexpr u8 second_of(u16 syndrome) { return static_cast<u8>(syndrome >> 8); }

}  // namespace

fec_syndromes fec_syndromes_of(std::span<const u8, 256> flit) {
  // Zeros behind the flit make the groups equally long: 11 steps of 8 bytes each.
  constexpr std::size_t stride = fec_group_count * step;
  constexpr std::size_t steps = 11;
  std::array<u8, steps * stride> bytes{};
  std::ranges::copy(flit, bytes.begin());
  std::array<u8, fec_group_count> first{};
  std::array<u8, fec_group_count> second{};
  for (std::size_t s = steps; s-- > 0;) {
    for (std::size_t g = 0; g < fec_group_count; ++g) {
      const u8* at = bytes.data() + s * stride + g;
      u8 sum = first[g];
      u8 weighted = times[step][second[g]];
      for (std::size_t k = 0; k < step; ++k) {
        const u8 c = at[k * fec_group_count];
        sum ^= c;
        weighted ^= times[k][c];
      }
      first[g] = sum;
      second[g] = weighted;
    }
  }
  fec_syndromes result;
  for (std::size_t g = 0; g < fec_group_count; ++g)
    result[g] = static_cast<u16>(first[g] | second[g] << 8);
  return result;
}

fec_result fec_decide(const fec_syndromes& syndromes) {
  fec_result result;
  for (int group = 0; group < fec_group_count; ++group) {
    const auto g = static_cast<std::size_t>(group);
    const u16 syndrome = syndromes[g];
    if (syndrome == 0) continue;
    result.groups[g] = fec_outcome::failed;
    const u8 wrong = first_of(syndrome);
    if (wrong == 0 || second_of(syndrome) == 0) continue;
    // One wrong byte e at weight a^k: e, and e a^k.
    const int k = gf256::log(gf256::divide(second_of(syndrome), wrong));
    if (k >= group_bytes(group)) continue;
    result.groups[g] = fec_outcome::corrected;
    result.at[g] = static_cast<u8>(fec_group_count * k + group);
    result.mask[g] = wrong;
  }
  return result;
}

void fec_protect(std::span<u8, 256> flit) {
  std::fill(flit.begin() + fec_check_begin, flit.begin() + fec_check_end, u8{0});
  const fec_syndromes open = fec_syndromes_of(flit);
  constexpr u8 one_plus_a = 3;
  for (int at = fec_check_begin; at < fec_check_begin + fec_group_count; ++at) {
    // Check bytes x at weight a^k and y at a^(k+1): x + y = S0 and x + a y = S1 / a^k.
    const u16 syndrome = open[static_cast<std::size_t>(at % fec_group_count)];
    const u8 scaled = gf256::divide(second_of(syndrome), gf256::power(at / fec_group_count));
    const u8 y = gf256::divide(static_cast<u8>(first_of(syndrome) ^ scaled), one_plus_a);
    flit[static_cast<std::size_t>(at)] = first_of(syndrome) ^ y;
    flit[static_cast<std::size_t>(at + fec_group_count)] = y;
  }
}

fec_result fec_correct(std::span<u8, 256> flit) {
  const fec_result result = fec_decide(fec_syndromes_of(flit));
  for (std::size_t g = 0; g < fec_group_count; ++g) flit[result.at[g]] ^= result.mask[g];
  return result;
}

u16 fec_column(int flit_bit) { return columns[static_cast<std::size_t>(flit_bit)]; }

const fec_result& fec_judge::decide() {
  result_ = fec_decide(syndromes_);
  for (std::size_t g = 0; g < fec_group_count; ++g) {
    for (unsigned left = result_.mask[g]; left != 0; left &= left - 1)
      flip_crc(8 * result_.at[g] + std::countr_zero(left));
  }
  return result_;
}

}  // namespace lightrack::link
