// SPDX-License-Identifier: Apache-2.0
#include "tb/bridge/trace_writer.h"

namespace lightrack::bridge {

void trace_writer::correct(unsigned vc, u64 digest) {
  const u64 first = deliveries_[vc].record;
  recent_[first % recent_records].arg64 = digest;
  buffer_.rewind(deliveries_[vc].place);
  for (u64 number = first; number < written_; ++number) {
    for (delivery& d : deliveries_)
      if (d.record == number) d.place = buffer_.here();
    buffer_.add(recent_[number % recent_records]);
  }
}

}  // namespace lightrack::bridge
