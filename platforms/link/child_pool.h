// SPDX-License-Identifier: Apache-2.0
// platforms/link/child_pool.h
// Runs jobs as forked child processes, some at a time; each hands back one text through a pipe.
//
// Faults: a child that dies or throws is an outcome, not an exception. An interrupt (SIGINT) starts
//         no more jobs, ends the children and leaves their outcomes unfinished.
// Threads: fork() copies only the calling thread: to be used before any other exists.
//   run_children(3, 2, [](std::size_t i) { return work(i); }, report);
#pragma once

#include <cstddef>
#include <functional>
#include <string>

namespace lightrack::platforms {

struct child_outcome {
  bool finished = false;
  std::string text;  ///< what the job returned, or why it did not finish
};

/// Calls `done` in the parent as children end, in any order. True unless interrupted.
bool run_children(std::size_t count, int at_a_time,
                  const std::function<std::string(std::size_t)>& job,
                  const std::function<void(std::size_t, const child_outcome&)>& done);

}  // namespace lightrack::platforms
