// SPDX-License-Identifier: Apache-2.0
#include "platforms/link/child_pool.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstring>
#include <exception>
#include <stdexcept>
#include <vector>

namespace lightrack::platforms {
namespace {

volatile std::sig_atomic_t interrupted = 0;

/// Notes SIGINT while it lives.
class interrupt_guard {
 public:
  interrupt_guard() {
    interrupted = 0;
    struct sigaction note {};
    note.sa_handler = [](int) { interrupted = 1; };
    sigaction(SIGINT, &note, &before_);
  }
  ~interrupt_guard() { sigaction(SIGINT, &before_, nullptr); }
  interrupt_guard(const interrupt_guard&) = delete;
  interrupt_guard& operator=(const interrupt_guard&) = delete;

 private:
  struct sigaction before_ {};
};

struct child {
  pid_t process = -1;
  int pipe = -1;
  std::size_t job = 0;
  std::string text{};
};

void write_all(int file, const std::string& text) {
  for (std::size_t at = 0; at < text.size();) {
    const ssize_t n = ::write(file, text.data() + at, text.size() - at);
    if (n <= 0) ::_exit(2);
    at += static_cast<std::size_t>(n);
  }
}

/// The child's life: never returns. Its first letter says whether the rest is a result or a reason.
[[noreturn]] void live(int file, const std::function<std::string(std::size_t)>& job,
                       std::size_t index) {
  std::signal(SIGINT, SIG_DFL);
  try {
    write_all(file, "r" + job(index));
  } catch (const std::exception& e) {
    write_all(file, std::string{"e"} + e.what());
  }
  ::_exit(0);
}

child start(const std::function<std::string(std::size_t)>& job, std::size_t index) {
  int ends[2];
  if (::pipe(ends) != 0) throw std::runtime_error("pipe: " + std::string{std::strerror(errno)});
  const pid_t process = ::fork();
  if (process < 0) throw std::runtime_error("fork: " + std::string{std::strerror(errno)});
  if (process == 0) {
    ::close(ends[0]);
    live(ends[1], job, index);
  }
  ::close(ends[1]);
  return {.process = process, .pipe = ends[0], .job = index};
}

child_outcome finish(child& c) {
  ::close(c.pipe);
  int status = 0;
  while (::waitpid(c.process, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFSIGNALED(status))
    return {.finished = false,
            .text = fmt::format("the process ended by signal {} ({})", WTERMSIG(status),
                                strsignal(WTERMSIG(status)))};
  if (c.text.empty()) return {.finished = false, .text = "the process ended without a result"};
  return {.finished = c.text[0] == 'r', .text = c.text.substr(1)};
}

/// Reads what is there; false at the end.
bool read_some(child& c) {
  char buffer[65536];
  const ssize_t n = ::read(c.pipe, buffer, sizeof buffer);
  if (n > 0) c.text.append(buffer, static_cast<std::size_t>(n));
  return n > 0 || (n < 0 && errno == EINTR);
}

}  // namespace

bool run_children(std::size_t count, int at_a_time,
                  const std::function<std::string(std::size_t)>& job,
                  const std::function<void(std::size_t, const child_outcome&)>& done) {
  const interrupt_guard guard;
  std::vector<child> running;
  std::size_t next = 0;
  while (!running.empty() || (next < count && interrupted == 0)) {
    while (next < count && interrupted == 0 && running.size() < static_cast<std::size_t>(at_a_time))
      running.push_back(start(job, next++));
    if (interrupted != 0)
      for (const child& c : running) ::kill(c.process, SIGTERM);

    std::vector<pollfd> ends;
    for (const child& c : running) ends.push_back({.fd = c.pipe, .events = POLLIN, .revents = 0});
    if (::poll(ends.data(), ends.size(), -1) < 0 && errno != EINTR)
      throw std::runtime_error("poll: " + std::string{std::strerror(errno)});
    for (std::size_t i = running.size(); i-- > 0;) {
      if (ends[i].revents == 0 || read_some(running[i])) continue;
      const child_outcome outcome = finish(running[i]);
      if (interrupted == 0) done(running[i].job, outcome);
      running.erase(running.begin() + static_cast<std::ptrdiff_t>(i));
    }
  }
  return interrupted == 0;
}

}  // namespace lightrack::platforms
