// SPDX-License-Identifier: Apache-2.0
// models/base/git_revision.cpp
// Alone in its file, for it is compiled again at each commit.
#include "base/git_revision.h"

#include "models/base/results.h"

namespace lightrack::base {

std::string git_revision() { return LR_GIT_REVISION; }

}  // namespace lightrack::base
