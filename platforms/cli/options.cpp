// SPDX-License-Identifier: Apache-2.0
#include <csignal>
#include <cstdlib>
#include <thread>

#include "platforms/cli/commands.h"

namespace lightrack::cli {
namespace {

std::atomic<bool> stop_asked{false};
static_assert(std::atomic<bool>::is_always_lock_free);

void on_interrupt(int) {
  if (stop_asked.exchange(true)) std::_Exit(exit_interrupted);
}

}  // namespace

int common_options::threads() const {
  return jobs > 0 ? jobs : static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
}

void apply(const common_options& o, base::config& c) {
  if (!o.config_file.empty()) c.load(o.config_file);
  for (const std::string& assignment : o.set) c.set(assignment);
  if (!o.seed.empty()) c.set("sim.seed=" + o.seed, "--seed");
  if (!o.time.empty()) c.set("sim.time=" + o.time, "--time");
  if (!o.fidelity.empty()) c.set("link.fidelity.default=" + o.fidelity, "--fidelity");
  if (o.quick) c.imply("sim.time", 20);
}

void apply_to_light(const common_options& o, base::config& c) {
  if (!o.config_file.empty()) c.load(o.config_file);
  for (const std::string& assignment : o.set) c.set(assignment);
  if (!o.seed.empty()) c.set("sim.seed=" + o.seed, "--seed");
  for (const auto& [option, given] : {std::pair{"--time", o.time}, {"--fidelity", o.fidelity}})
    if (!given.empty())
      throw base::config_error(std::string{option} + " " + given +
                               ": no link is simulated here; allowed are keys of light, engine and "
                               "fiber");
}

const std::atomic<bool>& interrupted() { return stop_asked; }
void catch_interrupts() { std::signal(SIGINT, on_interrupt); }

}  // namespace lightrack::cli
