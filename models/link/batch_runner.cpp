// SPDX-License-Identifier: Apache-2.0
// models/link/batch_runner.cpp
// Start of a batch, barrier, exchange.
#include "models/link/batch_runner.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace lightrack::link {
namespace {

using clock_type = std::chrono::steady_clock;
using std::chrono::nanoseconds;

// A wake-up from a futex costs some 50 us, more on a virtual machine: spinning shorter than that
// never pays, and longer than a few milliseconds somebody else may want the processor.
constexpr nanoseconds least_patience = std::chrono::microseconds{100};
constexpr nanoseconds most_patience = std::chrono::milliseconds{2};
constexpr int looks_a_clock = 64;  // reading the clock costs as much as some looks at a flag

void pause_briefly() {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#endif
}

/// Words and payload of RTL pairs need no hand-over: they are written where they are read.
void connect(const runner_link& l) {
  const word_input west = l.west->words_in();
  const word_input east = l.east->words_in();
  const bool words = west.words != nullptr && east.words != nullptr;
  l.west->send_words(words ? east : word_input{});
  l.east->send_words(words ? west : word_input{});
}

}  // namespace

batch_runner::batch_runner(std::vector<runner_link> links, int threads, i64 max_batch)
    : links_{std::move(links)}, patience_{least_patience.count()} {
  i64 shortest = never;
  for (const runner_link& l : links_) {
    shortest = std::min(shortest, l.flight);
    connect(l);
    endpoints_.push_back(l.west);
    endpoints_.push_back(l.east);
  }
  batch_ = std::max<i64>(1, max_batch > 0 ? std::min(shortest, max_batch) : shortest);
  const std::size_t useful = std::max<std::size_t>(1, endpoints_.size());
  workers_ = std::min(static_cast<std::size_t>(std::max(1, threads)), useful);
  reports_ = std::vector<report>(endpoints_.size());
  // Where workers outnumber processors, a spinning one only keeps another from its work.
  may_spin_ = workers_ <= std::thread::hardware_concurrency();
  try {
    for (std::size_t w = 1; w < workers_; ++w) threads_.emplace_back([this, w] { worker_main(w); });
  } catch (...) {
    stop();
    throw;
  }
}

void batch_runner::stop() {
  stop_ = true;
  generation_.count.fetch_add(1);
  generation_.count.notify_all();
  for (std::thread& t : threads_) t.join();
}

void batch_runner::wait_while(const std::atomic<std::uint32_t>& value, std::uint32_t old) const {
  if (may_spin_) {
    const nanoseconds patience{patience_.load(std::memory_order_relaxed)};
    clock_type::time_point begin{};
    do {
      for (int look = 0; look < looks_a_clock; ++look) {
        if (value.load(std::memory_order_acquire) != old) return;
        pause_briefly();
      }
      if (begin == clock_type::time_point{}) begin = clock_type::now();
    } while (clock_type::now() - begin < patience);
  }
  value.wait(old);
}

void batch_runner::run(std::size_t i) {
  endpoint& e = *endpoints_[i];
  report& r = reports_[i];
  try {
    r.idle = e.idle_until() >= until_;
    if (r.idle)
      e.skip(until_);
    else
      e.advance(until_);
  } catch (...) {
    r.failure = std::current_exception();
  }
}

void batch_runner::work(std::size_t worker, std::uint32_t generation) {
  // Who claims an endpoint of this batch runs it; until it has run, the batch is not over and
  // until_ stands. A worker that comes late finds everything claimed.
  const auto run_unclaimed = [&](std::size_t i) {
    std::uint32_t before = generation - 1;
    if (!reports_[i].claimed.compare_exchange_strong(before, generation)) return;
    run(i);
    if (pending_.count.fetch_sub(1) == 1) pending_.count.notify_one();
  };
  for (std::size_t i = worker; i < endpoints_.size(); i += workers_) run_unclaimed(i);
  for (std::size_t i = 0; i < endpoints_.size(); ++i)
    if (i % workers_ != worker) run_unclaimed(i);
}

void batch_runner::worker_main(std::size_t worker) {
  for (std::uint32_t seen = 0;;) {
    wait_while(generation_.count, seen);
    seen = generation_.count.load();
    if (stop_) return;
    work(worker, seen);
  }
}

void batch_runner::step(i64 limit) {
  const i64 until = std::min(now_ + batch_, limit);
  if (until <= now_) return;
  until_ = until;
  if (workers_ == 1) {
    for (std::size_t i = 0; i < endpoints_.size(); ++i) run(i);
  } else {
    const auto begin = clock_type::now();
    pending_.count.store(static_cast<std::uint32_t>(endpoints_.size()));
    const std::uint32_t generation = generation_.count.fetch_add(1) + 1;
    generation_.count.notify_all();
    work(0, generation);
    // A batch of this length is what a worker may have to wait for, with half as much to spare.
    const nanoseconds batch = clock_type::now() - begin;
    for (std::uint32_t left = pending_.count.load(); left != 0; left = pending_.count.load())
      wait_while(pending_.count, left);
    patience_.store(std::clamp(batch + batch / 2, least_patience, most_patience).count(),
                    std::memory_order_relaxed);
  }
  for (report& r : reports_)
    if (r.failure) std::rethrow_exception(std::exchange(r.failure, nullptr));
  exchange();
  now_ = until_;
}

void batch_runner::exchange() {
  const auto hand_over = [this](std::size_t from, std::size_t to) {
    if (!reports_[from].idle) endpoints_[to]->receive(endpoints_[from]->sent());
  };
  for (std::size_t west = 0; west < endpoints_.size(); west += 2) {
    hand_over(west, west + 1);
    hand_over(west + 1, west);
  }
}

void batch_runner::transfer(base::checkpoint& c) {
  c.part("runner");
  c.value(now_);
  for (endpoint* e : endpoints_) e->transfer(c);
}

}  // namespace lightrack::link
