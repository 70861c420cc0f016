// SPDX-License-Identifier: Apache-2.0
// platforms/link/link_report_light.cpp
// What a run says of its light: budget, lanes at start and end, engines, energy.
#include <fmt/format.h>

#include <cmath>

#include "platforms/link/link_report.h"

namespace lightrack::platforms {
namespace {

using nlohmann::json;

json finite(double v) { return std::isfinite(v) ? json(v) : json{}; }

json lane_json(std::size_t lane, const package::line_light& l) {
  return {{"lane", lane},
          {"present", l.present},
          {"transmit_ring", l.transmit_ring},
          {"receive_ring", l.receive_ring},
          {"average_dbm", finite(l.average_dbm)},
          {"received_oma_dbm", finite(l.received_oma_dbm)},
          {"margin_db", finite(l.margin_db)},
          {"raw_ber", l.raw_ber},
          {"ber", l.ber}};
}

json lanes_json(const std::vector<package::line_light>& lanes) {
  json list = json::array();
  for (std::size_t l = 0; l < lanes.size(); ++l) list.push_back(lane_json(l, lanes[l]));
  return list;
}

json direction_json(const light_direction_result& d, const char* from, const char* to) {
  const optics::bus_budget& b = d.budget;
  const optics::lane_budget& worst = b.lanes[b.worst];
  json elements = json::array();
  for (std::size_t i = 0; i < b.elements.size(); ++i)
    elements.push_back({{"name", b.elements[i].name},
                        {"place", b.elements[i].place},
                        {"db", finite(worst.element_db[i])}});
  return {{"from", from},
          {"to", to},
          {"elements", elements},
          {"line", b.worst},
          {"total_db", finite(worst.launch_dbm - worst.received_oma_dbm)},
          {"launch_dbm", finite(worst.launch_dbm)},
          {"received_oma_dbm", finite(worst.received_oma_dbm)},
          {"penalties_db", finite(worst.penalties_db)},
          {"sensitivity_dbm", b.sensitivity_dbm},
          {"margin_db", finite(worst.margin_db)},
          {"q", worst.q},
          {"raw_ber", worst.ber},
          {"lanes", lanes_json(d.start)},
          {"lanes_at_end", lanes_json(d.end)},
          {"changes", d.changes}};
}

json parts_json(const light_end_result& e) {
  json parts = json::array();
  for (const package::energy_part& p : e.energy)
    parts.push_back({{"name", p.name}, {"pj_per_bit", p.pj_per_bit}});
  return parts;
}

json host_json(const package::host_counters& c) {
  return {{"flits", c.flits}, {"bit_errors", c.bit_errors}, {"retries", c.retries}};
}

json engine_json(const light_end_result& e) {
  return {{"name", e.engine},
          {"temperature_c", e.temperature_c},
          {"heater_mw", e.heater_mw},
          {"lasers_on", e.lasers_on},
          {"lasers", e.lasers},
          {"hops", e.hops},
          {"losses_of_lock", e.losses},
          {"energy_pj_per_bit", e.pj_per_bit()},
          {"energy_parts", parts_json(e)},
          {"die_to_die", {{"out", host_json(e.host_out)}, {"in", host_json(e.host_in)}}}};
}

std::string number(const json& v, const char* format) {
  return v.is_null() ? "-" : fmt::format(fmt::runtime(format), v.get<double>());
}

// From bottom to top of a list of lanes: "16 of 16 lanes, BER 3e-16 to 5e-16".
std::string lanes_text(const json& lanes) {
  int present = 0;
  double least = 1;
  double most = 0;
  for (const json& l : lanes) {
    if (!l["present"].get<bool>()) continue;
    ++present;
    least = std::min(least, l["raw_ber"].get<double>());
    most = std::max(most, l["raw_ber"].get<double>());
  }
  if (present == 0) return fmt::format("none of {} lanes", lanes.size());
  return fmt::format("{} of {} lanes, BER {:.2g} to {:.2g}", present, lanes.size(), least, most);
}

}  // namespace

json energy_json(const link_result& r, bool to_east) {
  if (!r.light) return nullptr;
  return parts_json(to_east ? r.light->west : r.light->east);
}

json light_json(const link_result& r) {
  if (!r.light) return {{"on", false}, {"why", r.setup.light.off_because}};
  json j = {{"on", true},
            {"start", r.setup.light.plant.start == package::light_start::cold ? "cold" : "locked"},
            {"events", r.setup.light.events.size()},
            {"directions", json::array({direction_json(r.light->to_east, "west", "east"),
                                        direction_json(r.light->to_west, "east", "west")})},
            {"engines", json::array({engine_json(r.light->west), engine_json(r.light->east)})}};
  if (r.setup.burst()) j["note"] = "burst keeps the BER that the light had at the start";
  if (r.setup.light.port.heavy_fec)
    j["fec"] = "the link sees what RS(544,514) leaves; raw_ber is before it";
  return j;
}

std::string light_text(const json& result) {
  const json& light = result["light"];
  if (!light["on"].get<bool>())
    return fmt::format("\nlight: off, {}\n", light["why"].get<std::string>());
  const std::string shown = result["slower_direction"].get<std::string>();
  const json& d = light["directions"][shown.starts_with("west") ? 0 : 1];
  std::string t =
      fmt::format("\nlight, {}, line {} at the start\n", shown, d["line"].get<std::size_t>());
  double level = d["launch_dbm"].get<double>();
  t += fmt::format("  {:<20}{:<24}{:>7}{:>9}\n", "element", "place", "dB", "dBm");
  t += fmt::format("  {:<20}{:<24}{:>7}{:>9.2f}\n", "laser", "a wavelength and port", "", level);
  for (const json& e : d["elements"]) {
    if (!e["db"].is_null()) level -= e["db"].get<double>();
    t += fmt::format("  {:<20}{:<24}{:>7}{:>9.2f}\n", e["name"].get<std::string>(),
                     e["place"].get<std::string>(), number(e["db"], "{:.2f}"), level);
  }
  t += fmt::format(
      "  OMA {} dBm - penalties {} dB - sensitivity {} dBm = margin {} dB, Q {}, BER {}\n",
      number(d["received_oma_dbm"], "{:.2f}"), number(d["penalties_db"], "{:.2f}"),
      number(d["sensitivity_dbm"], "{:.2f}"), number(d["margin_db"], "{:.2f}"),
      number(d["q"], "{:.2f}"), number(d["raw_ber"], "{:.2g}"));
  for (const json& each : light["directions"])
    t += fmt::format("  {} to {}: at start {}; at the end {}\n", each["from"].get<std::string>(),
                     each["to"].get<std::string>(), lanes_text(each["lanes"]),
                     lanes_text(each["lanes_at_end"]));
  for (const json& e : light["engines"]) {
    std::string parts;
    for (const json& p : e["energy_parts"])
      parts += fmt::format("{}{} {:.2f}", parts.empty() ? "" : " + ", p["name"].get<std::string>(),
                           p["pj_per_bit"].get<double>());
    t += fmt::format(
        "  {} engine: {:.1f} degC, {} of {} lasers, {} hops, {} losses of lock; {:.2f} "
        "pJ/bit = {}\n",
        e["name"].get<std::string>(), e["temperature_c"].get<double>(), e["lasers_on"].get<int>(),
        e["lasers"].get<int>(), e["hops"].get<int>(), e["losses_of_lock"].get<int>(),
        e["energy_pj_per_bit"].get<double>(), parts);
  }
  for (const char* key : {"note", "fec"})
    if (light.contains(key)) t += fmt::format("  {}\n", light[key].get<std::string>());
  return t;
}

}  // namespace lightrack::platforms
