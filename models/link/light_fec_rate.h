// SPDX-License-Identifier: Apache-2.0
// models/link/light_fec_rate.h
// How often a flit with light FEC stays wrong, against the raw bit error rate.
#pragma once

namespace lightrack::link {

/// Probability that some group of a flit has two wrong bytes or more, with independent bit errors
/// at `ber` (0 .. 1): 1 - prod over groups of ((1-q)^n + n q (1-q)^(n-1)), q = 1 - (1 - ber)^8, n =
/// 86, 85, 85. Such a flit is bad by CRC whether the decoder gave up or miscorrected, but for
/// undetected errors (22 patterns of three bits at the least) and for flits whose only trouble are
/// both check bytes of a group, which the CRCs do not see: 3 of 10,795 pairs of bytes.
[[nodiscard]] double light_fec_flit_failure(double ber);
/// The same without FEC: 1 - (1 - ber)^2048.
[[nodiscard]] double plain_flit_failure(double ber);

}  // namespace lightrack::link
