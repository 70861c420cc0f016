// SPDX-License-Identifier: Apache-2.0
// models/base/source_revision.cpp
// Alone in its file, for it is compiled again whenever a source has changed.
#include "base/source_revision.h"

#include "models/base/checkpoint.h"

namespace lightrack::base {

std::uint64_t program_revision() { return LR_PROGRAM_REVISION; }
std::uint64_t rtl_revision() { return LR_RTL_REVISION; }

}  // namespace lightrack::base
