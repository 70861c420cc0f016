// SPDX-License-Identifier: Apache-2.0
#include "tb/verify/counter_list.h"

namespace lightrack::verify {

std::vector<named_counter> list_counters(const link::endpoint_counters& c) {
  std::vector<named_counter> list{{"sent_nop", c.sent_nop},
                                  {"sent_data", c.sent_data},
                                  {"sent_replay", c.sent_replay},
                                  {"sent_ctrl", c.sent_ctrl},
                                  {"received_good", c.received_good},
                                  {"received_bad", c.received_bad},
                                  {"received_protocol", c.received_protocol},
                                  {"accepted", c.accepted},
                                  {"duplicates", c.duplicates},
                                  {"ahead", c.ahead},
                                  {"replays", c.replays},
                                  {"naks", c.naks},
                                  {"replay_timeouts", c.replay_timeouts},
                                  {"nak_timeouts", c.nak_timeouts},
                                  {"retrains", c.retrains},
                                  {"train_timeouts", c.train_timeouts},
                                  {"credit_stalls", c.credit_stalls},
                                  {"window_stalls", c.window_stalls},
                                  {"ack_invalid", c.ack_invalid},
                                  {"crd_invalid", c.crd_invalid},
                                  {"rx_overflow", c.rx_overflow},
                                  {"lost_tx", c.lost_tx},
                                  {"lost_rx", c.lost_rx},
                                  {"quiesces", c.quiesces},
                                  {"wakes", c.wakes}};
  for (std::size_t group = 0; group < c.fec_corrected.size(); ++group)
    list.push_back({"fec_corrected[" + std::to_string(group) + "]", c.fec_corrected[group]});
  for (std::size_t lane = 0; lane < c.bip_errors.size(); ++lane)
    list.push_back({"bip_errors[" + std::to_string(lane) + "]", c.bip_errors[lane]});
  for (std::size_t lane = 0; lane < c.markers_missed.size(); ++lane)
    list.push_back({"markers_missed[" + std::to_string(lane) + "]", c.markers_missed[lane]});
  return list;
}

}  // namespace lightrack::verify
