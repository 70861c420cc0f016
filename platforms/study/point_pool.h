// SPDX-License-Identifier: Apache-2.0
// platforms/study/point_pool.h
// Runs the points of a study in child processes, some at once.
//
// SystemC elaborates once a process, so each point is a child, forked while the parent has no
// SystemC object and no thread; it sends back one JSON object and leaves by _exit. The parent alone
// writes results. Faults: a child that throws, crashes or sends no JSON is a point that failed,
// with its reason. Signals: run() ends early when *stop is set; children still at work are killed
// by their id and are not reported.
//   run_points(8, 2, [](std::size_t i) { return simulate(i); }, [](const point_outcome& o) { ... },
//   stop);
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>

namespace lightrack::platforms {

struct point_outcome {
  std::size_t point = 0;
  nlohmann::ordered_json value;  ///< what the child computed; null if it failed
  std::string failure;           ///< why there is none
};

struct pool_callbacks {
  std::function<nlohmann::ordered_json(std::size_t)> compute;  ///< in the child
  std::function<void(const point_outcome&)> done;              ///< in the parent, as points end
  std::function<void()> tick;  ///< in the parent, some times a second; may be empty
};

/// Points 0 .. count - 1 in order, `jobs` >= 1 at once. False if `stop` ended it early.
bool run_points(std::size_t count, int jobs, const pool_callbacks& callbacks,
                const std::atomic<bool>& stop);

}  // namespace lightrack::platforms
