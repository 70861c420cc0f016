// SPDX-License-Identifier: Apache-2.0
// platforms/link/study_answers.h
// What the rows of the link study say: the window that each fiber needs, what an error costs, what
// study_features.h adds, and a sentence each.
#pragma once

#include <string>
#include <vector>

#include "platforms/link/study_features.h"
#include "platforms/link/study_rows.h"

namespace lightrack::platforms {

/// One fiber length, error-free, by window.
struct window_answer {
  double length_m = 0;
  double flit_ns = 0;
  double round_trip = 0;  ///< flit times, measured in training: the formula's window
  double needed = 0;  ///< flits, measured: window / efficiency where the window limits; else NaN
  double smallest_full = 0;    ///< smallest window of the sweep that loses under 1 %; NaN if none
  double goodput_default = 0;  ///< Gb/s with 256, as configured by default; NaN if not in the sweep
  double goodput_deepest = 0;  ///< Gb/s with the largest window
  double deepest = 0;          ///< which one that is
};

/// One error rate at the study's reference fiber.
struct error_answer {
  double ber = 0;
  double p = 0;  ///< of a flit
  double flit_efficiency = 0;
  double formula = 0;
  double goodput_gbps = 0;
  double lost_percent = 0;  ///< of the error-free goodput
  double p50_ns = 0;        ///< of a request at half load, with the queue before the link; NaN if
  double p99_ns = 0;        ///< the link cannot carry that load
  double p999_ns = 0;
  double max_ns = 0;
};

struct study_answers {
  std::vector<window_answer> windows;
  double error_length_m = 0;  ///< the reference fiber
  double error_round_trip = 0;
  double error_flit_ns = 0;
  std::vector<error_answer> errors;
  double largest_deviation_percent =
      0;                     ///< of flit efficiency from its formula, P <= 1.2e-2, on that fiber
  feature_answers features;  ///< lane repair, QUIESCE, FEC
  std::vector<std::string> sentences;
};

[[nodiscard]] study_answers answer_link_study(const std::vector<document>& rows);
/// A row at half load whose link could not carry what was offered: its queue grows, it has no
/// latency of its own.
[[nodiscard]] bool overloaded(const document& row);
[[nodiscard]] std::string study_text(const study_answers& a);
[[nodiscard]] document study_json(const study_answers& a);

}  // namespace lightrack::platforms
