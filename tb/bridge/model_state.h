// SPDX-License-Identifier: Apache-2.0
// tb/bridge/model_state.h
// The values of a Verilated model in a checkpoint, each under a hash of its name.
//
// By name, for a build with waveforms keeps more values than one without: a run that was saved
// without them goes on with them. What is missing in a file is logic between registers, which is
// settled from them, or a register that no other logic of that build reads. Verilator's own
// --savable does not compile with the structures of the register block, and knows one build only.
//
// Faults: a model of another RTL, or with a value of another size (another shape), is refused.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "models/base/checkpoint.h"

namespace lightrack::bridge {

/// Listed by tools/state_members.py for each build.
struct model_value {
  std::uint64_t name = 0;  ///< hash
  void* bytes = nullptr;
  std::size_t size = 0;
};

/// True if values were loaded and the rest must be settled.
inline bool transfer_model(base::checkpoint& c, std::vector<model_value> mine) {
  c.same_revision("RTL", base::rtl_revision());
  std::uint64_t count = mine.size();
  c.value(count);
  if (!c.loads()) {
    for (model_value& v : mine) {
      c.values(v.name, v.size);
      c.bytes(v.bytes, v.size);
    }
    return false;
  }
  std::ranges::sort(mine, {}, &model_value::name);
  std::vector<std::byte> unknown;
  for (; count > 0; --count) {
    model_value saved;
    c.values(saved.name, saved.size);
    const auto at = std::ranges::lower_bound(mine, saved.name, {}, &model_value::name);
    const bool known = at != mine.end() && at->name == saved.name;
    if (known && at->size != saved.size) c.refuse("its RTL has another shape");
    if (!known) unknown.resize(saved.size);
    c.bytes(known ? at->bytes : unknown.data(), saved.size);
  }
  return true;
}

}  // namespace lightrack::bridge
