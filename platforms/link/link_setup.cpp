// SPDX-License-Identifier: Apache-2.0
// platforms/link/link_setup.cpp
// From keys to the numbers of two endpoints, two channels and the traffic of both ends; rules that
// concern several keys.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <fnmatch.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <sstream>

#include "models/base/engine_profile.h"
#include "models/base/random.h"
#include "models/base/units.h"
#include "models/link/link_parameters.h"
#include "models/link/marker.h"
#include "platforms/link/link_platform.h"
#include "platforms/link/service_curve_store.h"

namespace lightrack::platforms {
namespace {

using base::config;
using base::number_text;
using nlohmann::json;

constexpr std::array<const char*, 2> instances{"link0.west", "link0.east"};
constexpr double fs_per_ns = 1e6;

void apply_profile(config& c) {
  const base::engine_profile& p = *base::find_profile(c.text("engine.profile"));
  if (p.lambda_per_port < 4)
    c.refuse("engine.profile",
             "copper pairs have no optical link; allowed for run link are the profiles with 4 or "
             "more wavelengths a port");
  const int links = static_cast<int>(c.integer("engine.links_per_port"));
  const int lanes = p.lambda_per_port / links;
  const bool fits = p.lambda_per_port % links == 0 && (lanes == 4 || lanes == 8 || lanes == 16);
  if (!fits && !c.given("link.lanes"))
    c.refuse("engine.links_per_port", fmt::format("{} wavelengths of {} do not make links of 4, 8 "
                                                  "or 16 lanes; allowed are divisors that do",
                                                  p.lambda_per_port, p.name));
  if (fits) c.imply("link.lanes", lanes);
  c.imply("link.spares", p.spares);
  c.imply("link.fec", p.fec);
  c.imply("engine.gbps_per_lambda", p.gbps_per_lambda);
  if (c.integer("link.lanes") > p.lambda_per_port)
    c.refuse("link.lanes", fmt::format("contradicts engine.profile = {}, which has {} wavelengths "
                                       "a port; allowed are {} or fewer",
                                       p.name, p.lambda_per_port, p.lambda_per_port));
  if (c.given("engine.links_per_port") && c.integer("link.lanes") * links > p.lambda_per_port)
    c.refuse("link.lanes", fmt::format("contradicts engine.links_per_port = {}, for {} has {} "
                                       "wavelengths a port; allowed are {} or fewer",
                                       links, p.name, p.lambda_per_port, lanes));
}

// The clock must be whole femtoseconds; the sentence names the nearest rates whose clock is.
i64 clock_femtoseconds(const config& c, int lanes) {
  const double rate = c.number("engine.gbps_per_lambda");
  const double bits = link::lane_bits(lanes);
  const double exact = bits * fs_per_ns / rate;
  const double whole = std::round(exact);
  if (std::abs(exact - whole) < 1e-4) return static_cast<i64>(whole);
  const double slow = std::ceil(exact);
  const double fast = std::floor(exact);
  c.refuse("engine.gbps_per_lambda",
           fmt::format("the clock, {} bits / {} Gb/s = {:.4f} fs, is not a whole number of "
                       "femtoseconds; the nearest allowed "
                       "are {:.12g} Gb/s ({:.0f} fs) and {:.12g} Gb/s ({:.0f} fs)",
                       bits, number_text(rate), exact, bits * fs_per_ns / slow, slow,
                       bits * fs_per_ns / fast, fast));
}

// What the number of physical lanes is called in a sentence.
std::string lanes_text(const link::endpoint_params& e) {
  return e.spares == 0 ? fmt::format("link.lanes = {}", e.lanes)
                       : fmt::format("link.lanes + link.spares = {}", e.lanes + e.spares);
}

void check_list(const config& c, const char* key, const link::endpoint_params& e) {
  const std::size_t count = c.numbers(key).size();
  if (count > 1 && count != static_cast<std::size_t>(e.lanes + e.spares))
    c.refuse(key, fmt::format("{} values contradict {}; allowed is one value, or one a lane", count,
                              lanes_text(e)));
}

std::vector<int> whole_numbers(const config& c, const char* key) {
  std::vector<int> list;
  for (const double v : c.numbers(key)) list.push_back(static_cast<int>(v));
  return list;
}

i64 clocks_up(double ns, i64 clock_fs) {
  return static_cast<i64>(
      std::ceil(static_cast<double>(std::llround(ns * fs_per_ns)) / static_cast<double>(clock_fs)));
}

std::vector<link::lane_event> lane_events(const config& c, bool to_east,
                                          const link::endpoint_params& e, i64 clock_fs) {
  const int lanes = e.lanes + e.spares;
  std::vector<link::lane_event> events;
  for (const json& row : c.rows("channel.events")) {
    const auto direction = row["direction"].get<std::string>();
    const bool east = direction == "west_to_east" || direction == "west";
    if (direction != "both" && east != to_east) continue;
    const int lane = row["lane"].is_string() ? -1 : row["lane"].get<int>();
    if (lane >= lanes)
      c.refuse("channel.events", fmt::format("lane {} contradicts {}; allowed are 0 to {}, or all",
                                             lane, lanes_text(e), lanes - 1));
    events.push_back(
        {.clock = clocks_up(row["time"].get<double>() * 1e3, clock_fs),
         .lane = lane,
         .what = row["what"] == "lose" ? link::lane_change::lose : link::lane_change::restore});
  }
  return events;
}

link::channel_params channel_of(const config& c, const link_setup& s, bool to_east) {
  link::channel_params p{.lanes = s.endpoint.lanes,
                         .spares = s.endpoint.spares,
                         .seed = s.seed,
                         .path = to_east ? "west.tx" : "east.tx",
                         .clock_fs = s.clock_fs,
                         .length_m = c.number("fiber.length"),
                         .ns_per_m = base::fiber_ns_per_m,
                         .pmd_latency_ns = c.number("channel.pmd_latency"),
                         .ber = c.numbers("channel.ber"),
                         .burst_rate = c.number("channel.burst_rate"),
                         .burst_bits = c.number("channel.burst_bits"),
                         .ber_drift = {},
                         .skew_words = whole_numbers(c, "channel.skew_words"),
                         .offset_bits = whole_numbers(c, "channel.offset_bits"),
                         .slip_settle = static_cast<int>(c.integer("channel.slip_settle")),
                         .events = lane_events(c, to_east, s.endpoint, s.clock_fs)};
  double last = -1;
  for (const json& row : c.rows("channel.ber_drift")) {
    const double ns = row["time"].get<double>() * 1e3;
    if (ns <= last)
      c.refuse("channel.ber_drift", "its times do not rise; allowed are rows in order of time");
    p.ber_drift.emplace_back(last = ns, row["factor"].get<double>());
  }
  for (const int o : p.offset_bits)
    if (o >= link::lane_bits(p.lanes))
      c.refuse("channel.offset_bits",
               fmt::format("{} contradicts link.lanes = {}, whose words have {} bits a lane; "
                           "allowed are 0 to {}",
                           o, p.lanes, link::lane_bits(p.lanes), link::lane_bits(p.lanes) - 1));
  return p;
}

void set_up_endpoints(const config& c, link_setup& s, i64 flight, int max_skew) {
  const auto number = [&](const char* key) { return static_cast<int>(c.integer(key)); };
  link::endpoint_params& e = s.endpoint;
  e.replay_depth = number("link.replay_depth");
  e.rx_depth = number("link.rx_depth");
  e.window = number("link.window");
  e.marker_interval = number("link.marker_interval");
  e.marker_interval_bad = number("link.marker_interval_bad");
  e.lane_wait_clocks = c.integer("link.lane_wait_clocks");
  e.quiesce_after = number("link.quiesce_after");
  e.replay_limit = number("link.replay_limit");
  e.retrain_limit = number("link.retrain_limit");
  e.train_limit = number("link.train_limit");
  e.nak_timeout = c.integer("link.nak_timeout");
  e.replay_timeout = c.integer("link.replay_timeout");
  // Training timeouts are times (docs/link-layer.md, 11.13); registers hold clocks.
  const auto clocks = [&](double us) { return clocks_up(us * 1e3, s.clock_fs); };
  e.detect_timeout_clocks = clocks(1000);
  e.lock_timeout_clocks = clocks(200);
  e.map_timeout_clocks = e.deskew_timeout_clocks = e.init_timeout_clocks = clocks(50);
  // One round trip and two marker times, and the pipeline at each end.
  e.lock_min_clocks = 2 * (flight + max_skew + 16) + 2 * link::marker_clocks(e.lanes);
}

void set_lanes_off(const config& c, link_setup& s) {
  const auto off = c.numbers("link.lanes_off");
  if (off.size() > 2)
    c.refuse("link.lanes_off",
             fmt::format("{} values; allowed is one bitmap, or [west, east]", off.size()));
  if (off.empty()) return;
  const auto bitmap = [&](double value) {
    const auto lanes = static_cast<link::u32>(value);
    if (lanes >> (s.endpoint.lanes + s.endpoint.spares) != 0)
      c.refuse("link.lanes_off", fmt::format("{} names lanes that are not there, for {}", lanes,
                                             lanes_text(s.endpoint)));
    return lanes;
  };
  s.west_lanes_off = bitmap(off.front());
  s.east_lanes_off = bitmap(off.back());
}

link_fidelity fidelity_of(const config& c, const std::string& instance) {
  std::string name = c.text("link.fidelity.default");
  std::size_t best = 0;
  for (const auto& [pattern, value] : c.family("link.fidelity.INSTANCE")) {
    // An exact name beats a pattern, a longer pattern a shorter one.
    const std::size_t rank = pattern == instance ? 1000 : pattern.size();
    if (fnmatch(pattern.c_str(), instance.c_str(), 0) != 0 || rank <= best) continue;
    best = rank;
    name = value;
  }
  if (name == "burst") return link_fidelity::burst;
  return name == "rtl" ? link_fidelity::rtl : link_fidelity::flit;
}

// Bursts move between two burst ends, with the curve of just this kind of link; one that meets
// another fidelity is a flit end.
void set_up_bursts(const config& c, link_setup& s) {
  const bool west = s.west == link_fidelity::burst;
  const bool east = s.east == link_fidelity::burst;
  if (west != east) {
    s.met_as_flit = instances[west ? 0 : 1];
    (west ? s.west : s.east) = link_fidelity::flit;
  }
  if (!west || !east) return;
  const std::string fec = c.text("link.fec");
  const std::string file = c.text("link.service_curve");
  if (!file.empty()) {
    s.curve = link::read_service_curve(file);
  } else if (auto known = find_service_curve(s.endpoint.lanes, s.gbps_per_lambda, fec)) {
    s.curve = *std::move(known);
  } else {
    c.refuse("link.fidelity.default",
             fmt::format("burst has no service curve {} for {} lanes of {} Gb/s with FEC {}; "
                         "'lightrack fit link' makes one, allowed besides are flit and rtl",
                         link::service_curve_name(s.endpoint.lanes, s.gbps_per_lambda, fec),
                         s.endpoint.lanes, number_text(s.gbps_per_lambda), fec));
  }
  const std::string mismatch =
      link::curve_mismatch(s.curve, s.endpoint.lanes, s.gbps_per_lambda, fec);
  if (!mismatch.empty()) c.refuse("link.fidelity.default", "burst: " + mismatch);
}

void check_instances(const config& c) {
  for (const auto& [pattern, value] : c.family("link.fidelity.INSTANCE")) {
    const bool meets = std::ranges::any_of(
        instances, [&](const char* name) { return fnmatch(pattern.c_str(), name, 0) == 0; });
    if (meets) continue;
    const std::vector<std::string> names{instances.begin(), instances.end()};
    const std::string near = base::nearest_name(pattern, names);
    c.refuse(
        "link.fidelity." + pattern,
        fmt::format("no endpoint has this name; allowed are {}, or a pattern such as link0.*{}",
                    fmt::join(names, " and "), near.empty() ? "" : ", nearest is " + near));
  }
}

void read_traffic_file(const config& c, link_setup& s) {
  const std::string file = c.text("traffic.file");
  std::ifstream in{file};
  if (!in)
    c.refuse("traffic.file",
             "cannot be read; allowed is a CSV file of "
             "time_ns,source,destination,operation,address,bytes");
  std::ostringstream content;
  content << in.rdbuf();
  for (const char byte : content.str())
    s.traffic_hash = base::mix64(s.traffic_hash ^ static_cast<unsigned char>(byte));
  std::istringstream lines{content.str()};
  for (link::traffic_row& row : link::read_traffic_csv(lines, file, s.clock_fs)) {
    const bool west = row.source == "west" || row.source == instances[0];
    const bool east = row.source == "east" || row.source == instances[1];
    const bool to_west = row.destination == "west" || row.destination == instances[0];
    const bool to_east = row.destination == "east" || row.destination == instances[1];
    if (!((west && to_east) || (east && to_west)))
      c.refuse("traffic.file",
               fmt::format("a row goes from {} to {}; allowed are west to east and east to west",
                           row.source, row.destination));
    (west ? s.to_east : s.to_west).listed.push_back(std::move(row));
  }
  s.to_east.from_file = s.to_west.from_file = true;
}

void set_up_traffic(config& c, link_setup& s) {
  const std::string pattern = c.text("traffic.pattern");
  const bool file = pattern == "file";
  if (pattern == "shards" || pattern == "hot_spot" || pattern == "pooled_memory")
    c.refuse("traffic.pattern",
             "needs more than two ends; allowed for run link are uniform, neighbor, file");
  if (file && c.text("traffic.file").empty())
    c.refuse(
        "traffic.pattern",
        "needs traffic.file, which is not given; allowed is traffic.file = \"FILE.csv\" beside it");
  if (!file && !c.text("traffic.file").empty() && c.given("traffic.pattern"))
    c.refuse("traffic.file",
             fmt::format("contradicts traffic.pattern = {}; allowed is traffic.pattern = file",
                         pattern));
  if (!c.text("traffic.file").empty()) {
    c.imply("traffic.pattern", "file");
    c.imply("traffic.warmup", 0);
    return read_traffic_file(c, s);
  }
  if (c.integer("traffic.bytes") > link::max_request_bytes)
    c.refuse("traffic.bytes",
             fmt::format("a message carries 255 slots of 16 bytes at most; allowed are 16 to {}",
                         link::max_request_bytes));
  const link::traffic_params p{.load = c.number("traffic.load"),
                               .bytes = static_cast<link::u32>(c.integer("traffic.bytes")),
                               .read_fraction = c.number("traffic.read_fraction"),
                               .seed = s.seed};
  s.to_east.offered = s.to_west.offered = p;
  s.to_east.offered.path = "west";
  s.to_west.offered.path = "east";
  s.to_west.offered.source = 1;
  s.to_west.offered.destination = 0;
}

void set_up_times(config& c, link_setup& s, i64 flight, int max_skew) {
  const auto clocks = [&](const char* key, double ns_per_unit) {
    return std::max<i64>(1, clocks_up(c.number(key) * ns_per_unit, s.clock_fs));
  };
  s.local_latency = clocks("link.local_latency", 1);
  s.time = clocks("sim.time", 1e3);
  s.progress_timeout = clocks("sim.progress_timeout", 1e3);
  const i64 round_trip = 2 * (flight + max_skew + link::pipeline_clocks() + 4);
  // A list is measured from its first request on: traffic starts one flight after ACTIVE.
  s.warmup = std::max(clocks("traffic.warmup", 1e3), s.to_east.from_file ? flight : 4 * round_trip);
}

// Each lane starts at the BER of its light. A burst pair keeps that for good.
void set_up_light(config& c, link_setup& s) {
  s.light = make_link_light(c, s.endpoint.lanes, s.endpoint.spares, s.clock_fs);
  if (!s.light.on) return;
  if (s.burst() && !s.light.events.empty())
    c.refuse(
        "light.events",
        fmt::format("{} events, and burst keeps the BER of the light at start; allowed are none, "
                    "and flit or rtl",
                    s.light.events.size()));
  if (s.burst() && s.light.plant.start == package::light_start::cold)
    c.refuse("light.start",
             "burst keeps the light of the start; allowed is locked, and flit or rtl");
  // An end that has light waits in MAP for one whose bus hops; link.train_limit waits must outlast
  // that, and each does.
  s.endpoint.map_timeout_clocks =
      std::max(s.endpoint.map_timeout_clocks, (s.light.longest_hop + s.clock_fs - 1) / s.clock_fs);
  const auto plant = build_plant(s.light);
  s.to_east.channel.ber = lane_bers(*plant, light_to_east);
  s.to_west.channel.ber = lane_bers(*plant, light_to_west);
}

}  // namespace

std::string fidelity_name(link_fidelity f) {
  return f == link_fidelity::rtl ? "rtl" : f == link_fidelity::flit ? "flit" : "burst";
}

std::string link_setup::fidelity() const {
  return west == east ? fidelity_name(west) : fidelity_name(west) + "-" + fidelity_name(east);
}

base::config link_config() {
  static const auto known = [] {
    auto set = std::make_shared<base::parameter_set>();
    link::declare_link_parameters(*set);
    declare_link_light(*set);
    return std::shared_ptr<const base::parameter_set>{set};
  }();
  return base::config{known};
}

link_setup make_link_setup(base::config& c) {
  link_setup s;
  apply_profile(c);
  s.profile = c.text("engine.profile");
  s.seed = static_cast<u64>(c.integer("sim.seed"));
  s.endpoint.lanes = static_cast<int>(c.integer("link.lanes"));
  s.endpoint.spares = static_cast<int>(c.integer("link.spares"));
  s.endpoint.light_fec = c.text("link.fec") == "light";
  s.gbps_per_lambda = c.number("engine.gbps_per_lambda");
  s.clock_fs = clock_femtoseconds(c, s.endpoint.lanes);
  const double hop_clocks = base::find_profile(s.profile)->hop_ns / s.clock_ns() -
                            static_cast<double>(link::pipeline_clocks());
  const double pmd_clocks = std::max(std::ceil(2 / s.clock_ns()), std::floor(hop_clocks + 1e-9));
  c.imply("channel.pmd_latency",
          static_cast<double>(std::llround(pmd_clocks) * s.clock_fs) / fs_per_ns);
  for (const char* key : {"channel.ber", "channel.skew_words", "channel.offset_bits"})
    check_list(c, key, s.endpoint);
  s.to_east.channel = channel_of(c, s, true);
  s.to_west.channel = channel_of(c, s, false);
  const link::receive_channel light{s.to_east.channel};
  set_up_endpoints(c, s, light.flight(), light.max_skew());
  set_lanes_off(c, s);
  check_instances(c);
  s.west = fidelity_of(c, instances[0]);
  s.east = fidelity_of(c, instances[1]);
  set_up_bursts(c, s);
  set_up_light(c, s);
  set_up_traffic(c, s);
  set_up_times(c, s, light.flight(), light.max_skew());
  s.effective_toml = c.toml();
  s.config_hash = s.traffic_hash == 0 ? c.hash() : base::mix64(c.hash() ^ s.traffic_hash);
  return s;
}

}  // namespace lightrack::platforms
