// SPDX-License-Identifier: Apache-2.0
// rtl/lr_endpoint.sv
// One end of the optical link: flits in and out on one side, lane words on the other, between them
// training, retry, credits, coding and deskew (docs/link-layer.md; section 12 clock by clock).
//
// Latency       Acceptance (D) to first lane word: TxLat. Last deskewed word to verdict: RxLat.
//               With light FEC FecTxLat and FecRxLat more.
//               Verdict to rx_valid_o: DeliverLat. APB write to core: CsrLat. All in lr_link_pkg.
// Throughput    One flit each 4 clocks in each direction (8, 16 at half, quarter width), less M
//               clocks a marker.
// Backpressure  tx_ready_o is high only in the clock that takes a flit (at its D); rx_ready_i may
//               wait for ever, credits keep the buffers whole. tx_valid_i, slots and poison hold
//               until taken.
// Reset         rst_ni is power-on: clears all but memories. RESET of the link (enable = 0) keeps
//               session, clock and loss counters.
// Errors        Counted in lr_counters; limits lead to LINK_DOWN and an interrupt, never to
//               silence.
// Not here      The PMD.
`include "lr_assert.svh"
module lr_endpoint #(
    parameter  int unsigned Lanes       = 16,                 // 4, 8 or 16 wavelengths a direction
    parameter  int unsigned Spares      = 0,                  // 0, 1 or 2 more
    parameter  bit          LightFec    = 1'b0,               // both ends must agree
    parameter  int unsigned ReplayDepth = 511,                // flits; CSR window limits it
    parameter  int unsigned RxDepth     = 511,                // flits; CSR rx_depth limits it
    parameter  bit          FastCoding  = 1'b1,               // 1: simulation bodies
    localparam int unsigned Phys        = Lanes + Spares,
    localparam int unsigned Bits        = Phys * 512 / Lanes
) (
    input  logic                                  clk_i,
    input  logic                                  rst_ni,
    // Transaction side, one bit or element a virtual channel; beats 1 to 3 follow the handshake
    input  logic                [     1:0]        tx_valid_i,
    output logic                [     1:0]        tx_ready_o,
    input  logic                [     1:0][  3:0] tx_slots_i,
    input  logic                [     1:0]        tx_poison_i,
    input  logic                [     1:0][511:0] tx_beat_i,
    output logic                [     1:0]        rx_valid_o,
    input  logic                [     1:0]        rx_ready_i,
    output logic                [     1:0][  3:0] rx_slots_o,
    output logic                [     1:0]        rx_poison_o,
    output logic                [     1:0][511:0] rx_beat_o,
    // Lane side: lane l at bits [l * 512 / Lanes +: 512 / Lanes]
    output logic                [Bits-1:0]        tx_word_o,
    output logic                                  tx_light_o,
    input  logic                [Bits-1:0]        rx_word_i,
    input  logic                [Phys-1:0]        signal_ok_i,
    output logic                [Phys-1:0]        slip_o,
    // Control
    input  logic                                  psel_i,
    input  logic                                  penable_i,
    input  logic                                  pwrite_i,
    input  logic                [    11:0]        paddr_i,
    input  logic                [    31:0]        pwdata_i,
    input  logic                [     3:0]        pstrb_i,
    output logic                [    31:0]        prdata_o,
    output logic                                  pready_o,
    output logic                                  pslverr_o,
    output logic                                  irq_o,
    // What happened in this clock
    output lr_link_pkg::trace_t                   trace_o
);
  import lr_link_pkg::*;
  import lr_rtl_pkg::*;

  `LR_STATIC(LanesAllowed, Lanes == 4 || Lanes == 8 || Lanes == 16)
  `LR_STATIC(SparesAllowed, Spares <= 2)

  // Configuration, status, counters
  cfg_t cfg;
  inject_t inject;
  irq_t irq, train_irq;
  logic snapshot, counter_read;
  logic [7:0] counter_address;
  logic [31:0] counter_data, ber_data;
  logic ber_read;
  logic [4:0] ber_lane;

  // Training
  logic [3:0] state, cause, cause_state;
  logic first, stop, lit, lock_min, watched, lock_first, enter_reset, leave_reset;
  logic train_timeout, retrain, quiesce, quiesce_first, stretch_end;
  logic [12:0] interval;
  logic [Phys-1:0] good;

  // Lane maps; tx_lanes is taken from what the far end calls good.
  logic map_first, to_deskew, mapped, tx_plain;
  logic [1:0] tx_shift, rx_shift, shift_max;
  logic [Phys-1:0] tx_lanes, rx_lanes;
  logic [Phys-1:0][7:0] tx_logical;

  // Receive
  logic aligned, other_known, other_ready, far_good_valid;
  logic [3:0] other_state;
  logic [Phys-1:0] locked, far_good;
  logic believed, markers_lost, requested, nak_due, nak_timer;
  logic [1:0] held;
  logic [7:0] believed_flags;
  logic [15:0] believed_count, far_interval;
  logic [Phys-1:0] missed, judged;
  logic [Phys-1:0][3:0] bip_errors;
  init_t rx_init;
  verdict_t verdict;
  logic verdict_valid;
  logic [3:0] verdict_code;
  logic [47:0] verdict_header;
  logic [2:0] verdict_fec;
  logic [1:0][9:0] grant, held_lost;
  logic [9:0] expected;

  // Session
  logic init_ok, new_session;
  logic [31:0] session, peer, round_trip;
  init_t tx_ctrl;
  logic [63:0] now_d, now_q;

  // Transmit
  logic send_marker, send_wake, send_stop;
  logic send_flit, send_ctrl, send_init, send_answer, send_request, send_repeat, send_new, send_nop;
  logic [2:0] send_code;
  logic crd_vc;
  logic [7:0] marker_flags;
  logic [15:0] marker_count;
  header_t tx_header, tx_header_base;
  logic credit_stall, window_stall, ack_invalid, freed, unacked, waiting, lost_tx;
  logic replay_started, replay_timer, replay_limit;
  logic [2:0] crd_invalid;
  logic [9:0] lost_tx_count;

  // QUIESCE
  logic closed, answer, yes, request, stop_due, wake, wake_answer, wake_begun;
  logic [1:0] wake_left;
  logic enter_quiesce, leave_quiesce, silent;

  assign now_d = now_q + 64'd1;
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) now_q <= '0;
    else now_q <= now_d;
  end

  lr_csr #(
      .Lanes      (Lanes),
      .Spares     (Spares),
      .LightFec   (LightFec),
      .ReplayDepth(ReplayDepth),
      .RxDepth    (RxDepth)
  ) u_csr (
      .clk_i,
      .rst_ni,
      .psel_i,
      .penable_i,
      .pwrite_i,
      .paddr_i,
      .pwdata_i,
      .pstrb_i,
      .prdata_o,
      .pready_o,
      .pslverr_o,
      .cfg_o            (cfg),
      .inject_o         (inject),
      .state_i          (state),
      .cause_i          (cause),
      .cause_state_i    (cause_state),
      .tx_shift_i       (mapped ? tx_shift : '0),
      .rx_shift_i       (mapped ? rx_shift : '0),
      .locked_i         (18'(locked)),
      .good_i           (18'(good)),
      .tx_lanes_i       (mapped ? 18'(tx_lanes) : '0),
      .rx_lanes_i       (mapped ? 18'(rx_lanes) : '0),
      .round_trip_i     (round_trip),
      .session_i        (session),
      .peer_i           (peer),
      .irq_i            (irq),
      .irq_o,
      .snapshot_o       (snapshot),
      .counter_read_o   (counter_read),
      .counter_address_o(counter_address),
      .counter_data_i   (counter_data),
      .ber_read_o       (ber_read),
      .ber_lane_o       (ber_lane),
      .ber_data_i       (ber_data)
  );

  always_comb begin
    irq = train_irq;
    irq.new_session = new_session;
  end

  lr_train_fsm #(
      .Lanes(Phys)
  ) u_train (
      .clk_i,
      .rst_ni,
      .cfg_i           (cfg),
      .signal_ok_i,
      .locked_i        (locked),
      .other_known_i   (other_known),
      .other_state_i   (other_state),
      .other_ready_i   (other_ready),
      .far_good_valid_i(far_good_valid),
      .far_good_i      (far_good),
      .used_i          (rx_lanes),
      .aligned_i       (aligned),
      .far_training_i  (believed && believed_flags[0]),
      .markers_lost_i  (markers_lost),
      .entry_i         (verdict.entry),
      .version_bad_i   (verdict.version_bad),
      .session_bad_i   (verdict.session_bad),
      .replay_limit_i  (replay_limit),
      .unacked_i       (unacked),
      .freed_i         (freed),
      .silent_i        (silent),
      .enter_quiesce_i (enter_quiesce),
      .leave_quiesce_i (leave_quiesce),
      .state_o         (state),
      .cause_o         (cause),
      .cause_state_o   (cause_state),
      .first_o         (first),
      .lit_o           (lit),
      .lock_min_o      (lock_min),
      .watched_o       (watched),
      .lock_first_o    (lock_first),
      .stop_o          (stop),
      .quiesce_first_o (quiesce_first),
      .stretch_end_o   (stretch_end),
      .enter_reset_o   (enter_reset),
      .leave_reset_o   (leave_reset),
      .interval_o      (interval),
      .good_o          (good),
      .map_first_o     (map_first),
      .to_deskew_o     (to_deskew),
      .mapped_o        (mapped),
      .train_timeout_o (train_timeout),
      .retrain_o       (retrain),
      .quiesce_o       (quiesce),
      .irq_o           (train_irq)
  );

  logic [Lanes-1:0][4:0] unused_tx_phys;
  lr_lane_map #(
      .Lanes (Lanes),
      .Spares(Spares)
  ) u_tx_map (
      .clk_i,
      .rst_ni,
      .load_i   (to_deskew),
      .good_i   (far_good),
      .shift_o  (tx_shift),
      .plain_o  (tx_plain),
      .used_o   (tx_lanes),
      .logical_o(tx_logical),
      .phys_o   (unused_tx_phys)
  );
  assign shift_max = (tx_shift > rx_shift) ? tx_shift : rx_shift;

  lr_rx_top #(
      .Lanes     (Lanes),
      .Spares    (Spares),
      .LightFec  (LightFec),
      .RxDepth   (RxDepth),
      .FastCoding(FastCoding)
  ) u_rx (
      .clk_i,
      .rst_ni,
      .word_i          (rx_word_i),
      .signal_ok_i,
      .slip_o,
      .state_i         (state),
      .lit_i           (lit),
      .clear_i         (enter_reset),
      .stop_i          (stop),
      .lock_first_i    (lock_first),
      .lock_min_i      (lock_min),
      .watched_i       (watched),
      .good_i          (good),
      .map_first_i     (map_first),
      .shift_max_i     (shift_max),
      .quiesce_first_i (quiesce_first),
      .now_i           (now_q[31:0]),
      .session_i       (session),
      .peer_i          (peer),
      .init_ok_i       (init_ok),
      .far_interval_i  (far_interval),
      .depth_i         (cfg.rx_depth),
      .round_trip_i    (round_trip),
      .nak_timeout_i   (cfg.nak_timeout),
      .sent_i          (send_flit),
      .locked_o        (locked),
      .other_known_o   (other_known),
      .other_state_o   (other_state),
      .other_ready_o   (other_ready),
      .far_good_valid_o(far_good_valid),
      .far_good_o      (far_good),
      .aligned_o       (aligned),
      .shift_o         (rx_shift),
      .used_o          (rx_lanes),
      .believed_o      (believed),
      .flags_o         (believed_flags),
      .count_o         (believed_count),
      .missed_o        (missed),
      .markers_lost_o  (markers_lost),
      .judged_o        (judged),
      .bip_errors_o    (bip_errors),
      .verdict_o       (verdict),
      .init_o          (rx_init),
      .verdict_valid_o (verdict_valid),
      .verdict_code_o  (verdict_code),
      .verdict_header_o(verdict_header),
      .verdict_fec_o   (verdict_fec),
      .expected_o      (expected),
      .requested_o     (requested),
      .nak_due_o       (nak_due),
      .nak_timer_o     (nak_timer),
      .held_o          (held),
      .grant_o         (grant),
      .lost_o          (held_lost),
      .valid_o         (rx_valid_o),
      .ready_i         (rx_ready_i),
      .slots_o         (rx_slots_o),
      .poison_o        (rx_poison_o),
      .beat_o          (rx_beat_o)
  );

  lr_session u_session (
      .clk_i,
      .rst_ni,
      .clear_i       (enter_reset),
      .leave_reset_i (leave_reset),
      .lock_first_i  (lock_first),
      .now_i         (now_q),
      .verdict_i     (verdict),
      .received_i    (rx_init),
      .build_i       (send_ctrl),
      .init_i        (send_init),
      .grant_i       (grant),
      .expected_i    (expected),
      .interval_i    (interval),
      .init_o        (tx_ctrl),
      .init_ok_o     (init_ok),
      .session_o     (session),
      .peer_o        (peer),
      .round_trip_o  (round_trip),
      .far_interval_o(far_interval),
      .new_session_o (new_session)
  );

  lr_quiesce u_quiesce (
      .clk_i,
      .rst_ni,
      .state_i      (state),
      .clear_i      (enter_reset),
      .after_i      (cfg.quiesce_after),
      .round_trip_i (round_trip),
      .tx_shift_i   (tx_shift),
      .rx_shift_i   (rx_shift),
      .now_i        (now_q[31:0]),
      .verdict_i    (verdict),
      .believed_i   (believed),
      .flags_i      (believed_flags),
      .valid_i      (tx_valid_i),
      .unacked_i    (waiting),
      .requested_i  (requested),
      .held_i       (held),
      .taken_i      (rx_valid_o & rx_ready_i),
      .flit_i       (send_flit),
      .crd_vc_i     (crd_vc),
      .nop_i        (send_nop),
      .answered_i   (send_answer),
      .asked_i      (send_request),
      .woken_i      (send_wake),
      .stopped_i    (send_stop),
      .closed_o     (closed),
      .answer_o     (answer),
      .yes_o        (yes),
      .request_o    (request),
      .stop_o       (stop_due),
      .wake_o       (wake),
      .wake_left_o  (wake_left),
      .wake_answer_o(wake_answer),
      .enter_o      (enter_quiesce),
      .leave_o      (leave_quiesce),
      .silent_o     (silent),
      .wake_begun_o (wake_begun)
  );

  lr_tx_top #(
      .Lanes      (Lanes),
      .Spares     (Spares),
      .LightFec   (LightFec),
      .ReplayDepth(ReplayDepth),
      .FastCoding (FastCoding)
  ) u_tx (
      .clk_i,
      .rst_ni,
      .valid_i         (tx_valid_i),
      .ready_o         (tx_ready_o),
      .slots_i         (tx_slots_i),
      .poison_i        (tx_poison_i),
      .beat_i          (tx_beat_i),
      .word_o          (tx_word_o),
      .light_o         (tx_light_o),
      .state_i         (state),
      .lit_i           (lit),
      .clear_i         (enter_reset),
      .lock_first_i    (lock_first),
      .interval_i      (interval),
      .good_i          (good),
      .aligned_i       (aligned),
      .mapped_i        (mapped),
      .shift_i         (tx_shift),
      .plain_i         (tx_plain),
      .logical_i       (tx_logical),
      .shift_max_i     (shift_max),
      .now_i           (now_q[31:0]),
      .depth_i         (cfg.window),
      .replay_limit_i  (cfg.replay_limit),
      .round_trip_i    (round_trip),
      .replay_timeout_i(cfg.replay_timeout),
      .ctrl_i          (tx_ctrl),
      .closed_i        (closed),
      .answer_i        (answer),
      .yes_i           (yes),
      .request_i       (request),
      .stop_i          (stop_due),
      .wake_i          (wake),
      .wake_left_i     (wake_left),
      .wake_answer_i   (wake_answer),
      .inject_i        (inject),
      .verdict_i       (verdict),
      .rx_init_i       (rx_init),
      .expected_i      (expected),
      .nak_due_i       (nak_due),
      .grant_i         (grant),
      .marker_o        (send_marker),
      .marker_flags_o  (marker_flags),
      .marker_count_o  (marker_count),
      .woken_o         (send_wake),
      .stopped_o       (send_stop),
      .flit_o          (send_flit),
      .ctrl_o          (send_ctrl),
      .init_o          (send_init),
      .answered_o      (send_answer),
      .asked_o         (send_request),
      .code_o          (send_code),
      .repeat_o        (send_repeat),
      .new_o           (send_new),
      .nop_o           (send_nop),
      .crd_vc_o        (crd_vc),
      .base_o          (tx_header_base),
      .header_o        (tx_header),
      .credit_stall_o  (credit_stall),
      .window_stall_o  (window_stall),
      .crd_invalid_o   (crd_invalid),
      .ack_invalid_o   (ack_invalid),
      .freed_o         (freed),
      .unacked_o       (unacked),
      .waiting_o       (waiting),
      .replay_started_o(replay_started),
      .replay_timer_o  (replay_timer),
      .replay_limit_o  (replay_limit),
      .lost_o          (lost_tx),
      .lost_count_o    (lost_tx_count)
  );

  // Events that are rare beside flits
  logic  any_rare;
  rare_t rare;
  assign any_rare = replay_started || nak_timer || retrain || train_timeout || ack_invalid ||
      crd_invalid != '0 || quiesce || wake_begun ||
      (verdict_valid && verdict_fec != '0);
  always_comb begin
    rare = '0;
    if (any_rare) begin
      rare = '{
          replay: replay_started,
          replay_timeout: replay_timer,
          nak_timeout: nak_timer,
          retrain: retrain,
          train_timeout: train_timeout,
          ack_invalid: ack_invalid,
          quiesce: quiesce,
          wake: wake_begun,
          fec_corrected: verdict_valid ? verdict_fec : '0,
          crd_invalid: crd_invalid
      };
    end
  end

  lr_counters #(
      .Phys(Phys)
  ) u_counters (
      .clk_i,
      .rst_ni,
      .clear_i        (enter_reset),
      .slot_i         (send_flit),
      .ctrl_i         (send_ctrl),
      .repeat_i       (send_repeat),
      .nak_i          (nak_due),
      .new_i          (send_new),
      .credit_stall_i (credit_stall),
      .window_stall_i (window_stall),
      .verdict_i      (verdict_valid),
      .code_i         (verdict_code),
      .any_rare_i     (any_rare),
      .rare_i         (rare),
      .lost_tx_i      (lost_tx),
      .lost_tx_count_i(lost_tx_count),
      .lost_rx_i      (enter_reset),
      .lost_rx_count_i({1'b0, held_lost[0]} + {1'b0, held_lost[1]}),
      .lanes_i        (missed != '0 || bip_errors != '0),
      .bip_i          (bip_errors),
      .missed_i       (missed),
      .take_i         (snapshot),
      .read_i         (counter_read),
      .address_i      (counter_address),
      .data_o         (counter_data)
  );

  lr_ber_estimate #(
      .Phys(Phys)
  ) u_ber_estimate (
      .clk_i,
      .rst_ni,
      .clear_i  (enter_reset),
      .restart_i(stretch_end),
      .judged_i (judged),
      .errors_i (bip_errors),
      .read_i   (ber_read),
      .lane_i   (ber_lane),
      .data_o   (ber_data)
  );

  lr_trace #(
      .Lanes(Phys)
  ) u_trace (
      .clk_i,
      .rst_ni,
      .verdict_i       (verdict_valid),
      .code_i          (verdict_code),
      .verdict_header_i(verdict_header),
      .verdict_fec_i   (verdict_fec),
      .believed_i      (believed),
      .flags_i         (believed_flags),
      .count_i         (believed_count),
      .marker_i        (send_marker),
      .marker_flags_i  (marker_flags),
      .marker_count_i  (marker_count),
      .flit_i          (send_flit),
      .base_i          (tx_header_base),
      .ctrl_code_i     (send_code),
      .new_i           (send_new),
      .header_i        (tx_header),
      .deliver_i       (rx_valid_o & rx_ready_i),
      .replay_i        (replay_started),
      .first_i         (first),
      .state_i         (state),
      .cause_i         (cause),
      .locked_i        (locked),
      .trace_o
  );

  `LR_STATIC(DecisionSeesVerdictNextClock, VerdictToHeader == 1)
  `LR_ASSERT(DataOnlyInActive, !(send_new || send_repeat) || state == StActive)
endmodule
