// SPDX-License-Identifier: Apache-2.0
#include "models/link/quiesce.h"

#include <algorithm>

namespace lightrack::link {
namespace {

constexpr int most_requests = 4;
constexpr int wake_markers = 4;

}  // namespace

void quiesce::decide(i64 n, int set, int clear) {
  before_ = flags_;
  decided_at_ = n;
  set_ = static_cast<u8>(set);
  clear_ = static_cast<u8>(clear);
  flags_ = static_cast<u8>((flags_ & ~clear) | set);
}

void quiesce::change(i64 n, int set, int clear) {
  flags_ = static_cast<u8>((flags_ & ~clear) | set);
  if (n == decided_at_) flags_ = static_cast<u8>((flags_ & ~clear_) | set_);
}

void quiesce::idle_slot(i64 n, bool idle, int flit_times, i64 after) {
  quiet_ = idle && after != 0 && !has(asks) ? quiet_ + flit_times : 0;
  if (quiet_ == 0 || quiet_ < after || has(says_yes | wake_waits | wake_goes)) return;
  quiet_ = 0;
  asked_ = 0;
  decide(n, asks | request, 0);
}

void quiesce::request_sent(i64 n) {
  quiet_ = 0;
  ++asked_;
  ask_timer_ = n;
  decide(n, 0, request);
}

bool quiesce::answer_sent(i64 n, bool free) {
  quiet_ = 0;
  const bool yes = free && !waking();
  if (yes) yes_timer_ = n;
  decide(n, yes ? says_yes : 0, answer);
  return yes;
}

quiesce::wake_marker quiesce::wake_sent(i64 n) {
  const bool first = has(wake_waits);
  if (first) wakes_left_ = wake_markers;
  --wakes_left_;
  decide(n, wakes_left_ > 0 ? wake_goes : 0, wakes_left_ > 0 ? wake_waits : wake_waits | wake_goes);
  return {.flags = static_cast<u8>(flag_wake | wakes_left_ << 4 |
                                   (answers_wake_ ? flag_wake_answer : 0)),
          .first = first};
}

void quiesce::wake_seen(i64 n, bool is_answer) {
  const bool answers = !is_answer && (registered(n) & (wake_waits | wake_goes)) == 0;
  change(n, answers ? wake_waits : 0, asks | request | says_yes | stop);
  if (answers) answers_wake_ = true;
}

i64 quiesce::next_expiry(i64 t1) const {
  i64 next = never;
  if (has(asks) && !has(request)) next = ask_timer_ + t1;
  if (has(says_yes)) next = std::min(next, yes_timer_ + t1);
  return next;
}

void quiesce::expire(i64 n, i64 t1) {
  if (has(asks) && !has(request) && n == ask_timer_ + t1) {
    flags_ = static_cast<u8>(asked_ < most_requests ? flags_ | request : flags_ & ~asks);
  }
  if (has(says_yes) && n == yes_timer_ + t1) flags_ = static_cast<u8>(flags_ & ~says_yes);
}

void quiesce::clear() {
  flags_ = 0;
  set_ = 0;
  clear_ = 0;
  decided_at_ = -1;
  quiet_ = 0;
}

}  // namespace lightrack::link
