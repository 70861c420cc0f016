// SPDX-License-Identifier: Apache-2.0
// rtl/lr_tx_top.sv
// Transmit side of an endpoint: once a slot it is decided what goes on the wire; new flits are kept
// for repetition; all of them are coded into lane words.
//
// Latency       Decision (D) to first lane word: TxLat, with light FEC FecTxLat more. A verdict at v is seen by a decision at
//               v + 1.
// Throughput    One flit each 4 << shift_i clocks, one marker each M clocks.
// Backpressure  ready_o is high only in the clock that takes a flit (at its D).
// Reset         Async; clear_i drops credits, numbers and what is unacknowledged.
// Errors        Credits and acknowledgements that cannot be move nothing and are reported.
// Not here      The state (lr_train_fsm), INIT content (lr_session), the counts (lr_counters).
module lr_tx_top #(
    parameter  int unsigned Lanes       = 16,                 // 4, 8 or 16
    parameter  int unsigned Spares      = 0,                  // 0, 1 or 2
    parameter  bit          LightFec    = 1'b0,
    parameter  int unsigned ReplayDepth = 511,                // flits in the retry buffer
    parameter  bit          FastCoding  = 1'b1,               // 1: simulation bodies
    localparam int unsigned Phys        = Lanes + Spares,
    localparam int unsigned Bits        = Phys * 512 / Lanes
) (
    input logic clk_i,
    input logic rst_ni,
    // Transaction side
    input logic [1:0] valid_i,
    output logic [1:0] ready_o,
    input logic [1:0][3:0] slots_i,
    input logic [1:0] poison_i,
    input logic [1:0][511:0] beat_i,
    // Lanes
    output logic [Bits-1:0] word_o,
    output logic light_o,
    // From training and session
    input logic [3:0] state_i,
    input logic lit_i,
    input logic clear_i,  // RESET begins with the next clock
    input logic lock_first_i,
    input logic [12:0] interval_i,
    input logic [Phys-1:0] good_i,
    input logic aligned_i,
    input logic mapped_i,  // lanes carry logical ones
    // Transmit map
    input logic [1:0] shift_i,
    input logic plain_i,
    input logic [Phys-1:0][7:0] logical_i,
    input logic [1:0] shift_max_i,  // of the narrower direction
    input logic [31:0] now_i,
    input logic [9:0] depth_i,  // CSR window
    input logic [7:0] replay_limit_i,
    input logic [31:0] round_trip_i,  // flit times
    input logic [15:0] replay_timeout_i,  // CSR replay_timeout
    input lr_rtl_pkg::init_t ctrl_i,  // with ctrl_o: its content, of other than INIT without code
    // From QUIESCE
    input logic closed_i,  // no new DATA
    input logic answer_i,
    input logic yes_i,
    input logic request_i,
    input logic stop_i,
    input logic wake_i,
    input logic [1:0] wake_left_i,
    input logic wake_answer_i,
    input lr_rtl_pkg::inject_t inject_i,
    // From the receive side
    input lr_rtl_pkg::verdict_t verdict_i,
    input lr_rtl_pkg::init_t rx_init_i,  // with a verdict on an INIT
    input logic [9:0] expected_i,
    input logic nak_due_i,
    input logic [1:0][9:0] grant_i,
    // Decisions of this clock
    output logic marker_o,
    output logic [7:0] marker_flags_o,  // with marker_o
    output logic [15:0] marker_count_o,
    output logic woken_o,  // the marker is a wake marker
    output logic stopped_o,  // ... a quiesce marker
    output logic flit_o,
    output logic ctrl_o,
    output logic init_o,
    output logic answered_o,
    output logic asked_o,
    output logic [2:0] code_o,  // with ctrl_o, else 0
    output logic repeat_o,
    output logic new_o,
    output logic nop_o,
    output logic crd_vc_o,
    output lr_link_pkg::header_t base_o,  // the header if a new flit were a NOP
    output lr_link_pkg::header_t header_o,
    // Events of this clock
    output logic credit_stall_o,
    output logic window_stall_o,
    output logic [2:0] crd_invalid_o,
    output logic ack_invalid_o,
    output logic freed_o,
    output logic unacked_o,
    output logic waiting_o,  // likewise, before this clock
    output logic replay_started_o,
    output logic replay_timer_o,
    output logic replay_limit_o,
    output logic lost_o,
    output logic [9:0] lost_count_o
);
  import lr_link_pkg::*;
  import lr_rtl_pkg::*;

  logic cut, header_hit, lane_hit, lit;
  logic [2:0] hit_kinds;
  logic [$clog2(Bits)-1:0] hit_place;
  logic [47:0] hit_mask;
  logic offer, may_send, may_vc, window_open, ack_valid;
  logic replay, replay_vc, replay_poison;
  logic [3:0] replay_slots;
  logic [9:0] pointer, next;
  logic [511:0] beat;
  logic [33:0] timeout;
  init_t init_q;
  marker_cmd_t marker_cmd;
  src_e source;

  lr_credit_tx u_credit (
      .clk_i,
      .rst_ni,
      .clear_i,
      .fresh_i      (verdict_i.fresh),
      .set_i        (verdict_i.use_header),
      .set_vc_i     (verdict_i.header.crd_vc),
      .set_crd_i    (verdict_i.header.crd),
      .both_i       (verdict_i.init_mine || verdict_i.request || verdict_i.yes || verdict_i.no),
      .both_crd_i   ({rx_init_i.crd1[9:0], rx_init_i.crd0[9:0]}),
      .invalid_o    (crd_invalid_o),
      .valid_i,
      .window_open_i(window_open),
      .offer_i      (offer),
      .new_o        (may_send),
      .new_vc_o     (may_vc),
      .credit_stall_o,
      .window_stall_o
  );

  lr_tx_slots #(
      .Lanes(Lanes),
      .Phys (Phys)
  ) u_slots (
      .clk_i,
      .rst_ni,
      .state_i,
      .lit_i,
      .clear_i,
      .interval_i,
      .good_i,
      .aligned_i,
      .mapped_i,
      .shift_i,
      .wake_i,
      .wake_left_i,
      .wake_answer_i,
      .stop_i,
      .answer_i,
      .yes_i,
      .request_i,
      .closed_i,
      .replay_i       (replay),
      .pointer_i      (pointer),
      .replay_vc_i    (replay_vc),
      .replay_slots_i (replay_slots),
      .replay_poison_i(replay_poison),
      .next_i         (next),
      .new_i          (may_send),
      .new_vc_i       (may_vc),
      .new_slots_i    (slots_i[may_vc]),
      .new_poison_i   (poison_i[may_vc]),
      .expected_i,
      .nak_due_i,
      .grant_i,
      .hit_kinds_i    (hit_kinds),
      .hit_mask_i     (hit_mask),
      .hit_o          (header_hit),
      .offer_o        (offer),
      .marker_o,
      .marker_cmd_o   (marker_cmd),
      .woken_o,
      .stopped_o,
      .cut_o          (cut),
      .flit_o,
      .ctrl_o,
      .init_o,
      .answered_o,
      .asked_o,
      .code_o,
      .repeat_o,
      .new_o,
      .nop_o,
      .crd_vc_o,
      .base_o,
      .header_o
  );
  assign marker_flags_o = marker_cmd.flags;
  assign marker_count_o = marker_cmd.count;
  assign ready_o = {new_o && may_vc, new_o && !may_vc};

  assign ack_valid = verdict_i.use_header || verdict_i.init_mine;
  lr_timeout u_timeout (
      .round_trip_i,
      .value_i (replay_timeout_i),
      .shift_i (shift_max_i),
      .clocks_o(timeout)
  );

  lr_retry_tx #(
      .ReplayDepth(ReplayDepth)
  ) u_retry (
      .clk_i,
      .rst_ni,
      .clear_i,
      .lock_first_i,
      .active_i       (state_i == StActive),
      .now_i,
      .window_i       (depth_i),
      .replay_limit_i,
      .round_trip_i   ({round_trip_i, 2'b00}),
      .timeout_i      (timeout),
      .fresh_i        (verdict_i.fresh),
      .entry_i        (verdict_i.entry),
      .ack_valid_i    (ack_valid),
      .ack_i          (verdict_i.init_mine ? rx_init_i.ack[9:0] : verdict_i.header.ack),
      .nak_i          (verdict_i.use_header && verdict_i.header.nak),
      .ack_invalid_o,
      .freed_o,
      .new_i          (new_o),
      .new_vc_i       (may_vc),
      .new_slots_i    (slots_i[may_vc]),
      .new_poison_i   (poison_i[may_vc]),
      .repeat_i       (repeat_o),
      .replay_o       (replay),
      .pointer_o      (pointer),
      .replay_vc_o    (replay_vc),
      .replay_slots_o (replay_slots),
      .replay_poison_o(replay_poison),
      .next_o         (next),
      .window_open_o  (window_open),
      .unacked_o,
      .waiting_o,
      .tx_beat_i      (beat_i),
      .beat_o         (beat),
      .started_o      (replay_started_o),
      .timer_o        (replay_timer_o),
      .limit_o        (replay_limit_o),
      .lost_o,
      .lost_count_o
  );

  always_ff @(posedge clk_i) begin
    if (ctrl_o) begin
      init_q <= ctrl_i;
      init_q.code <= {5'h0, code_o};
    end
  end
  always_comb begin
    source = SrcZero;
    if (ctrl_o) source = SrcInit;
    else if (repeat_o || new_o) source = SrcData;
  end

  lr_inject #(
      .Phys    (Phys),
      .LaneBits(512 / Lanes)
  ) u_inject (
      .clk_i,
      .rst_ni,
      .inject_i,
      .kinds_o     (hit_kinds),
      .mask_o      (hit_mask),
      .header_hit_i(header_hit),
      .lit_i       (lit),
      .lane_hit_o  (lane_hit),
      .place_o     (hit_place)
  );

  lr_tx_path #(
      .Lanes(Lanes),
      .Spares(Spares),
      .LightFec(LightFec),
      .FastCoding(FastCoding)
  ) u_tx_path (
      .clk_i,
      .rst_ni,
      .light_i     (lit_i),
      .cut_i       (cut),
      .marker_i    (marker_o),
      .marker_cmd_i(marker_cmd),
      .flit_i      (flit_o),
      .header_i    (header_o),
      .source_i    (source),
      .init_i      (init_q),
      .beat_i      (beat),
      .shift_i,
      .plain_i,
      .logical_i,
      .hit_i       (lane_hit),
      .hit_place_i (hit_place),
      .lit_o       (lit),
      .word_o,
      .light_o
  );
endmodule
