// SPDX-License-Identifier: Apache-2.0
// platforms/study/progress_bar.h
// One line on a terminal: how much is done, how fast, and how long it will take.
//
// Shown on stderr, only if that is a terminal, and only from the third second on.
//   progress_bar bar{"points", 120};  bar.show(done);  bar.clear();
#pragma once

#include <chrono>
#include <string>

namespace lightrack::platforms {

class progress_bar {
 public:
  /// `total` counts in `unit`; a quiet bar never shows.
  progress_bar(std::string unit, double total, bool quiet = false);
  ~progress_bar() { clear(); }
  progress_bar(const progress_bar&) = delete;
  progress_bar& operator=(const progress_bar&) = delete;

  /// At most ten times a second something is written.
  void show(double done);
  void clear();

 private:
  using clock = std::chrono::steady_clock;
  std::string unit_;
  double total_;
  bool on_;
  bool shown_ = false;
  clock::time_point begin_ = clock::now();
  clock::time_point last_{};
};

/// The line itself: "[#####...............]  30/120 points  3.1/s  29 s left".
[[nodiscard]] std::string progress_line(const std::string& unit, double done, double total,
                                        double seconds);

}  // namespace lightrack::platforms
