// SPDX-License-Identifier: Apache-2.0
// platforms/link/link_stuck.cpp
// The sentence of a run in which nothing moves: who waits for what.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "platforms/link/link_run.h"
#include "rtl/link_pkg.h"

namespace lightrack::platforms {
namespace {

using link::pkg::cause_e;
using link::pkg::state_e;

state_e state_of(const stuck_end& e) { return static_cast<state_e>(e.status.state); }
const char* state_name(const stuck_end& e) { return link::pkg::name_of(state_of(e)); }

std::string lanes_text(const std::vector<int>& lanes) {
  return fmt::format("lane{} {}", lanes.size() == 1 ? "" : "s", fmt::join(lanes, ", "));
}

std::string cause_text(cause_e cause) {
  switch (cause) {
    case cause_e::train_limit:
      return "training timed out link.train_limit times without ACTIVE";
    case cause_e::retrain_limit:
      return "link.retrain_limit retrains freed no flit";
    case cause_e::version:
      return "the far end speaks another protocol version";
    case cause_e::disabled:
      return "it is disabled";
    default:
      return "see docs/link-layer.md, section 12.4";
  }
}

std::string down(const stuck_end& e, const stuck_end& far) {
  const auto cause = static_cast<cause_e>(e.status.cause);
  std::string text = fmt::format("{} went to LINK_DOWN with work left, cause {}: {}", e.name,
                                 link::pkg::name_of(cause), cause_text(cause));
  if (!e.dark_lanes.empty())
    text += fmt::format("; no light comes on {}", lanes_text(e.dark_lanes));
  else if (!far.dark_lanes.empty())
    text += fmt::format("; {} gets no light on {}", far.name, lanes_text(far.dark_lanes));
  return text + fmt::format("; the far end is in {}", state_name(far));
}

// What one end waits for, or nothing if it waits for the other's move.
std::string waits_for(const stuck_end& e, const stuck_end& far) {
  switch (state_of(e)) {
    case state_e::detect:
      if (!e.dark_lanes.empty())
        return fmt::format("waits in DETECT for light that never comes on {}",
                           lanes_text(e.dark_lanes));
      return fmt::format("waits in DETECT for light from {}, which is in {}", far.name,
                         state_name(far));
    case state_e::lock:
    case state_e::map:
    case state_e::deskew:
    case state_e::init:
      if (!e.dark_lanes.empty())
        return fmt::format("waits in {} for light on {}", state_name(e), lanes_text(e.dark_lanes));
      return fmt::format("waits in {} for {}, which is in {}", state_name(e), far.name,
                         state_name(far));
    case state_e::reset:
      return fmt::format("stays in RESET until the light of {} has fallen", far.name);
    default:
      break;
  }
  if (e.unacknowledged > 0)
    return fmt::format("is {} and waits for the delivery of {} flits that it sent", state_name(e),
                       e.unacknowledged);
  if (e.work_waits)
    return fmt::format("is {} and has work, but no credit or window from {}", state_name(e),
                       far.name);
  return fmt::format("is {} and has nothing to send", state_name(e));
}

}  // namespace

std::string stuck_sentence(const stuck_end& west, const stuck_end& east,
                           const std::string& waited) {
  if (state_of(west) == state_e::link_down) return down(west, east);
  if (state_of(east) == state_e::link_down) return down(east, west);
  return fmt::format("nothing was delivered for {} while work is offered: {} {}; {} {}", waited,
                     west.name, waits_for(west, east), east.name, waits_for(east, west));
}

}  // namespace lightrack::platforms
