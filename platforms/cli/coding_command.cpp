// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <iostream>
#include <nlohmann/json.hpp>

#include "models/link/stream_json.h"
#include "platforms/cli/commands.h"
#include "tb/bridge/rtl_coding.h"

namespace lightrack::cli {
namespace {

link::coding_backend backend(const std::string& fidelity) {
  if (fidelity == "flit") return link::flit_backend();
  if (fidelity == "rtl") return bridge::rtl_backend();
  throw base::config_error(fmt::format(
      "--fidelity {}: has no coding data path of its own; allowed are flit and rtl", fidelity));
}

}  // namespace

int coding_command(bool encode, const std::string& fidelity) {
  const link::coding_backend coder = backend(fidelity);
  nlohmann::json in;
  try {
    in = nlohmann::json::parse(std::cin);
  } catch (const nlohmann::json::parse_error& e) {
    throw base::config_error(
        fmt::format("stdin: not JSON at byte {}; allowed is one object as in docs/cli.md", e.byte));
  }
  try {
    std::cout << (encode ? link_encode(in, coder) : link_decode(in, coder)).dump() << '\n';
  } catch (const nlohmann::json::exception& e) {
    throw base::config_error(
        fmt::format("stdin: {}; allowed is one object as in docs/cli.md", e.what()));
  }
  return exit_done;
}

}  // namespace lightrack::cli
