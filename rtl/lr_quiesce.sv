// SPDX-License-Identifier: Apache-2.0
// rtl/lr_quiesce.sv
// Lets an idle link stop and brings it back: asks, answers, stops, wakes, and notices when nothing
// good is heard (docs/link-layer.md, 13.3).
//
// Latency       Verdict, marker or decision at n: outputs at n + 1; enter_o, leave_o, silent_o and
//               yes_o at n.
// Throughput    One verdict, marker and decision a clock.
// Backpressure  closed_o keeps new DATA waiting while the link may be about to stop; it lapses by
//               itself.
// Reset         Async; every state but ACTIVE and QUIESCE drops everything.
// Errors        An answer that is lost, a stop that nobody obeys, a wake that nobody hears: each
//               has its time, the last one ends in a retrain (silent_o).
// Not here      Which marker or flit goes first (lr_tx_slots), the state (lr_train_fsm), hunting for
//               wake markers (lr_rx_framer).
`include "lr_assert.svh"
module lr_quiesce (
    input logic clk_i,
    input logic rst_ni,
    input logic [3:0] state_i,
    input logic clear_i,  // RESET begins with the next clock
    input logic [23:0] after_i,  // CSR quiesce_after
    input logic [31:0] round_trip_i,  // flit times
    input logic [1:0] tx_shift_i,  // width of each direction
    input logic [1:0] rx_shift_i,
    input logic [31:0] now_i,
    // What is received
    input lr_rtl_pkg::verdict_t verdict_i,
    input logic believed_i,
    input logic [7:0] flags_i,  // with believed_i
    // What keeps the link awake
    input logic [1:0] valid_i,  // flits to send
    input logic unacked_i,  // flits not acknowledged, before this clock's verdict
    input logic requested_i,  // a replay is asked for
    input logic [1:0] held_i,  // flits received and not handed over
    input logic [1:0] taken_i,  // a flit is handed over: its credit is to be returned
    // Decisions of this clock
    input logic flit_i,
    input logic crd_vc_i,  // with flit_i, the channel whose credit it carries
    input logic nop_i,
    input logic answered_i,
    input logic asked_i,
    input logic woken_i,  // a wake marker
    input logic stopped_i,  // a quiesce marker
    // What is to be decided
    output logic closed_o,  // no new DATA
    output logic answer_o,
    output logic yes_o,  // an answer given in this clock is a yes
    output logic request_o,
    output logic stop_o,
    output logic wake_o,
    output logic [1:0] wake_left_o,  // wake markers after the next one
    output logic wake_answer_o,
    // For the state
    output logic enter_o,  // QUIESCE, if nothing leads to LOCK
    output logic leave_o,  // ... and back to ACTIVE
    output logic silent_o,  // RETRAIN
    output logic wake_begun_o  // first wake marker is sent
);
  import lr_link_pkg::*;
  localparam logic [2:0] MostAsks = 3'd4;
  localparam logic [1:0] WakeMarkers = 2'd3;  // after the first one

  typedef struct packed {
    logic       asking;
    logic       pending;      // a request is to be sent
    logic [2:0] asks;         // requests sent
    logic       answer;       // an answer is to be sent
    logic       yes;          // the far end may stop this side
    logic       stop;         // the far end said yes
    logic       wake;         // waiting or under way
    logic       wake_answer;
    logic [1:0] left;
  } quiesce_t;

  quiesce_t q;
  logic [31:0] ask_timer_q, yes_timer_q;
  logic [31:0] heard_q;  // clocks since something good, or since the wake that silence led to
  logic late_q;  // silence has led to a wake
  logic [1:0] untold_q;  // credits granted and not yet told; none is told after a fresh start
  logic [24:0] quiet_q;  // flit times; the top bit stands once it is longer than any quiesce_after

  logic [6:0] slack;
  logic [34:0] t2;
  assign slack = 7'd16 << ((tx_shift_i > rx_shift_i) ? tx_shift_i : rx_shift_i);
  assign t2 = {round_trip_i, 3'b000} + {28'h0, slack};

  logic active, wake_marker, stop_marker, silence, work;
  assign active = state_i == StActive || verdict_i.entry;
  assign wake_marker = believed_i && flags_i[3] && !flags_i[0];
  assign stop_marker = believed_i && flags_i[2] && !flags_i[3] && !flags_i[0];
  // Silence: one time leads to a wake, the same once more to a retrain.
  assign silence = state_i == StActive && !verdict_i.good && {3'b000, heard_q} == t2;
  assign work = !active || q.asking || q.answer || q.yes || q.stop || q.wake || believed_i ||
      verdict_i.request || silence;

  assign silent_o = silence && late_q;
  assign yes_o = valid_i == '0 && !unacked_i && !q.wake;
  assign enter_o = stopped_i || (stop_marker && q.yes && !verdict_i.data && state_i == StActive);
  assign leave_o = state_i == StQuiesce && (wake_marker || valid_i != '0);

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      heard_q <= '0;
      late_q  <= 1'b0;
    end else if (verdict_i.good) begin
      heard_q <= 32'd1;
      late_q  <= 1'b0;
    end else if (state_i != StActive) begin
      heard_q <= '0;
      late_q  <= 1'b0;
    end else if (silence) begin
      heard_q <= 32'd1;
      late_q  <= 1'b1;
    end else begin
      heard_q <= heard_q + 32'd1;
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      untold_q <= '1;
    end else begin
      if (flit_i) untold_q[crd_vc_i] <= 1'b0;
      if (taken_i[0]) untold_q[0] <= 1'b1;
      if (taken_i[1]) untold_q[1] <= 1'b1;
      if (clear_i || verdict_i.fresh) untold_q <= '1;
    end
  end

  // Nothing of this moves while there is nothing to ask, answer or wake.
  always_ff @(posedge clk_i or negedge rst_ni) begin
    quiesce_t d;
    logic [24:0] quiet;
    logic ask;
    logic [31:0] ask_timer, yes_timer;
    logic [33:0] t1;
    if (!rst_ni) begin
      q <= '0;
      quiet_q <= '0;
      ask_timer_q <= '0;
      yes_timer_q <= '0;
    end else begin
      // Quiet time
      quiet = quiet_q;
      ask   = 1'b0;
      if (state_i == StQuiesce || q.asking || after_i == '0) begin
        quiet = '0;
      end else if (flit_i) begin
        if (nop_i && valid_i == '0 && !unacked_i && !requested_i && held_i == '0 &&
            untold_q == '0) begin
          if (!quiet_q[24]) quiet = quiet_q + (25'd1 << tx_shift_i);
          ask = quiet >= {1'b0, after_i} && !q.yes && !q.wake;
          if (ask) quiet = '0;
        end else begin
          quiet = '0;
        end
      end
      quiet_q <= quiet;
      if (work || ask) begin
        d = q;
        t1 = {round_trip_i, 2'b00} + {27'h0, slack};
        ask_timer = ask_timer_q;
        yes_timer = yes_timer_q;
        // Verdict
        if (verdict_i.data) {d.asking, d.yes} = '0;
        if (verdict_i.no) d.asking = 1'b0;
        if (verdict_i.yes && q.asking) begin
          d.asking = 1'b0;
          d.stop   = 1'b1;
        end
        if (verdict_i.request) d.answer = 1'b1;
        // Marker
        if (wake_marker && state_i == StActive) begin
          {d.asking, d.yes, d.stop} = '0;
          if (!flags_i[6] && !q.wake) begin
            d.wake = 1'b1;
            d.wake_answer = 1'b1;
            d.left = WakeMarkers;
          end
        end
        // Decision
        if (answered_i) begin
          d.answer = 1'b0;
          if (yes_o) begin
            d.yes = 1'b1;
            yes_timer = now_i;
          end
        end
        if (asked_i) begin
          d.pending = 1'b0;
          d.asks = q.asks + 3'd1;
          ask_timer = now_i;
        end
        if (woken_i) begin
          d.wake = q.left != '0;
          d.left = q.left - 2'd1;
        end
        if (ask) begin
          d.asking = 1'b1;
          d.pending = 1'b1;
          d.asks = '0;
        end
        // Times
        if (d.asking && !d.pending && {2'b00, now_i - ask_timer} == t1) begin
          if (d.asks < MostAsks) d.pending = 1'b1;
          else d.asking = 1'b0;
        end
        if (d.yes && {2'b00, now_i - yes_timer} == t1) d.yes = 1'b0;
        if (silence && !late_q && !d.wake) begin
          {d.asking, d.yes, d.stop} = '0;
          d.wake = 1'b1;
          d.wake_answer = 1'b0;
          d.left = WakeMarkers;
        end
        if (!d.asking) d.pending = 1'b0;
        // State
        if (!active) begin
          d = '0;
          if (leave_o) begin
            d.wake = 1'b1;
            d.wake_answer = wake_marker;
            d.left = WakeMarkers;
          end
        end
        q <= d;
        ask_timer_q <= ask_timer;
        yes_timer_q <= yes_timer;
      end
    end
  end

  assign closed_o = q.asking || q.yes;
  assign answer_o = q.answer;
  assign request_o = q.pending;
  assign stop_o = q.stop;
  assign wake_o = q.wake;
  assign wake_left_o = q.left;
  assign wake_answer_o = q.wake_answer;
  assign wake_begun_o = woken_i && q.left == WakeMarkers;

  `LR_ASSERT(RequestOnlyWhileAsking, !q.pending || q.asking)
  `LR_ASSERT(NoStopWhileWaking, !(q.stop && q.wake))
  `LR_ASSUME(WakeMarkerOnlyOfAWake, !woken_i || q.wake)
endmodule
