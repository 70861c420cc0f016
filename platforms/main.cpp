// SPDX-License-Identifier: Apache-2.0
// platforms/main.cpp
// The program `lightrack`: all commands are in platforms/cli.
#include "platforms/cli/commands.h"

int main(int argc, char** argv) { return lightrack::cli::run_program(argc, argv); }
