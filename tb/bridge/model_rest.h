// SPDX-License-Identifier: Apache-2.0
// tb/bridge/model_rest.h
// A Verilated endpoint that need not be evaluated: at rest it comes back to the same state.
//
// In QUIESCE, with inputs that do not change, what still moves is pointers into rings of zero
// words, whose lengths divide `period`, and the clock counter, which nothing looks at (section 13.4
// lets it stand). That is not taken for granted: probe() evaluates one period and compares all
// registers, memories and wires of the model, with the clock counter set back. A model is a
// function of its state and inputs, so one that comes back once does so for ever.
//
// Time:   wake() evaluates what is left of a period, one to `period` clocks, and sets the clock
//         counter: the state is then bit for bit that of a model evaluated at every clock.
// Faults: a model that does not come back is put back as it was, and evaluated on.
// Cost:   a probe is 32 clocks, a copy and a compare of the model (400 KB); rest() one addition.
#pragma once

#include <cstring>
#include <vector>

#include "models/link/types.h"

namespace lightrack::bridge {

/// Evaluation: model_clock or whole_clock.
template <class Root, class Evaluation>
class model_rest {
 public:
  static constexpr int period = 32;

  /// After a clock; inputs stay as they are. `silent(root)` says that the outputs that stand are
  /// those of a rest. True: the model rests. It is as it was in either case.
  template <class Silent>
  [[nodiscard]] bool probe(Root& root, Evaluation& evaluation, const Silent& silent) {
    static thread_local std::vector<char> before;
    char* const begin = reinterpret_cast<char*>(&root);
    const auto size = static_cast<std::size_t>(reinterpret_cast<char*>(&root.vlSymsp) - begin);
    before.assign(begin, begin + size);
    const auto now = root.lr_endpoint__DOT__now_q;
    resting_ = true;
    for (int k = 1; k <= period && resting_; ++k) {
      if (k == period) root.lr_endpoint__DOT__now_q = now - 1;
      clock(root, evaluation);
      resting_ = silent(root);
    }
    resting_ = resting_ && std::memcmp(begin, before.data(), size) == 0;
    if (!resting_) {
      std::memcpy(begin, before.data(), size);
      evaluation.restored();
    }
    passed_ = 0;
    return resting_;
  }
  [[nodiscard]] bool resting() const { return resting_; }

  /// So many clocks go by.
  void rest(link::i64 clocks) { passed_ += clocks; }
  void wake(Root& root, Evaluation& evaluation) {
    resting_ = false;
    if (passed_ == 0) return;
    const link::i64 left = (passed_ - 1) % period + 1;
    root.lr_endpoint__DOT__now_q += static_cast<link::u64>(passed_ - left);
    for (link::i64 k = 0; k < left; ++k) clock(root, evaluation);
  }

 private:
  static void clock(Root& root, Evaluation& evaluation) {
    evaluation.settle(root);
    evaluation.edge(root);
  }

  bool resting_ = false;
  link::i64 passed_ = 0;  ///< clocks since the state that stands in the model
};

}  // namespace lightrack::bridge
