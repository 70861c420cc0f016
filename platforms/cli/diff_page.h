// SPDX-License-Identifier: Apache-2.0
// platforms/cli/diff_page.h
// Two runs side by side: which keys differ, and what that did to rate, latency and counters.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "platforms/report/page.h"

namespace lightrack::cli {

/// One result folder as read: its name, the object of `run link --json`, and its configuration as
/// flat "section.key" members.
struct compared_run {
  std::string name;
  nlohmann::json result;
  nlohmann::json config;
};

/// "goodput 690.1 instead of 705.7 Gb/s (-2.2 %), ...": the second against the first.
[[nodiscard]] std::string difference_sentence(const compared_run& first,
                                              const compared_run& second);
[[nodiscard]] platforms::page diff_page(const compared_run& first, const compared_run& second,
                                        const std::string& command);

}  // namespace lightrack::cli
