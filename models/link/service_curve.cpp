// SPDX-License-Identifier: Apache-2.0
#include "models/link/service_curve.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <sstream>

#include "models/base/error.h"
#include "models/base/units.h"
#include "models/link/marker.h"
#include "rtl/link_pkg.h"

namespace lightrack::link {
namespace {

class curve_file {
 public:
  curve_file(std::string_view content, const std::string& name) : name_{name} {
    try {
      table_ = toml::parse(content);
    } catch (const toml::parse_error& e) {
      throw base::config_error(
          fmt::format("{}: {}; allowed is a service curve that 'lightrack fit link' wrote", name,
                      e.description()));
    }
  }
  template <class Value>
  [[nodiscard]] Value get(const toml::table& in, const char* key) const {
    const auto value = in[key].value<Value>();
    if (!value)
      throw base::config_error(fmt::format(
          "{}: {} is missing or of another type; 'lightrack fit link' writes it", name_, key));
    return *value;
  }
  [[nodiscard]] i64 clocks(const char* key, i64 low, i64 high) const {
    const i64 value = get<i64>(table_, key);
    if (value < low || value > high)
      throw base::config_error(
          fmt::format("{}: {} = {}: allowed are {} to {}", name_, key, value, low, high));
    return value;
  }
  [[nodiscard]] const toml::table& table() const { return table_; }

 private:
  std::string name_;
  toml::table table_;
};

}  // namespace

curve_error service_curve::worst() const {
  curve_error most;
  for (const curve_error& e : errors) {
    const auto larger = [](double& a, double b) { a = std::max(a, std::abs(b)); };
    larger(most.throughput_percent, e.throughput_percent);
    larger(most.latency_mean_percent, e.latency_mean_percent);
    larger(most.latency_p99_percent, e.latency_p99_percent);
    larger(most.latency_ns, e.latency_ns);
  }
  return most;
}

service_curve specified_curve(int lanes, bool light_fec) {
  // To the first word, to the last one of the flit, through deskew, to the verdict.
  const i64 verdict = pkg::tx_lat + pkg::beats_per_flit - 1 + pkg::deskew_lat + pkg::rx_lat;
  return {.lanes = lanes,
          .fec = light_fec ? "light" : "none",
          .marker_clocks = marker_clocks(lanes),
          .verdict_clocks = verdict + (light_fec ? pkg::fec_tx_lat + pkg::fec_rx_lat : 0),
          .deliver_clocks = pkg::deliver_lat,
          .turn_clocks = 2};  // to the header that shows a verdict, and from its own to the next D
}

service_curve read_service_curve(const std::string& file) {
  std::ifstream in{file};
  if (!in)
    throw base::config_error(
        fmt::format("{}: cannot be read; allowed is a service curve that 'lightrack fit link' "
                    "wrote",
                    file));
  std::ostringstream content;
  content << in.rdbuf();
  return parse_service_curve(content.str(), file);
}

service_curve parse_service_curve(std::string_view content, const std::string& name) {
  const curve_file in{content, name};
  const toml::table& t = in.table();
  constexpr i64 most_clocks = 1'000'000;
  service_curve c{.lanes = static_cast<int>(in.clocks("lanes", 4, 16)),
                  .gbps_per_lambda = in.get<double>(t, "gbps_per_lambda"),
                  .fec = in.get<std::string>(t, "fec"),
                  .flit_clocks = in.clocks("flit_clocks", 4, 4),
                  .marker_clocks = in.clocks("marker_clocks", 1, 4),
                  .verdict_clocks = in.clocks("verdict_clocks", 4, 1000),
                  .deliver_clocks = in.clocks("deliver_clocks", 1, 1000),
                  .turn_clocks = in.clocks("turn_clocks", 1, 1000),
                  .retrain_clocks = in.clocks("retrain_clocks", 0, most_clocks),
                  .retrain_flight = in.clocks("retrain_flight", 0, most_clocks),
                  .git = in.get<std::string>(t, "git"),
                  .config_hash = in.get<std::string>(t, "config_hash"),
                  .seed = static_cast<u64>(in.get<i64>(t, "seed")),
                  .flits = static_cast<u64>(in.get<i64>(t, "flits")),
                  .errors = {}};
  if (const toml::array* rows = t["error"].as_array())
    for (const toml::node& node : *rows)
      if (const toml::table* row = node.as_table())
        c.errors.push_back({.scenario = in.get<std::string>(*row, "scenario"),
                            .length_m = in.get<double>(*row, "length_m"),
                            .ber = in.get<double>(*row, "ber"),
                            .window = static_cast<int>(in.get<i64>(*row, "window")),
                            .rx_depth = static_cast<int>(in.get<i64>(*row, "rx_depth")),
                            .load = in.get<double>(*row, "load"),
                            .flits = static_cast<u64>(in.get<i64>(*row, "flits")),
                            .throughput_percent = in.get<double>(*row, "throughput_percent"),
                            .latency_mean_percent = in.get<double>(*row, "latency_mean_percent"),
                            .latency_p99_percent = in.get<double>(*row, "latency_p99_percent"),
                            .latency_ns = in.get<double>(*row, "latency_ns")});
  return c;
}

void write_service_curve(const service_curve& c, const std::string& file) {
  std::ofstream out{file};
  const auto real = [](double v) {
    const std::string text = base::number_text(v);
    return text.find_first_of(".e") == std::string::npos ? text + ".0" : text;
  };
  out << "# Service curve of a burst link, fitted to flit by `lightrack fit link`. Times in "
         "clocks.\n";
  out << fmt::format("lanes = {}\ngbps_per_lambda = {}\nfec = \"{}\"\n\n", c.lanes,
                     real(c.gbps_per_lambda), c.fec);
  out << fmt::format(
      "flit_clocks = {}\nmarker_clocks = {}\nverdict_clocks = {}\ndeliver_clocks = {}\n"
      "turn_clocks = {}\nretrain_clocks = {}\nretrain_flight = {}\n\n",
      c.flit_clocks, c.marker_clocks, c.verdict_clocks, c.deliver_clocks, c.turn_clocks,
      c.retrain_clocks, c.retrain_flight);
  out << fmt::format("git = \"{}\"\nconfig_hash = \"{}\"\nseed = {}\nflits = {}\n", c.git,
                     c.config_hash, c.seed, c.flits);
  for (const curve_error& e : c.errors)
    out << fmt::format(
        "\n[[error]]\nscenario = \"{}\"\nlength_m = {}\nber = {}\nwindow = {}\nrx_depth = {}\n"
        "load = {}\nflits = {}\nthroughput_percent = {:.3f}\nlatency_mean_percent = {:.3f}\n"
        "latency_p99_percent = {:.3f}\nlatency_ns = {:.3f}\n",
        e.scenario, real(e.length_m), real(e.ber), e.window, e.rx_depth, real(e.load), e.flits,
        e.throughput_percent, e.latency_mean_percent, e.latency_p99_percent, e.latency_ns);
  out.close();
  if (!out)
    throw base::config_error(
        fmt::format("{}: cannot be written; allowed is a file that this user can write", file));
}

std::string service_curve_name(int lanes, double gbps_per_lambda, const std::string& fec) {
  return fmt::format("lanes{}_{}g_{}.toml", lanes, base::number_text(gbps_per_lambda), fec);
}

std::string curve_mismatch(const service_curve& c, int lanes, double gbps_per_lambda,
                           const std::string& fec) {
  if (c.lanes == lanes && c.gbps_per_lambda == gbps_per_lambda && c.fec == fec) return {};
  return fmt::format(
      "its service curve was fitted to {} lanes of {} Gb/s with FEC {}, the link has {} of {} Gb/s "
      "with FEC {}; 'lightrack fit link' fits one, allowed besides are flit and rtl",
      c.lanes, base::number_text(c.gbps_per_lambda), c.fec, lanes,
      base::number_text(gbps_per_lambda), fec);
}

}  // namespace lightrack::link
