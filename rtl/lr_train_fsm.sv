// SPDX-License-Identifier: Apache-2.0
// rtl/lr_train_fsm.sv
// State of the link: brings it up, brings it back after a fault, and gives up at a limit.
//
// Latency       Conditions at n: state_o at n + 1.
// Throughput    One change a clock.
// Backpressure  None.
// Reset         Async, to RESET; limits count anew after RESET of the link.
// Errors        Every state that waits has a timeout or a report; an illegal code goes to
//               LINK_DOWN.
// Not here      Where the conditions come from (lr_lane_lock, lr_deskew, lr_rx_framer,
//               lr_rx_verdict).
`include "lr_assert.svh"
module lr_train_fsm #(
    parameter int unsigned Lanes = 16  // physical
) (
    input logic clk_i,
    input logic rst_ni,
    input lr_rtl_pkg::cfg_t cfg_i,
    input logic [Lanes-1:0] signal_ok_i,
    input logic [Lanes-1:0] locked_i,
    input logic other_known_i,
    input logic [3:0] other_state_i,
    input logic other_ready_i,  // the far end shows `aligned`
    input logic far_good_valid_i,
    input logic [Lanes-1:0] far_good_i,
    input logic [Lanes-1:0] used_i,  // receive map
    input logic aligned_i,
    input logic far_training_i,  // a believed training marker at this clock
    input logic markers_lost_i,  // third missed marker on a lane at this clock
    input logic entry_i,  // a verdict leads to ACTIVE
    input logic version_bad_i,
    input logic session_bad_i,
    input logic replay_limit_i,  // a replay beyond the limit is due
    input logic unacked_i,  // something is unacknowledged after this clock
    input logic freed_i,  // a verdict frees flits
    input logic silent_i,  // nothing good is heard
    input logic enter_quiesce_i,
    input logic leave_quiesce_i,
    output logic [3:0] state_o,
    output logic [3:0] cause_o,  // why the last state was left
    output logic [3:0] cause_state_o,  // the state that was left
    output logic first_o,  // first clock of a state
    output logic lit_o,
    output logic lock_min_o,  // LOCK, first lock_min clocks
    output logic watched_o,  // markers that are due count
    output logic lock_first_o,  // first clock of LOCK
    output logic stop_o,  // first clock of LOCK, QUIESCE or LINK_DOWN
    output logic quiesce_first_o,  // ... of QUIESCE
    output logic stretch_end_o,  // first clock after ACTIVE and QUIESCE
    output logic enter_reset_o,  // RESET begins with the next clock
    output logic leave_reset_o,  // ... ends
    output logic [12:0] interval_o,  // own marker interval, latched on entering INIT
    output logic [Lanes-1:0] good_o,  // own bitmap
    output logic map_first_o,  // first clock of MAP: the receive map is due
    output logic to_deskew_o,  // DESKEW begins with the next clock: the transmit map is due
    output logic mapped_o,  // lanes carry logical ones
    output logic train_timeout_o,
    output logic retrain_o,  // ACTIVE or QUIESCE is left for LOCK
    output logic quiesce_o,  // QUIESCE begins with the next clock
    output lr_rtl_pkg::irq_t irq_o  // all but new_session
);
  import lr_link_pkg::*;

  state_e state_d, state_q;
  cause_e cause_d, cause_q;
  state_e cause_state_q;
  logic enter, first_q;
  logic [31:0] age_d, age_q;  // clocks since the state was entered; stands in ACTIVE and QUIESCE
  logic [31:0] dark_q;  // clocks since DETECT was entered or reported last
  logic no_light_due;
  logic [7:0] train_q, tries_q;
  logic [Lanes-1:0] good_q;
  logic [12:0] interval_q;

  logic used_light, over, own;  // light on all lanes of the receive map
  assign used_light = (used_i & ~signal_ok_i) == '0;

  logic [Lanes-1:0] off;
  assign off = cfg_i.lanes_off[Lanes-1:0];

  // ACTIVE goes on while none of the causes to leave it stands; then nothing below is looked at.
  logic stay, calm;
  assign stay = state_q == StActive && cfg_i.enable &&
      !(markers_lost_i || far_training_i || replay_limit_i || session_bad_i || silent_i ||
        cfg_i.retrain || enter_quiesce_i);
  assign calm = stay && used_light;

  // Causes for which this side itself leaves ACTIVE; the far end's training comes between them.
  cause_e leave_cause;
  always_comb begin
    own = 1'b1;
    leave_cause = CauseNone;
    if (!calm && state_q == StActive) begin
      if (!used_light) begin
        leave_cause = CauseSignalLost;
      end else if (markers_lost_i) begin
        leave_cause = CauseMarkersMissed;
      end else if (far_training_i) begin
        leave_cause = CauseFarTraining;
        own = 1'b0;
      end else if (replay_limit_i) begin
        leave_cause = CauseReplayLimit;
      end else if (session_bad_i) begin
        leave_cause = CauseSession;
      end else if (silent_i) begin
        leave_cause = CauseSilent;
      end else if (cfg_i.retrain) begin
        leave_cause = CauseCommand;
      end else begin
        leave_cause = CauseNormal;
        own = 1'b0;
      end
    end
  end

  logic blame;  // ACTIVE is left, this side asks for it, and something is unacknowledged
  logic [7:0] tries;
  assign tries = freed_i ? 8'd0 : tries_q;

  always_comb begin
    logic other_is_lock, other_is_map, other_below_map;
    logic far_enough;  // lanes for a transmit map
    logic no_light, light_enough, lock_enough;  // looked at in DETECT and LOCK only
    logic waited;
    state_d = state_q;
    cause_d = CauseNormal;
    enter = 1'b0;
    over = 1'b0;
    blame = 1'b0;
    train_timeout_o = 1'b0;
    lock_min_o = 1'b0;
    watched_o = 1'b0;
    no_light_due = 1'b0;
    {other_is_lock, other_is_map, other_below_map, far_enough} = '0;
    {no_light, light_enough, lock_enough, waited} = '0;
    if (!calm) begin
      other_is_lock = other_known_i && other_state_i == StLock;
      other_is_map = other_known_i && other_state_i == StMap;
      other_below_map = other_known_i && other_state_i < StMap;
      far_enough = state_q == StMap && $countones(far_good_i) >= LeastLanes;
      if (state_q == StDetect || state_q == StLock) begin
        waited = age_q >= cfg_i.lane_wait;
        no_light = (signal_ok_i & ~off) == '0;
        light_enough = $countones(signal_ok_i & ~off) >= LeastLanes &&
            (waited || (signal_ok_i | off) == '1);
        lock_enough = $countones(locked_i & ~off) >= LeastLanes &&
            (waited || (locked_i | off | ~signal_ok_i) == '1);
      end
      no_light_due = state_q == StDetect && dark_q == cfg_i.detect_timeout;
      lock_min_o = state_q == StLock && age_q < cfg_i.lock_min;
      watched_o = (state_q == StLock && !lock_min_o) || state_q == StMap ||
          (state_q == StDeskew && !aligned_i);
      unique case (state_q)
        StLock: over = age_q == cfg_i.lock_timeout && !no_light;
        StMap: over = age_q == cfg_i.map_timeout;
        StDeskew: over = age_q == cfg_i.deskew_timeout;
        StInit: over = age_q == cfg_i.init_timeout;
        default: over = 1'b0;
      endcase
      blame = state_q == StActive && own && unacked_i;
    end
    if (calm) begin
      state_d = StActive;
    end else if (!cfg_i.enable) begin
      if (state_q != StReset) begin
        state_d = StReset;
        cause_d = CauseDisabled;
      end
    end else if (over && train_q + 8'd1 == cfg_i.train_limit) begin
      state_d = StLinkDown;
      cause_d = CauseTrainLimit;
      train_timeout_o = 1'b1;
    end else if (blame && tries == cfg_i.retrain_limit) begin
      state_d = StLinkDown;
      cause_d = CauseRetrainLimit;
    end else if (state_q == StInit && version_bad_i) begin
      state_d = StLinkDown;
      cause_d = CauseVersion;
    end else begin
      unique case (state_q)
        StReset: begin
          if (age_q >= ResetMin) state_d = StDetect;
        end
        StDetect: begin
          if (light_enough) state_d = StLock;
        end
        StLock: begin
          if (no_light) begin
            state_d = StDetect;
            cause_d = CauseSignalLost;
          end else if (!lock_min_o && lock_enough && (other_below_map || other_is_map)) begin
            state_d = StMap;
          end else if (over) begin
            enter = 1'b1;
            cause_d = CauseTimeout;
            train_timeout_o = 1'b1;
          end
        end
        StMap: begin
          if ((good_q & ~signal_ok_i) != '0) begin
            state_d = StLock;
            cause_d = CauseSignalLost;
          end else if (over) begin
            state_d = StLock;
            cause_d = CauseTimeout;
            train_timeout_o = 1'b1;
          end else if (other_known_i && !other_below_map && far_good_valid_i && far_enough) begin
            state_d = StDeskew;
          end
        end
        StDeskew: begin
          if (!used_light) begin
            state_d = StLock;
            cause_d = CauseSignalLost;
          end else if (other_is_lock) begin
            state_d = StLock;
            cause_d = CauseFarTraining;
          end else if (over) begin
            state_d = StLock;
            cause_d = CauseTimeout;
            train_timeout_o = 1'b1;
          end else if (aligned_i && other_known_i && !other_below_map && !other_is_map &&
                       (other_ready_i || other_state_i != StDeskew)) begin
            state_d = StInit;
          end
        end
        StInit: begin
          if (!used_light) begin
            state_d = StLock;
            cause_d = CauseSignalLost;
          end else if (other_is_lock || other_is_map) begin
            state_d = StLock;
            cause_d = CauseFarTraining;
          end else if (markers_lost_i) begin
            state_d = StLock;
            cause_d = CauseMarkersMissed;
          end else if (over) begin
            state_d = StLock;
            cause_d = CauseTimeout;
            train_timeout_o = 1'b1;
          end else if (entry_i) begin
            state_d = StActive;
          end
        end
        StActive: begin
          state_d = (leave_cause == CauseNormal) ? StQuiesce : StLock;
          cause_d = leave_cause;
        end
        StQuiesce: begin
          if (!used_light) begin
            state_d = StLock;
            cause_d = CauseSignalLost;
          end else if (far_training_i) begin
            state_d = StLock;
            cause_d = CauseFarTraining;
          end else if (cfg_i.retrain) begin
            state_d = StLock;
            cause_d = CauseCommand;
          end else if (leave_quiesce_i) begin
            state_d = StActive;
          end
        end
        StLinkDown: state_d = StLinkDown;
        default: begin
          state_d = StLinkDown;
          cause_d = CauseNone;
        end
      endcase
    end
    if (state_d != state_q) enter = 1'b1;
  end

  assign enter_reset_o = !cfg_i.enable && state_q != StReset;
  assign leave_reset_o = enter && state_q == StReset;
  assign retrain_o = enter && (state_q == StActive || state_q == StQuiesce) && state_d == StLock;
  assign quiesce_o = enter && state_d == StQuiesce;

  assign age_d = (age_q == '1) ? age_q : age_q + 32'd1;
  always_comb begin
    irq_o = '0;
    if (!calm) begin
      irq_o.no_light = no_light_due;
      if (enter) begin
        irq_o.link_down   = state_d == StLinkDown;
        irq_o.active_lost = retrain_o;
      end
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    logic [12:0] interval;
    if (!rst_ni) begin
      state_q <= StReset;
      cause_q <= CauseNone;
      cause_state_q <= StReset;
      first_q <= 1'b0;
      age_q <= '0;
      dark_q <= '0;
      train_q <= '0;
      tries_q <= '0;
      good_q <= '0;
      interval_q <= 13'd4096;
    end else begin
      first_q <= enter;
      if (state_q != StActive && state_q != StQuiesce) age_q <= age_d;
      if (state_q == StDetect) dark_q <= no_light_due ? 32'd1 : dark_q + 32'd1;
      if (enter) begin
        state_q <= state_d;
        cause_q <= cause_d;
        cause_state_q <= state_q;
        age_q <= '0;
        dark_q <= '0;
      end
      if (freed_i) tries_q <= '0;
      if (!calm) begin
        if (train_timeout_o) train_q <= train_q + 8'd1;
        if (retrain_o && blame) tries_q <= tries + 8'd1;
        if (enter) begin
          unique case (state_d)
            StMap: good_q <= locked_i & ~off;
            StDeskew, StInit, StActive, StQuiesce: good_q <= good_q;
            default: good_q <= '0;
          endcase
          if (state_d == StActive || state_d == StReset) train_q <= '0;
          if (state_d == StReset) tries_q <= '0;
          if (state_d == StInit) begin
            interval = (&far_good_i) ? cfg_i.marker_interval : cfg_i.marker_interval_bad;
            if (interval < 13'd64) interval = 13'd64;
            if (interval > 13'd4096) interval = 13'd4096;
            interval_q <= interval;
          end
        end
      end
    end
  end

  assign state_o = state_q;
  assign cause_o = cause_q;
  assign cause_state_o = cause_state_q;
  assign first_o = first_q;
  assign to_deskew_o = enter && state_d == StDeskew;
  assign mapped_o = state_q >= StDeskew && lit_o;
  always_comb begin
    map_first_o = 1'b0;
    lock_first_o = 1'b0;
    stop_o = 1'b0;
    quiesce_first_o = 1'b0;
    stretch_end_o = 1'b0;
    if (first_q) begin
      map_first_o = state_q == StMap;
      lock_first_o = state_q == StLock;
      quiesce_first_o = state_q == StQuiesce;
      stop_o = lock_first_o || quiesce_first_o || state_q == StLinkDown;
      stretch_end_o = (cause_state_q == StActive || cause_state_q == StQuiesce) &&
          state_q != StActive && state_q != StQuiesce;
    end
  end
  assign lit_o = lr_rtl_pkg::is_lit(state_q);
  assign good_o = good_q;
  assign interval_o = interval_q;

  `LR_ASSERT(LegalState, state_q <= StLinkDown)
  `LR_ASSERT(ActiveIsAligned,
             (state_q != StInit && state_q != StActive && state_q != StQuiesce) || aligned_i)
endmodule
