// SPDX-License-Identifier: Apache-2.0
// models/link/batch_runner.cpp
// Hand-over of a batch to the workers, join, exchange.
#include "models/link/batch_runner.h"

#include <algorithm>
#include <utility>

namespace lightrack::link {
namespace {

// About 50 us: longer than two endpoints of one link differ in a batch, short beside a batch.
constexpr int spins_before_sleep = 1000;

void pause_briefly() {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#endif
}

void wait_while(const std::atomic<std::uint32_t>& value, std::uint32_t old, int spins) {
  for (int spin = 0; spin < spins; ++spin) {
    if (value.load() != old) return;
    pause_briefly();
  }
  value.wait(old);
}

void hand_over(endpoint& from, endpoint& to) {
  if (const auto words = from.sent_words(); !words.empty()) to.receive_words(words);
  if (const auto slots = from.sent(); !slots.empty()) to.receive(slots);
}

}  // namespace

batch_runner::batch_runner(std::vector<runner_link> links, int threads, i64 max_batch)
    : links_{std::move(links)} {
  i64 shortest = never;
  for (const runner_link& l : links_) {
    shortest = std::min(shortest, l.flight);
    const bool words = l.west->can_exchange_words() && l.east->can_exchange_words();
    l.west->exchange_words(words);
    l.east->exchange_words(words);
    endpoints_.push_back(l.west);
    endpoints_.push_back(l.east);
  }
  batch_ = std::max<i64>(1, max_batch > 0 ? std::min(shortest, max_batch) : shortest);
  const std::size_t useful = std::max<std::size_t>(1, endpoints_.size());
  workers_ = std::min(static_cast<std::size_t>(std::max(1, threads)), useful);
  failures_.resize(endpoints_.size());
  // Where workers outnumber processors, a spinning one only keeps another from its work.
  if (workers_ <= std::thread::hardware_concurrency()) spins_ = spins_before_sleep;
  try {
    for (std::size_t w = 1; w < workers_; ++w) threads_.emplace_back([this, w] { worker_main(w); });
  } catch (...) {
    stop();
    throw;
  }
}

void batch_runner::stop() {
  stop_ = true;
  generation_.fetch_add(1);
  generation_.notify_all();
  for (std::thread& t : threads_) t.join();
}

void batch_runner::work(std::size_t worker) {
  for (std::size_t i = worker; i < endpoints_.size(); i += workers_) {
    try {
      endpoints_[i]->advance(until_);
    } catch (...) {
      failures_[i] = std::current_exception();
    }
  }
}

void batch_runner::worker_main(std::size_t worker) {
  // A generation cannot be missed: step() starts the next one only when this worker has finished.
  for (std::uint32_t seen = 0;; ++seen) {
    wait_while(generation_, seen, spins_);
    if (stop_) return;
    work(worker);
    if (pending_.fetch_sub(1) == 1) pending_.notify_one();
  }
}

void batch_runner::step(i64 limit) {
  until_ = std::min(now_ + batch_, limit);
  if (until_ <= now_) return;
  if (workers_ > 1) {
    pending_.store(static_cast<std::uint32_t>(workers_ - 1));
    generation_.fetch_add(1);
    generation_.notify_all();
  }
  work(0);
  for (std::uint32_t left = pending_.load(); left != 0; left = pending_.load())
    wait_while(pending_, left, spins_);
  for (std::exception_ptr& failure : failures_)
    if (failure) std::rethrow_exception(std::exchange(failure, nullptr));
  for (const runner_link& l : links_) {
    hand_over(*l.west, *l.east);
    hand_over(*l.east, *l.west);
  }
  now_ = until_;
}

}  // namespace lightrack::link
