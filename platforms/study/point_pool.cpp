// SPDX-License-Identifier: Apache-2.0
#include "platforms/study/point_pool.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <exception>
#include <stdexcept>
#include <vector>

namespace lightrack::platforms {
namespace {

using nlohmann::ordered_json;

constexpr int tick_ms = 100;

struct child {
  std::size_t point = 0;
  pid_t pid = -1;
  int pipe = -1;
  std::string text;
};

void send(int pipe, const std::string& text) {
  std::size_t sent = 0;
  while (sent < text.size()) {
    const ssize_t n = ::write(pipe, text.data() + sent, text.size() - sent);
    if (n < 0 && errno != EINTR) return;
    if (n > 0) sent += static_cast<std::size_t>(n);
  }
}

/// An interrupt is the parent's business, and a child must not outlive it. What models print is no
/// result: it goes to stderr, so that the parent's stdout stays its own.
[[noreturn]] void live_as_child(int pipe, pid_t parent, std::size_t point,
                                const pool_callbacks& callbacks) {
  std::signal(SIGINT, SIG_IGN);
  std::signal(SIGTERM, SIG_DFL);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(1);
  ::dup2(STDERR_FILENO, STDOUT_FILENO);
  ordered_json answer;
  try {
    answer["value"] = callbacks.compute(point);
  } catch (const std::exception& e) {
    answer = {{"failure", e.what()}};
  }
  send(pipe, answer.dump(-1, ' ', false, ordered_json::error_handler_t::replace));
  ::_exit(0);
}

child start(std::size_t point, const pool_callbacks& callbacks) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) {
    throw std::runtime_error(fmt::format("no pipe for a child process: {}", std::strerror(errno)));
  }
  std::fflush(nullptr);
  const pid_t parent = ::getpid();
  const pid_t pid = ::fork();
  if (pid < 0) {
    throw std::runtime_error(fmt::format("no child process: {}", std::strerror(errno)));
  }
  if (pid == 0) {
    ::close(ends[0]);
    live_as_child(ends[1], parent, point, callbacks);
  }
  ::close(ends[1]);
  return {.point = point, .pid = pid, .pipe = ends[0], .text = {}};
}

/// Reads what is there; true at the end of the stream.
bool drain(child& c) {
  char buffer[65536];
  const ssize_t n = ::read(c.pipe, buffer, sizeof buffer);
  if (n > 0) c.text.append(buffer, static_cast<std::size_t>(n));
  return n == 0 || (n < 0 && errno != EINTR && errno != EAGAIN);
}

int reap(child& c) {
  ::close(c.pipe);
  int status = 0;
  while (::waitpid(c.pid, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

point_outcome finish(child& c) {
  const int status = reap(c);
  point_outcome outcome{.point = c.point, .value = {}, .failure = {}};
  const ordered_json answer = ordered_json::parse(c.text, nullptr, false);
  if (WIFSIGNALED(status)) {
    outcome.failure = fmt::format("the child process was ended by signal {}", WTERMSIG(status));
  } else if (answer.is_discarded() || !answer.is_object()) {
    outcome.failure =
        fmt::format("the child process left with code {} and no result", WEXITSTATUS(status));
  } else if (answer.contains("failure")) {
    outcome.failure = answer["failure"].get<std::string>();
  } else {
    outcome.value = answer["value"];
  }
  return outcome;
}

/// Children that still run when the pool is left, by an interrupt or an exception, are ended.
class flock {
 public:
  ~flock() {
    for (const child& c : children) ::kill(c.pid, SIGKILL);
    for (child& c : children) reap(c);
  }
  std::vector<child> children;
};

}  // namespace

bool run_points(std::size_t count, int jobs, const pool_callbacks& callbacks,
                const std::atomic<bool>& stop) {
  flock running;
  std::vector<child>& children = running.children;
  std::size_t next = 0;
  while (next < count || !children.empty()) {
    if (stop.load()) return false;
    while (next < count && children.size() < static_cast<std::size_t>(std::max(jobs, 1))) {
      children.push_back(start(next++, callbacks));
    }
    std::vector<pollfd> waits;
    for (const child& c : children) waits.push_back({.fd = c.pipe, .events = POLLIN, .revents = 0});
    ::poll(waits.data(), waits.size(), tick_ms);
    for (std::size_t i = waits.size(); i-- > 0;) {
      if (waits[i].revents == 0 || !drain(children[i])) continue;
      const point_outcome outcome = finish(children[i]);
      children.erase(children.begin() + static_cast<std::ptrdiff_t>(i));
      callbacks.done(outcome);
    }
    if (callbacks.tick) callbacks.tick();
  }
  return true;
}

}  // namespace lightrack::platforms
