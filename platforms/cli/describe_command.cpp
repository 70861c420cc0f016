// SPDX-License-Identifier: Apache-2.0
// platforms/cli/describe_command.cpp
// `lightrack describe link`: parts and their fidelity, links, memory map, registers.
#include <fmt/format.h>

#include <iostream>
#include <nlohmann/json.hpp>

#include "models/base/units.h"
#include "platforms/cli/commands.h"
#include "platforms/link/link_platform.h"
#include "platforms/link/link_report.h"
#include "rtl/link_csr.h"

namespace lightrack::cli {
namespace {

using nlohmann::json;

constexpr std::uint32_t csr_bytes =
    4096;  // an endpoint's registers (docs/link-layer.md, section 11)

json fields_json(const base::reg_info& r) {
  json fields = json::array();
  for (const base::field_info& f : r.fields)
    fields.push_back({{"name", f.name},
                      {"low", f.low},
                      {"width", f.width},
                      {"reset", f.reset},
                      {"access", f.access},
                      {"description", f.description}});
  return fields;
}

json registers_json() {
  json list = json::array();
  for (const base::reg_info& r : link::csr::registers)
    list.push_back({{"name", r.name},
                    {"offset", r.offset},
                    {"reset", r.reset},
                    {"title", r.title},
                    {"fields", fields_json(r)}});
  return list;
}

json parts_json(const platforms::link_setup& s) {
  json parts = json::array();
  std::uint32_t base = 0;
  for (const char* side : {"west", "east"}) {
    const bool west = side[0] == 'w';
    parts.push_back(
        {{"name", fmt::format("link0.{}", side)},
         {"kind", "endpoint"},
         {"fidelity", platforms::fidelity_name(west ? s.west : s.east)},
         {"lanes", s.endpoint.lanes},
         {"csr_base", base},
         {"csr_bytes", csr_bytes},
         {"parts",
          {{{"name", fmt::format("link0.{}.source", side)}, {"kind", "traffic and packer"}},
           {{"name", fmt::format("link0.{}.sink", side)}, {"kind", "unpacker and statistics"}}}}});
    base += csr_bytes;
  }
  return parts;
}

json links_json(const platforms::link_setup& s) {
  json links = json::array();
  for (const auto* d : {&s.to_east, &s.to_west}) {
    const link::receive_channel channel{d->channel};
    const bool east = d == &s.to_east;
    links.push_back({{"from", east ? "link0.west" : "link0.east"},
                     {"to", east ? "link0.east" : "link0.west"},
                     {"lanes", s.endpoint.lanes},
                     {"gbps_per_lane", s.gbps_per_lambda},
                     {"raw_gbps", s.raw_gbps()},
                     {"length_m", d->channel.length_m},
                     {"flight_clocks", channel.flight()},
                     {"flight_ns", static_cast<double>(channel.flight()) * s.clock_ns()}});
  }
  return links;
}

void print(const json& j) {
  std::cout << fmt::format("link0: two endpoints, clock {} fs\n", j["clock_fs"].get<link::i64>());
  for (const json& p : j["parts"]) {
    std::cout << fmt::format(
        "  {:<12}{:<10}fidelity {:<6}{} lanes, registers at 0x{:04X}, {} bytes\n",
        p["name"].get<std::string>(), p["kind"].get<std::string>(),
        p["fidelity"].get<std::string>(), p["lanes"].get<int>(), p["csr_base"].get<std::uint32_t>(),
        p["csr_bytes"].get<std::uint32_t>());
    for (const json& inner : p["parts"])
      std::cout << fmt::format("    {:<20}{}\n", inner["name"].get<std::string>(),
                               inner["kind"].get<std::string>());
  }
  if (!j["fidelity_note"].is_null())
    std::cout << "  " << j["fidelity_note"].get<std::string>() << '\n';
  std::cout << "links\n";
  for (const json& l : j["links"])
    std::cout << fmt::format(
        "  {} to {}: {} lanes x {} Gb/s = {:.0f} Gb/s, {} m, {} clocks = {:.2f} ns with optics\n",
        l["from"].get<std::string>(), l["to"].get<std::string>(), l["lanes"].get<int>(),
        base::number_text(l["gbps_per_lane"].get<double>()), l["raw_gbps"].get<double>(),
        base::number_text(l["length_m"].get<double>()), l["flight_clocks"].get<link::i64>(),
        l["flight_ns"].get<double>());
  std::cout << "registers of each endpoint (rtl/link.rdl)\n";
  for (const json& r : j["registers"]) {
    std::cout << fmt::format("  0x{:03X}  {:<30}reset 0x{:08X}  {}\n",
                             r["offset"].get<std::uint32_t>(), r["name"].get<std::string>(),
                             r["reset"].get<std::uint32_t>(), r["title"].get<std::string>());
  }
}

}  // namespace

int describe_command(const std::string& what, const common_options& o) {
  if (what != "link")
    throw base::config_error(fmt::format("describe {}: no such platform; allowed is link", what));
  base::config config = platforms::link_config();
  apply(o, config);
  const platforms::link_setup setup = platforms::make_link_setup(config);
  const json j{{"platform", "link"},
               {"profile", setup.profile},
               {"clock_fs", setup.clock_fs},
               {"parts", parts_json(setup)},
               {"links", links_json(setup)},
               {"registers", registers_json()},
               {"fidelity_note",
                setup.met_as_flit.empty() ? json{} : json(platforms::met_as_flit_sentence(setup))}};
  if (o.json) {
    std::cout << j.dump(2) << '\n';
  } else {
    print(j);
  }
  return exit_done;
}

}  // namespace lightrack::cli
