// SPDX-License-Identifier: Apache-2.0
// models/link/link_formulas.h
// What the protocol predicts of a link's throughput, to stand beside what was measured.
//
// Source: docs/link-layer.md, section 6 (go-back-N), 13.2 (width) and section 2 (a flit has 2,048 bits on the
// fiber). Not modelled: bursts and drift (errors are independent), retrains.
//   retry_efficiency(flit_error_probability(1e-6), 96, 256)
#pragma once

namespace lightrack::link {

/// Share of flits with a wrong bit, 1 - (1 - BER)^2048.
[[nodiscard]] double flit_error_probability(double ber);

/// Useful share of flit slots where `p` of the flits are bad: (1 - P) / ((1 - P) + m P), m =
/// `round_trip` + 1, the flits sent from a bad one to its repetition. Round trip in flit times.
[[nodiscard]] double go_back_n_efficiency(double p, double round_trip);

/// The same where repetitions are lost too (above P = 0.03): asked for again after `nak_timeout`
/// flit times; `q` of the flits are bad on the way back.
[[nodiscard]] double go_back_n_efficiency_lossy(double p, double q, double round_trip,
                                                double nak_timeout);

/// Useful share of flit slots where at most `window` flits may be unacknowledged (or in the far
/// buffer): window / round trip, at most 1.
[[nodiscard]] double window_efficiency(double window, double round_trip);

/// Both together. A window that covers the round trip: go-back-N. A shorter one sends a burst of
/// `window` flits each round trip, of which those before the first bad one come through, and the
/// next burst starts a round trip after that one: sum of (1-P)^k, k = 1 .. window, over round trip
/// + sum of k P (1-P)^(k-1).
[[nodiscard]] double retry_efficiency(double p, double round_trip, double window);

/// Flits that a direction of `lanes` carries a clock at full (0), half (1) or quarter (2) width,
/// with a marker of lanes / 4 clocks before each `interval` of them.
[[nodiscard]] double flits_per_clock(int lanes, int shift, int interval);

}  // namespace lightrack::link
