// SPDX-License-Identifier: Apache-2.0
// models/base/error.h
// The kinds of error that leave a model: a user's mistake, and a simulation that failed.
#pragma once

#include <stdexcept>
#include <string>

namespace lightrack::base {

/// The user's input is wrong: one sentence with file, line, key, what was found and what is allowed. Exit code 2.
class config_error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The simulation broke a promise of its own (conservation, a bound, a check): names part, time and values. Exit code 1.
class model_error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Nothing moves although work is offered: says who waits for what. Exit code 3.
class no_progress_error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace lightrack::base
