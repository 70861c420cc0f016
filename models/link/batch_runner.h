// SPDX-License-Identifier: Apache-2.0
// models/link/batch_runner.h
// Runs endpoints in batches of clocks on host threads, joined after each batch.
//
// Time:   a batch is at most the shortest flight of all fibers: what an endpoint sends in a batch
//         cannot reach the other within it. So the order in which workers run does not matter, and
//         results are equal for any number of them.
// Faults: an endpoint that throws ends the step after all others have advanced; the runner is not
//         to be stepped again.
// Threads: step() is called by one thread; that thread is worker 0. A worker spins briefly, then
//         sleeps on a futex.
// Cost:   one hand-over and one join per batch; batches are some hundred clocks.
#pragma once

#include <atomic>
#include <cstdint>
#include <exception>
#include <thread>
#include <vector>

#include "models/link/endpoint.h"

namespace lightrack::link {

/// Two endpoints and the flight between them, in whole clocks (the shorter of both directions).
struct runner_link {
  endpoint* west = nullptr;
  endpoint* east = nullptr;
  i64 flight = 1;
};

class batch_runner {
 public:
  /// `threads` >= 1 workers in total; more than endpoints are not started. `max_batch` in clocks
  /// caps a batch (0: the fiber decides).
  batch_runner(std::vector<runner_link> links, int threads, i64 max_batch = 0);
  ~batch_runner() { stop(); }
  batch_runner(const batch_runner&) = delete;  // workers hold its address
  batch_runner& operator=(const batch_runner&) = delete;

  /// Clocks of one batch.
  [[nodiscard]] i64 batch() const { return batch_; }
  /// Workers in use, the caller of step() among them.
  [[nodiscard]] int workers() const { return static_cast<int>(workers_); }
  [[nodiscard]] i64 now() const { return now_; }

  /// Advances all endpoints by one batch, or to `limit` if that comes first, then exchanges what
  /// was sent. Rethrows the exception of the first endpoint that failed, in the order of the links.
  void step(i64 limit);

 private:
  void work(std::size_t worker);
  void worker_main(std::size_t worker);
  void stop();

  std::vector<runner_link> links_;
  std::vector<endpoint*> endpoints_;
  std::size_t workers_ = 1;
  int spins_ = 0;  ///< looks at a flag before sleeping
  i64 batch_ = 1;
  i64 now_ = 0;
  i64 until_ = 0;
  std::atomic<std::uint32_t> generation_{0};  ///< one more a batch, and once more to stop
  std::atomic<std::uint32_t> pending_{0};     ///< workers that have not finished the batch
  bool stop_ = false;                         ///< written before generation_, read after
  std::vector<std::exception_ptr> failures_;  ///< one an endpoint
  std::vector<std::thread> threads_;
};

}  // namespace lightrack::link
