// SPDX-License-Identifier: Apache-2.0
// models/optics/gaussian.h
// Tails of Gaussian noise and the bit error rates that they mean, the same bits on every host.
//
// Q is the half distance of two neighboring levels over the standard deviation of the noise; the
// decision lies midway. Only additions, multiplications, divisions, square roots and the project's
// own exponential enter.
//   nrz_ber(7.034) == 1e-12;  nrz_q(1e-6) == 4.753;  pam4_ber(4.695) == 1e-6;
#pragma once

namespace lightrack::optics {

/// Complementary error function, x >= 0; relative error below 1e-12, zero past x = 27.
[[nodiscard]] double erfc_positive(double x);

/// erfc(Q / sqrt 2) / 2; a Q of zero or less, a closed eye, gives one half.
[[nodiscard]] double nrz_ber(double q);
/// 3/8 erfc(Q / sqrt 2) with the Q of one of the three eyes, Gray coded; 3/8 where it is closed.
[[nodiscard]] double pam4_ber(double eye_q);

/// The Q at which the error rate is reached, to 1e-12; 0 < ber < 1/2 (3/8).
[[nodiscard]] double nrz_q(double ber);
[[nodiscard]] double pam4_q(double ber);

}  // namespace lightrack::optics
