// SPDX-License-Identifier: Apache-2.0
#include "platforms/link/study_points.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "models/base/units.h"
#include "models/link/light_fec_rate.h"
#include "platforms/link/link_platform.h"

namespace lightrack::platforms {
namespace {

using base::config;
using base::number_text;

/// What is swept, and how long a point runs. Host time goes with flits, so they are what is
/// limited.
struct study_size {
  std::vector<double> bers;
  std::vector<double> error_lengths;  ///< m
  std::vector<double> window_lengths;
  std::vector<int> windows;
  std::vector<int> rx_depths;
  std::vector<double> lane_bers;
  std::vector<double> fec_bers;
  std::vector<int> quiesce_after;  ///< flit times
  std::vector<double> sleep_loads;
  double sleep_requests;  ///< in a point
  double errors;          ///< wanted in a point
  double min_flits;       ///< each direction
  double max_flits;
};

study_size full_size() {
  return {
      .bers = {0, 1e-9, 1e-8, 3e-8, 1e-7, 3e-7, 1e-6, 2e-6, 3e-6, 5e-6, 1e-5},
      .error_lengths = {1, 20, 100, 500, 2000},
      .window_lengths = {1, 10, 20, 50, 100, 200, 500, 2000},
      .windows = {8, 16, 32, 48, 64, 96, 128, 192, 256, 384, 511},
      .rx_depths = {64, 96, 128, 192, 256, 384, 511},
      .lane_bers = {0, 1e-7, 1e-6, 3e-6},
      .fec_bers = {1e-8, 3e-8, 1e-7, 3e-7, 1e-6, 3e-6, 1e-5, 2e-5, 5e-5, 1e-4, 2e-4, 5e-4, 1e-3},
      .quiesce_after = {0, 16, 64, 256, 1024},
      .sleep_loads = {0.001, 0.003, 0.01, 0.02, 0.05, 0.06, 0.1, 0.3},
      .sleep_requests = 100,
      .errors = 10e3,
      .min_flits = 500e3,
      .max_flits = 8e6};
}

study_size quick_size() {
  return {.bers = {0, 1e-8, 1e-7, 1e-6, 3e-6, 1e-5},
          .error_lengths = {1, 20, 100, 500, 2000},
          .window_lengths = {1, 20, 100, 500, 2000},
          .windows = {16, 32, 64, 128, 256, 511},
          .rx_depths = {64, 128, 256, 511},
          .lane_bers = {0, 1e-6},
          .fec_bers = {1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3},
          .quiesce_after = {0, 64, 512},
          .sleep_loads = {0.005, 0.02, 0.05, 0.06, 0.1},
          .sleep_requests = 20,
          .errors = 2000,
          .min_flits = 150e3,
          .max_flits = 800e3};
}

constexpr double short_flits = 20e3;  ///< of a run without errors
constexpr double round_trips = 100;
constexpr double reference_length_m = 20;
constexpr double latency_load = 0.5;
constexpr int deepest = 511;
constexpr int sleep_bytes = 4080;         ///< of a request: a burst, and then nothing
constexpr double repair_load = 0.4;       ///< what half the lanes still carry
constexpr double event_round_trips = 40;  ///< of a sleep point; before and after the loss of a lane
/// Errors that a light FEC point looks for more are rare: it runs no longer than this share.
constexpr double fec_share = 0.25;
/// An RTL clock costs the host about as much as a hundred flit slots of the model.
constexpr double rtl_share = 0.02;

class planner {
 public:
  planner(const config& base, study_size size) : base_{base}, size_{std::move(size)} {}

  using numbers = std::vector<std::pair<const char*, double>>;

  void add(const std::string& series, const numbers& values, bool long_run) {
    config c = with(values);
    if (!base_.given("sim.time")) set(c, "sim.time", microseconds(c, long_run));
    add_point(std::move(c), series);
  }
  /// A point with light FEC or without.
  void add_fec(const numbers& values, bool light) {
    config c = with(values);
    set_text(c, "link.fec", light ? "light" : "none");
    if (!base_.given("sim.time")) {
      set(c, "sim.time", std::ceil(microseconds(c, true) * (light ? fec_share : 1)));
    }
    add_point(std::move(c), "fec");
  }
  /// So many requests, however far apart they are, and so many round trips.
  void add_sleep(const numbers& values) {
    config c = with(values);
    config copy = c;
    const link_setup s = make_link_setup(copy);
    const link::traffic_params& t = s.to_east.offered;
    const double apart_ns = t.bytes / (64 * std::max(t.load, 1e-6)) * s.clock_ns();
    set(c, "sim.time",
        std::ceil(10 +
                  std::max(size_.sleep_requests * apart_ns, event_round_trips * round_trip_ns(s)) *
                      1e-3));
    add_point(std::move(c), "sleep");
  }
  /// A lane that dies at a time which the fiber sets, and so long a run that both sides of it are
  /// seen: `sim.time` is this experiment's own.
  void add_repair(const numbers& values) {
    config given = with(values);
    const link_setup s = make_link_setup(given);
    config c = link_config();
    c.parse(s.effective_toml, "the study");
    const double margin = std::ceil(event_round_trips * round_trip_ns(s) * 1e-3);
    const double lost_us = 40 + margin;
    c.set(fmt::format("channel.events=[{{time = {:g}, lane = 2, direction = \"west_to_east\", what "
                      "= \"lose\"}}]",
                      lost_us),
          "the study");
    c.set(fmt::format("sim.time={:g}", lost_us + 25 + margin), "the study");
    add_point(std::move(c), "repair");
  }
  [[nodiscard]] const study_size& size() const { return size_; }
  [[nodiscard]] std::vector<study_point> take() { return std::move(points_); }

 private:
  void set(config& c, const char* key, double value) const { set_text(c, key, number_text(value)); }
  void set_text(config& c, const char* key, const std::string& value) const {
    if (!base_.given(key)) c.set(fmt::format("{}={}", key, value), "the study");
  }
  [[nodiscard]] config with(const numbers& values) const {
    config c = base_;
    for (const auto& [key, value] : values) set(c, key, value);
    set_text(c, "light.optics", "off");  // what the link layer makes of a given error rate
    return c;
  }
  [[nodiscard]] static double round_trip_ns(const link_setup& s) {
    return 2 * s.to_east.channel.length_m * s.to_east.channel.ns_per_m + 100;
  }

  /// Long enough for the errors that are wanted, and for so many round trips that a window cut in
  /// the middle of one does not matter; rounded to a microsecond.
  [[nodiscard]] double microseconds(const config& c, bool long_run) const {
    config copy = c;
    const link_setup s = make_link_setup(copy);
    const double flit_ns = 4 * s.clock_ns();
    const double ber = s.to_east.channel.ber.empty() ? 0 : s.to_east.channel.ber.front();
    const double p =
        s.endpoint.light_fec ? link::light_fec_flit_failure(ber) : link::plain_flit_failure(ber);
    const double for_errors = p > 0 ? size_.errors / p : size_.max_flits;
    double flits =
        long_run ? std::clamp(for_errors, size_.min_flits, size_.max_flits) : short_flits;
    if (s.west == link_fidelity::rtl || s.east == link_fidelity::rtl) {
      flits = std::max(flits * rtl_share, short_flits);
    }
    return std::ceil(std::max(flits * flit_ns, round_trips * round_trip_ns(s)) * 1e-3);
  }

  void add_point(config c, const std::string& series) {
    const link_setup s = make_link_setup(c);
    const std::string key =
        fmt::format("{}-{}-{}", base::hash_text(s.config_hash), s.seed, s.fidelity());
    const auto [place, fresh] = known_.emplace(key, points_.size());
    if (fresh) points_.push_back({.config = std::move(c), .series = {}, .key = key, .pair = {}});
    std::vector<std::string>& of = points_[place->second].series;
    if (std::ranges::find(of, series) == of.end()) of.push_back(series);
  }

  const config& base_;
  study_size size_;
  std::vector<study_point> points_;
  std::map<std::string, std::size_t> known_;
};

void add_errors(planner& p) {
  for (const double length : p.size().error_lengths) {
    for (const double ber : p.size().bers) {
      p.add("error",
            {{"fiber.length", length},
             {"channel.ber", ber},
             {"link.replay_depth", deepest},
             {"link.rx_depth", deepest}},
            true);
      p.add("latency",
            {{"fiber.length", length},
             {"channel.ber", ber},
             {"link.replay_depth", deepest},
             {"link.rx_depth", deepest},
             {"traffic.load", latency_load}},
            true);
    }
  }
}

void add_windows(planner& p) {
  for (const double length : p.size().window_lengths) {
    for (const int window : p.size().windows) {
      p.add("window",
            {{"fiber.length", length},
             {"link.window", window},
             {"link.replay_depth", deepest},
             {"link.rx_depth", deepest}},
            false);
    }
    for (const int depth : p.size().rx_depths) {
      p.add("credit",
            {{"fiber.length", length}, {"link.rx_depth", depth}, {"link.replay_depth", deepest}},
            false);
    }
  }
}

void add_lanes(planner& p) {
  for (const int lanes : {4, 8, 16}) {
    for (const double ber : p.size().lane_bers) {
      for (const double load : {1.0, latency_load}) {
        p.add("lanes",
              {{"fiber.length", reference_length_m},
               {"link.lanes", lanes},
               {"channel.ber", ber},
               {"link.replay_depth", deepest},
               {"link.rx_depth", deepest},
               {"traffic.load", load}},
              true);
      }
    }
  }
}

void add_repairs(planner& p) {
  for (const int lanes : {16, 8}) {
    for (const int spares : {0, 1}) {
      for (const double load : {1.0, repair_load}) {
        p.add_repair({{"fiber.length", reference_length_m},
                      {"link.lanes", lanes},
                      {"link.spares", spares},
                      {"link.replay_depth", deepest},
                      {"link.rx_depth", deepest},
                      {"traffic.load", load}});
      }
    }
  }
}

void add_sleeps(planner& p) {
  for (const int after : p.size().quiesce_after) {
    for (const double load : p.size().sleep_loads) {
      p.add_sleep({{"fiber.length", reference_length_m},
                   {"link.quiesce_after", after},
                   {"link.replay_depth", deepest},
                   {"link.rx_depth", deepest},
                   {"traffic.bytes", sleep_bytes},
                   {"traffic.load", load}});
    }
  }
}

void add_fec(planner& p) {
  for (const double ber : p.size().fec_bers) {
    for (const double load : {1.0, latency_load}) {
      for (const bool light : {false, true}) {
        p.add_fec({{"fiber.length", reference_length_m},
                   {"channel.ber", ber},
                   {"link.replay_depth", deepest},
                   {"link.rx_depth", deepest},
                   {"traffic.load", load}},
                  light);
      }
    }
  }
}

}  // namespace

std::vector<study_point> plan_link_study(const base::config& base, bool quick) {
  planner p{base, quick ? quick_size() : full_size()};
  add_windows(p);
  add_errors(p);
  add_lanes(p);
  if (!base.given("channel.events")) add_repairs(p);
  add_sleeps(p);
  add_fec(p);
  return p.take();
}

std::vector<study_point> plan_verification(const std::vector<study_point>& plan, int count) {
  std::vector<study_point> points;
  const std::size_t wanted = std::min(plan.size(), static_cast<std::size_t>(std::max(count, 0)));
  for (std::size_t i = 0; i < wanted; ++i) {
    // From the middle of equal parts, so that every series gets its share.
    const study_point& original = plan[(2 * i + 1) * plan.size() / (2 * wanted)];
    config at_plan = original.config;
    const link_setup s = make_link_setup(at_plan);
    const double round_trip_ns = 2 * s.to_east.channel.length_m * s.to_east.channel.ns_per_m + 100;
    const double ns = std::min(static_cast<double>(s.time) * s.clock_ns(),
                               std::max(4000 * 4 * s.clock_ns(), 20 * round_trip_ns));
    for (const char* fidelity : {"flit", "rtl"}) {
      config c = base::config{link_config()};
      c.parse(s.effective_toml, "the study");
      c.set(fmt::format("sim.time={}", number_text(std::ceil(ns * 1e-3))));
      c.set(fmt::format("link.fidelity.default={}", fidelity));
      const link_setup made = make_link_setup(c);
      points.push_back({.config = std::move(c),
                        .series = {"verify"},
                        .key = fmt::format("{}-{}-{}", base::hash_text(made.config_hash), made.seed,
                                           made.fidelity()),
                        .pair = original.key});
    }
  }
  return points;
}

}  // namespace lightrack::platforms
