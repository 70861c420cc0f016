// SPDX-License-Identifier: Apache-2.0
// rtl/lr_session.sv
// Sessions of both ends, the INIT exchange, the round trip measured by it, and the content of CTRL
// flits.
//
// Latency       An INIT verdict at v is seen at v + 1. init_o: 0 clocks from the registers.
// Throughput    One CTRL each 4 clocks.
// Backpressure  None.
// Reset         Async; clear_i drops all but the own session, which counts the departures from
//               RESET.
// Errors        None: a wrong version is refused before it comes here.
// Not here      Credits and numbers carried by an INIT (lr_credit_tx, lr_retry_tx).
module lr_session (
    input logic clk_i,
    input logic rst_ni,
    input logic clear_i,  // RESET begins with the next clock
    input logic leave_reset_i,
    input logic lock_first_i,  // first clock of LOCK, in which no verdict acts
    input logic [63:0] now_i,
    input lr_rtl_pkg::verdict_t verdict_i,
    input lr_rtl_pkg::init_t received_i,  // with verdict_i.init_taken
    input logic build_i,  // init_o is looked at
    input logic init_i,  // ... as an INIT; else as another CTRL, without its code
    input logic [1:0][9:0] grant_i,
    input logic [9:0] expected_i,
    input logic [12:0] interval_i,
    output lr_rtl_pkg::init_t init_o,
    output logic init_ok_o,  // an INIT that echoes the own session came in this training
    output logic [31:0] session_o,
    output logic [31:0] peer_o,
    output logic [31:0] round_trip_o,  // flit times, 0 = not measured
    output logic [15:0] far_interval_o,
    output logic new_session_o  // interrupt
);
  logic [31:0] session_d, session_q, peer_d, peer_q, round_trip_d, round_trip_q;
  logic ok_d, ok_q;  // `seen` and `init_ok` of the specification: they rise and fall together
  logic [15:0] interval_d, interval_q;
  logic came_d, came_q;
  logic [63:0] stamp_d, stamp_q, at_d, at_q;
  logic [63:0] trip;

  logic change;
  assign change = verdict_i.init_taken || lock_first_i || clear_i;
  assign session_d = (session_q == '1) ? 32'd1 : session_q + 32'd1;
  always_comb begin
    peer_d = peer_q;
    round_trip_d = round_trip_q;
    ok_d = ok_q;
    interval_d = interval_q;
    came_d = came_q;
    stamp_d = stamp_q;
    at_d = at_q;
    trip = '0;
    if (change && verdict_i.init_taken) begin
      if (verdict_i.fresh) peer_d = received_i.session;
      came_d = 1'b1;
      stamp_d = received_i.stamp;
      at_d = now_i;
      if (verdict_i.init_mine) begin
        ok_d = 1'b1;
        interval_d = received_i.marker_interval;
        if (received_i.echo != '0) begin
          trip = now_i - received_i.echo - {32'h0, received_i.held} + 64'd3;
          round_trip_d = trip[33:2];
        end
      end
    end
    // The clock may have stood still since: the stamp of another training echoes no round trip.
    if (lock_first_i) begin
      ok_d   = 1'b0;
      came_d = 1'b0;
    end
    if (clear_i) begin
      peer_d = '0;
      round_trip_d = '0;
      ok_d = 1'b0;
      interval_d = 16'd4096;
      came_d = 1'b0;
      stamp_d = '0;
      at_d = '0;
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      session_q <= '0;
      peer_q <= '0;
      round_trip_q <= '0;
      ok_q <= 1'b0;
      interval_q <= 16'd4096;
      came_q <= 1'b0;
      stamp_q <= '0;
      at_q <= '0;
    end else begin
      if (leave_reset_i) session_q <= session_d;
      if (change) begin
        peer_q <= peer_d;
        round_trip_q <= round_trip_d;
        ok_q <= ok_d;
        interval_q <= interval_d;
        came_q <= came_d;
        stamp_q <= stamp_d;
        at_q <= at_d;
      end
    end
  end

  logic [31:0] held;
  assign held = now_i[31:0] - at_q[31:0];
  always_comb begin
    init_o = '0;
    if (build_i) begin
      init_o.version = 8'(lr_link_pkg::ProtocolVersion);
      init_o.crd0 = {6'h0, grant_i[0]};
      init_o.crd1 = {6'h0, grant_i[1]};
    end
    if (build_i && init_i) begin
      init_o.code = lr_link_pkg::CtrlInit;
      init_o.seen = {7'h0, ok_q};
      init_o.session = session_q;
      init_o.peer = peer_q;
      init_o.marker_interval = {3'h0, interval_i};
      init_o.ack = {6'h0, expected_i - 10'd1};
      init_o.stamp = now_i;
      if (came_q) begin
        init_o.echo = stamp_q;
        init_o.held = held;
      end
    end
  end

  assign init_ok_o = ok_q;
  assign session_o = session_q;
  assign peer_o = peer_q;
  assign round_trip_o = round_trip_q;
  assign far_interval_o = interval_q;
  assign new_session_o = verdict_i.fresh && !verdict_i.first_peer;
endmodule
