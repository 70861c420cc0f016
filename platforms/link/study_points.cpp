// SPDX-License-Identifier: Apache-2.0
#include "platforms/link/study_points.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "models/base/units.h"
#include "models/link/link_formulas.h"
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
  double errors;     ///< wanted in a point
  double min_flits;  ///< each direction
  double max_flits;
};

study_size full_size() {
  return {.bers = {0, 1e-9, 1e-8, 3e-8, 1e-7, 3e-7, 1e-6, 2e-6, 3e-6, 5e-6, 1e-5},
          .error_lengths = {1, 20, 100, 500, 2000},
          .window_lengths = {1, 10, 20, 50, 100, 200, 500, 2000},
          .windows = {8, 16, 32, 48, 64, 96, 128, 192, 256, 384, 511},
          .rx_depths = {64, 96, 128, 192, 256, 384, 511},
          .lane_bers = {0, 1e-7, 1e-6, 3e-6},
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
          .errors = 2000,
          .min_flits = 150e3,
          .max_flits = 800e3};
}

constexpr double short_flits = 20e3;  ///< of a run without errors
constexpr double round_trips = 100;
constexpr double lane_study_length_m = 20;
constexpr double latency_load = 0.5;
constexpr int deepest = 511;
/// An RTL clock costs the host about as much as a hundred flit slots of the model.
constexpr double rtl_share = 0.02;

class planner {
 public:
  planner(const config& base, study_size size) : base_{base}, size_{std::move(size)} {}

  void add(const std::string& series, const std::vector<std::pair<const char*, double>>& values,
           bool long_run) {
    config c = base_;
    for (const auto& [key, value] : values) set(c, key, value);
    if (!base_.given("sim.time")) set(c, "sim.time", microseconds(c, long_run));
    add_point(std::move(c), series);
  }
  [[nodiscard]] const study_size& size() const { return size_; }
  [[nodiscard]] std::vector<study_point> take() { return std::move(points_); }

 private:
  void set(config& c, const char* key, double value) const {
    if (!base_.given(key)) c.set(fmt::format("{}={}", key, number_text(value)), "the study");
  }

  /// Long enough for the errors that are wanted, and for so many round trips that a window cut in
  /// the middle of one does not matter; rounded to a microsecond.
  [[nodiscard]] double microseconds(const config& c, bool long_run) const {
    config copy = c;
    const link_setup s = make_link_setup(copy);
    const double flit_ns = 4 * s.clock_ns();
    const double round_trip_ns = 2 * s.to_east.channel.length_m * s.to_east.channel.ns_per_m + 100;
    const double ber = s.to_east.channel.ber.empty() ? 0 : s.to_east.channel.ber.front();
    const double p = link::flit_error_probability(ber);
    const double for_errors = p > 0 ? size_.errors / p : size_.max_flits;
    double flits =
        long_run ? std::clamp(for_errors, size_.min_flits, size_.max_flits) : short_flits;
    if (s.west == link_fidelity::rtl || s.east == link_fidelity::rtl) {
      flits = std::max(flits * rtl_share, short_flits);
    }
    return std::ceil(std::max(flits * flit_ns, round_trips * round_trip_ns) * 1e-3);
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
              {{"fiber.length", lane_study_length_m},
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

}  // namespace

std::vector<study_point> plan_link_study(const base::config& base, bool quick) {
  planner p{base, quick ? quick_size() : full_size()};
  add_windows(p);
  add_errors(p);
  add_lanes(p);
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
