// SPDX-License-Identifier: Apache-2.0
// rtl/lr_endpoint.sv
// One end of the optical link: flits in and out on one side, lane words on the other, between them
// training, retry, credits, coding and deskew (docs/link-layer.md; section 12 clock by clock).
//
// Latency       Acceptance (D) to first lane word: TxLat. Last deskewed word to verdict: RxLat.
//               Verdict to rx_valid_o: DeliverLat. APB write to core: CsrLat. All in lr_link_pkg.
// Throughput    One flit each 4 clocks in each direction, less M clocks a marker.
// Backpressure  tx_ready_o is high only in the clock that takes a flit (at its D); rx_ready_i may
//               wait for ever, credits keep the buffers whole. tx_valid_i, slots and poison hold
//               until taken.
// Reset         rst_ni is power-on: clears all but memories. RESET of the link (enable = 0) keeps
//               session, clock and loss counters.
// Errors        Counted in lr_counters; limits lead to LINK_DOWN and an interrupt, never to
//               silence.
// Not here      FEC, spare lanes, reduced width, QUIESCE; the PMD.
`include "lr_assert.svh"
module lr_endpoint #(
    parameter int unsigned Lanes       = 16,   // 4, 8 or 16 wavelengths in each direction
    parameter int unsigned ReplayDepth = 511,  // flits in the retry buffer; CSR window limits it
    parameter int unsigned RxDepth     = 511,  // flits a receive buffer; CSR rx_depth limits it
    parameter bit          FastCoding  = 1'b1  // 1: simulation bodies of CRC and scrambler
) (
    input  logic                                   clk_i,
    input  logic                                   rst_ni,
    // Transaction side, one bit or element a virtual channel; beats 1 to 3 follow the handshake
    input  logic                [      1:0]        tx_valid_i,
    output logic                [      1:0]        tx_ready_o,
    input  logic                [      1:0][  3:0] tx_slots_i,
    input  logic                [      1:0]        tx_poison_i,
    input  logic                [      1:0][511:0] tx_beat_i,
    output logic                [      1:0]        rx_valid_o,
    input  logic                [      1:0]        rx_ready_i,
    output logic                [      1:0][  3:0] rx_slots_o,
    output logic                [      1:0]        rx_poison_o,
    output logic                [      1:0][511:0] rx_beat_o,
    // Lane side: lane l at bits [l * 512 / Lanes +: 512 / Lanes]
    output logic                [    511:0]        tx_word_o,
    output logic                                   tx_light_o,
    input  logic                [    511:0]        rx_word_i,
    input  logic                [Lanes-1:0]        signal_ok_i,
    output logic                [Lanes-1:0]        slip_o,
    // Control
    input  logic                                   psel_i,
    input  logic                                   penable_i,
    input  logic                                   pwrite_i,
    input  logic                [     11:0]        paddr_i,
    input  logic                [     31:0]        pwdata_i,
    input  logic                [      3:0]        pstrb_i,
    output logic                [     31:0]        prdata_o,
    output logic                                   pready_o,
    output logic                                   pslverr_o,
    output logic                                   irq_o,
    // What happened in this clock
    output lr_link_pkg::trace_t                    trace_o
);
  import lr_link_pkg::*;
  import lr_rtl_pkg::*;

  `LR_STATIC(LanesAllowed, Lanes == 4 || Lanes == 8 || Lanes == 16)

  // Configuration, status, counters
  cfg_t cfg;
  irq_t irq, train_irq;
  logic snapshot, counter_read;
  logic [ 7:0] counter_address;
  logic [31:0] counter_data;

  // Training
  logic [3:0] state, cause, cause_state;
  logic first, stop, lit, lock_min, watched, lock_first, enter_reset, leave_reset;
  logic train_timeout, retrain, active;
  logic [12:0] interval;
  logic [Lanes-1:0] good;

  // Lanes
  logic search, aligned, other_known, far_good_valid;
  logic [3:0] other_state;
  logic [Lanes-1:0] hit, lane_hit, locked, far_good;
  logic [Lanes-1:0][7:0] hit_flags, hit_good;
  logic [Lanes-1:0][15:0] hit_count;
  logic [Lanes-1:0][3:0] delay;
  logic [511:0] word;

  // Receive
  logic rx_flit, key_restart, believed, markers_lost;
  logic [1:0] rx_index, beat_index;
  logic [7:0] believed_flags;
  logic [15:0] believed_count, far_interval;
  logic [Lanes-1:0] missed;
  logic [Lanes-1:0][3:0] bip_errors;
  logic beat_valid, done, flit_good;
  logic [511:0] beat;
  logic [47:0] rx_header, verdict_header;
  init_t rx_init;
  verdict_t verdict;
  logic verdict_valid;
  logic [3:0] verdict_code;
  logic [1:0] room, accept;
  logic [1:0][9:0] grant, held_lost;
  logic [9:0] expected, rx_limit;
  logic nak_due, nak_timer;

  // Session and timeouts
  logic init_ok, new_session;
  logic [31:0] session, peer, round_trip;
  init_t tx_init, tx_init_q;
  logic [63:0] now_d, now_q;
  logic [33:0] trip_clocks, nak_clocks, replay_clocks;

  // Transmit
  logic offer, send_marker, send_flit, send_init, send_repeat, send_new;
  marker_cmd_t marker_cmd;
  header_t tx_header, tx_header_base;
  src_e source;
  logic may_send, may_vc, credit_stall, window_stall, window_open;
  logic [1:0] crd_invalid;
  logic replay, replay_vc, replay_poison, unacked, freed, ack_invalid;
  logic [3:0] replay_slots;
  logic [9:0] pointer, next, lost_tx_count;
  logic replay_started, replay_timer, replay_limit, lost_tx, ack_valid;
  logic [511:0] tx_beat;

  assign active = state == StActive;
  assign now_d  = now_q + 64'd1;
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) now_q <= '0;
    else now_q <= now_d;
  end

  // ---- Control and status
  lr_csr #(
      .Lanes      (Lanes),
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
      .state_i          (state),
      .cause_i          (cause),
      .cause_state_i    (cause_state),
      .locked_i         (16'(locked)),
      .good_i           (16'(good)),
      .round_trip_i     (round_trip),
      .session_i        (session),
      .peer_i           (peer),
      .irq_i            (irq),
      .irq_o,
      .snapshot_o       (snapshot),
      .counter_read_o   (counter_read),
      .counter_address_o(counter_address),
      .counter_data_i   (counter_data)
  );

  always_comb begin
    irq = train_irq;
    irq.new_session = new_session;
  end

  lr_train_fsm #(
      .Lanes(Lanes)
  ) u_train (
      .clk_i,
      .rst_ni,
      .cfg_i           (cfg),
      .signal_ok_i,
      .locked_i        (locked),
      .other_known_i   (other_known),
      .other_state_i   (other_state),
      .far_good_valid_i(far_good_valid),
      .far_good_i      (far_good),
      .aligned_i       (aligned),
      .far_training_i  (believed && believed_flags[0]),
      .markers_lost_i  (markers_lost),
      .entry_i         (verdict.entry),
      .version_bad_i   (verdict.version_bad),
      .session_bad_i   (verdict.session_bad),
      .replay_limit_i  (replay_limit),
      .unacked_i       (unacked),
      .freed_i         (freed),
      .state_o         (state),
      .cause_o         (cause),
      .cause_state_o   (cause_state),
      .first_o         (first),
      .lit_o           (lit),
      .lock_min_o      (lock_min),
      .watched_o       (watched),
      .lock_first_o    (lock_first),
      .stop_o          (stop),
      .enter_reset_o   (enter_reset),
      .leave_reset_o   (leave_reset),
      .interval_o      (interval),
      .good_o          (good),
      .train_timeout_o (train_timeout),
      .retrain_o       (retrain),
      .irq_o           (train_irq)
  );

  // ---- Receive: lanes
  lr_lane_fifo #(
      .Lanes(Lanes)
  ) u_lane_fifo (
      .clk_i,
      .rst_ni,
      .word_i  (rx_word_i),
      .read_i  (aligned),
      .delay_i (delay),
      .word_o  (word),
      .search_i(search),
      .hit_o   (hit),
      .flags_o (hit_flags),
      .count_o (hit_count),
      .good_o  (hit_good)
  );

  lr_lane_lock #(
      .Lanes(Lanes)
  ) u_lane_lock (
      .clk_i,
      .rst_ni,
      .search_o        (search),
      .hit_i           (hit),
      .flags_i         (hit_flags),
      .count_i         (hit_count),
      .good_i          (hit_good),
      .signal_ok_i,
      .slip_o,
      .lit_i           (lit),
      .lock_first_i    (lock_first),
      .aligned_i       (aligned),
      .lock_min_i      (lock_min),
      .watched_i       (watched),
      .phase_i         (now_q[1:0]),
      .believed_i      (believed),
      .believed_state_i(believed_flags[7:4]),
      .locked_o        (locked),
      .lane_hit_o      (lane_hit),
      .other_known_o   (other_known),
      .other_state_o   (other_state),
      .far_good_valid_o(far_good_valid),
      .far_good_o      (far_good)
  );

  lr_deskew #(
      .Lanes(Lanes)
  ) u_deskew (
      .clk_i,
      .rst_ni,
      .clear_i  (lock_first || !lit),
      .seek_i   (state == StDeskew),
      .hit_i    (lane_hit),
      .count_i  (hit_count),
      .delay_o  (delay),
      .aligned_o(aligned)
  );

  lr_rx_framer #(
      .Lanes(Lanes)
  ) u_framer (
      .clk_i,
      .rst_ni,
      .enable_i      (aligned),
      .word_i        (word),
      .far_interval_i(far_interval),
      .flit_o        (rx_flit),
      .index_o       (rx_index),
      .restart_o     (key_restart),
      .believed_o    (believed),
      .flags_o       (believed_flags),
      .count_o       (believed_count),
      .missed_o      (missed),
      .lost_o        (markers_lost),
      .bip_errors_o  (bip_errors)
  );

  // ---- Receive: flits
  lr_rx_path #(
      .Lanes     (Lanes),
      .FastCoding(FastCoding)
  ) u_rx_path (
      .clk_i,
      .rst_ni,
      .word_i      (word),
      .flit_i      (rx_flit),
      .index_i     (rx_index),
      .restart_i   (key_restart),
      .beat_valid_o(beat_valid),
      .beat_index_o(beat_index),
      .beat_o      (beat),
      .done_o      (done),
      .good_o      (flit_good),
      .header_o    (rx_header),
      .init_o      (rx_init)
  );

  lr_rx_verdict u_verdict (
      .state_i   (state),
      .done_i    (done),
      .good_i    (flit_good),
      .header_i  (rx_header),
      .init_i    (rx_init),
      .expected_i(expected),
      .room_i    (room),
      .session_i (session),
      .peer_i    (peer),
      .init_ok_i (init_ok),
      .verdict_o (verdict),
      .valid_o   (verdict_valid),
      .code_o    (verdict_code),
      .header_o  (verdict_header)
  );

  lr_rx_order u_order (
      .clk_i,
      .rst_ni,
      .clear_i   (enter_reset),
      .stop_i    (stop),
      .fresh_i   (verdict.fresh),
      .entry_i   (verdict.entry),
      .accept_i  (verdict.accept),
      .ask_i     (verdict.ask),
      .arrive_i  (verdict.arrive),
      .sent_i    (send_flit),
      .now_i     (now_q[31:0]),
      .timeout_i (nak_clocks),
      .expected_o(expected),
      .nak_due_o (nak_due),
      .timer_o   (nak_timer)
  );

  assign rx_limit = (cfg.rx_depth < 10'(RxDepth)) ? cfg.rx_depth : 10'(RxDepth);
  logic write_data;
  assign write_data = beat_valid && rx_header[2:0] == KindData;
  for (genvar v = 0; v < 2; v++) begin : gen_vc
    logic mine;
    assign mine = rx_header[3] == (v == 1);
    assign accept[v] = verdict.accept && mine;
    lr_rx_buffer #(
        .RxDepth(RxDepth)
    ) u_rx_buffer (
        .clk_i,
        .rst_ni,
        .clear_i (enter_reset),
        .fresh_i (verdict.fresh),
        .limit_i (rx_limit),
        .wen_i   (write_data && mine),
        .index_i (beat_index),
        .beat_i  (beat),
        .accept_i(accept[v]),
        .slots_i (verdict.header.slots),
        .poison_i(verdict.header.poison),
        .room_o  (room[v]),
        .grant_o (grant[v]),
        .lost_o  (held_lost[v]),
        .valid_o (rx_valid_o[v]),
        .ready_i (rx_ready_i[v]),
        .slots_o (rx_slots_o[v]),
        .poison_o(rx_poison_o[v]),
        .beat_o  (rx_beat_o[v])
    );
  end

  // ---- Session and the timeouts that follow from the round trip
  lr_session u_session (
      .clk_i,
      .rst_ni,
      .clear_i       (enter_reset),
      .leave_reset_i (leave_reset),
      .lock_first_i  (lock_first),
      .now_i         (now_q),
      .verdict_i     (verdict),
      .received_i    (rx_init),
      .build_i       (send_init),
      .grant_i       (grant),
      .expected_i    (expected),
      .interval_i    (interval),
      .init_o        (tx_init),
      .init_ok_o     (init_ok),
      .session_o     (session),
      .peer_o        (peer),
      .round_trip_o  (round_trip),
      .far_interval_o(far_interval),
      .new_session_o (new_session)
  );
  always_ff @(posedge clk_i) begin
    if (send_init) tx_init_q <= tx_init;
  end

  assign trip_clocks = {round_trip, 2'b00};
  lr_timeout u_nak_timeout (
      .round_trip_i(round_trip),
      .value_i     (cfg.nak_timeout),
      .clocks_o    (nak_clocks)
  );
  lr_timeout u_replay_timeout (
      .round_trip_i(round_trip),
      .value_i     (cfg.replay_timeout),
      .clocks_o    (replay_clocks)
  );

  // ---- Transmit
  lr_credit_tx u_credit (
      .clk_i,
      .rst_ni,
      .clear_i       (enter_reset),
      .fresh_i       (verdict.fresh),
      .set_i         (verdict.use_header),
      .set_vc_i      (verdict.header.crd_vc),
      .set_crd_i     (verdict.header.crd),
      .init_i        (verdict.init_mine),
      .init_crd_i    ({rx_init.crd1[9:0], rx_init.crd0[9:0]}),
      .invalid_o     (crd_invalid),
      .valid_i       (tx_valid_i),
      .window_open_i (window_open),
      .offer_i       (offer),
      .new_o         (may_send),
      .new_vc_o      (may_vc),
      .credit_stall_o(credit_stall),
      .window_stall_o(window_stall)
  );

  lr_tx_slots #(
      .Lanes(Lanes)
  ) u_slots (
      .clk_i,
      .rst_ni,
      .state_i        (state),
      .lit_i          (lit),
      .clear_i        (enter_reset),
      .interval_i     (interval),
      .good_i         (good),
      .replay_i       (replay),
      .pointer_i      (pointer),
      .replay_vc_i    (replay_vc),
      .replay_slots_i (replay_slots),
      .replay_poison_i(replay_poison),
      .next_i         (next),
      .new_i          (may_send),
      .new_vc_i       (may_vc),
      .new_slots_i    (tx_slots_i[may_vc]),
      .new_poison_i   (tx_poison_i[may_vc]),
      .expected_i     (expected),
      .nak_due_i      (nak_due),
      .grant_i        (grant),
      .offer_o        (offer),
      .marker_o       (send_marker),
      .marker_cmd_o   (marker_cmd),
      .flit_o         (send_flit),
      .init_o         (send_init),
      .repeat_o       (send_repeat),
      .new_o          (send_new),
      .base_o         (tx_header_base),
      .header_o       (tx_header)
  );
  assign tx_ready_o = {send_new && may_vc, send_new && !may_vc};

  assign ack_valid  = verdict.use_header || verdict.init_mine;
  lr_retry_tx #(
      .ReplayDepth(ReplayDepth)
  ) u_retry (
      .clk_i,
      .rst_ni,
      .clear_i        (enter_reset),
      .lock_first_i   (lock_first),
      .active_i       (active),
      .now_i          (now_q[31:0]),
      .window_i       (cfg.window),
      .replay_limit_i (cfg.replay_limit),
      .round_trip_i   (trip_clocks),
      .timeout_i      (replay_clocks),
      .fresh_i        (verdict.fresh),
      .entry_i        (verdict.entry),
      .ack_valid_i    (ack_valid),
      .ack_i          (verdict.init_mine ? rx_init.ack[9:0] : verdict.header.ack),
      .nak_i          (verdict.use_header && verdict.header.nak),
      .ack_invalid_o  (ack_invalid),
      .freed_o        (freed),
      .new_i          (send_new),
      .new_vc_i       (may_vc),
      .new_slots_i    (tx_slots_i[may_vc]),
      .new_poison_i   (tx_poison_i[may_vc]),
      .repeat_i       (send_repeat),
      .replay_o       (replay),
      .pointer_o      (pointer),
      .replay_vc_o    (replay_vc),
      .replay_slots_o (replay_slots),
      .replay_poison_o(replay_poison),
      .next_o         (next),
      .window_open_o  (window_open),
      .unacked_o      (unacked),
      .tx_beat_i,
      .beat_o         (tx_beat),
      .started_o      (replay_started),
      .timer_o        (replay_timer),
      .limit_o        (replay_limit),
      .lost_o         (lost_tx),
      .lost_count_o   (lost_tx_count)
  );

  always_comb begin
    source = SrcZero;
    if (send_init) source = SrcInit;
    else if (send_repeat || send_new) source = SrcData;
  end

  lr_tx_path #(
      .Lanes     (Lanes),
      .FastCoding(FastCoding)
  ) u_tx_path (
      .clk_i,
      .rst_ni,
      .light_i     (lit),
      .marker_i    (send_marker),
      .marker_cmd_i(marker_cmd),
      .flit_i      (send_flit),
      .header_i    (tx_header),
      .source_i    (source),
      .init_i      (tx_init_q),
      .beat_i      (tx_beat),
      .word_o      (tx_word_o),
      .light_o     (tx_light_o)
  );

  // ---- Counters
  logic  any_rare;
  rare_t rare;
  assign any_rare = replay_started || nak_timer || retrain || train_timeout || ack_invalid ||
      crd_invalid != '0;
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
          crd_invalid: crd_invalid[0],
          crd_invalid_other: crd_invalid[1]
      };
    end
  end

  lr_counters #(
      .Lanes(Lanes)
  ) u_counters (
      .clk_i,
      .rst_ni,
      .clear_i        (enter_reset),
      .slot_i         (send_flit),
      .ctrl_i         (send_init),
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

  // ---- Trace
  logic [Lanes-1:0] locked_q;
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) locked_q <= '0;
    else locked_q <= locked;
  end

  // What hangs on the transaction side comes last: all else is a function of registers.
  logic [1:0] deliver;
  logic lock_changed;
  trace_t trace;
  assign deliver = rx_valid_o & rx_ready_i;
  assign lock_changed = locked != locked_q;
  always_comb begin
    trace = '0;
    if (verdict_valid || believed || send_marker || send_flit || replay_started || first ||
        lock_changed) begin
      trace.replay = replay_started;
      trace.ftx_valid = send_flit;
      trace.ftx_header = tx_header_base;
      if (verdict_valid) begin
        trace.verdict_valid = 1'b1;
        trace.verdict = verdict_code;
        trace.verdict_header = verdict_header;
      end
      if (believed) begin
        trace.mrx_valid = 1'b1;
        trace.mrx_flags = believed_flags;
        trace.mrx_count = believed_count;
      end
      if (send_marker) begin
        trace.mtx_valid = 1'b1;
        trace.mtx_flags = marker_cmd.flags;
        trace.mtx_count = marker_cmd.count;
      end
      if (first) begin
        trace.state_valid = 1'b1;
        trace.state = state;
        trace.cause = cause;
      end
      if (lock_changed) begin
        trace.lock_valid = 1'b1;
        trace.locked = 16'(locked);
      end
    end
  end
  always_comb begin
    trace_o = trace;
    trace_o.deliver = deliver;
    if (send_new) begin
      trace_o.accept = 1'b1;
      trace_o.ftx_header = tx_header;
    end
  end

  `LR_STATIC(DecisionSeesVerdictNextClock, VerdictToHeader == 1)
  `LR_ASSERT(DataOnlyInActive, !(send_new || send_repeat) || active)
endmodule
