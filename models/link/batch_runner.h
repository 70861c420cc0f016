// SPDX-License-Identifier: Apache-2.0
// models/link/batch_runner.h
// Runs endpoints in batches of clocks on host threads, joined after each batch.
//
// Time:   a batch is at most the shortest flight of all fibers: what an endpoint sends in a batch
//         cannot reach the other within it. So the order in which workers run does not matter, and
//         results are equal for any number of them.
// Faults: an endpoint that throws ends the step after all others have advanced; the runner is not
//         to be stepped again.
// Threads: step() is called by one thread; that thread is worker 0. A worker takes its own
//         endpoints first and then those that nobody has begun, so a worker that the host does not
//         run holds up nobody. One that waits spins for about the length of a batch, then sleeps.
// Cost:   a barrier a batch and a few calls an endpoint; an endpoint that is idle for the whole
//         batch costs two calls.
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
  /// Saves or loads the clock and the endpoints, link by link.
  void transfer(base::checkpoint& c);

 private:
  /// A counter that others wait for, alone in its cache line.
  struct alignas(64) signal {
    std::atomic<std::uint32_t> count{0};
  };

  void run(std::size_t i);
  void work(std::size_t worker, std::uint32_t generation);
  void worker_main(std::size_t worker);
  void wait_while(const std::atomic<std::uint32_t>& value, std::uint32_t old) const;
  void exchange();
  void stop();

  std::vector<runner_link> links_;
  std::vector<endpoint*> endpoints_;
  std::size_t workers_ = 1;
  bool may_spin_ = false;  ///< a processor for each worker
  i64 batch_ = 1;
  i64 now_ = 0;

  // Written by step() between batches, read by all in them.
  alignas(64) i64 until_ = 0;

  /// Nanoseconds that a waiting worker spins; written while workers may read it.
  std::atomic<std::int64_t> patience_;
  std::atomic<bool> stop_{false};  ///< written before generation_
  signal generation_;              ///< one more a batch, and once more to stop
  signal pending_;                 ///< endpoints that have not finished the batch
  /// What a worker reports of an endpoint; a line each, for neighbors are other workers'.
  struct alignas(64) report {
    std::exception_ptr failure;
    bool idle = false;                      ///< has skipped the batch
    std::atomic<std::uint32_t> claimed{0};  ///< the generation that somebody runs or has run
  };
  std::vector<report> reports_;
  std::vector<std::thread> threads_;
};

}  // namespace lightrack::link
