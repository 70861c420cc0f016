// SPDX-License-Identifier: Apache-2.0
// tb/verify/counter_list.h
// The counters of an endpoint as a list of names and values, in the order of rtl/link.rdl.
#pragma once

#include <string>
#include <vector>

#include "models/link/types.h"

namespace lightrack::verify {

struct named_counter {
  std::string name;
  link::u64 value = 0;
};

[[nodiscard]] std::vector<named_counter> list_counters(const link::endpoint_counters& c);

}  // namespace lightrack::verify
