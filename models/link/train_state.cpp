// SPDX-License-Identifier: Apache-2.0
// models/link/train_state.cpp
// The states of an endpoint and what leads from one to another (12.4), and the timers of retry
// (12.6).
#include <algorithm>
#include <bit>

#include "models/link/flit_endpoint.h"

namespace lightrack::link {

using pkg::cause_e;
using pkg::state_e;

void flit_endpoint::start_replay(bool by_timer) {
  if (replay_tries_ == config_.replay_limit) {
    reasons_ |= replay_limit;
    return;
  }
  ++replay_tries_;
  ++counters_.replays;
  if (by_timer) ++counters_.replay_timeouts;
  retry_.start_replay();
  replay_started_ = true;
}

void flit_endpoint::restart_replay_timer(i64 n) {
  // Restarts only move the expiry away, so the check planned before stays a lower bound.
  replay_timer_ = n;
  timer_check_ = std::min(timer_check_, n + replay_timeout_);
  slow_next_ = std::min(slow_next_, timer_check_);
}

void flit_endpoint::measure_timeouts() {
  const i64 by_formula =
      round_trip_ + std::max<i64>((round_trip_ + 3) / 4, i64{4} << registers_.widest_shift());
  const auto clocks = [&](i64 csr) {
    return pkg::beats_per_flit * (csr == 0 ? by_formula : std::max(csr, round_trip_));
  };
  nak_timeout_ = clocks(config_.nak_timeout);
  replay_timeout_ = clocks(config_.replay_timeout);
  const i64 slack = i64{4 * pkg::beats_per_flit} << registers_.widest_shift();
  ask_time_ = pkg::beats_per_flit * round_trip_ + slack;
  silence_time_ = 2 * pkg::beats_per_flit * round_trip_ + slack;
}

void flit_endpoint::expire(i64 n) {
  const i64 replay_at = replay_timer_ + replay_timeout_;
  if (in_state(state_e::active)) {
    if (n == replay_at && retry_.unacknowledged() > 0 && !retry_.first_unsent()) start_replay(true);
    if (requested_ && !nak_due_ && n == request_timer_ + nak_timeout_) {
      nak_due_ = true;
      ++counters_.nak_timeouts;
    }
  }
  timer_check_ = never;
  if (retry_.unacknowledged() > 0 && replay_at > n) timer_check_ = replay_at;
  if (const i64 at = request_timer_ + nak_timeout_; requested_ && !nak_due_ && at > n)
    timer_check_ = std::min(timer_check_, at);
}

/// Nothing good for long: the far end may be asleep, or its stream is not where we look for it.
void flit_endpoint::listen(i64 n) {
  silence_at_ = never;
  if (!in_state(state_e::active)) return;
  const i64 silent_for = n - last_good_;
  if (silent_for == 2 * silence_time_) {
    reasons_ |= silent;
  } else if (silent_for == silence_time_ && !quiesce_.waking()) {
    quiesce_.start_wake(false);
  }
  if (silent_for < 2 * silence_time_)
    silence_at_ = last_good_ + (silent_for < silence_time_ ? 1 : 2) * silence_time_;
}

/// Conditions as of clock n, the most urgent first; the new state stands at n + 1.
void flit_endpoint::change_state(i64 n) {
  const u32 reasons = reasons_;
  reasons_ = 0;
  if (!config_.enable) {
    if (!in_state(state_e::reset)) go(n, state_e::reset, cause_e::disabled);
    return;
  }
  if ((reasons & wrong_version) != 0) {
    go(n, state_e::link_down, cause_e::version);
    return;
  }
  const u32 wanted = lanes_.all() & ~config_.lanes_off;
  const u32 light = lanes_.signal() & wanted;
  const auto lit = [this](u32 lanes) { return (lanes_.signal() & lanes) == lanes; };
  const auto enough = [](u32 lanes) { return std::popcount(lanes) >= pkg::least_lanes; };
  const int other = lanes_.other_state();
  const auto shows = [other](state_e first, state_e last) {
    return other >= static_cast<int>(first) && other <= static_cast<int>(last);
  };
  const i64 in_state_for = n - registers_.enter;
  switch (registers_.state) {
    case state_e::reset:
      if (in_state_for >= pkg::reset_min) {
        if (++session_ == 0) session_ = 1;
        go(n, state_e::detect, cause_e::normal);
      }
      return;
    case state_e::detect:
      if (enough(light) && (light == wanted || in_state_for >= config_.lane_wait_clocks)) {
        go(n, state_e::lock, cause_e::normal);
      } else if (in_state_for > 0 && config_.detect_timeout_clocks > 0 &&
                 in_state_for % config_.detect_timeout_clocks == 0) {
        raised_.no_light = true;
        irq_raised_ = true;
      }
      return;
    case state_e::lock: {
      const bool late = light != 0 && time_out(n, config_.lock_timeout_clocks);
      if (!in_state(state_e::lock)) return;
      if (light == 0) {
        go(n, state_e::detect, cause_e::signal_lost);
      } else if (in_state_for >= config_.lock_min_clocks && enough(lanes_.locked() & wanted) &&
                 ((light & ~lanes_.locked()) == 0 || in_state_for >= config_.lane_wait_clocks) &&
                 shows(state_e::detect, state_e::map)) {
        go(n, state_e::map, cause_e::normal);
      } else if (late) {
        start_over(n);
      }
      return;
    }
    case state_e::map: {
      const bool late = time_out(n, config_.map_timeout_clocks);
      if (!in_state(state_e::map)) return;
      if (!lit(registers_.good)) {
        go(n, state_e::lock, cause_e::signal_lost);
      } else if (late) {
        start_over(n);
      } else if (shows(state_e::map, state_e::active) &&
                 map_lanes(lanes_.far_good(), channel_.lanes()).width > 0) {
        go(n, state_e::deskew, cause_e::normal);
      }
      return;
    }
    case state_e::deskew: {
      const bool late = time_out(n, config_.deskew_timeout_clocks);
      if (!in_state(state_e::deskew)) return;
      if (!lit(registers_.rx.lanes)) {
        go(n, state_e::lock, cause_e::signal_lost);
      } else if (shows(state_e::lock, state_e::lock)) {
        go(n, state_e::lock, cause_e::far_training);
      } else if (late) {
        start_over(n);
      } else if (lanes_.aligned() &&
                 ((shows(state_e::deskew, state_e::deskew) && lanes_.other_aligned()) ||
                  shows(state_e::init, state_e::active))) {
        go(n, state_e::init, cause_e::normal);
      }
      return;
    }
    case state_e::init: {
      const bool late = time_out(n, config_.init_timeout_clocks);
      if (!in_state(state_e::init)) return;
      if (!lit(registers_.rx.lanes)) {
        go(n, state_e::lock, cause_e::signal_lost);
      } else if (shows(state_e::lock, state_e::map)) {
        go(n, state_e::lock, cause_e::far_training);
      } else if ((reasons & missed_markers) != 0) {
        go(n, state_e::lock, cause_e::markers_missed);
      } else if (late) {
        start_over(n);
      } else if ((reasons & go_active) != 0) {
        go(n, state_e::active, cause_e::normal);
      }
      return;
    }
    case state_e::active:
      if (!lit(registers_.rx.lanes)) {
        retrain(n, cause_e::signal_lost, true);
      } else if ((reasons & missed_markers) != 0) {
        retrain(n, cause_e::markers_missed, true);
      } else if ((reasons & far_training) != 0) {
        retrain(n, cause_e::far_training, false);
      } else if ((reasons & replay_limit) != 0) {
        retrain(n, cause_e::replay_limit, true);
      } else if ((reasons & session_trouble) != 0) {
        retrain(n, cause_e::session, true);
      } else if ((reasons & silent) != 0) {
        retrain(n, cause_e::silent, true);
      } else if ((reasons & retrain_command) != 0) {
        retrain(n, cause_e::command, true);
      } else if ((reasons & stop_here) != 0) {
        go(n, state_e::quiesce, cause_e::normal);
      }
      stop_sent_ = false;
      return;
    case state_e::quiesce:
      if (!lit(registers_.rx.lanes)) {
        retrain(n, cause_e::signal_lost, true);
      } else if ((reasons & far_training) != 0) {
        retrain(n, cause_e::far_training, false);
      } else if ((reasons & retrain_command) != 0) {
        retrain(n, cause_e::command, true);
      } else if ((reasons & far_wake) != 0 || offered(n)) {
        wake_up(n, (reasons & far_wake) != 0);
      }
      return;
    case state_e::link_down:
      return;
  }
}

/// True at the clock at which the state has lasted for `timeout`. Goes to LINK_DOWN where that is
/// once too often.
bool flit_endpoint::time_out(i64 n, i64 timeout) {
  if (n - registers_.enter != timeout) return false;
  if (train_ + 1 == config_.train_limit) {
    ++train_;
    ++counters_.train_timeouts;
    go(n, state_e::link_down, cause_e::train_limit);
  }
  return true;
}

/// A timeout that counts, for nothing more urgent happened in its clock.
void flit_endpoint::start_over(i64 n) {
  ++train_;
  ++counters_.train_timeouts;
  go(n, state_e::lock, cause_e::timeout);
}

void flit_endpoint::retrain(i64 n, cause_e cause, bool own_wish) {
  if (own_wish && retry_.unacknowledged() > 0) {
    if (retrain_tries_ == config_.retrain_limit) {
      go(n, state_e::link_down, cause_e::retrain_limit);
      return;
    }
    ++retrain_tries_;
  }
  ++counters_.retrains;
  raised_.active_lost = true;
  irq_raised_ = true;
  go(n, state_e::lock, cause);
}

/// From QUIESCE back to ACTIVE.
void flit_endpoint::wake_up(i64 n, bool answer) {
  go(n, state_e::active, cause_e::normal);
  quiesce_.start_wake(answer);
}

void flit_endpoint::go(i64 n, state_e to, cause_e cause) {
  const state_e from = registers_.state;
  const bool was_lit = is_lit(registers_.state);
  const i64 e = n + 1;
  registers_.left = registers_.state;
  registers_.state = to;
  registers_.cause = cause;
  registers_.enter = e;
  state_changed_ = true;
  wake_ = e;
  if (was_lit && !is_lit(to)) {
    sent_.push_back({.clock = e + tx_lat_, .kind = slot_kind::dark});
    next_decision_ = never;
    framer_.stop();
    lanes_.set_lit(false, e);
  } else if (!was_lit && is_lit(to)) {
    next_decision_ = e;
    first_slot_ = true;
    lanes_.set_lit(true, e);
  }
  if (from == state_e::active) silence_at_ = never;
  // INIT may have been left in the clock that took a request as in ACTIVE.
  if (from == state_e::active || to == state_e::lock) quiesce_.clear();
  if (from == state_e::quiesce) {
    quiet_at_ = never;
    if (is_lit(to)) next_decision_ = std::max(e, wake_from_);
  }
  if ((from == state_e::active && to != state_e::quiesce) ||
      (from == state_e::quiesce && to != state_e::active))
    framer_.begin_ber_anew();
  switch (to) {
    case state_e::reset:
      forget_lanes();
      clear_for_reset();
      break;
    case state_e::detect:
      break;
    case state_e::lock:
      forget_lanes();
      enter_lock(e);
      break;
    case state_e::map:
      registers_.good = lanes_.locked() & ~config_.lanes_off;
      registers_.rx = map_lanes(registers_.good, channel_.lanes());
      lanes_.enter_map(e);
      break;
    case state_e::deskew:
      registers_.tx = map_lanes(lanes_.far_good(), channel_.lanes());
      flit_clocks_ = pkg::beats_per_flit << registers_.tx.shift;
      measure_timeouts();
      break;
    case state_e::init:
      marker_interval_ =
          lanes_.far_good() == lanes_.all() ? config_.marker_interval : config_.marker_interval_bad;
      break;
    case state_e::active:
      if (active_since_ < 0) active_since_ = e;
      if (from == state_e::quiesce) last_good_ = e;
      silence_at_ = last_good_ + silence_time_;
      break;
    case state_e::link_down:
      forget_lanes();
      raised_.link_down = true;
      irq_raised_ = true;
      break;
    case state_e::quiesce:
      ++counters_.quiesces;
      answered();
      next_decision_ = never;
      wake_from_ = stop_sent_ ? n + marker_clocks_ : e;
      quiet_at_ = wake_from_;
      framer_.lose_frame(e);
      break;
  }
}

/// No bitmap, no map.
void flit_endpoint::forget_lanes() {
  registers_.good = 0;
  registers_.rx = {};
  registers_.tx = {};
}

void flit_endpoint::enter_lock(i64 e) {
  registers_.lock_enter = e;
  framer_.stop();
  lanes_.enter_lock(e);
  retry_.stop_replay();
  answered();
  seen_ = false;
  init_ok_ = false;
  // A stamp is echoed within its own training only.
  far_stamp_ = 0;
  far_stamped_ = false;
}

/// Flits that were not acknowledged or not yet delivered are lost here, and counted.
void flit_endpoint::clear_for_reset() {
  const u64 undelivered = static_cast<u64>(held_[0].held() + held_[1].held());
  counters_ = {.lost_tx = counters_.lost_tx + static_cast<u64>(retry_.unacknowledged()),
               .lost_rx = counters_.lost_rx + undelivered};
  retry_.reset();
  for (std::size_t vc = 0; vc < vc_count; ++vc) {
    held_[vc].clear();
    deliver_at_[vc] = never;
    consumed_[vc] = 0;
    limit_[vc] = 0;
    grant_[vc] = 0;
  }
  answered();
  framer_.reset_interval();
  limits_fresh_ = false;
  seen_ = false;
  init_ok_ = false;
  expected_ = 0;
  peer_ = 0;
  far_stamp_ = 0;
  far_stamped_ = false;
  credit_vc_ = 0;
  credit_sent_ = {none_sent, none_sent};
  framer_.reset_ber();
  turn_ = 0;
  marker_count_ = 0;
  train_ = 0;
  replay_tries_ = 0;
  retrain_tries_ = 0;
  round_trip_ = 0;
  measure_timeouts();
}

void flit_endpoint::plan_deadline(i64 n) {
  deadline_ = never;
  const auto at = [&](i64 clocks) {
    if (const i64 clock = registers_.enter + clocks; clock > n)
      deadline_ = std::min(deadline_, clock);
  };
  switch (registers_.state) {
    case state_e::reset:
      at(pkg::reset_min);
      break;
    case state_e::detect:
      at(config_.lane_wait_clocks);
      if (const i64 period = config_.detect_timeout_clocks; period > 0)
        at((std::max<i64>(n - registers_.enter, 0) / period + 1) * period);
      break;
    case state_e::lock:
      at(config_.lane_wait_clocks);
      at(config_.lock_min_clocks);
      at(config_.lock_timeout_clocks);
      break;
    case state_e::map:
      at(config_.map_timeout_clocks);
      break;
    case state_e::deskew:
      at(config_.deskew_timeout_clocks);
      break;
    case state_e::init:
      at(config_.init_timeout_clocks);
      break;
    case state_e::quiesce:
      if (const i64 offer = std::min(ready_[0], ready_[1]); offer < never)
        deadline_ = std::max(offer, n + 1);
      break;
    case state_e::active:
    case state_e::link_down:
      break;
  }
}

}  // namespace lightrack::link
