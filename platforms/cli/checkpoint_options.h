// SPDX-License-Identifier: Apache-2.0
// platforms/cli/checkpoint_options.h
// What --save, --save-at, --save-only and --restore ask for.
#pragma once

#include <string>

#include "platforms/cli/commands.h"
#include "platforms/link/link_platform.h"

namespace lightrack::cli {

/// Throws base::config_error on a time that is none or not in the run, and on a place where no file
/// can be.
[[nodiscard]] platforms::link_save save_of(const common_options& o,
                                           const platforms::link_setup& setup);
/// Throws base::config_error that names the first key whose value is another than in the saved
/// configuration, both as effective TOML.
void refuse_other_values(const std::string& file, const std::string& saved,
                         const std::string& here);

}  // namespace lightrack::cli
