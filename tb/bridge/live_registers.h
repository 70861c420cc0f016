// SPDX-License-Identifier: Apache-2.0
// tb/bridge/live_registers.h
// Counters and status of an RTL end as they stand, read from its registers without a bus access.
//
// Time:   between clocks: what software would see of a snapshot taken now.
// Cost:   nothing a clock: public.vlt keeps the registers readable by name, that is all.
#pragma once

#include <cstddef>

#include "models/link/types.h"

namespace lightrack::bridge {

template <class Model>
[[nodiscard]] link::endpoint_counters live_counters(const Model& model) {
  const auto& root = *model.rootp;
  const auto& simple = root.lr_endpoint__DOT__u_counters__DOT__count_q;
  const auto& bip = root.lr_endpoint__DOT__u_counters__DOT__bip_q;
  const auto& missed = root.lr_endpoint__DOT__u_counters__DOT__missed_q;
  // In the order of the register source, which is that of the counter bank.
  link::u64 link::endpoint_counters::*const fields[] = {&link::endpoint_counters::sent_nop,
                                                        &link::endpoint_counters::sent_data,
                                                        &link::endpoint_counters::sent_replay,
                                                        &link::endpoint_counters::sent_ctrl,
                                                        &link::endpoint_counters::received_good,
                                                        &link::endpoint_counters::received_bad,
                                                        &link::endpoint_counters::received_protocol,
                                                        &link::endpoint_counters::accepted,
                                                        &link::endpoint_counters::duplicates,
                                                        &link::endpoint_counters::ahead,
                                                        &link::endpoint_counters::replays,
                                                        &link::endpoint_counters::naks,
                                                        &link::endpoint_counters::replay_timeouts,
                                                        &link::endpoint_counters::nak_timeouts,
                                                        &link::endpoint_counters::retrains,
                                                        &link::endpoint_counters::train_timeouts,
                                                        &link::endpoint_counters::credit_stalls,
                                                        &link::endpoint_counters::window_stalls,
                                                        &link::endpoint_counters::ack_invalid,
                                                        &link::endpoint_counters::crd_invalid,
                                                        &link::endpoint_counters::rx_overflow,
                                                        &link::endpoint_counters::lost_tx,
                                                        &link::endpoint_counters::lost_rx,
                                                        &link::endpoint_counters::quiesces,
                                                        &link::endpoint_counters::wakes};
  constexpr std::size_t plain = sizeof fields / sizeof fields[0];
  static_assert(sizeof simple / sizeof simple[0] ==
                plain + decltype(link::endpoint_counters::fec_corrected){}.size());

  link::endpoint_counters c;
  for (std::size_t i = 0; i < plain; ++i) c.*fields[i] = simple[i];
  for (std::size_t group = 0; group < c.fec_corrected.size(); ++group)
    c.fec_corrected[group] = simple[plain + group];
  for (std::size_t lane = 0; lane < sizeof bip / sizeof bip[0]; ++lane) {
    c.bip_errors[lane] = bip[lane];
    c.markers_missed[lane] = missed[lane];
  }
  return c;
}

template <class Model>
[[nodiscard]] link::endpoint_status live_status(const Model& model) {
  const auto& root = *model.rootp;
  return {.state = root.lr_endpoint__DOT__u_train__DOT__state_q,
          .cause = root.lr_endpoint__DOT__u_train__DOT__cause_q,
          .round_trip = root.lr_endpoint__DOT__u_session__DOT__round_trip_q,
          .session = root.lr_endpoint__DOT__u_session__DOT__session_q,
          .peer = root.lr_endpoint__DOT__u_session__DOT__peer_q,
          .locked = root.lr_endpoint__DOT__locked,
          .good = root.lr_endpoint__DOT__u_train__DOT__good_q};
}

}  // namespace lightrack::bridge
