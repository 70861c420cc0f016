// SPDX-License-Identifier: Apache-2.0
// rtl/lr_rx_top.sv
// Receive side of an endpoint: lane words are locked, aligned, framed and decoded; flits are judged
// and kept until they are handed over.
//
// Latency       Last deskewed word to verdict: RxLat. Verdict to valid_o: DeliverLat.
// Throughput    One word a clock; one flit each 4 clocks to each virtual channel.
// Backpressure  ready_i may wait for ever: credits keep the buffers whole.
// Reset         Async; clear_i drops flits and numbers, dark states drop the lanes.
// Errors        Bad flits and missed markers are reported; what they lead to is not decided here.
// Not here      The state (lr_train_fsm), sessions (lr_session), the counts (lr_counters).
module lr_rx_top #(
    parameter  int unsigned Lanes      = 16,              // 4, 8 or 16
    parameter  int unsigned Spares     = 0,               // 0, 1 or 2
    parameter  bit          LightFec   = 1'b0,
    parameter  int unsigned RxDepth    = 511,             // flits a receive buffer
    parameter  bit          FastCoding = 1'b1,            // 1: simulation bodies
    localparam int unsigned Phys       = Lanes + Spares,
    localparam int unsigned LaneBits   = 512 / Lanes,
    localparam int unsigned Bits       = Phys * LaneBits
) (
    input logic clk_i,
    input logic rst_ni,
    // Lanes
    input logic [Bits-1:0] word_i,
    input logic [Phys-1:0] signal_ok_i,
    output logic [Phys-1:0] slip_o,
    // From training and session
    input logic [3:0] state_i,
    input logic lit_i,
    input logic clear_i,  // RESET begins with the next clock
    input logic stop_i,  // first clock after ACTIVE
    input logic lock_first_i,
    input logic lock_min_i,
    input logic watched_i,
    input logic [Phys-1:0] good_i,  // own bitmap
    input logic map_first_i,  // first clock of MAP
    input logic [1:0] shift_max_i,  // of the narrower direction
    input logic quiesce_first_i,  // first clock of QUIESCE
    input logic [31:0] now_i,
    input logic [31:0] session_i,
    input logic [31:0] peer_i,
    input logic init_ok_i,
    input logic [15:0] far_interval_i,
    input logic [9:0] depth_i,  // CSR rx_depth
    input logic [31:0] round_trip_i,  // flit times
    input logic [15:0] nak_timeout_i,  // CSR nak_timeout
    input logic sent_i,  // a header is decided at this clock
    // What the lanes say
    output logic [Phys-1:0] locked_o,
    output logic other_known_o,
    output logic [3:0] other_state_o,
    output logic other_ready_o,
    output logic far_good_valid_o,
    output logic [Phys-1:0] far_good_o,
    output logic aligned_o,
    output logic [1:0] shift_o,  // receive map
    output logic [Phys-1:0] used_o,
    output logic believed_o,  // a marker after alignment
    output logic [7:0] flags_o,  // with believed_o
    output logic [15:0] count_o,
    output logic [Phys-1:0] missed_o,
    output logic markers_lost_o,
    output logic [Phys-1:0] judged_o,  // lanes whose BIP was compared
    output logic [Phys-1:0][3:0] bip_errors_o,
    // What the flits say
    output lr_rtl_pkg::verdict_t verdict_o,
    output lr_rtl_pkg::init_t init_o,  // with a verdict on an INIT
    output logic verdict_valid_o,
    output logic [3:0] verdict_code_o,
    output logic [47:0] verdict_header_o,
    output logic [2:0] verdict_fec_o,  // groups that the light FEC corrected
    output logic [9:0] expected_o,
    output logic requested_o,
    output logic nak_due_o,
    output logic nak_timer_o,
    output logic [1:0] held_o,
    output logic [1:0][9:0] grant_o,
    output logic [1:0][9:0] lost_o,  // flits that clear_i drops
    // Transaction side
    output logic [1:0] valid_o,
    input logic [1:0] ready_i,
    output logic [1:0][3:0] slots_o,
    output logic [1:0] poison_o,
    output logic [1:0][511:0] beat_o
);
  logic search, hunt;
  logic [Phys-1:0] hit, lane_hit;
  logic [Phys-1:0][7:0] hit_flags, hit_good, hit_logical;
  logic [Phys-1:0][15:0] hit_count;
  logic [Phys-1:0][4:0] delay;
  logic [Phys-1:0] prey;
  logic [Phys-1:0][7:0] prey_flags;
  logic [Phys-1:0][15:0] prey_count;
  logic [Bits-1:0] word;

  logic rx_flit, key_restart;
  logic [3:0] rx_index;
  logic [1:0] beat_index;
  logic beat_valid, done, good;
  logic [511:0] beat;

  // Receive map
  logic plain;
  logic [Phys-1:0][7:0] logical;
  logic [Lanes-1:0][4:0] phys;
  logic [Phys-1:0] measured;
  logic [47:0] header;

  logic [1:0] room;
  logic [9:0] limit;
  logic [33:0] timeout;
  logic write_data;

  lr_lane_map #(
      .Lanes (Lanes),
      .Spares(Spares)
  ) u_lane_map (
      .clk_i,
      .rst_ni,
      .load_i   (map_first_i),
      .good_i,
      .shift_o,
      .plain_o  (plain),
      .used_o,
      .logical_o(logical),
      .phys_o   (phys)
  );

  lr_lane_fifo #(
      .Lanes(Phys),
      .LaneBits(LaneBits)
  ) u_lane_fifo (
      .clk_i,
      .rst_ni,
      .word_i,
      .read_i  (aligned_o),
      .delay_i (delay),
      .word_o  (word),
      .search_i(search),
      .hit_o   (hit),
      .flags_o (hit_flags),
      .logical_o(hit_logical),
      .count_o (hit_count),
      .good_o  (hit_good),
      .hunt_i  (hunt),
      .prey_o  (prey),
      .prey_flags_o(prey_flags),
      .prey_count_o(prey_count)
  );

  lr_lane_lock #(
      .Lanes(Phys),
      .LaneBits(LaneBits)
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
      .lit_i,
      .state_i,
      .lock_first_i,
      .own_good_i      (good_i),
      .used_i          (used_o),
      .aligned_i       (aligned_o),
      .lock_min_i,
      .watched_i,
      .phase_i         (now_i[1:0]),
      .believed_i      (believed_o),
      .believed_state_i(flags_o[3] ? lr_link_pkg::StActive : flags_o[7:4]),
      .believed_ready_i(!flags_o[3] && flags_o[1]),
      .locked_o,
      .lane_hit_o      (lane_hit),
      .other_known_o,
      .other_state_o,
      .other_ready_o,
      .far_good_valid_o,
      .far_good_o
  );

  lr_deskew #(
      .Lanes(Phys),
      .LaneBits(LaneBits)
  ) u_deskew (
      .clk_i,
      .rst_ni,
      .clear_i(lock_first_i || !lit_i),
      .seek_i(state_i == lr_link_pkg::StDeskew),
      .hit_i(lane_hit),
      .count_i(hit_count),
      .shown_i(hit_logical),
      .signal_ok_i,
      .good_i,
      .used_i(used_o),
      .logical_i(logical),
      .delay_o(delay),
      .measured_o(measured),
      .aligned_o
  );

  lr_rx_framer #(
      .Lanes (Lanes),
      .Spares(Spares)
  ) u_framer (
      .clk_i,
      .rst_ni,
      .enable_i    (aligned_o),
      .word_i      (word),
      .shift_i     (shift_o),
      .used_i      (used_o),
      .measured_i  (measured),
      .far_interval_i,
      .quiesce_i   (state_i == lr_link_pkg::StQuiesce),
      .quiesce_first_i,
      .bad_i       (verdict_o.bad),
      .good_i      (verdict_o.good),
      .hunt_o      (hunt),
      .prey_i      (prey),
      .prey_flags_i(prey_flags),
      .prey_count_i(prey_count),
      .flit_o      (rx_flit),
      .index_o     (rx_index),
      .restart_o   (key_restart),
      .believed_o,
      .flags_o,
      .count_o,
      .missed_o,
      .lost_o      (markers_lost_o),
      .judged_o,
      .bip_errors_o
  );

  lr_rx_path #(
      .Lanes(Lanes),
      .Spares(Spares),
      .LightFec(LightFec),
      .FastCoding(FastCoding)
  ) u_rx_path (
      .clk_i,
      .rst_ni,
      .word_i      (word),
      .flit_i      (rx_flit),
      .index_i     (rx_index),
      .restart_i   (key_restart),
      .shift_i     (shift_o),
      .plain_i     (plain),
      .phys_i      (phys),
      .beat_valid_o(beat_valid),
      .beat_index_o(beat_index),
      .beat_o      (beat),
      .done_o      (done),
      .good_o      (good),
      .fec_o       (verdict_fec_o),
      .header_o    (header),
      .init_o
  );

  // Flits that ended before QUIESCE get no verdict, even if the link is ACTIVE again by then.
  localparam logic [2:0] Stale =
      3'(lr_link_pkg::RxLat - 1 + (LightFec ? lr_link_pkg::FecRxLat : 0));
  logic [2:0] stale_q;
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) stale_q <= '0;
    else if (quiesce_first_i) stale_q <= Stale;
    else if (stale_q != '0) stale_q <= stale_q - 3'd1;
  end

  lr_rx_verdict u_verdict (
      .state_i,
      .done_i    (done && stale_q == '0),
      .good_i    (good),
      .header_i  (header),
      .init_i    (init_o),
      .expected_i(expected_o),
      .room_i    (room),
      .session_i,
      .peer_i,
      .init_ok_i,
      .verdict_o,
      .valid_o   (verdict_valid_o),
      .code_o    (verdict_code_o),
      .header_o  (verdict_header_o)
  );

  lr_timeout u_timeout (
      .round_trip_i,
      .value_i (nak_timeout_i),
      .shift_i (shift_max_i),
      .clocks_o(timeout)
  );

  lr_rx_order u_order (
      .clk_i,
      .rst_ni,
      .clear_i,
      .stop_i,
      .fresh_i  (verdict_o.fresh),
      .entry_i  (verdict_o.entry),
      .accept_i (verdict_o.accept),
      .ask_i    (verdict_o.ask),
      .arrive_i (verdict_o.arrive),
      .sent_i,
      .now_i,
      .timeout_i(timeout),
      .expected_o,
      .requested_o,
      .nak_due_o,
      .timer_o  (nak_timer_o)
  );

  assign limit = (depth_i < 10'(RxDepth)) ? depth_i : 10'(RxDepth);
  assign write_data = beat_valid && header[2:0] == lr_link_pkg::KindData;
  for (genvar v = 0; v < 2; v++) begin : gen_vc
    logic mine, accept;
    assign mine   = header[3] == (v == 1);
    assign accept = verdict_o.accept && mine;
    lr_rx_buffer #(
        .RxDepth(RxDepth)
    ) u_rx_buffer (
        .clk_i,
        .rst_ni,
        .clear_i,
        .fresh_i (verdict_o.fresh),
        .limit_i (limit),
        .wen_i   (write_data && mine),
        .index_i (beat_index),
        .beat_i  (beat),
        .accept_i(accept),
        .slots_i (verdict_o.header.slots),
        .poison_i(verdict_o.header.poison),
        .room_o  (room[v]),
        .held_o  (held_o[v]),
        .grant_o (grant_o[v]),
        .lost_o  (lost_o[v]),
        .valid_o (valid_o[v]),
        .ready_i (ready_i[v]),
        .slots_o (slots_o[v]),
        .poison_o(poison_o[v]),
        .beat_o  (beat_o[v])
    );
  end
endmodule
