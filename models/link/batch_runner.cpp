// SPDX-License-Identifier: Apache-2.0
#include "models/link/batch_runner.h"

#include <algorithm>
#include <exception>

namespace lightrack::link {
namespace {

constexpr int spins_before_sleep = 20000;

template <typename Value>
void wait_while(const std::atomic<Value>& value, Value old) {
  for (int spin = 0; spin < spins_before_sleep; ++spin) {
    if (value.load(std::memory_order_acquire) != old) return;
    __builtin_ia32_pause();
  }
  while (value.load(std::memory_order_acquire) == old) value.wait(old, std::memory_order_acquire);
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
  workers_ = static_cast<std::size_t>(
      std::clamp<long>(threads, 1, std::max<long>(1, static_cast<long>(endpoints_.size()))));
  failures_.resize(workers_);
  for (std::size_t w = 1; w < workers_; ++w) threads_.emplace_back([this, w] { worker_main(w); });
}

batch_runner::~batch_runner() {
  stop_.store(true, std::memory_order_release);
  generation_.fetch_add(1, std::memory_order_acq_rel);
  generation_.notify_all();
  for (std::thread& t : threads_) t.join();
}

void batch_runner::work(std::size_t worker) {
  try {
    for (std::size_t i = worker; i < endpoints_.size(); i += workers_) endpoints_[i]->advance(until_);
  } catch (...) {
    failures_[worker] = std::current_exception();
  }
}

void batch_runner::worker_main(std::size_t worker) {
  std::uint32_t seen = 0;
  for (;;) {
    wait_while(generation_, seen);
    seen = generation_.load(std::memory_order_acquire);
    if (stop_.load(std::memory_order_acquire)) return;
    work(worker);
    if (pending_.fetch_sub(1, std::memory_order_acq_rel) == 1) pending_.notify_one();
  }
}

void batch_runner::step(i64 limit) {
  until_ = std::min(now_ + batch_, limit);
  if (until_ <= now_) return;
  if (workers_ > 1) {
    pending_.store(static_cast<std::uint32_t>(workers_ - 1), std::memory_order_release);
    generation_.fetch_add(1, std::memory_order_acq_rel);
    generation_.notify_all();
  }
  work(0);
  for (std::uint32_t left; workers_ > 1 && (left = pending_.load(std::memory_order_acquire)) != 0;)
    wait_while(pending_, left);
  for (std::exception_ptr& failure : failures_)
    if (failure) std::rethrow_exception(std::exchange(failure, nullptr));
  for (const runner_link& l : links_) {
    hand_over(*l.west, *l.east);
    hand_over(*l.east, *l.west);
  }
  now_ = until_;
}

}  // namespace lightrack::link
