// SPDX-License-Identifier: Apache-2.0
#include "platforms/light/study_budget_points.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "models/base/engine_profile.h"
#include "models/base/results.h"
#include "models/base/units.h"
#include "platforms/light/light_calculators.h"

namespace lightrack::platforms {
namespace {

using base::number_text;

// What a tornado turns: every loss of the path, and what else moves margin or noise.
constexpr std::array tornado_keys{"path.laser_connector_loss",
                                  "path.laser_connectors",
                                  "path.coupler_loss",
                                  "path.waveguide_loss",
                                  "path.offres_ring_loss",
                                  "path.drop_loss",
                                  "path.connector_loss",
                                  "path.connectors",
                                  "path.detachable_loss",
                                  "path.detachable_joints",
                                  "path.polarization_loss",
                                  "path.penalties",
                                  "path.mpi_penalty",
                                  "fiber.loss",
                                  "fiber.length",
                                  "ring.q",
                                  "ring.t_min",
                                  "laser.rin",
                                  "receiver.bandwidth_per_baud"};

std::vector<std::string> profiles_of(const base::config& c) {
  if (c.given("engine.profile")) return {c.text("engine.profile")};
  std::vector<std::string> names;
  for (const base::engine_profile& p : base::engine_profiles())
    if (p.optical()) names.emplace_back(p.name);
  return names;
}

class planner {
 public:
  planner(const base::config& base, std::vector<document>& rows) : base_{base}, rows_{rows} {}

  /// A key and what it is set to; TOML text.
  using setting = std::pair<std::string, std::string>;

  void add(const std::string& series, const std::string& profile,
           const std::vector<setting>& settings, const setting& named = {}) {
    document row = {{"git", base::git_revision()}, {"config_hash", ""}, {"seed", 0},
                    {"fidelity", "formula"},       {"series", series},  {"profile", profile}};
    if (!named.first.empty()) {
      row["key"] = named.first;
      row["value"] = std::stod(named.second);
    }
    base::config c = base_;
    try {
      c.set("engine.profile=" + profile);
      for (const auto& [key, value] : settings) c.set(key + "=" + value);
      const document b = light_budget(c);
      row["status"] = "done";
      row["length_m"] = b["length_m"];
      row["joints"] = c.integer("path.detachable_joints");
      row["joint_db"] = c.number("path.detachable_loss");
      for (const char* name : {"launch_dbm", "total_db", "received_oma_dbm", "penalties_db",
                               "sensitivity_dbm", "margin_db", "q", "ber"})
        row[name] = b[name];
      for (const document& e : b["elements"])
        if (series == "profile") row["db_" + e["name"].get<std::string>()] = e["db"];
    } catch (const base::config_error& e) {
      row["status"] = std::string{"refused: "} + e.what();
    }
    row["config_hash"] = base::hash_text(c.hash());
    row["seed"] = c.integer("sim.seed");
    rows_.push_back(std::move(row));
  }

 private:
  const base::config& base_;
  std::vector<document>& rows_;
};

void add_ranges(planner& plan, const base::config& base, const std::string& profile) {
  for (const char* key : tornado_keys) {
    if (base.given(key)) continue;
    const base::parameter& p = *base.known().find(key);
    for (const double end : {*p.min, *p.max}) {
      const planner::setting one{key, number_text(end)};
      plan.add("range", profile, {one}, one);
    }
  }
}

}  // namespace

std::vector<document> budget_rows(const base::config& base, bool quick) {
  std::vector<document> rows;
  planner plan{base, rows};
  const std::vector<std::string> profiles = profiles_of(base);
  for (const std::string& profile : profiles) plan.add("profile", profile, {});
  const auto lengths = quick ? std::vector{"1", "20", "500", "2000"}
                             : std::vector{"0.5", "1",   "2",   "5",   "10",   "20",   "50",
                                           "100", "200", "500", "750", "1000", "1500", "2000"};
  const auto losses = quick ? std::vector{"0.5", "1.0"}
                            : std::vector{"0.5", "0.6", "0.7", "0.75", "0.8", "0.9", "1.0"};
  const auto faults = quick ? std::vector{"0", "1", "2", "4"}
                            : std::vector{"0", "0.25", "0.5", "0.75", "1", "1.25", "1.5", "1.75",
                                          "2", "2.5",  "3",   "3.5",  "4", "5",    "6"};
  for (const std::string& profile : profiles) {
    if (!base.given("fiber.length"))
      for (const char* m : lengths) plan.add("length", profile, {{"fiber.length", m}});
    if (!base.given("path.detachable_joints"))
      for (const char* joints : {"0", "1", "2", "3", "4"})
        for (const char* loss : losses)
          if (!base.given("path.detachable_loss") || loss == losses.front())
            plan.add("joint", profile,
                     base.given("path.detachable_loss")
                         ? std::vector<planner::setting>{{"path.detachable_joints", joints}}
                         : std::vector<planner::setting>{{"path.detachable_joints", joints},
                                                         {"path.detachable_loss", loss}});
    if (!base.given("light.extra_loss"))
      for (const char* db : faults)
        plan.add("fault", profile, {{"light.extra_loss", fmt::format("[[\"fiber\", {}]]", db)}},
                 {"extra_db", db});
    add_ranges(plan, base, profile);
  }
  return rows;
}

std::vector<document> rows_in(const std::vector<document>& rows, const std::string& series,
                              const std::string& profile) {
  std::vector<document> found;
  for (const document& row : rows)
    if (row["series"] == series && (profile.empty() || row["profile"] == profile))
      found.push_back(row);
  return found;
}

double tornado_bar::span() const {
  const double low = std::isnan(low_margin_db) ? 0 : low_margin_db;
  const double high = std::isnan(high_margin_db) ? 0 : high_margin_db;
  return std::max({low, high, 0.0}) - std::min({low, high, 0.0});
}

std::vector<tornado_bar> tornado(const std::vector<document>& rows, const std::string& profile) {
  const document here = rows_in(rows, "profile", profile).at(0);
  const std::vector<document> ends = rows_in(rows, "range", profile);
  std::vector<tornado_bar> bars;
  for (std::size_t i = 0; i + 1 < ends.size(); i += 2) {
    tornado_bar bar{.key = ends[i]["key"].get<std::string>()};
    const auto margin = [&](const document& row) {
      return number(row, "margin_db") - number(here, "margin_db");
    };
    const auto decades = [&](const document& row) {
      return std::log10(number(row, "ber")) - std::log10(number(here, "ber"));
    };
    bar.low_text = number_text(number(ends[i], "value"));
    bar.high_text = number_text(number(ends[i + 1], "value"));
    bar.low_margin_db = margin(ends[i]);
    bar.high_margin_db = margin(ends[i + 1]);
    bar.low_decades = decades(ends[i]);
    bar.high_decades = decades(ends[i + 1]);
    bars.push_back(bar);
  }
  // RIN and bandwidth leave the margin alone, which is calibrated, and move only the noise above
  // it: they come after those that move it, by what they do to the error rate.
  std::ranges::stable_sort(bars, [](const tornado_bar& a, const tornado_bar& b) {
    const auto reach = [](const tornado_bar& t) {
      const double low = std::isnan(t.low_decades) ? 0 : std::abs(t.low_decades);
      const double high = std::isnan(t.high_decades) ? 0 : std::abs(t.high_decades);
      return std::max(low, high);
    };
    return a.span() != b.span() ? a.span() > b.span() : reach(a) > reach(b);
  });
  return bars;
}

}  // namespace lightrack::platforms
