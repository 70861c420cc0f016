// SPDX-License-Identifier: Apache-2.0
#include "models/package/die_to_die.h"

#include <fmt/format.h>

#include "models/base/error.h"
#include "models/base/units.h"

namespace lightrack::package {
namespace {

constexpr link::i64 flit_bits = 2048;

link::error_process errors_of(const die_to_die_params& p, const char* way) {
  return {p.seed, p.role + way, {.ber = p.raw_ber}};
}

}  // namespace

die_to_die::die_to_die(const die_to_die_params& p, double engine_gbps)
    : params_{p},
      load_{engine_gbps / p.gbps()},
      errors_{errors_of(p, ".to_light"), errors_of(p, ".from_light")} {
  if (load_ > 1)
    throw base::config_error(fmt::format(
        "ucie.modules_per_engine_standard = {}: {} modules x {} lanes x {} GT/s = {} Gb/s, and the "
        "engine's light carries {} Gb/s a direction; allowed is that or more",
        p.modules, p.modules, p.lanes, base::number_text(p.gt_per_s), base::number_text(p.gbps()),
        base::number_text(engine_gbps)));
}

void die_to_die::carry(host_way way, link::u64 flits) {
  const auto w = static_cast<std::size_t>(way);
  const link::i64 end = bits_[w] + static_cast<link::i64>(flits) * flit_bits;
  link::i64 last_flit = -1;
  for (link::i64 bit = errors_[w].next_error(bits_[w], end); bit < end;
       bit = errors_[w].next_error(bit + 1, end)) {
    ++counters_[w].bit_errors;
    if (bit / flit_bits != last_flit) ++counters_[w].retries;
    last_flit = bit / flit_bits;
  }
  bits_[w] = end;
  counters_[w].flits += flits;
}

}  // namespace lightrack::package
