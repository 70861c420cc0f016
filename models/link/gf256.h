// SPDX-License-Identifier: Apache-2.0
// models/link/gf256.h
// The field of the light FEC: GF(2^8) with x^8 + x^4 + x^3 + x^2 + 1 (0x11D).
#pragma once

#include "models/link/galois.h"
#include "models/link/types.h"

namespace lightrack::link {

using gf256 = galois<u8, 8, 0x11D>;

}  // namespace lightrack::link
