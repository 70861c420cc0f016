// SPDX-License-Identifier: Apache-2.0
// platforms/link/study_features.h
// What the rows of the link study say of lane repair, QUIESCE and FEC: numbers and a sentence each.
#pragma once

#include <string>
#include <vector>

#include "platforms/link/study_rows.h"

namespace lightrack::platforms {

/// A lane dies: figures of the direction that loses it. NaN where a row is missing.
struct repair_answer {
  double lanes = 0;
  double spares = 0;
  double outage_us = 0;  ///< last delivery before to first after, at full load as the next five
  double flits_delayed = 0;
  double flits_lost = 0;  ///< both directions
  double flit_max_ns = 0;
  double before_gbps = 0;
  double after_gbps = 0;
  double load = 0;  ///< of the two that follow: one that half of the lanes still carry
  double request_p99_ns = 0;
  double request_max_ns = 0;
};

/// A sleeping link at one load.
struct sleep_answer {
  double quiesce_after = 0;  ///< flit times
  double load = 0;
  double share = 0;           ///< of lane-time asleep, both directions
  double idle = 0;            ///< of lane-time without data, asleep or not
  double sleeps = 0;          ///< of one end
  double added_ns = 0;        ///< to the request that ends a sleep, on average; NaN without sleeps
  double longest_ns = 0;      ///< request
  double longest_off_ns = 0;  ///< the same without QUIESCE
};

/// Retry alone or with light FEC at one bit error rate.
struct fec_side {
  bool up = false;  ///< false: the link did not train or gave up
  double p = 0;     ///< of a bad flit
  double efficiency = 0;
  double formula = 0;  ///< go-back-N with lost repetitions
  double mean_ns = 0;  ///< of a request at half load; NaN if the link cannot carry it
  double p99_ns = 0;
};
struct fec_answer {
  double ber = 0;
  fec_side plain;
  fec_side light;
  double heavy_efficiency = 0;  ///< closed form, rate of the code included
  double heavy_mean_ns = 0;     ///< closed form; NaN where errors would show in it
};

struct feature_answers {
  std::vector<repair_answer> repairs{};
  std::vector<sleep_answer> sleeps{};  ///< without those of QUIESCE off
  std::vector<fec_answer> fec{};
  double fec_added_ns = 0;    ///< of light FEC, one direction
  double heavy_added_ns = 0;  ///< of RS(544,514)
  double crossover_ber = 0;   ///< above it light FEC has the lower mean latency; NaN if not seen
  double plain_90_ber = 0;  ///< above it less than 90 % of the flit slots are useful; NaN likewise
  double light_90_ber = 0;
  std::vector<std::string> sentences{};
};

[[nodiscard]] feature_answers answer_features(const std::vector<document>& rows);
[[nodiscard]] std::string features_text(const feature_answers& a);
/// Adds `repair`, `sleep` and `fec` to the object of `study link --json`.
void add_features_json(document& j, const feature_answers& a);

/// Useful share of flit slots with RS(544,514) at a bit error rate before correction, its rate of
/// 514/544 included; round trip in flit times, without the code's latency.
[[nodiscard]] double heavy_efficiency(double ber, double round_trip, double flit_ns);
/// Go-back-N with repetitions lost too, nak_timeout at its default.
[[nodiscard]] double retry_formula(double p, double round_trip);

}  // namespace lightrack::platforms
