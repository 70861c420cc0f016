// SPDX-License-Identifier: Apache-2.0
// models/link/service_curve.h
// What a burst endpoint knows of a link: how long a slot, a marker and each step of the way take,
// as measured at flit endpoints, and how far bursts were off there.
//
// A curve holds for one kind of link: lanes, lane rate and FEC. All clocks are of that link.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "models/link/types.h"

namespace lightrack::link {

/// A point at which bursts were compared with flits.
struct curve_error {
  std::string scenario{};
  double length_m = 0;
  double ber = 0;
  int window = 0;
  int rx_depth = 0;
  double load = 0;
  u64 flits = 0;                  ///< delivered by flit, both directions
  double throughput_percent = 0;  ///< burst against flit, signed
  double latency_mean_percent = 0;
  double latency_p99_percent = 0;
  double latency_ns = 0;  ///< of the mean
};

struct service_curve {
  int lanes = 16;
  double gbps_per_lambda = 50;
  std::string fec = "none";

  i64 flit_clocks = 4;    ///< from a flit slot to the next
  i64 marker_clocks = 4;  ///< what a marker adds
  i64 verdict_clocks =
      10;  ///< from acceptance to the verdict at the far end, beside flight and skew
  i64 deliver_clocks = 2;  ///< from the verdict to the delivery of a flit that nothing holds back
  i64 turn_clocks = 2;     ///< from a verdict over a header's whole way back to its use, beside the
                           ///< header's own flight, verdict and wait for a slot
  i64 retrain_clocks =
      0;  ///< from leaving ACTIVE on command to ACTIVE at both ends, at `retrain_flight`
  i64 retrain_flight = 0;

  // Where the numbers come from.
  std::string git{};
  std::string config_hash{};
  u64 seed = 1;
  u64 flits = 0;  ///< that were looked at
  std::vector<curve_error> errors{};

  /// Largest absolute errors over the points.
  [[nodiscard]] curve_error worst() const;
};

/// The times that docs/link-layer.md, sections 12 and 13, gives such a link; a fit finds the same,
/// and says how far bursts are off with them.
[[nodiscard]] service_curve specified_curve(int lanes, bool light_fec);
/// Throws base::config_error "file: ..." where it cannot be read or a key is missing or out of
/// range.
[[nodiscard]] service_curve read_service_curve(const std::string& file);
/// The same from the content of a file; `name` is what an error calls it.
[[nodiscard]] service_curve parse_service_curve(std::string_view content, const std::string& name);
void write_service_curve(const service_curve& curve, const std::string& file);
/// Name of the file of such a link: "lanes16_50g_none.toml".
[[nodiscard]] std::string service_curve_name(int lanes, double gbps_per_lambda,
                                             const std::string& fec);
/// One sentence that says how the curve was fitted to another link; empty if it was not.
[[nodiscard]] std::string curve_mismatch(const service_curve& curve, int lanes,
                                         double gbps_per_lambda, const std::string& fec);

}  // namespace lightrack::link
