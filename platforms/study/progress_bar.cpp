// SPDX-License-Identifier: Apache-2.0
#include "platforms/study/progress_bar.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <utility>

namespace lightrack::platforms {

progress_bar::progress_bar(std::string unit, double total, bool quiet)
    : unit_{std::move(unit)}, total_{total}, on_{!quiet && ::isatty(STDERR_FILENO) == 1} {}

void progress_bar::show(double done) {
  const clock::time_point now = clock::now();
  const std::chrono::duration<double> since = now - begin_;
  if (!on_ || since.count() < 2 || now - last_ < std::chrono::milliseconds{100}) return;
  last_ = now;
  shown_ = true;
  fmt::print(stderr, "\r{}\x1b[K", progress_line(unit_, done, total_, since.count()));
  std::fflush(stderr);
}

void progress_bar::clear() {
  if (!shown_) return;
  fmt::print(stderr, "\r\x1b[K");
  std::fflush(stderr);
  shown_ = false;
}

std::string progress_line(const std::string& unit, double done, double total, double seconds) {
  constexpr int width = 24;
  const double share = total > 0 ? std::clamp(done / total, 0.0, 1.0) : 1.0;
  const auto full = static_cast<std::size_t>(share * width);
  const std::string bar = std::string(full, '#') + std::string(width - full, '.');
  const double rate = seconds > 0 ? done / seconds : 0;
  const std::string left =
      rate > 0 ? fmt::format("{:.0f} s left", (total - done) / rate) : std::string{"starting"};
  return fmt::format("[{}] {:.0f}/{:.0f} {}  {:.2g}/s  {}", bar, done, total, unit, rate, left);
}

}  // namespace lightrack::platforms
