// SPDX-License-Identifier: Apache-2.0
// tests/optics/refusal.h
// The sentence with which wrong input is refused; empty if it was taken.
#pragma once

#include <string>

#include "models/base/error.h"

namespace lightrack::optics {

template <class Body>
[[nodiscard]] std::string refusal(const Body& body) {
  try {
    body();
  } catch (const base::config_error& e) {
    return e.what();
  }
  return "";
}

}  // namespace lightrack::optics
