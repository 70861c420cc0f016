// SPDX-License-Identifier: Apache-2.0
// models/link/slot_grid.h
// The flit slots of a transmitter in ACTIVE: their decision clocks, with the markers between them,
// in closed form.
#pragma once

#include <bit>

#include "models/link/types.h"
#include "rtl/link_pkg.h"

namespace lightrack::link {

struct slot_grid {
  i64 first = 0;                   ///< D of slot 0
  u64 lead = 64;                   ///< slots before the first marker
  u64 interval = 4096;             ///< slots between markers from then on
  i64 marker = 4;                  ///< clocks
  i64 flit = pkg::beats_per_flit;  ///< clocks; twice or four times as many at reduced width

  [[nodiscard]] int flit_log2() const { return std::countr_zero(static_cast<u64>(flit)); }
  /// D of slot s.
  [[nodiscard]] i64 clock(u64 s) const {
    const i64 flits = first + flit * static_cast<i64>(s);
    return s < lead ? flits : flits + (static_cast<i64>((s - lead) / interval) + 1) * marker;
  }
  /// The first slot with D >= n.
  [[nodiscard]] u64 at_or_after(i64 n) const {
    if (n <= first) return 0;
    const auto in_lead = static_cast<u64>((n - first + flit - 1) >> flit_log2());
    if (in_lead < lead) return in_lead;
    const i64 after = n - first - flit * static_cast<i64>(lead) - marker;
    if (after <= 0) return lead;
    const i64 period = flit * static_cast<i64>(interval) + marker;
    const auto whole = static_cast<u64>(after / period);
    const auto rest = static_cast<u64>((after % period + flit - 1) >> flit_log2());
    return lead + whole * interval + (rest < interval ? rest : interval);
  }
  /// Markers before slot s.
  [[nodiscard]] u64 markers(u64 s) const { return s < lead ? 0 : (s - lead) / interval + 1; }
  [[nodiscard]] bool marker_before(u64 s) const { return s >= lead && (s - lead) % interval == 0; }
  /// Slots from s on, it included, before the next marker.
  [[nodiscard]] u64 before_marker(u64 s) const {
    return s < lead ? lead - s : interval - (s - lead) % interval;
  }
};

}  // namespace lightrack::link
